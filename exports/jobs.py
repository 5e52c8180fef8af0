"""Background work of materials: printing the copies that people wait for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exports.copies import JOB, Press, fail_copy, print_copy, seal_copy
from exports.engine import RenderingFailed, RenderingUnavailable
from exports.models import ControlledCopy, CopyState
from records import errands
from records.database import Sessions
from records.errors import Refused

# what this version or this machine will never print
HOPELESS = (Refused, RenderingFailed, RenderingUnavailable)
SOON = 10  # somebody stands before a screen and waits


def press_of(session: Session) -> Press:
    """The press a session was opened with."""
    press = session.info.get("press")
    if not isinstance(press, Press):
        raise LookupError("this session was opened without a press")
    return press


def _gave_up(session: Session, *, error: str, number: int) -> None:
    fail_copy(session, session.get_one(ControlledCopy, number), reason=error)


@errands.job(JOB, own_transactions=True, priority=SOON, most_attempts=3, gave_up=_gave_up)
def make_copy(sessions: Sessions, *, number: int) -> None:
    """Print a reserved copy and keep its bytes.

    Printing takes a second and only reads; the two short writes are around it.
    """
    with sessions.read() as session:
        copy = session.get_one(ControlledCopy, number)
        if copy.state is not CopyState.MAKING:
            return
        try:
            data = print_copy(session, copy, press_of(session))
        except HOPELESS as problem:
            raise errands.Hopeless(str(problem)) from problem
    with sessions.write() as session:
        seal_copy(session, session.get_one(ControlledCopy, number), data)
