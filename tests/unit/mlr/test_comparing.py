"""What changed, word by word: nothing invented, nothing lost, numbers whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlr.comparing import (
    Block,
    Reading,
    compare,
    compare_readings,
    compare_words,
    count_words,
)

TEXT = st.text(alphabet="ab1. ,%\n\u2009–(é", max_size=60)
WORDS = st.lists(st.sampled_from(["the", "rate", "was", "57%", "14.7", "months", ".", ","]))
SENTENCE = WORDS.map(" ".join)
BLOCKS = st.lists(st.builds(Block, st.sampled_from(["p", "h2", "li"]), SENTENCE), max_size=6)


def _side(delta, kind: str) -> str:
    return "".join(text for which, text in delta if which in ("same", kind))


@given(TEXT | SENTENCE, TEXT | SENTENCE)
def test_same_and_inserted_are_the_new_text_to_the_character(before: str, after: str) -> None:
    assert _side(compare_words(before, after), "ins") == after


@given(TEXT | SENTENCE, TEXT | SENTENCE)
def test_same_and_deleted_are_the_old_text_but_for_white_space(before: str, after: str) -> None:
    left = "".join(_side(compare_words(before, after), "del").split())
    assert left == "".join(before.split())


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(kind == "same" for kind, _ in compare_words(text, text))


@given(SENTENCE)
def test_white_space_alone_is_no_change(text: str) -> None:
    delta = compare_words(text, "  ".join(text.split()))
    assert all(kind == "same" for kind, _ in delta)


@given(BLOCKS, BLOCKS)
def test_no_block_is_lost_and_none_invented(before: list[Block], after: list[Block]) -> None:
    compared = compare(before, after)
    put = [_side(block.delta, "ins") for block in compared]
    taken = "".join(_side(block.delta, "del") for block in compared)
    meant = "".join(block.text for block in before)
    assert [text for text in put if text] == [block.text for block in after if block.text]
    assert "".join(taken.split()) == "".join(meant.split())


@given(BLOCKS, st.lists(st.integers(0, 40)))
def test_where_blocks_end_is_never_a_change_of_words(blocks: list[Block], cuts: list[int]) -> None:
    words = [("p", word) for block in blocks for word in block.text.split()]
    places = sorted({0, len(words), *(cut for cut in cuts if cut < len(words))})
    parts = [
        Block("p", " ".join(word for _, word in words[start:end]))
        for start, end in pairwise(places)
    ]
    whole = Block("p", " ".join(word for _, word in words))
    for before, after in (([whole], parts), (parts, [whole])):
        compared = compare(before, after)
        if len(parts) in (2, 3, 4):
            assert all(kind == "same" for block in compared for kind, _ in block.delta)
            assert all(block.changed and block.shape for block in compared)
        assert len(parts) < 2 or all(block.changed for block in compared)


LONG = (
    "The overall response rate was 57% (95% CI, 49 to 65) in the pooled population.",
    "Responses lasted 14.7 months in the median, and were seen in the brain too.",
    "Patients were followed until progression or death, whichever came first.",
)


def _changes(before: list[str], after: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    sides = [[Block("p", text) for text in side] for side in (before, after)]
    return [
        (block.shape, [run for run in block.delta if run[0] != "same"]) for block in compare(*sides)
    ]


def test_a_paragraph_that_was_parted_is_compared_word_by_word() -> None:
    parts = [LONG[0].replace("57%", "75%"), LONG[1]]
    found = _changes([" ".join(LONG[:2]), LONG[2]], [*parts, LONG[2]])
    assert found == [("parted", [("del", "57%"), ("ins", "75%")]), ("parted", []), ("", [])]
    whole = compare_readings(
        Reading((Block("p", " ".join(LONG[:2])),)), Reading(tuple(Block("p", t) for t in parts))
    )
    assert (whole.words_changed, whole.changes) == (1, 2)


def test_paragraphs_that_were_joined_are_compared_word_by_word() -> None:
    joined = " ".join([LONG[0], LONG[1].replace("median", "mean")])
    found = _changes([*LONG], [joined, LONG[2]])
    assert found == [("joined", [("del", "median"), ("ins", "mean")]), ("", [])]


def test_a_sentence_left_out_where_a_paragraph_was_parted_is_marked_gone() -> None:
    found = _changes([" ".join(LONG)], [LONG[0], LONG[2]])
    assert [shape for shape, _ in found] == ["parted", "parted"]
    gone = "".join(text for _, runs in found for _, text in runs)
    assert gone.split() == LONG[1].split()


def test_a_paragraph_that_became_a_list_is_compared_too() -> None:
    after = [Block("li", text) for text in LONG]
    compared = compare([Block("p", " ".join(LONG))], after)
    assert [(block.kind, block.shape, len(block.delta)) for block in compared] == [
        ("li", "parted", 1)
    ] * 3


def test_a_new_paragraph_beside_one_that_stays_parts_nothing() -> None:
    assert _changes([LONG[0]], [LONG[0], LONG[1]]) == [("", []), ("", [("ins", LONG[1])])]
    changed = LONG[0].replace("57%", "75%")
    assert [shape for shape, _ in _changes([LONG[0]], [changed, LONG[1]])] == ["", ""]


def test_a_heading_or_a_row_of_a_table_is_never_a_part() -> None:
    for kind in ("h2", "row"):
        after = [Block(kind, LONG[0]), Block("p", LONG[1])]
        compared = compare([Block("p", " ".join(LONG[:2]))], after)
        assert {block.shape for block in compared} == {""}


@given(BLOCKS, BLOCKS)
def test_more_words_never_change_than_there_are(before: list[Block], after: list[Block]) -> None:
    found = compare_readings(Reading(tuple(before)), Reading(tuple(after)))
    assert 0 <= found.words_changed <= found.words_total
    if before == after:
        assert (found.words_changed, found.changes) == (0, 0)


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("a rate of 57% in all", "a rate of 75% in all", ["57%"], ["75%"]),
        ("for 14.7 months", "for 16.1 months", ["14.7"], ["16.1"]),
        ("1,234 patients", "1,243 patients", ["1,234"], ["1,243"]),
        ("did not improve", "did improve", ["not"], []),
        ("a once-daily dose", "a twice-daily dose", ["once-daily"], ["twice-daily"]),
    ],
)
def test_a_number_or_a_word_changes_as_a_whole(before, after, gone, new) -> None:
    delta = compare_words(before, after)
    assert [text.strip() for kind, text in delta if kind == "del"] == gone
    assert [text.strip() for kind, text in delta if kind == "ins"] == new


def test_a_paragraph_put_in_between_leaves_its_neighbours_alone() -> None:
    first, last = Block("p", "The first one stays."), Block("p", "The last one stays.")
    compared = compare([first, last], [first, Block("p", "Something else entirely."), last])
    assert [block.changed for block in compared] == [False, True, False]


def test_a_changed_paragraph_is_compared_with_its_likeness_not_its_place() -> None:
    before = [Block("p", "Median survival was 14.7 months with treatment.")]
    after = [
        Block("p", "Read the notes below."),
        Block("p", "Median survival was 16.1 months with treatment."),
    ]
    compared = compare(before, after)
    assert compared[0].delta == (("ins", "Read the notes below."),)
    assert ("del", "14.7") in compared[1].delta


def test_a_heading_is_never_taken_for_a_paragraph() -> None:
    compared = compare([Block("h2", "Overall survival")], [Block("p", "Overall survival")])
    assert [block.changed for block in compared] == [True, True]


def test_the_first_version_is_all_new_and_not_marked_word_by_word() -> None:
    reading = Reading((Block("p", "Four words of text."),), (("Pillar", "Safety"), ("Note", "")))
    found = compare_readings(None, reading)
    assert found.first
    assert found.blocks[0].delta == (("same", "Four words of text."),)
    assert (found.words_changed, found.words_total, found.changes) == (4, 4, 2)


def test_facts_are_changes_of_their_own() -> None:
    before = Reading((), (("Channels", "Brief"), ("Valid until", "01 Jan 2028"), ("Note", "x")))
    after = Reading((), (("Channels", "Brief, deck"), ("Valid until", "01 Jan 2028")))
    found = compare_readings(before, after)
    assert [(fact.what, fact.before, fact.after) for fact in found.facts] == [
        ("Channels", "Brief", "Brief, deck"),
        ("Note", "x", ""),
    ]


def test_punctuation_is_no_word() -> None:
    assert count_words("57% (95% CI: 49, 65) – p < 0.05.") == 7


def test_what_was_approved_before_is_not_new_in_a_first_version() -> None:
    blocks = (Block("p", "Three words here.", approved=True), Block("p", "Two more."))
    found = compare_readings(None, Reading(blocks))
    assert [block.changed for block in found.blocks] == [False, True]
    assert (found.words_changed, found.words_total) == (2, 5)


def test_an_approved_block_that_comes_in_is_shown_and_no_stop() -> None:
    stays, added = Block("p", "This one stays."), Block("p", "Words of a module.", approved=True)
    compared = compare([stays], [stays, added])
    assert compared[1].delta == (("ins", added.text),)
    assert not compared[1].changed
