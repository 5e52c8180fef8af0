"""Words by what they do: deny, oppose, strengthen."""

from __future__ import annotations

import pytest

from claims_library.opposites import opposed
from claims_library.strength import boosters, denies


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("is not necessary", 1),
        ("with or without food", 0),
        ("without food", 1),
        ("no or only one line", 0),
        ("was mature", 0),
        ("don't take it", 1),
    ],
)
def test_denials(text: str, count: int) -> None:
    assert denies(text.split()) == count


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("increase", "decrease"),
        ("before", "after"),
        ("reversibly", "irreversibly"),
        ("metastatic", "nonmetastatic"),
        ("most", "least"),
        ("≥", "<"),
    ],
)
def test_opposites_both_ways(a: str, b: str) -> None:
    assert opposed(a, b)
    assert opposed(b, a)


@pytest.mark.parametrize(("a", "b"), [("dose", "dosage"), ("women", "men"), ("is", "this")])
def test_no_opposites(a: str, b: str) -> None:
    assert not opposed(a, b)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an unprecedented result", True),
        ("dramatically", True),
        ("the standard of care", True),
        ("best - in - class", True),
        ("approximately", False),
        ("orally once daily", False),
        ("in adults", False),
    ],
)
def test_strengthening(text: str, found: bool) -> None:
    assert bool(boosters(text.split())) is found
