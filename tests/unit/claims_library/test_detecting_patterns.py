"""The pattern language: what fits, what does not, what is refused, and that it cannot explode."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_library.detectors.patterns import BadPattern, parse, pattern_set

NONE: frozenset[str] = frozenset()


def _fits(pattern: str, text: str, **classes: str) -> bool:
    words = text.split()
    own = [
        frozenset(name for name, listed in classes.items() if w in listed.split()) for w in words
    ]
    return bool(pattern_set({"g": [pattern]}).find(words, own))


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("well tolerat*", "it was well tolerated", True),
        ("well tolerat*", "it was well told", False),
        ("first ..2 only", "first and truly only", True),
        ("first ..2 only", "first one two three only", False),
        ("no|without side effect*", "without side effects", True),
        ("twice? daily", "daily", True),
        ("twice? daily", "twice daily", True),
        ("^ new", "a new start", False),
        ("^ new", "new start", True),
        ("done $", "one and done", True),
        ("done $", "done well", False),
        ("a? ..3 b", "x y b", True),
    ],
)
def test_a_pattern_fits_what_it_says(pattern: str, text: str, fits: bool) -> None:
    assert _fits(pattern, text) is fits


def test_a_class_stands_for_its_words() -> None:
    assert _fits("<drug> alone", "aspirin alone", drug="aspirin")
    assert not _fits("<drug> alone", "water alone", drug="aspirin")


@pytest.mark.parametrize("pattern", ["", "..", ".. word", "word ..", "a?", "(a)", "a**", "<a b>"])
def test_what_is_not_in_the_language_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        parse(pattern)


def test_time_grows_with_the_text_and_not_faster() -> None:
    made = pattern_set({"g": ["a ..12 a ..12 a ..12 b"]})
    words = ["a"] * 3000
    started = process_time()
    assert made.find(words, [NONE] * len(words)) == []
    assert process_time() - started < 2


@given(st.lists(st.text(max_size=8), max_size=30))
def test_any_words_are_read_without_failing(words: list[str]) -> None:
    made = pattern_set({"g": ["a* ..4 <x>", "? ..2 %"]})
    made.find(words, [NONE] * len(words))


def test_the_same_patterns_are_compiled_once():
    groups = {"group": ["well tolerat*", "no|without side effect*"]}
    other = {"group": ["well tolerat*", "no side effect*"]}
    assert pattern_set(groups) is pattern_set(dict(groups))
    assert pattern_set(groups) is not pattern_set(other)
