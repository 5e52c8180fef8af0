"""What changed, word by word: nothing invented, nothing lost, numbers whole."""

from __future__ import annotations

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
    taken = ["".join(_side(block.delta, "del").split()) for block in compared]
    meant = ["".join(block.text.split()) for block in before]
    assert [text for text in put if text] == [block.text for block in after if block.text]
    assert [text for text in taken if text] == [text for text in meant if text]


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
