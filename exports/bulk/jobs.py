"""Background work of bulk runs: chunks that any worker may take."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exports.bulk import assembling, issuing
from exports.bulk.chunks import ASSEMBLE, ISSUE
from exports.jobs import press_of
from records import errands
from records.database import Sessions


@errands.job(ASSEMBLE)
def _assemble(session: Session, *, run: int, first: int, last: int) -> None:
    assembling.assemble_chunk(session, run, first, last)


@errands.job(ISSUE, own_transactions=True)
def _issue(sessions: Sessions, *, run: int, first: int, last: int) -> None:
    with sessions.read() as session:
        press = press_of(session)
    issuing.issue_chunk(sessions, run, first, last, press=press)
