"""Parts of a paragraph: no word lost, ends of sentences only, claims whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exports.body import Claim, Inline, Node, Paragraph, Text, words
from exports.deck.parting import parted

SENTENCES = (
    "Reactions can be severe or fatal.",
    "Doses of 2.5 mg were given in 12% of patients.",
    "See section 5.1 first!",
    "(Data on file.)",
    "Was it vs. placebo?",
)
APPROVED = "Take one tablet. Swallow it whole."


def said(nodes: list[Node]) -> str:
    assert all(isinstance(node, Paragraph) for node in nodes)
    return " ".join(words(node.children) for node in nodes if isinstance(node, Paragraph))


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=30), st.integers(1, 9))
def test_no_word_is_lost_and_parts_end_with_sentences(chosen: list[str], count: int) -> None:
    text = " ".join(chosen)
    parts = parted([Paragraph((Text(text),))], count)
    assert said(parts) == text
    assert 1 <= len(parts) <= count
    assert all(said([part]).endswith((".", "!", "?", ")")) for part in parts)


@given(st.lists(st.sampled_from([*SENTENCES, APPROVED]), min_size=1, max_size=20))
def test_a_claim_is_never_parted(chosen: list[str]) -> None:
    run: list[Inline] = []
    for text in chosen:
        claim = Claim("HAL-0001", 0, APPROVED) if text is APPROVED else Text(text)
        run += [Text(" "), claim] if run else [claim]
    parts = parted([Paragraph(tuple(run))], 9)
    assert said(parts).count(APPROVED) == sum(text is APPROVED for text in chosen)
    whole = [each for part in parts for each in part.children if isinstance(each, Claim)]
    assert all(words([each]) == APPROVED for each in whole)


def test_a_long_paragraph_is_parted_about_evenly() -> None:
    (first, second) = parted([Paragraph((Text(" ".join([SENTENCES[0]] * 10)),))], 2)
    assert len(said([first])) == len(said([second]))
