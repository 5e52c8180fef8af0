"""What normalisation is blind to, what it keeps, and that every character finds its way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims_library.normalising import normalise
from claims_library.tokens import tokenise


@pytest.mark.parametrize(
    ("given_", "meant"),
    [
        ("Efﬁcacy", "efficacy"),
        ("pre\u2011specified", "pre-specified"),
        ("“RIC”", '"ric"'),
        ("John’s wort", "john's wort"),
        ("ap\u00adprox\u00adi\u00admate\u00adly", "approximately"),
        ("**63.9** months", "63.9 months"),
        ("_In vitro_", "in vitro"),
        ("p &lt; 0.001", "p < 0.001"),
        ("pneumonitis¹ of any grade", "pneumonitis of any grade"),
        ("was 7.5%.<sup>2,3</sup>", "was 7.5%."),
        ("KISQALI® tablets", "kisqali tablets"),
        ("10<sup>9</sup>/L", "10^9/l"),
        ("kg/m²", "kg/m2"),
        ("snake_case 2 * 3", "snake_case 2 * 3"),
        ("~~not~~ true", "~~not~~ true"),
        ("95% CI [52, 71]", "95% ci [52, 71]"),
    ],
)
def test_normal_form(given_: str, meant: str) -> None:
    assert normalise(given_).text == meant


def test_letters_of_other_alphabets_are_seen_through_and_reported() -> None:
    normal = normalise("ZЕLVORА")  # two letters are Cyrillic
    assert normal.text == "zelvora"
    assert [oddity.kind for oddity in normal.oddities] == ["lookalike", "lookalike"]


def test_invisible_characters_are_seen_through_and_reported() -> None:
    normal = normalise("ZEL\u200bVORA")
    assert normal.text == "zelvora"
    assert [(oddity.kind, oddity.start, oddity.end) for oddity in normal.oddities] == [
        ("hidden", 3, 4)
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_every_character_has_a_place_in_the_source(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    places = list(zip(normal.starts, normal.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert normal.starts == sorted(normal.starts)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 .*_-|#>\n()[]^&;<%", max_size=120))
def test_tokens_stand_where_they_say(text: str) -> None:
    tokens = tokenise(text)
    for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert 0 <= start < end <= len(text)
        assert word[0] in text[start:end].lower() or word[0] in "≤≥^<>&"
    assert tokens.starts == sorted(tokens.starts)
