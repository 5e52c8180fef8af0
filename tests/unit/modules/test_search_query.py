from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.search_query import MAXIMUM_GROUPS, Phrase, Query, parse


def stands_for(*words: str, exact: bool = False, prefix: bool = False) -> Phrase:
    return Phrase(words, exact=exact, prefix=prefix)


def test_the_word_still_typed_may_go_on():
    overall, going_on = stands_for("overall"), stands_for("surv", prefix=True)

    assert parse("overall surv").groups == ((overall,), (going_on,))
    assert parse("overall surv ").groups == ((overall,), (stands_for("surv"),))


def test_one_letter_alone_does_not_go_on():
    assert parse("m").groups == ((stands_for("m"),),)
    assert parse("KIS-M").groups == ((stands_for("kis", "m", exact=True, prefix=True),),)


def test_quoted_and_joined_words_stand_together():
    assert parse('"overall survival"').groups == ((stands_for("overall", "survival", exact=True),),)
    assert parse("HER2-negative ").groups == ((stands_for("her2", "negative", exact=True),),)
    assert parse("“open quot").groups == ((stands_for("open", "quot", exact=True, prefix=True),),)


def test_minus_and_not_exclude_but_a_negative_number_is_a_number():
    assert parse("a1 -b1 NOT c1 ") == Query(
        ((stands_for("a1"),),), (stands_for("b1"), stands_for("c1"))
    )
    assert parse("-0.5 ") == Query(((stands_for("0.5"),),))


def test_or_joins_its_neighbours():
    assert parse("x1 OR y1 z1 ").groups == (
        (stands_for("x1"), stands_for("y1")),
        (stands_for("z1"),),
    )
    assert parse("OR x1 OR ").groups == ((stands_for("x1"),),)


def test_stop_words_ask_for_nothing():
    assert parse("of the ").groups == ()
    assert parse("survival of the ").groups == ((stands_for("survival"),),)
    assert parse("survival in").groups == ((stands_for("survival"),),)
    assert parse("not the dose ").groups[0] == (stands_for("not"),)


@pytest.mark.parametrize("text", ['"' * 50_000, "x " * 50_000, "1," * 50_000, "- " * 50_000])
def test_a_pasted_page_is_read_at_once_and_in_part(text: str):
    start = time.process_time()

    assert len(parse(text).groups) <= MAXIMUM_GROUPS
    assert time.process_time() - start < 0.5


@given(st.text())
def test_any_text_is_a_query(text: str):
    assert isinstance(parse(text), Query)
