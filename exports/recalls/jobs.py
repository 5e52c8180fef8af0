"""Telling a holder by email that copies are called back; the desk and the phone say it anyway."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.mail.colleagues import Letter, page_at, write_to
from exports.models import ControlledCopy
from exports.recalls.models import Recall, RecalledCopy
from exports.recalls.queries import NOT_ACCOUNTED
from exports.recalls.reminding import NOTICE, REMINDER, remind_when_due
from records import errands
from records.actions import Action
from records.database import Sessions
from records.models import Person


@errands.job(NOTICE, own_transactions=True)
def notify(sessions: Sessions, *, recall: int, holder: int, again: bool = False) -> None:
    """Send one notice; without a mail server, or once all is accounted for, there is none."""

    def compose(session: Session) -> Letter | None:
        found, person = session.get_one(Recall, recall), session.get_one(Person, holder)
        numbers = _numbers(session, found, person)
        return _letter(session, found, person, numbers, again=again) if numbers else None

    write_to(sessions, compose)


@errands.job(REMINDER)
def remind(session: Session, *, recall: int) -> None:
    """Remind who has not answered, and look again on the next working day."""
    remind_when_due(session, session.get_one(Recall, recall))


def _numbers(session: Session, recall: Recall, holder: Person) -> list[int]:
    return list(
        session.scalars(
            select(ControlledCopy.number)
            .join(RecalledCopy, RecalledCopy.copy_number == ControlledCopy.number)
            .where(
                RecalledCopy.recall_id == recall.id,
                ControlledCopy.holder_id == holder.id,
                ControlledCopy.state.in_(NOT_ACCOUNTED),
            )
            .order_by(ControlledCopy.number)
        )
    )


def _letter(
    session: Session, recall: Recall, holder: Person, numbers: list[int], *, again: bool
) -> Letter:
    version = recall.material_version
    copies = ", ".join(f"{number:04d}" for number in numbers)
    noun = "copy" if len(numbers) == 1 else "copies"
    instead = f"\nInstead: {recall.instead}\n" if recall.instead else ""
    head = "Recall, reminder" if again else "Recall"
    return Letter(
        holder,
        f"{head}: {version.code} {version.version}, {noun} {copies}",
        f"{version.title} ({version.code}, version {version.version}) is called back.\n\n"
        f"Your {noun}: {copies}\n"
        f"Reason: {recall.reason}\n{instead}\n"
        f"Do not use it any more, take back what was left behind, destroy every print and file, "
        f"and say so by {recall.due_on:%-d %B %Y}:\n{page_at(session, '/copies')}",
        Action.RECALL_NOTIFY,
        recall.subject,
    )
