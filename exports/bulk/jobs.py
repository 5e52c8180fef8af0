"""Background work of bulk runs: chunks that any worker may take."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exports.bulk import running
from exports.bulk.chunks import ASSEMBLE, ISSUE
from exports.jobs import press_of
from records import errands
from records.database import Sessions


def _gave_up(session: Session, *, error: str, run: int, first: int, last: int) -> None:
    """Work that fails again and again waits for somebody; what is done stays done."""
    running.halt(session, run, reason=f"Documents {first} to {last}: {error}")


MOST_ATTEMPTS = 4  # then it waits for somebody, who finds the reason beside it


@errands.job(ASSEMBLE, most_attempts=MOST_ATTEMPTS, gave_up=_gave_up)
def _assemble(session: Session, *, run: int, first: int, last: int) -> None:
    from exports.bulk import assembling

    assembling.assemble_chunk(session, run, first, last)


@errands.job(ISSUE, own_transactions=True, most_attempts=MOST_ATTEMPTS, gave_up=_gave_up)
def _issue(sessions: Sessions, *, run: int, first: int, last: int) -> None:
    from exports.bulk import issuing  # what prints is loaded by whoever prints

    with sessions.read() as session:
        press = press_of(session)
    issuing.issue_chunk(sessions, run, first, last, press=press)
