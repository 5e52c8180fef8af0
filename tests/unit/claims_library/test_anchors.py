"""Anchors: a quote is found word for word or not at all, and followed into other versions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims_library.anchors import Anchor, Fate, NotLocated, fold, locate, relocate
from claims_library.label_document import LabelDocument, LabelSection

QUOTE = "The overall response rate was 57% (95% CI: 49, 65)."


def section(name: str, number: str, *paragraphs: str) -> LabelSection:
    return LabelSection(
        code="", name=name, title="", number=number, position=0, paragraphs=paragraphs
    )


def document(*sections: LabelSection) -> LabelDocument:
    return LabelDocument(
        set_id="set",
        version=1,
        effective=date(2026, 1, 1),
        brand_name="HALVORYN",
        generic_name="ostavatinib",
        manufacturer="",
        application_number="",
        source_sha256="0" * 64,
        kind="openfda",
        sections=sections,
    )


LABEL = document(
    section("indications_and_usage", "1", "For adults."),
    section("clinical_studies", "14", "Two trials."),
    section(
        "clinical_studies", "14.1", "MERIDIAN-1 was open-label.", f"In it: {QUOTE} Nobody knew."
    ),
)


def test_a_quote_is_found_with_section_paragraph_and_context() -> None:
    anchor = locate(LABEL, "14.1 clinical_studies", QUOTE)
    assert (anchor.section, anchor.number, anchor.paragraph) == ("clinical_studies", "14.1", 1)
    assert anchor.prefix.endswith("In it: ")
    assert anchor.suffix == " Nobody knew."
    assert Anchor.from_json(anchor.to_json()) == anchor


@given(st.lists(st.sampled_from([" ", "\n", "\t", "  ", "\u00a0"]), min_size=9, max_size=9))
def test_white_space_is_all_that_is_forgiven(gaps: list[str]) -> None:
    words = QUOTE.split()
    quote = "".join(word + gap for word, gap in zip(words, [*gaps, ""], strict=False))
    assert fold(quote) == QUOTE
    assert (
        locate(LABEL, "14 clinical_studies", quote).sha256
        == locate(LABEL, "14 clinical_studies", QUOTE).sha256
    )


@given(st.integers(0, len(QUOTE) - 1), st.characters(exclude_categories=["Z", "C"]))
def test_one_changed_character_is_not_found(at: int, sign: str) -> None:
    changed = QUOTE[:at] + sign + QUOTE[at + 1 :]
    if fold(changed) in fold(" ".join(LABEL.sections[2].paragraphs)):
        return
    with pytest.raises(NotLocated):
        locate(LABEL, "14.1 clinical_studies", changed)


@pytest.mark.parametrize(
    ("locator", "said"),
    [
        ("somewhere in 14", "does not name a section"),
        ("15 clinical_studies", "has no section"),
        ("1 indications_and_usage", "It stands in 14.1 clinical_studies."),
    ],
)
def test_what_is_wrong_with_a_locator_is_said(locator: str, said: str) -> None:
    with pytest.raises(NotLocated, match=said):
        locate(LABEL, locator, QUOTE)


@pytest.mark.parametrize(
    ("newer", "fate"),
    [
        (LABEL, Fate.UNCHANGED),
        (document(section("clinical_studies", "14.2", f"In it: {QUOTE}")), Fate.MOVED),
        (document(section("clinical_studies", "14.1", "In it: 61%. Nobody knew.")), Fate.CHANGED),
        (document(section("clinical_studies", "14.1", "Other words.")), Fate.GONE),
    ],
)
def test_the_fate_of_a_quote_in_another_version(newer: LabelDocument, fate: Fate) -> None:
    anchor = locate(LABEL, "14.1 clinical_studies", QUOTE)
    found = relocate(anchor, QUOTE, newer)
    assert found.fate is fate
    assert (found.anchor is not None) is (fate in (Fate.UNCHANGED, Fate.MOVED))
