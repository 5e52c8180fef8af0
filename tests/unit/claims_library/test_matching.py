"""Where approved wording stands, and what may stand around it."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import Passage, compile_library
from claims_library.findings import Result, Verdict, verdict_of
from tests.unit.claims_library.sample import CLAIMS, PRODUCT, library

LIBRARY = library()
FOOD = "ZELVORA can be taken with or without food"
DOSE = CLAIMS[1].text


def _check(text: str) -> Result:
    return check(text, LIBRARY, whole=False)


def _codes(result: Result) -> list[str]:
    return [match.claim for match in result.matches]


@pytest.mark.parametrize(
    "text",
    [
        f"{FOOD}.",
        f"As shown in Table 2, {FOOD}.",
        f"Dosing: {FOOD} (see Section 2.1).",
        f"- {FOOD}",
        f"| Food | {FOOD} |\n|---|---|\n| a | b |",
        f"“{FOOD}”",
        f"Please note that {FOOD}.",
        f"## Dosing\n\n{FOOD}.",
        f"**Food:** {FOOD}.",
        f"{FOOD} [4].",
        f"{FOOD}.1",
        f"{FOOD}.2,3 Lunch is at noon.",
        f"Dear Dr. Chen,\n{FOOD}.",
    ],
)
def test_neutral_surroundings_leave_it_approved(text: str) -> None:
    result = _check(text)
    assert _codes(result) == ["ZEL-0003"]
    assert not result.findings


def test_the_match_stands_where_the_wording_stands() -> None:
    text = f"As shown in Table 2, {FOOD}."
    match = _check(text).matches[0]
    assert text[match.start : match.end] == FOOD


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"It is not true that {FOOD}.", Verdict.POLARITY_FLIPPED),
        (f"{FOOD}. This is not true.", Verdict.POLARITY_FLIPPED),
        (f"The following statements are false:\n- {FOOD}", Verdict.POLARITY_FLIPPED),
        (f"# Myths\n\n{FOOD}.", Verdict.POLARITY_FLIPPED),
        (f"False. {FOOD}.", Verdict.POLARITY_FLIPPED),
        (f"{FOOD}. However, this is no longer true.", Verdict.POLARITY_FLIPPED),
        (f"{FOOD}.*\n\n*Not true.", Verdict.POLARITY_FLIPPED),
        (f"What you should not tell customers:\n\n{FOOD}.", Verdict.POLARITY_FLIPPED),
        (f"{FOOD} if taken at night.", Verdict.REWORDED),
        (f"In mice, {FOOD}.", Verdict.REWORDED),
        (f"{FOOD}.1 mg daily is enough.", Verdict.NUMBER_CHANGED),
        (f"~~{FOOD}~~", Verdict.REWORDED),
        (f"{FOOD}!", Verdict.STRENGTHENED),
        (f"{FOOD}?", Verdict.REWORDED),
        (f"{FOOD}, by everyone, always.", Verdict.STRENGTHENED),
        (f"{FOOD}-like substances.", Verdict.REWORDED),
        (f"Non-{FOOD}.", Verdict.POLARITY_FLIPPED),
    ],
)
def test_other_surroundings_do_not(text: str, verdict: Verdict) -> None:
    result = _check(text)
    assert not result.matches
    assert verdict_of(result) is verdict


def test_two_claims_in_one_sentence() -> None:
    for joined in (" and ", "; ", ", and "):
        result = _check(f"{FOOD}{joined}{DOSE}")
        assert _codes(result) == ["ZEL-0003", "ZEL-0002"]
        assert not result.findings


def test_of_two_claims_the_altered_one_is_found() -> None:
    result = _check(f"{FOOD}, and {DOSE.replace('up to ', '')}")
    assert _codes(result) == ["ZEL-0003"]
    assert [(f.claim, f.name) for f in result.findings] == [("ZEL-0002", "qualifier-dropped")]


def test_a_claim_spread_over_two_sentences() -> None:
    text = (
        "In HORIZON-2, median overall survival was 41.3 months (95% CI: 35.2, 48.7) with ZELVORA "
        "plus letrozole. It was 33.9 months (95% CI: 29.0, 37.1) with placebo plus letrozole in "
        "postmenopausal women (HR 0.74; 95% CI: 0.58, 0.93; p = 0.009)."
    )
    result = _check(text)
    assert {finding.claim for finding in result.findings} == {"ZEL-0001"}
    assert verdict_of(result) is Verdict.NUMBER_CHANGED
    assert result.findings[0].end == len(text)


def test_the_longer_wording_wins() -> None:
    result = _check(CLAIMS[3].text)
    assert [(m.claim, m.start, m.end) for m in result.matches] == [
        ("ZEL-0004", 0, len(CLAIMS[3].text) - 1)
    ]


def test_hidden_characters_match_and_are_reported() -> None:
    result = _check(FOOD.replace("ZELVORA", "ZEL\u200bVORA"))
    assert _codes(result) == ["ZEL-0003"]
    assert [finding.name for finding in result.findings] == ["hidden-characters"]


def test_signs_that_turn_the_writing_direction_block() -> None:
    result = _check(DOSE.replace("120", "\u202e120\u202c"))
    assert [finding.name for finding in result.findings] == ["hidden-direction"] * 2
    assert result.blocking == 2


def test_claims_by_reference() -> None:
    result = _check("Dosing [[claim:ZEL-0002]] and [[claim:ZEL-0001/1]].")
    assert [(m.claim, m.variation, m.kind) for m in result.matches] == [
        ("ZEL-0002", 0, Verdict.VERBATIM),
        ("ZEL-0001", 1, Verdict.VARIATION),
    ]
    assert [f.name for f in _check("[[claim:ZEL-0099]]").findings] == ["unknown-claim"]
    assert [f.name for f in _check("[[claim:ZEL-0001/7]]").findings] == ["unknown-claim"]
    turned = _check("It is not true that [[claim:ZEL-0003]]")
    assert verdict_of(turned) is Verdict.POLARITY_FLIPPED
    assert not turned.matches


def test_approved_passages_are_recognised_and_never_near() -> None:
    passage = "Avoid the use of ZELVORA with strong CYP3A inhibitors in any patient."
    known = compile_library(PRODUCT, CLAIMS, passages=[Passage("ZEL-M-ISI", passage)])
    result = check(passage, known, whole=False)
    assert [(m.claim, m.passage) for m in result.matches] == [("ZEL-M-ISI", True)]
    assert not result.findings
    altered = check(passage.replace("strong ", ""), known, whole=False)
    assert not altered.matches
    assert "ZEL-M-ISI" not in {finding.claim for finding in altered.findings}


def test_sentences_say_which_words_are_approved() -> None:
    result = _check(f"Lunch is at noon. {FOOD}.")
    lunch, food = result.sentences
    assert not any(lunch.approved)
    assert food.cleared
    assert food.words[0] == "zelvora"


def test_the_title_of_a_passage_in_a_pointer_is_no_quotation_of_it() -> None:
    isi = Passage("ZEL-M-ISI", "Important Safety Information\n\nDo not use in acute asthma.")
    stocked = compile_library(PRODUCT, CLAIMS, passages=[isi])
    pointer = "Important Safety Information continues on the next page."
    assert not check(pointer, stocked, whole=False).findings
    title = check("## Important Safety Information", stocked, whole=False)
    assert [match.claim for match in title.matches] == ["ZEL-M-ISI"]
