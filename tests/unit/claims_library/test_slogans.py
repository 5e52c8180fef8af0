"""Fragments in a row that promise by degree are a claim; words on a clinic's day are none."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.findings import Verdict, verdict_of
from tests.unit.claims_library.sample import library

LIBRARY = library()


@pytest.mark.parametrize(
    "text",
    [
        "Fewer flushes. More life.",
        "Calmer evenings. Easier care. ZELVORA.",
        "One tablet. More tomorrows.",
        "## Less worry. More living.",
        "Meet us at the booth.\n\nLonger days. Brighter nights!",
        "Less worry, more life",
    ],
)
def test_a_slogan_promises(text: str) -> None:
    assert verdict_of(check(text, LIBRARY, whole=False)) is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "More information",
        "Fewer forms. Shorter meetings.",
        "Next steps. More questions.",
        "Better scheduling for the clinic",
        "Fewer faxes, less paper",
        "More below. See page 3.",
        "More coffee.\n\nLonger tables.",
    ],
)
def test_words_on_a_clinics_day_do_not(text: str) -> None:
    assert verdict_of(check(text, LIBRARY, whole=False)) is Verdict.NONE
