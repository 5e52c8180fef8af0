from __future__ import annotations

import pytest

from exports.product_names import established_name, form_in_words


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("RIBOCICLIB", "ribociclib"),
        ("ostavatinib", "ostavatinib"),
        ("FAM-TRASTUZUMAB DERUXTECAN-NXKI", "fam-trastuzumab deruxtecan-nxki"),
        ("", ""),
    ],
)
def test_the_established_name_is_in_small_letters(source: str, printed: str) -> None:
    assert established_name(source) == printed


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("TABLET, FILM COATED", "tablets"),
        ("CAPSULE", "capsules"),
        ("PATCH", "patches"),
        ("SUPPOSITORY", "suppositories"),
        ("INJECTION, SOLUTION", "injection"),
        ("tablets, for oral use", "tablets, for oral use"),
        ("", ""),
    ],
)
def test_a_dosage_form_is_a_word(source: str, printed: str) -> None:
    assert form_in_words(source) == printed
