"""Parts of a paragraph: no word lost, ends of sentences only, claims whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exports.body import Claim, Inline, ListNode, Node, Paragraph, Quote, Text, words
from exports.deck.parting import STEPS, parted, parts_of, rejoined
from exports.deck.slides import Panel

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


PARAGRAPHS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(
    lambda chosen: Paragraph((Text(" ".join(chosen)),))
)
NODES = st.one_of(
    PARAGRAPHS,
    st.lists(PARAGRAPHS, min_size=1, max_size=3).map(
        lambda items: ListNode(False, 1, tuple((item,) for item in items))
    ),
    st.lists(PARAGRAPHS, min_size=1, max_size=2).map(lambda texts: Quote(tuple(texts))),
)
ROWS = st.lists(
    st.builds(
        Panel,
        st.sampled_from(["", "Liver", "Lung"]).map(lambda head: (Text(head),) if head else ()),
        st.tuples(PARAGRAPHS, NODES, PARAGRAPHS),
    ),
    min_size=1,
    max_size=4,
)


@given(ROWS, st.sampled_from(STEPS), st.data())
def test_parts_that_share_a_slide_are_what_they_were(
    rows: list[Panel], step: int, data: st.DataObject
) -> None:
    fits = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    parts = parts_of(rows, step, fits.__getitem__)
    assert rejoined(parts) == rows
    whole = [part.panel for part in parts]
    assert all(row in whole for row, fit in zip(rows, fits, strict=True) if fit or step == 0)
    if step == max(STEPS) and not any(fits):
        assert len(parts) > len(rows)
