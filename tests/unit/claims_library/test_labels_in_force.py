"""Which label counts, where claims stand in it, and what a newer one does to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from claims_library import queries
from claims_library.anchors import Fate, locate
from claims_library.models import ClaimVersion, LabelSection, LabelVersion, Product
from claims_library.operations import current_label
from claims_library.placing import LOST, placement
from claims_library.queries import ClaimFilter
from claims_library.quotes import in_context
from records.errors import NotFound
from records.lifecycle import VersionState
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import ClaimType
from tests import building
from tests.conftest import Clock

QUOTE = "The overall response rate was 57% (95% CI: 49, 65)."


@pytest.fixture
def author(session: Session, clock: Clock) -> Person:
    return building.person(session, StaffRole.LIBRARIAN)


@pytest.fixture
def product(session: Session, author: Person) -> Product:
    return building.product(session)


def label(
    session: Session, product: Product, author: Person, version: int, effective: date, text: str
) -> LabelVersion:
    made = building.label(session, product, by=author, version=version, effective=effective)
    changed = LabelSection(position=1, name="description", number="11", paragraphs=[text])
    made.sections.append(changed)
    session.flush()
    return made


def claim(session: Session, code: str, of: LabelVersion, author: Person, **values: Any) -> Any:
    anchor = locate(of.document(), "14 clinical_studies", QUOTE).to_json()
    given = {"anchor": anchor, "excerpt": QUOTE, **values}
    return building.claim(session, code, of=of, author=author, **given)


def test_a_label_counts_from_the_day_it_takes_effect(
    session: Session, product: Product, author: Person, clock: Clock
) -> None:
    assert current_label(session, product.brand) is None
    later = building.label(session, product, by=author, version=3, effective=date(2027, 3, 1))
    assert current_label(session, product.brand) is None
    assert current_label(session, product.brand, upcoming=True) is later
    building.label(session, product, by=author, version=1, effective=date(2025, 1, 1))
    held = building.label(session, product, by=author, version=2, effective=date(2026, 11, 24))
    assert current_label(session, product.brand) is held
    assert current_label(session, product.brand, upcoming=True) is held
    assert current_label(session, product.brand, on=date(2027, 3, 1)) is later
    clock.advance(days=100)
    assert current_label(session, product.brand) is later


def test_claims_stand_in_their_section_until_a_version_loses_their_words(
    session: Session, product: Product, author: Person
) -> None:
    first = building.label(session, product, by=author)
    version: ClaimVersion = claim(session, "HAL-1", first, author)
    placed = placement(session, first)
    assert placed.sections == {("clinical_studies", "14"): (version.id,)}
    assert placed.of(*LOST) == []
    second = building.label(session, product, by=author, version=2)
    assert placement(session, second).found[version.id].fate is Fate.UNCHANGED
    third = LabelVersion(
        product_id=product.id,
        set_id=first.set_id,
        version=3,
        effective=date(2026, 6, 1),
        source_name="label.json",
        source_kind="openfda",
        source_sha256="3" * 64,
        imported_at=first.imported_at,
        imported_by_id=author.id,
        sections=[
            LabelSection(position=0, name="clinical_studies", number="14", paragraphs=["Nothing."])
        ],
    )
    session.add(third)
    session.flush()
    assert placement(session, third).of(*LOST) == [version.id]


def test_a_placement_follows_a_change_of_the_claims(
    session: Session, product: Product, author: Person, clock: Clock
) -> None:
    first = building.label(session, product, by=author)
    version: ClaimVersion = claim(session, "HAL-1", first, author)
    assert list(placement(session, first).found) == [version.id]
    other: ClaimVersion = claim(session, "HAL-2", first, author)
    assert list(placement(session, first).found) == [version.id, other.id]


def test_a_claim_without_an_anchor_has_lost_its_words(
    session: Session, product: Product, author: Person
) -> None:
    first = building.label(session, product, by=author)
    version = building.claim(session, "HAL-1", of=first, author=author, anchor={})
    assert placement(session, first).found[version.id].fate is Fate.GONE


def test_the_quote_comes_in_its_context(session: Session, product: Product, author: Person) -> None:
    made = building.label(session, product, by=author)
    document = made.document()
    quote = in_context(document, locate(document, "14 clinical_studies", "response rate was 57%"))
    assert (quote.before, quote.words) == ("The overall ", "response rate was 57%")
    assert quote.after == " (95% CI: 49, 65)."


def test_the_list_is_narrowed_counted_and_paged(
    session: Session, product: Product, author: Person
) -> None:
    made = building.label(session, product, by=author)
    claim(session, "HAL-1", made, author)
    claim(session, "HAL-2", made, author, type=ClaimType.SAFETY, text="Well tolerated, 100%_ so.")
    claim(session, "HAL-3", made, author, variations=["One in a thousand"])
    safety = ClaimFilter(types=(ClaimType.SAFETY,))
    counts = queries.count_claims(session, narrowed=safety)
    assert counts.total == 1
    assert counts.facets["type"] == {"efficacy": 2, "safety": 1}
    assert counts.facets["product"] == {"HALVORYN": 1}
    for words, codes in (
        ("tolerated", ["HAL-2"]),
        ("100%_", ["HAL-2"]),
        ("%", ["HAL-1", "HAL-2", "HAL-3"]),
        ("thousand", ["HAL-3"]),
        ("hal-3", ["HAL-3"]),
        ("tolerated thousand", []),
    ):
        narrowed = ClaimFilter(words)
        assert [each.code for each in queries.list_claims(session, narrowed=narrowed)] == codes
        assert queries.count_claims(session, narrowed=narrowed).total == len(codes)
    page = queries.list_claims(session, after="HAL-1", limit=1)
    assert [each.code for each in page] == ["HAL-2"]
    assert queries.count_submittable(session) == 3
    assert queries.count_submittable(session, narrowed=safety) == 1
    approved = ClaimFilter(states=(VersionState.APPROVED,))
    assert queries.count_submittable(session, narrowed=approved) == 0
    assert [each.code for each in queries.submittable(session, narrowed=safety)] == ["HAL-2"]


def test_what_is_not_there_is_said(session: Session, product: Product, author: Person) -> None:
    made = building.label(session, product, by=author)
    version = claim(session, "HAL-1", made, author)
    assert queries.version_of(version.claim, "0.1") is version
    for look in (
        lambda: queries.get_claim(session, "HAL-9"),
        lambda: queries.version_of(version.claim, "9.0"),
        lambda: queries.get_label(session, made.set_id, 99),
    ):
        with pytest.raises(NotFound):
            look()
