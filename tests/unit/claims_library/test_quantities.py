"""Two ways to write a number are one quantity, or they are not."""

from __future__ import annotations

import pytest

from claims_library.tokens import tokenise


def _keys(text: str) -> list[str]:
    return [key for key in tokenise(text).keys if key[0] in "#iu" and key != "in"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("120 mg", "0.12 g"),
        ("120mg", "120 mg"),
        ("0.5 mg", "500 mcg"),
        ("60 mL", "0.06 L"),
        ("450 ms", "0.45 s"),
        ("3 weeks", "21 days"),
        ("three weeks", "21 days"),
        ("2 years", "24 months"),
        ("1,054 patients", "1054 patients"),
        ("two tablets", "2 tablets"),
        ("twenty-one days", "21 days"),
        ("Thirty\u2011two mg", "32 mg"),
        ("p < .004", "p < 0.004"),
        ("52.4\u201371.0", "52.4-71.0"),
        ("2 to 4 weeks", "14 to 28 days"),
        ("two or three weeks", "14 or 21 days"),
        ("12, 24, and 36 weeks", "84, 168, and 252 days"),
    ],
)
def test_equal_quantities(one: str, other: str) -> None:
    assert tokenise(one).keys == tokenise(other).keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 to 4 weeks", "2 to 28 days"),
        ("5-10 years", "5-120 months"),
        ("20 or 40 mg", "20 or 0.04 g"),
        ("6, 12, and 24 weeks", "6, 12, and 168 days"),
        ("2 vs. 4 weeks", "2 vs. 28 days"),
        ("(95% CI: 8, 12 months)", "(95% CI: 8, 1 year)"),
        ("6.4 months", "6.5 months"),
        ("40.0 months", "40 months"),
        ("52 weeks", "12 months"),
        ("120 mg", "120 mcg"),
        ("0.80", "0.8"),
        ("1054", "1504"),
        ("HER2", "HER 2"),
        ("MONALEESA-2", "MONALEESA-two"),
        ("twenty-one days", "20 days"),
        ("5%", "5"),
        ("> 500 ms", "≥ 500 ms"),
        ("00.74", "0.74"),
    ],
)
def test_different_quantities(one: str, other: str) -> None:
    assert tokenise(one).keys != tokenise(other).keys


def test_a_figure_of_something_else_has_no_share_in_a_unit() -> None:
    assert "#4" in _keys("Grade 3 or 4, and 0.1% were fatal")
    assert "#2" in _keys("That was cycle 2. 3 weeks later it ended")


def test_digits_of_names_are_no_numbers() -> None:
    tokens = tokenise("MONALEESA-2, CDK4/6 and CYP3A4 on Day 14 of a 28-day cycle")
    assert [word for word, kind in zip(tokens.words, tokens.kinds, strict=True) if kind == "n"] == [
        "14",
        "28",
    ]


def test_a_name_broken_after_its_hyphen_is_the_same_name() -> None:
    assert tokenise("HORIZON-\n2").keys == tokenise("HORIZON-2").keys
