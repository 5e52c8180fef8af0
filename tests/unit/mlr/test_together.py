"""Two people in the same moment, on real connections: one approval, an unbroken trail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from mlr import standing
from mlr.models import JobState, ReviewJob, Verdict
from modules.models import ModuleVersion
from modules.review import MODULES
from records import audit
from records.actions import Action
from records.database import Sessions, make_engine
from records.errors import DomainError, Refused
from records.lifecycle import VersionState
from records.models import AuditRow, Person, Signature
from records.vocabulary import Discipline
from tests.unit.mlr.conftest import PASSWORD, Room, furnish, part

MEDICAL, LEGAL, REGULATORY = Discipline


@pytest.fixture
def sessions(database_url: str, keyring) -> Iterator[Sessions]:
    engine = make_engine(database_url)
    yield Sessions(engine, keyring)
    engine.dispose()


@pytest.fixture
def in_review(sessions: Sessions) -> Room:
    """A committed version in review; the session is closed, ids and people are still readable."""
    with sessions.write() as session:
        room = furnish(session)
        room.submit()
    return room


def _at_once(*works: Callable[[], None]) -> list[DomainError]:
    """Let all begin in the same moment; the refusals they met."""
    barrier, refused = threading.Barrier(len(works)), list[DomainError]()
    broken: list[Exception] = []

    def run(work: Callable[[], None]) -> None:
        barrier.wait()
        try:
            work()
        except DomainError as error:
            refused.append(error)
        except Exception as error:  # noqa: BLE001 - shown by the test itself, outside the thread
            broken.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return refused


def _sign(
    sessions: Sessions,
    room: Room,
    discipline: Discipline,
    *,
    verdict: Verdict = Verdict.APPROVE,
    key: str = "",
) -> None:
    with sessions.write() as session:
        job = session.scalars(select(ReviewJob)).one()
        MODULES.decide(
            session,
            part(job, discipline),
            actor=session.get_one(Person, room.reviewers[discipline].id),
            verdict=verdict,
            comment="Because.",
            password=PASSWORD,
            key=key,
        )


def _count(sessions: Sessions, action: Action) -> int:
    with sessions.read() as session:
        query = select(func.count()).select_from(AuditRow).where(AuditRow.action == action)
        return session.scalar(query) or 0


@pytest.mark.parametrize("attempt", range(5))
def test_two_last_verdicts_at_once_end_in_one_approval(sessions, in_review, attempt) -> None:
    _sign(sessions, in_review, MEDICAL)
    refused = _at_once(
        lambda: _sign(sessions, in_review, LEGAL),
        lambda: _sign(sessions, in_review, REGULATORY),
    )
    assert refused == []
    with sessions.read() as session:
        version = session.scalars(select(ModuleVersion)).one()
        assert (version.state, version.version) == (VersionState.APPROVED, "1.0")
        assert session.scalars(select(ReviewJob.state)).all() == [JobState.APPROVED]
        assert standing.approval(session, version).holds
        assert audit.verify(session) is None
    assert _count(sessions, Action.MODULE_APPROVE) == _count(sessions, Action.REVIEW_CLOSE) == 1


def test_all_three_at_once(sessions, in_review) -> None:
    assert _at_once(*(lambda d=d: _sign(sessions, in_review, d) for d in Discipline)) == []
    with sessions.read() as session:
        version = session.scalars(select(ModuleVersion)).one()
        assert standing.approval(session, version).holds
        assert audit.verify(session) is None


def test_a_double_click_signs_once(sessions, in_review) -> None:
    click = lambda: _sign(sessions, in_review, MEDICAL, key="one-form")  # noqa: E731
    assert _at_once(click, click, click) == []
    with sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(Signature)) == 1


def test_the_last_approval_and_a_recall_at_once_leave_one_outcome(sessions, in_review) -> None:
    for discipline in (MEDICAL, LEGAL):
        _sign(sessions, in_review, discipline)

    def recall() -> None:
        with sessions.write() as session:
            version = session.scalars(select(ModuleVersion)).one()
            actor = session.get_one(Person, in_review.writer.id)
            MODULES.recall(session, version, actor=actor)

    refused = _at_once(lambda: _sign(sessions, in_review, REGULATORY), recall)
    assert len(refused) == 1
    assert isinstance(refused[0], Refused)
    with sessions.read() as session:
        version = session.scalars(select(ModuleVersion)).one()
        job = session.scalars(select(ReviewJob)).one()
        assert (version.state, job.state) in (
            (VersionState.APPROVED, JobState.APPROVED),
            (VersionState.DRAFT, JobState.RECALLED),
        )
        assert standing.approval(session, version).holds == (job.state is JobState.APPROVED)
        assert audit.verify(session) is None
