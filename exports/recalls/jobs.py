"""Telling a holder by email that copies are called back; the desk and the phone say it anyway."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.jobs import press_of
from exports.mail.delivering import Outcome
from exports.mail.sending import mailer_of
from exports.models import ControlledCopy
from exports.recalls.models import Recall, RecalledCopy
from exports.recalls.operations import NOTICE, REMINDER, remind_when_due
from exports.recalls.queries import NOT_ACCOUNTED
from records import audit, clock, errands
from records.actions import Action
from records.database import Sessions
from records.models import Person


@errands.job(NOTICE, own_transactions=True)
def notify(sessions: Sessions, *, recall: int, holder: int, again: bool = False) -> None:
    """Send one notice; without a mail server, or once all is accounted for, there is none."""
    with sessions.read() as session:
        mailer = mailer_of(session)
        if not mailer.ready:
            return
        found = session.get_one(Recall, recall)
        person = session.get_one(Person, holder)
        numbers = _numbers(session, found, person)
        if not numbers or not person.active:
            return
        message = _message(session, found, person, numbers, mailer.sender, again=again)
        address = person.email
    delivery = mailer.deliver(message, recipient=address)
    if delivery.outcome is Outcome.LATER:
        raise ConnectionError(delivery.words)  # the outbox tries again, less and less often
    with sessions.write() as session:
        audit.record(
            session,
            Action.RECALL_NOTIFY,
            actor=None,
            subject=session.get_one(Recall, recall).subject,
            reason=delivery.words,
            after={"holder": address, "outcome": delivery.outcome.value},
        )


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


def _message(
    session: Session,
    recall: Recall,
    holder: Person,
    numbers: list[int],
    sender: str,
    *,
    again: bool,
) -> bytes:
    version = recall.material_version
    base = press_of(session).base_url.rstrip("/")
    copies = ", ".join(f"{number:04d}" for number in numbers)
    noun = "copy" if len(numbers) == 1 else "copies"
    instead = f"\nInstead: {recall.instead}\n" if recall.instead else ""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = holder.email
    message["Date"] = format_datetime(clock.now())
    head = "Recall, reminder" if again else "Recall"
    message["Subject"] = f"{head}: {version.code} {version.version}, {noun} {copies}"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{holder.name},\n\n"
        f"{version.title} ({version.code}, version {version.version}) is called back.\n\n"
        f"Your {noun}: {copies}\n"
        f"Reason: {recall.reason}\n{instead}\n"
        f"Do not use it any more, take back what was left behind, destroy every print and file, "
        f"and say so by {recall.due_on:%-d %B %Y}:\n{base}/copies\n"
    )
    return message.as_bytes()
