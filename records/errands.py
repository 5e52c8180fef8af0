"""Errands: background work written in the transaction of the change that asks for it.

The rows are the truth. A job is a function registered under a name; it may run twice and must not
mind. ``run`` carries out one errand; the queue (``records.queue``) only says sooner what
``waiting`` would find anyway, so nothing is lost with it.

An errand is taken for ``LEASE``: whoever took it and died gives it back by letting the time pass.
The attempt is counted when it begins, so that an errand which kills its worker ends too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from records import clock
from records.database import Sessions
from records.models import Errand

Function = Callable[..., None]
MOST_ATTEMPTS = 8
LEASE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=15)
_LOG = logging.getLogger("clearcopy.errands")


class Hopeless(Exception):
    """Raised by a job that trying again will not help; the text is for who reads the errand."""


@dataclass(frozen=True)
class Job:
    """What is done under a name, and how."""

    function: Function
    own_transactions: bool = False
    priority: int = 0
    most_attempts: int = MOST_ATTEMPTS
    gave_up: Function | None = None


_jobs: dict[str, Job] = {}


def job(
    name: str,
    *,
    own_transactions: bool = False,
    priority: int = 0,
    most_attempts: int = MOST_ATTEMPTS,
    gave_up: Function | None = None,
) -> Callable[[Function], Function]:
    """Register a function ``(session, **values)`` as the job ``name``.

    With ``own_transactions`` it is called with ``Sessions`` instead: long work must not keep
    everybody else from writing. Higher ``priority`` goes first in the queue. ``gave_up(session,
    error=…, **values)`` is told, in the transaction that says so, that the last attempt failed.
    """

    def register(function: Function) -> Function:
        if name in _jobs:
            raise ValueError(f"two jobs are called {name}")
        _jobs[name] = Job(function, own_transactions, priority, most_attempts, gave_up)
        return function

    return register


def priority_of(name: str) -> int:
    """How soon a job is wanted; an unknown one waits behind all others."""
    return _jobs[name].priority if name in _jobs else -1


def enqueue(session: Session, name: str, **values: Any) -> Errand:
    """Ask for a job, in the caller's transaction: it runs if and only if that one commits."""
    errand = schedule(session, name, clock.now(), **values)
    _note(session, errand)
    return errand


def schedule(session: Session, name: str, moment: datetime, /, **values: Any) -> Errand:
    """Ask for a job at a later moment; the worker's sweep finds it then."""
    errand = Errand(job=name, values=values, created_at=clock.now(), run_after=moment)
    session.add(errand)
    return errand


def _note(session: Session, errand: Errand) -> None:
    """For ``Sessions.hand_over``, once the transaction has been committed."""
    session.info.setdefault("errands", []).append(errand)


def waiting(
    session: Session, *, limit: int = 100, beyond: Collection[int] = ()
) -> list[tuple[int, str]]:
    """Id and job of errands that are due, oldest first, but for those in ``beyond``."""
    rows = session.execute(
        select(Errand.id, Errand.job)
        .where(Errand.done_at.is_(None), Errand.run_after <= clock.now())
        .where(Errand.attempts < MOST_ATTEMPTS)
        .order_by(Errand.run_after, Errand.id)
        .limit(limit + len(beyond))
    )
    return [(row.id, row.job) for row in rows if row.id not in beyond][:limit]


def given_up(session: Session, *, limit: int = 100) -> list[Errand]:
    """Errands that will not be tried again by themselves, newest first."""
    return list(
        session.scalars(
            select(Errand)
            .where(Errand.done_at.is_(None), Errand.attempts >= MOST_ATTEMPTS)
            .order_by(Errand.id.desc())
            .limit(limit)
        )
    )


def try_again(session: Session, errand: Errand) -> None:
    """Let an errand that was given up start anew."""
    errand.attempts, errand.run_after = 0, clock.now()
    _note(session, errand)


def release_all(session: Session) -> int:
    """Give back what a worker that died had taken; only for who knows that no other works."""
    return _count(
        session,
        update(Errand)
        .where(Errand.done_at.is_(None), Errand.attempts < MOST_ATTEMPTS)
        # what was never tried is not taken, but asked for at a later moment
        .where(Errand.run_after > clock.now(), Errand.last_error == "", Errand.attempts > 0)
        .values(run_after=clock.now()),
    )


def bury_lost(sessions: Sessions) -> int:
    """Give up errands whose every attempt ended with the worker; returns how many."""
    with sessions.read() as session:
        lost = session.scalars(
            select(Errand.id)
            .where(Errand.done_at.is_(None), Errand.attempts >= MOST_ATTEMPTS)
            .where(Errand.last_error == "", Errand.run_after <= clock.now())
        ).all()
    for errand_id in lost:
        with sessions.read() as session:
            found = _jobs.get(session.get_one(Errand, errand_id).job)
        error = Hopeless("every attempt ended with the worker that made it")
        _note_failure(sessions, errand_id, found, error)
    return len(lost)


def run(sessions: Sessions, errand_id: int) -> bool:
    """Carry out one errand; False when it failed and will be tried again or was given up.

    True also when there is nothing to do: it is done, not yet due, or somebody else has it.
    """
    if not _take(sessions, errand_id):
        return True
    with sessions.read() as session:
        errand = session.get_one(Errand, errand_id)
    found = _jobs.get(errand.job)
    try:
        if found is None:
            raise Hopeless(f"no job is called {errand.job}")  # noqa: TRY301 - as in the job itself
        if found.own_transactions:
            found.function(sessions, **errand.values)
            with sessions.write() as session:
                _finish(session, errand_id)
        else:
            with sessions.write() as session:
                found.function(session, **errand.values)
                _finish(session, errand_id)
    except Exception as error:  # noqa: BLE001 - whatever a job raises must not stop the worker
        _note_failure(sessions, errand_id, found, error)
        return False
    return True


def run_waiting(sessions: Sessions) -> int:
    """Carry out everything that is due, here and now; returns how many errands succeeded."""
    done = 0
    while True:
        with sessions.read() as session:
            due = waiting(session)
        succeeded = sum(run(sessions, errand_id) for errand_id, _ in due)
        done += succeeded
        if succeeded == 0:
            return done


def _take(sessions: Sessions, errand_id: int) -> bool:
    """Take an errand for a while; of two who try, one has it."""
    now = clock.now()
    with sessions.write() as session:
        taken = _count(
            session,
            update(Errand)
            .where(Errand.id == errand_id, Errand.done_at.is_(None))
            .where(Errand.run_after <= now, Errand.attempts < MOST_ATTEMPTS)
            .values(attempts=Errand.attempts + 1, run_after=now + LEASE, last_error=""),
        )
    return taken == 1


def _count(session: Session, statement: Any) -> int:
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _finish(session: Session, errand_id: int) -> None:
    session.execute(update(Errand).where(Errand.id == errand_id).values(done_at=clock.now()))


def _note_failure(sessions: Sessions, errand_id: int, found: Job | None, error: Exception) -> None:
    """Write down what happened and when to try again; the log gets no text of ours or theirs."""
    with sessions.write() as session:
        errand = session.get_one(Errand, errand_id)
        errand.last_error = f"{type(error).__name__}: {error}"[:2000]
        most = found.most_attempts if found is not None else 0
        over = isinstance(error, Hopeless) or errand.attempts >= most
        if over:
            errand.attempts = MOST_ATTEMPTS
            if found is not None and found.gave_up is not None:
                found.gave_up(session, error=str(error), **errand.values)
        pause = min(timedelta(seconds=2**errand.attempts), LONGEST_PAUSE)
        errand.run_after = clock.now() + pause
        extra = {
            "errand": errand_id,
            "job": errand.job,
            "attempt": errand.attempts,
            "error": type(error).__name__,
        }
    if over:
        _LOG.error("an errand was given up", extra=extra)
    else:
        _LOG.warning("an errand failed and will be tried again", extra=extra)
