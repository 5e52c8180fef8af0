from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.search_words import MAXIMUM_WORD, fold, folded_words, neighbourhood, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("63.9 months", ["63.9", "months"]),
        ("HR 0.765 (95% CI: 0.628, 0.932)", ["hr", "0.765", "95", "ci", "0.628", "0.932"]),
        ("p<.001, 0·765", ["p", "0.001", "0.765"]),
        ("1,054 of 1,234,567.8", ["1054", "of", "1234567.8"]),
        ("14,15 1,2345", ["14", "15", "1", "2345"]),
        ("KIS-M-003", ["kis", "m", "003"]),
        ("HER2-negative CDK4/6", ["her2", "negative", "cdk4", "6"]),
        ("120mg m² 10⁹/L", ["120", "mg", "m2", "10", "9", "l"]),
        ("patients' patient’s don't", ["patients", "patient", "dont"]),
        ("naïve Müller ﬁt İ", ["naive", "muller", "fit", "i"]),
        ("a_b __ ** …", ["a", "b"]),
    ],
)
def test_cuts_the_words_of_the_field(text: str, expected: list[str]):
    assert folded_words(text) == expected


def test_words_say_where_they_stand():
    text = "of 63.9 months"

    assert [text[start:end] for _, start, end in words(text)] == ["of", "63.9", "months"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dosing", stem("dosed")),
        ("studies", stem("study")),
        ("surviving", stem("survival")),
        ("als", "als"),
        ("63.9", "63.9"),
        ("her2", "her2"),
        ("müller", "müller"),
    ],
)
def test_words_of_one_stem_belong_together(word: str, expected: str):
    assert stem(word) == expected


@given(st.text(alphabet="abcdefghilmnoprstuyz", min_size=1, max_size=12))
def test_every_word_begins_as_its_stem_does(word: str):
    assert word.startswith(neighbourhood(stem(word)))


@given(st.text(max_size=80))
def test_words_hold_letters_digits_and_points_only(text: str):
    for folded, start, end in words(text):
        assert folded
        assert len(folded) <= MAXIMUM_WORD
        assert folded.replace(".", "").isalnum()
        assert fold(text[start:end]) == folded
