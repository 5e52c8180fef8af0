"""Claims whose evidence a newer label no longer says are held from the day it takes effect."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from claims_library.anchors import locate
from claims_library.models import ClaimVersion, LabelSection, LabelVersion
from claims_library.validity import objections
from modules import validity as module_validity
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

QUOTE = "The overall response rate was 57% (95% CI: 49, 65)."
CHANGED = "The overall response rate was 58% (95% CI: 50, 66)."
EFFECTIVE = date(2026, 12, 1)


class Library:
    """A label with a signed claim in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.author = building.person(session, StaffRole.LIBRARIAN)
        self.signers = [
            building.person(session, role)
            for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
        ]
        self.product = building.product(session)
        self.label = building.label(session, self.product, by=self.author)
        self.claim = self.anchored("HAL-0001", self.label)

    def anchored(self, code: str, label: LabelVersion, quote: str = QUOTE) -> ClaimVersion:
        anchor = locate(label.document(), "14 clinical_studies", quote).to_json()
        made = building.claim(
            self.session, code, of=label, author=self.author, anchor=anchor, excerpt=quote
        )
        building.sign(self.session, made, by=self.signers)
        return made

    def newer(self, says: str, *more: LabelSection) -> LabelVersion:
        return building.label(
            self.session,
            self.product,
            by=self.author,
            version=self.label.version + 1,
            effective=EFFECTIVE,
            says=[says],
            more=more,
        )

    def codes(self, claim: ClaimVersion, day: date) -> list[str]:
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return [each.code for each in objections(self.session, [claim], at=at)[claim.id]]


@pytest.fixture
def library(session: Session, clock: Clock) -> Library:
    return Library(session)


def test_the_same_words_in_a_newer_label_hold(library: Library) -> None:
    library.newer(f"Otherwise new. {QUOTE}  And more.")
    assert library.codes(library.claim, EFFECTIVE) == []


def test_a_changed_number_holds_the_claim_from_the_day_on(library: Library) -> None:
    label = library.newer(CHANGED)
    assert library.codes(library.claim, date(2026, 11, 30)) == []
    assert library.codes(library.claim, EFFECTIVE) == ["evidence-lost"]
    at = datetime(2026, 12, 2, tzinfo=UTC)
    (said,) = objections(library.session, [library.claim], at=at)[library.claim.id]
    assert f"label version {label.version}, in force since 01 Dec 2026" in said.sentence
    assert "Import the claim" in said.instead


def test_words_that_moved_to_another_section_hold(library: Library) -> None:
    moved = LabelSection(position=1, name="description", number="11", paragraphs=[QUOTE])
    library.newer(CHANGED, moved)
    assert library.codes(library.claim, EFFECTIVE) == []


def test_a_claim_of_a_label_to_come_waits_for_it(library: Library) -> None:
    label = library.newer(CHANGED)
    ahead = library.anchored("HAL-0002", label, CHANGED)
    assert library.codes(ahead, date(2026, 11, 30)) == ["evidence-lost"]
    assert library.codes(ahead, EFFECTIVE) == []


def test_a_module_that_uses_it_is_held_and_names_it(library: Library) -> None:
    body = "## Response\n\n[[claim:HAL-0001]]"
    module = building.module(
        library.session, "HAL-M-001", of=library.product, author=library.author, body=body
    )
    building.sign(library.session, module, by=library.signers)
    library.newer(CHANGED)

    def codes(day: date) -> list[str]:
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = module_validity.objections(library.session, [module], at=at)
        return [each.code for each in found[module.id]]

    assert codes(date(2026, 11, 30)) == []
    assert codes(EFFECTIVE) == ["claim-evidence-lost"]
