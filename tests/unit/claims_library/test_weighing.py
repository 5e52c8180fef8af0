"""What words weigh for a claim: learned from our sentences, the same for every product."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_library import detecting
from claims_library.checking import check
from claims_library.compiling import Library, ProductFacts, compile_library
from claims_library.detectors.sentences import plain_sentences
from claims_library.detectors.weighing import CLAUSE, FILE, Weights, learned, read_weights
from claims_library.findings import Verdict, verdict_of
from claims_library.rules.loading import read_pack
from tools.weights import SENTENCES, version_of, written

NEUTRAL = "The {} order form is on the second page."
CLAIM = "{} gives people their evenings back."


def weighed(
    text: str, library: Library, weights: Weights | None = None
) -> tuple[int, tuple[int, int]]:
    """The score, and the words that weigh most."""
    (sentence,) = plain_sentences(text)
    line, weights = detecting.build(library).line(sentence), weights or learned()
    found = weights.weigh(line)
    assert found is not None
    return found.score, weights.loudest(line, found.view)


def of_weights(text: str) -> dict[str, int]:
    head, *rows = text.splitlines()
    pairs = (row.split("\t") for row in rows)
    return {"": int(head.split("\t")[1])} | {name: int(weight) for name, weight in pairs}


def test_the_weights_shipped_are_those_of_the_sentences() -> None:
    """After a change of the sentences or of what is weighed: ``make weights``."""
    shipped = files("claims_library.rules").joinpath(FILE).read_text("utf-8")
    assert learned().version == version_of(SENTENCES)
    ours, again = of_weights(shipped), of_weights(written(SENTENCES))
    # another machine's exponential may differ in its last digit
    assert all(abs(again.get(name, 0) - ours.get(name, 0)) <= 1 for name in ours | again)


def test_no_sentence_is_on_both_sides() -> None:
    sides = [
        set((SENTENCES / name).read_text("utf-8").splitlines())
        for name in ("claims.txt", "other.txt")
    ]
    assert not sides[0] & sides[1]
    assert all(line == " ".join(line.split()) and line for side in sides for line in side)


@given(st.from_regex(r"[A-Z]{4,12}", fullmatch=True), st.sampled_from([NEUTRAL, CLAIM]))
def test_a_product_weighs_the_same_whatever_it_is_called(name: str, text: str) -> None:
    ours = compile_library(ProductFacts(brand=name, generic="velotrinib"), [])
    usual = compile_library(ProductFacts(brand="VELOTRIN", generic="velotrinib"), [])
    assert weighed(text.format(name), ours) == weighed(text.format("VELOTRIN"), usual)


def test_words_that_weigh_most_are_named(library: Library) -> None:
    weights = read_weights("made\t-100\neven\t90\nback\t80\n")
    assert weighed(CLAIM.format("VELOTRIN"), library, weights) == (70, (3, 6))


def test_a_claim_in_a_clause_of_something_else_is_found(library: Library) -> None:
    weights = read_weights("made\t0\nform\t-400\nheal\t300\n")
    hidden = "Please sign the form, because wounds heal faster."
    whole = "Please sign the form that heals."
    assert weighed(hidden, library, weights) == (150, (5, 8))
    assert weighed(whole, library, weights) == (-100, (0, 3))


def test_approved_wording_is_not_weighed_again(library: Library) -> None:
    """Only what stands beside it is, as a clause of its own."""
    weights = read_weights("made\t0\nheal\t300\nasked\t20\n")
    (sentence,) = plain_sentences("You asked today, wounds that heal are here")
    approved = [word in ("wounds", "that", "heal") for word in sentence.words]
    judges = detecting.build(library)
    assert weights.weigh(judges.line(sentence)).score == 320
    assert weights.weigh(judges.line(replace(sentence, approved=approved))).score == 20 - CLAUSE
    everything = replace(sentence, approved=[True] * len(sentence.words))
    assert weights.weigh(judges.line(everything)) is None


def test_weights_speak_where_no_rule_does(library: Library) -> None:
    result = check("Grandparents dance at weddings again.", library)
    (found,) = (each for each in result.findings if each.name == "unsupported")
    assert "reads like a claim about a product" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "The first slide on VELOTRIN is the agenda.",
        "Only the charge nurse may open the VELOTRIN folder.",
        "Effective June 1, the VELOTRIN order form changes.",
    ],
)
def test_words_of_claims_in_logistics_pass(library: Library, text: str) -> None:
    assert verdict_of(check(text, library)) is Verdict.NONE


def test_a_customers_own_patterns_are_never_outweighed(library: Library) -> None:
    text = "The golden folder is kept at the front desk until Friday."
    (sentence,) = plain_sentences(text)
    assert not list(detecting.build(library).sentence(sentence))
    pack = "pack: acme\nversion: '1'\nclaims:\n  promise:\n    strong: |\n      golden folder\n"
    judges = detecting.build(library, custom=[read_pack(pack, filename="acme.yaml")])
    (found,) = judges.sentence(sentence)
    assert "golden folder" in found.message
