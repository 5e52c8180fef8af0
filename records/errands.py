"""Errands: background work written in the transaction of the change that asks for it.

A job is a function registered under a name, called with a session and the errand's values; it may
run twice and must not mind. ``run`` carries out one errand in a transaction of its own; whoever
hands errands to a queue only speeds up what ``waiting`` would find anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import clock
from records.database import Sessions
from records.models import Errand

Job = Callable[..., None]
MOST_ATTEMPTS = 8
_jobs: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a function ``(session, **values)`` as the job ``name``."""

    def register(function: Job) -> Job:
        if name in _jobs:
            raise ValueError(f"two jobs are called {name}")
        _jobs[name] = function
        return function

    return register


def enqueue(session: Session, name: str, **values: Any) -> Errand:
    """Ask for a job, in the caller's transaction: it runs if and only if that one commits."""
    now = clock.now()
    errand = Errand(job=name, values=values, created_at=now, run_after=now)
    session.add(errand)
    return errand


def waiting(session: Session, *, limit: int = 100) -> list[int]:
    """Ids of errands that are due, oldest first."""
    return list(
        session.scalars(
            select(Errand.id)
            .where(Errand.done_at.is_(None), Errand.run_after <= clock.now())
            .where(Errand.attempts < MOST_ATTEMPTS)
            .order_by(Errand.id)
            .limit(limit)
        )
    )


def run(sessions: Sessions, errand_id: int) -> bool:
    """Carry out one errand; False when it failed and will be tried again later.

    The work and the mark that it is done are one transaction. A failure is written down in a
    second one, with a growing pause before the next attempt.
    """
    try:
        with sessions.write() as session:
            errand = session.get(Errand, errand_id, with_for_update=True)
            if errand is None or errand.done_at is not None:
                return True
            _jobs[errand.job](session, **errand.values)
            errand.done_at = clock.now()
    except Exception as error:  # noqa: BLE001 - whatever a job raises must not stop the worker
        _note_failure(sessions, errand_id, error)
        return False
    return True


def run_waiting(sessions: Sessions) -> int:
    """Carry out everything that is due; returns how many errands succeeded."""
    done = 0
    while True:
        with sessions.read() as session:
            due = waiting(session)
        succeeded = sum(run(sessions, errand_id) for errand_id in due)
        done += succeeded
        if succeeded == 0:
            return done


def _note_failure(sessions: Sessions, errand_id: int, error: Exception) -> None:
    with sessions.write() as session:
        errand = session.get(Errand, errand_id)
        if errand is not None:
            errand.attempts += 1
            errand.last_error = f"{type(error).__name__}: {error}"[:2000]
            errand.run_after = clock.now() + timedelta(seconds=2**errand.attempts)
