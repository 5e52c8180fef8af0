"""Results that changed arms are found; reordered ones are not."""

from __future__ import annotations

import pytest

from claims_library.arms import moved_between_arms
from claims_library.tokens import tokenise

RATES = "Response was 46.9% with ZELVORA vs. 28.1% with placebo in adults."


def _moved(wording: str, text: str) -> bool:
    one, other = tokenise(wording), tokenise(text)
    return moved_between_arms(
        one.keys,
        other.keys,
        kinds=(one.kinds, other.kinds),
        names=("zelvora", "zelvorinib"),
        moved=("diarrhea", "rash", "cough") if "Common" in wording else (),
    )


@pytest.mark.parametrize(
    ("wording", "text", "moved"),
    [
        (RATES, "Response was 28.1% with ZELVORA vs. 46.9% with placebo in adults.", True),
        (RATES, "Response was 28.1% with placebo vs. 46.9% with ZELVORA in adults.", False),
        (RATES, "In adults 28.1% responded to placebo and 46.9% to ZELVORA.", False),
        (RATES, "In adults 46.9% responded to placebo and 28.1% to ZELVORA.", True),
        (RATES, RATES, False),
        (
            "Common reactions: diarrhea (47%), rash (45%), cough (20%).",
            "Common reactions: rash (45%), cough (20%), diarrhea (47%).",
            False,
        ),
        (
            "Common reactions: diarrhea (47%), rash (45%), cough (20%).",
            "Common reactions: rash (47%), cough (20%), diarrhea (45%).",
            True,
        ),
        ("ZELVORA plus A 4.1 (3, 5); placebo plus A 2.2 (1, 3).",
         "Placebo plus A 4.1 (3, 5); ZELVORA plus A 2.2 (1, 3).", True),
    ],
)  # fmt: skip
def test_moved(wording: str, text: str, moved: bool) -> None:
    assert _moved(wording, text) is moved
