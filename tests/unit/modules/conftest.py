"""A product with two claims and a module, and the people around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion, LabelVersion, Product
from modules.draft import ModuleDraft
from modules.models import ModuleVersion
from records.models import Person
from records.roles import StaffRole
from tests import building


@dataclass
class Shelf:
    """What the tests of modules stand on."""

    session: Session
    writer: Person
    reviewers: list[Person]
    product: Product
    label: LabelVersion
    claims: dict[str, ClaimVersion]
    module: ModuleVersion

    def draft(self, **values: Any) -> ModuleDraft:
        """What the module says, with some of it changed."""
        return replace(ModuleDraft.of(self.module), **values)

    def sign(self, version: Any) -> None:
        """Approve a version by the three reviewers."""
        building.sign(self.session, version, by=self.reviewers)


@pytest.fixture
def shelf(session: Session, clock: Any) -> Shelf:
    writer = building.person(session, StaffRole.WRITER)
    reviewers = [
        building.person(session, role)
        for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
    ]
    product = building.product(session)
    label = building.label(session, product, by=writer)
    claims = {
        code: building.claim(session, code, of=label, author=writer)
        for code in ("HAL-0001", "HAL-0002")
    }
    building.module(session, "HAL-M-ISI", of=product, author=writer)
    module = building.module(
        session, "HAL-M-001", of=product, author=writer, body="[[claim:HAL-0001]]\n"
    )
    return Shelf(session, writer, reviewers, product, label, claims, module)
