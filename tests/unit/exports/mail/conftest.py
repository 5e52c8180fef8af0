"""A mail server that can be told how to misbehave, and a material that is an approved email."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from accounts.models import Stakeholder
from exports import frame, operations
from exports.brand import Brand
from exports.copies import Press
from exports.mail import permission
from exports.mail.delivering import Mailer
from exports.models import MaterialVersion, Template
from records.database import Sessions, make_engine
from records.files import FileStore
from records.keys import Keyring
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import ModuleKind, Phase, Role
from tests import building

GIVEN = date(2026, 11, 1)
ADDRESS = ("Example Oncology, Inc.", "1 Example Way, Springfield, IL 62701")


@dataclass
class Inbox:
    """What a server took, and its answers that are not the usual ones."""

    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # by recipient
    at_data: str = ""  # the answer to the text; "drop" takes it and hangs up
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.at_data.startswith(("4", "5")):
            return self.at_data
        self.messages.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        if self.at_data == "drop":
            server.transport.abort()
        return "250 2.0.0 taken"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A real SMTP server on a port of its own."""
    taken = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        taken.port = probe.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=taken.port)
    controller.start()
    with smtplib.SMTP("127.0.0.1", taken.port, timeout=5):
        pass
    yield taken
    controller.stop()


@pytest.fixture
def mailer(inbox: Inbox) -> Mailer:
    return Mailer(
        host="127.0.0.1", port=inbox.port, sender="medical@example.org", starttls=False,
        per_minute=6000, timeout=5,
    )  # fmt: skip


@pytest.fixture
def sessions(
    database_url: str, keyring: Keyring, tmp_path: Path, mailer: Mailer
) -> Iterator[Sessions]:
    """Sessions as an installation has them, on a database of the test's own."""
    engine = make_engine(database_url)
    press = Press(Brand("Example Oncology", address=ADDRESS), "https://copy.example")
    yield Sessions(engine, keyring, files=FileStore(tmp_path / "files"), press=press, mailer=mailer)
    engine.dispose()


@dataclass
class Post:
    """An approved email for an account with three people, and who sends it."""

    sessions: Sessions
    rep: int
    version: int
    people: dict[str, int]

    def press(self) -> Press:
        press: Press = self.sessions.info["press"]
        return press

    def open(self, session: Session) -> tuple[MaterialVersion, Person]:
        return session.get_one(MaterialVersion, self.version), session.get_one(Person, self.rep)


@pytest.fixture
def post(sessions: Sessions, clock) -> Post:
    with sessions.write() as session:
        return _filled(session, sessions)


def _filled(session: Session, sessions: Sessions) -> Post:
    librarian = building.person(session, StaffRole.LIBRARIAN)
    writer = building.person(session, StaffRole.WRITER)
    rep = building.person(session, StaffRole.REP, territory=["IL"])
    signers = [
        building.person(session, role)
        for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
    ]
    product = building.product(session)
    label = building.label(session, product, by=librarian)
    _fill_library(session, product, label, librarian, writer, signers)
    operations.import_template(
        session, frame.shipped("email.us"), filename="email.us.yaml", actor=librarian
    )
    template = session.query(Template).one().latest
    assert template is not None
    building.sign(session, template, by=signers)
    account = building.account(session)
    account.state = "IL"
    role = Role.PHARMACY_AND_THERAPEUTICS
    people = {
        name: Stakeholder(role=role, name=name, email=f"{name.split()[0].lower()}@a.example")
        for name in ("Anita Reyes", "Boris Lund", "Cleo Marsh")
    }
    account.stakeholders += people.values()
    session.flush()
    for person in people.values():
        permission.record_consent(
            session, person.email, basis="Form of 1 November 2026", given_on=GIVEN, actor=librarian
        )
    version = operations.assemble(
        session,
        operations.Order(
            account=account.code, product="HALVORYN", role=role, phase=Phase.EVIDENCE_REVIEW,
            template="email",
        ),
        actor=writer,
    )  # fmt: skip
    building.sign(session, version, by=[signers[2]])
    ids = {name: person.id for name, person in people.items()}
    return Post(sessions, rep.id, version.id, ids)


def _fill_library(session, product, label, librarian, writer, signers) -> None:
    channels = ["brief", "email"]
    indication = building.claim(
        session, "HAL-0001", of=label, author=librarian, channels=channels,
        text="HALVORYN is indicated for adults with RXA2 fusions.",
    )  # fmt: skip
    building.sign(session, indication, by=signers)
    for code, values in {
        "HAL-M-ISI": {"kind": ModuleKind.ISI, "body": "## Important Safety Information\n\nNausea."},
        "HAL-M-IND": {"body": "## Indication\n\n[[claim:HAL-0001]]", "requires": ["HAL-M-ISI"]},
    }.items():
        module = building.module(
            session, code, of=product, author=writer, channels=channels, **values
        )
        building.sign(session, module, by=signers)
