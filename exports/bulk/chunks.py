"""Cutting a run into chunks and asking for them, so that any number of workers can share them.

A chunk is a range of places of one composition: its documents share their plates. What is done is
known from the rows of the documents alone, so a chunk may be asked for twice and does nothing
twice.
"""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports.bulk.models import OPEN, BulkDocument, BulkRun, DocumentState, RunState
from records import errands
from records.models import Errand

ASSEMBLE, ISSUE = "exports.bulk.assemble", "exports.bulk.issue"
LONGEST = 500  # documents; a chunk takes a few seconds, well within the lease of an errand


def ask(session: Session, run: BulkRun) -> int:
    """Ask for every chunk of a run that is not done; returns how many there are."""
    if run.paused or run.state not in (RunState.ASSEMBLING, RunState.ISSUING):
        return 0
    planned = run.state is RunState.ASSEMBLING
    states = (DocumentState.PLANNED,) if planned else OPEN
    rows = session.execute(
        select(BulkDocument.composition, BulkDocument.place)
        .where(BulkDocument.run_id == run.id, BulkDocument.state.in_(states))
        .order_by(BulkDocument.composition, BulkDocument.place)
    ).all()
    asked = 0
    for _, group in groupby(rows, key=lambda row: row.composition):
        places = [row.place for row in group]
        for at in range(0, len(places), LONGEST):
            chunk = places[at : at + LONGEST]
            ask_for(session, run, chunk[0], chunk[-1])
            asked += 1
    return asked


def ask_for(session: Session, run: BulkRun, first: int, last: int) -> None:
    """Ask for the work that a range of places needs next."""
    job = ASSEMBLE if run.state is RunState.ASSEMBLING else ISSUE
    errands.enqueue(session, job, run=run.id, first=first, last=last)


def under_way(session: Session, run: BulkRun) -> bool:
    """Whether some worker has, or will take, a part of a run."""
    waiting = session.scalars(
        select(Errand).where(
            Errand.job.in_([ASSEMBLE, ISSUE]),
            Errand.done_at.is_(None),
            Errand.attempts < errands.MOST_ATTEMPTS,
        )
    )
    return any(errand.values["run"] == run.id for errand in waiting)


def left(session: Session, run: BulkRun) -> int:
    """How many documents of a run still have work before them in its state."""
    states = (DocumentState.PLANNED,) if run.state is RunState.ASSEMBLING else OPEN
    return (
        session.scalar(
            select(func.count())
            .select_from(BulkDocument)
            .where(BulkDocument.run_id == run.id, BulkDocument.state.in_(states))
        )
        or 0
    )


def locked(session: Session, run_id: int) -> BulkRun:
    """The run as it stands now; until the commit nobody else changes it."""
    return session.get_one(BulkRun, run_id, with_for_update=True, populate_existing=True)
