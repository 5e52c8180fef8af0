"""The demonstration: an invented product, from its label to a brief in a rep's hands.

It goes the way a customer would, through the same operations; a second run finds everything done.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import operations as accounts
from claims_library import operations as claims
from cms.installation import Installation
from cms.kinds import CYCLES, KINDS
from exports import copies, frame, operations, templating
from exports.models import ControlledCopy, Material, MaterialVersion
from mlr.engine import PERMISSION
from mlr.models import ReviewTask, Verdict
from modules import operations as modules
from modules.module_file import collect
from records import clock, errands, files, people
from records.lifecycle import VersionState
from records.models import Person
from records.roles import StaffRole, may
from records.vocabulary import Channel, Phase, Role

FOLDER = Path(__file__).with_name("demonstration")
ACCOUNT, ROLE, PHASE = "DEMO-001", Role.PHARMACY_AND_THERAPEUTICS, Phase.EVIDENCE_REVIEW
MEETING_IN = timedelta(days=14)


@dataclass(frozen=True)
class Cast:
    """The demonstration's people and the password they share."""

    password: str
    people: tuple[Mapping[str, Any], ...]

    def email(self, role: StaffRole) -> str:
        """The first person who holds a role."""
        return next(str(each["email"]) for each in self.people if role.value in each["roles"])


def cast() -> Cast:
    """Read the people of the demonstration."""
    data = yaml.safe_load((FOLDER / "people.yaml").read_text(encoding="utf-8"))
    return Cast(data["password"], tuple(data["people"]))


def dress(home: Path) -> None:
    """Give an installation without a look of its own that of the invented company."""
    if not (home / "brand").exists():
        shutil.copytree(FOLDER / "brand", home / "brand")


def play(place: Installation) -> Iterator[str]:
    """Do everything that is not done yet, saying each step; each is one transaction."""
    troupe = cast()
    with place.sessions.write() as session:
        yield _hire(session, troupe)
    with place.sessions.write() as session:
        yield _import(session, troupe)
    for kind, role in (
        ("claim", StaffRole.LIBRARIAN),
        ("template", StaffRole.LIBRARIAN),
        ("module", StaffRole.WRITER),
    ):
        with place.sessions.write() as session:
            submitted = _submit(session, kind, people.by_email(session, troupe.email(role)))
        yield f"{submitted} {kind} versions submitted"
        yield from _sign(place, troupe)
    with place.sessions.write() as session:
        yield _assemble(session, troupe)
    yield from _sign(place, troupe)
    errands.run_waiting(place.sessions)


def brief(place: Installation) -> Path:
    """The demonstration rep's copy of the brief, written beside the installation's files."""
    with place.sessions.write() as session:
        rep = people.by_email(session, cast().email(StaffRole.REP))
        version = session.scalars(
            select(MaterialVersion)
            .join(Material, Material.approved_id == MaterialVersion.id)
            .order_by(Material.id)
            .limit(1)
        ).one()
        known = session.scalar(
            select(ControlledCopy).where(ControlledCopy.request_key == "demonstration")
        )
        copy = known or copies.issue_copy(
            session,
            version,
            format="pdf",
            holder=rep,
            actor=rep,
            purpose="Demonstration",
            request_key="demonstration",
            press=place.press,
        )
        data = files.store_of(session).get(copy.file_sha256 or "")
    path = place.settings.home / "demonstration" / f"{version.code}-{version.version}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def deck(place: Installation) -> list[Path]:
    """The demonstration's presentation, assembled and signed, as PDF and PPTX for the rep."""
    troupe = cast()
    with place.sessions.write() as session:
        if session.scalar(select(Material.id).where(Material.channel == Channel.DECK)) is None:
            writer = people.by_email(session, troupe.email(StaffRole.WRITER))
            version = operations.assemble(session, _order("deck"), actor=writer)
            KINDS["material"][1].submit(session, version, actor=writer)
    list(_sign(place, troupe))
    errands.run_waiting(place.sessions)
    return [_handed(place, name) for name in ("pdf", "pptx")]


def _handed(place: Installation, format: str) -> Path:
    """A copy of the presentation in one format, written beside the installation's files."""
    with place.sessions.write() as session:
        rep = people.by_email(session, cast().email(StaffRole.REP))
        version = session.scalars(
            select(MaterialVersion)
            .join(Material, Material.approved_id == MaterialVersion.id)
            .where(Material.channel == Channel.DECK)
            .order_by(Material.id)
            .limit(1)
        ).one()
        copy = copies.issue_copy(
            session,
            version,
            format=format,
            holder=rep,
            actor=rep,
            purpose="Demonstration",
            request_key=f"demonstration-{format}",
            press=place.press,
        )
        data = files.store_of(session).get(copy.file_sha256 or "")
    path = place.settings.home / "demonstration" / f"{version.code}-{version.version}.{format}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _hire(session: Session, troupe: Cast) -> str:
    known = set(session.scalars(select(Person.email)))
    keeper = people.first_administrator(session)
    # the administrator first: nobody else can add people
    rest = sorted(
        troupe.people, key=lambda each: StaffRole.ADMINISTRATOR.value not in each["roles"]
    )
    for each in rest:
        if each["email"] not in known:
            added = people.add_person(
                session,
                actor=keeper,
                email=each["email"],
                name=each["name"],
                title=each.get("title", ""),
                roles_held=[StaffRole(role) for role in each["roles"]],
                territory=each.get("territory", ()),
                password=troupe.password,
            )
            keeper = keeper or added
    return f"{len(troupe.people)} people"


def _import(session: Session, troupe: Cast) -> str:
    librarian = people.by_email(session, troupe.email(StaffRole.LIBRARIAN))
    writer = people.by_email(session, troupe.email(StaffRole.WRITER))

    def read(name: str) -> dict[str, Any]:
        return {"data": (FOLDER / name).read_bytes(), "filename": name, "actor": librarian}

    claims.import_label(session, **read("label-v5.json"))
    claims.import_label(session, **read("label.json"))
    claims.import_claims(session, **read("claims.csv"))
    modules.import_modules(session, collect(FOLDER / "modules"), actor=writer)
    accounts.import_accounts(session, **read("accounts.csv"))
    accounts.import_stakeholders(session, **read("stakeholders.csv"))
    templating.land_shipped(session, actor=librarian)
    return "labels, claims, modules, accounts and templates imported"


def _submit(session: Session, kind: str, actor: Person) -> int:
    table, cycle = KINDS[kind]
    drafts = session.scalars(
        select(cycle.model)
        .join(table, table.latest_id == cycle.model.id)
        .where(cycle.model.state == VersionState.DRAFT)
        .order_by(table.code)
    ).all()
    for version in drafts:
        cycle.submit(session, version, actor=actor)
    return len(drafts)


def _sign(place: Installation, troupe: Cast) -> Iterator[str]:
    for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY):
        with place.sessions.write() as session:
            person = people.by_email(session, troupe.email(role))
            tasks = session.scalars(
                select(ReviewTask).where(ReviewTask.open).order_by(ReviewTask.id)
            ).all()
            mine = [task for task in tasks if may(person, PERMISSION[task.discipline])]
            for task in mine:
                CYCLES[task.job.subject_kind].decide(
                    session,
                    task,
                    actor=person,
                    verdict=Verdict.APPROVE,
                    password=troupe.password,
                )
        if mine:
            yield f"{person.name} signed {len(mine)}"


def _assemble(session: Session, troupe: Cast) -> str:
    if session.scalar(select(Material.id).limit(1)) is not None:
        return "the brief is assembled"
    writer = people.by_email(session, troupe.email(StaffRole.WRITER))
    version = operations.assemble(
        session,
        _order("brief"),
        actor=writer,
    )
    KINDS["material"][1].submit(session, version, actor=writer)
    return f"{version.label} assembled from {len(version.parts)} modules and submitted"


def _order(template: str) -> operations.Order:
    """What is assembled for the demonstration's account, from one of the shipped templates."""
    name = f"{template}.us"
    return operations.Order(
        account=ACCOUNT,
        product="HALVORYN",
        role=ROLE,
        phase=PHASE,
        template=template,
        meeting_date=clock.today() + MEETING_IN,
        agenda=frame.read_frame(frame.shipped(name), filename=f"{name}.yaml").agenda[:4],
    )
