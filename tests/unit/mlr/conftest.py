"""A module in review, and everybody who may, or may not, decide on it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from mlr.engine import Outcome
from mlr.models import ReviewJob, ReviewTask, Verdict
from modules.models import ModuleVersion
from modules.review import MODULES
from records import passwords
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests import building

PASSWORD = "a long enough secret 42"
REVIEWERS = {
    Discipline.MEDICAL: StaffRole.MEDICAL,
    Discipline.LEGAL: StaffRole.LEGAL,
    Discipline.REGULATORY: StaffRole.REGULATORY,
}


@dataclass
class Room:
    """One version, its writer and its reviewers."""

    session: Session
    version: ModuleVersion
    writer: Person
    reviewers: dict[Discipline, Person]

    def submit(self) -> ReviewJob:
        return MODULES.submit(self.session, self.version, actor=self.writer)

    def sign(
        self,
        job: ReviewJob,
        discipline: Discipline,
        verdict: Verdict = Verdict.APPROVE,
        *,
        by: Person | None = None,
        comment: str = "Because.",
        password: str = PASSWORD,
        seen: str = "",
        key: str = "",
    ) -> Outcome:
        return MODULES.decide(
            self.session,
            part(job, discipline),
            actor=by or self.reviewers[discipline],
            verdict=verdict,
            comment=comment,
            password=password,
            seen=seen,
            key=key,
        )

    def approve(self) -> ReviewJob:
        job = self.submit()
        for discipline in Discipline:
            self.sign(job, discipline)
        return job

    def hire(self, *roles: StaffRole) -> Person:
        return hire(self.session, *roles)


def part(job: ReviewJob, discipline: Discipline) -> ReviewTask:
    """The task of one discipline."""
    return next(task for task in job.tasks if task.discipline is discipline)


def hire(session: Session, *roles: StaffRole) -> Person:
    """Somebody with these roles who can sign."""
    person = building.person(session, *roles)
    person.password_hash = passwords.hash_password(PASSWORD)
    session.flush()
    return person


def furnish(session: Session) -> Room:
    """A draft module and a reviewer for each discipline."""
    writer = hire(session, StaffRole.WRITER)
    product = building.product(session)
    return Room(
        session,
        building.module(session, "HAL-M-001", of=product, author=writer),
        writer,
        {discipline: hire(session, role) for discipline, role in REVIEWERS.items()},
    )


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least cost: every verdict hashes a password."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


@pytest.fixture
def room(session: Session) -> Room:
    return furnish(session)
