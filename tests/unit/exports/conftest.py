"""A library that is signed: a product, its label, claims, modules, a template, an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from accounts.models import Account
from claims_library.models import ClaimVersion, LabelVersion, Product
from exports import frame, operations
from exports.models import MaterialVersion, Template, TemplateVersion
from modules.models import ModuleVersion
from records.files import FileStore
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import Audience, ModuleKind, Phase, Role
from tests import building

ORDER = operations.Order(
    account="A-1",
    product="HALVORYN",
    role=Role.PHARMACY_AND_THERAPEUTICS,
    phase=Phase.EVIDENCE_REVIEW,
)


@dataclass
class Library:
    """Everything signed and effective, and the people who did it."""

    session: Session
    writer: Person
    rep: Person
    librarian: Person
    signers: list[Person]
    product: Product
    label: LabelVersion
    template: TemplateVersion
    account: Account
    claims: dict[str, ClaimVersion] = field(default_factory=dict)
    modules: dict[str, ModuleVersion] = field(default_factory=dict)

    def claim(self, code: str, **values) -> ClaimVersion:
        version = building.claim(self.session, code, of=self.label, author=self.librarian, **values)
        building.sign(self.session, version, by=self.signers)
        self.claims[code] = version
        return version

    def module(self, code: str, *, signed: bool = True, **values) -> ModuleVersion:
        version = building.module(self.session, code, of=self.product, author=self.writer, **values)
        if signed:
            building.sign(self.session, version, by=self.signers)
        self.modules[code] = version
        return version

    def assemble(self, order: operations.Order = ORDER) -> MaterialVersion:
        return operations.assemble(self.session, order, actor=self.writer)

    def approved(self, order: operations.Order = ORDER) -> MaterialVersion:
        """A material with the signature that its tier demands."""
        version = self.assemble(order)
        building.sign(self.session, version, by=[self.signers[2]])
        return version


@pytest.fixture
def library(session: Session, clock, tmp_path: Path) -> Library:
    session.info["files"] = FileStore(tmp_path / "files")
    return furnish(session)


def furnish(session: Session) -> Library:
    """A filled library with one account and the people it takes."""
    librarian = building.person(session, StaffRole.LIBRARIAN)
    signers = [
        building.person(session, role)
        for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
    ]
    product = building.product(session)
    label = building.label(session, product, by=librarian)
    operations.import_template(
        session, frame.shipped("brief.us"), filename="brief.us.yaml", actor=librarian
    )
    template = session.query(Template).one().latest
    assert template is not None
    building.sign(session, template, by=signers)
    made = Library(
        session=session,
        writer=building.person(session, StaffRole.WRITER),
        rep=building.person(session, StaffRole.REP, territory=["WI"]),
        librarian=librarian,
        signers=signers,
        product=product,
        label=label,
        template=template,
        account=building.account(session),
    )
    fill(made)
    return made


def fill(library: Library) -> None:
    """Safety, indication, a footnote, and modules over kinds, roles and phases."""
    library.claim("HAL-0001", text="HALVORYN is indicated for adults with RXA2 fusions.")
    library.claim("HAL-0002", companions=["ISI", "FN-ONE"])
    library.module("HAL-M-ISI", kind=ModuleKind.ISI, title="Important safety information")
    isi = ["HAL-M-ISI"]
    library.module("HAL-M-FN-ONE", kind=ModuleKind.FOOTNOTE, body="Study design.", requires=isi)
    library.module("HAL-M-IND", body="## Indication\n\n[[claim:HAL-0001]]", requires=isi)
    library.module("HAL-M-001", body="## Response\n\n[[claim:HAL-0002]]", requires=["HAL-M-IND"])
    library.module(
        "HAL-M-002",
        body="## Also\n\n[[claim:HAL-0002/1]]",
        kind=ModuleKind.CALLOUT,
        excludes=["HAL-M-003"],
    )
    library.module("HAL-M-003", excludes=["HAL-M-002"], phases=["adoption-support"])
    library.module(
        "HAL-M-004",
        kind=ModuleKind.AGENDA,
        body="## Agenda\n\n{{account.name}}, {{meeting.date}}",
        phases=["discovery"],
    )
    library.module("HAL-M-005", roles=["payer"])
    library.module("HAL-M-006", kind=ModuleKind.TALK_TRACK, audience=Audience.INTERNAL)
