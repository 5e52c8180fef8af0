"""Emails to people who work here: what is theirs to do, and a link to it.

They never hold what a piece says, as mail leaves the house; the pages say all of it anyway. Without
a mail server nobody is written to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from exports.jobs import press_of
from exports.mail.delivering import Outcome
from exports.mail.sending import mailer_of
from mlr import notices
from mlr.models import Deputy, ReviewTask
from records import audit, clock, errands
from records.actions import Action
from records.database import Sessions
from records.models import Person


@dataclass(frozen=True)
class Letter:
    """One email to a colleague, and what the trail says of it."""

    to: Person
    head: str
    text: str
    action: Action
    subject: tuple[str, int, str]


def write_to(sessions: Sessions, compose: Callable[[Session], Letter | None]) -> None:
    """Send what ``compose`` makes, if a mail server is set and there is still something to say.

    Raises ``ConnectionError`` where the server surely took nothing: the outbox tries again, less
    and less often.
    """
    with sessions.read() as session:
        mailer = mailer_of(session)
        letter = compose(session) if mailer.ready else None
        if letter is None or not letter.to.active:
            return
        address, message = letter.to.email, _message(letter, mailer.sender)
    delivery = mailer.deliver(message, recipient=address)
    if delivery.outcome is Outcome.LATER:
        raise ConnectionError(delivery.words)
    after: Mapping[str, Any] = {"holder": address, "outcome": delivery.outcome.value}
    with sessions.write() as session:
        audit.record(
            session,
            letter.action,
            actor=None,
            subject=letter.subject,
            reason=delivery.words,
            after=after,
        )


def page_at(session: Session, path: str) -> str:
    """The address of a page of this installation."""
    return press_of(session).base_url.rstrip("/") + path


def _message(letter: Letter, sender: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to.email
    message["Date"] = format_datetime(clock.now())
    # a name is what somebody typed: no header has a line break
    message["Subject"] = " ".join(letter.head.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{letter.to.name},\n\n{letter.text}\n")
    return message.as_bytes()


@errands.job(notices.PART, own_transactions=True)
def tell_of_part(sessions: Sessions, *, task: int, holder: int, by: int) -> None:
    """Tell somebody that a part of a review was given to them, while it is theirs and open."""

    def compose(session: Session) -> Letter | None:
        found, giver = session.get_one(ReviewTask, task), session.get_one(Person, by)
        if not found.open or found.holder is None or found.holder_id != holder:
            return None
        job, to = found.job, found.holder
        return Letter(
            to,
            f"{job.subject_label}: the {found.discipline} review is with you",
            f"{giver.name} has given you the {found.discipline} part of the review of "
            f"{job.subject_label}. It is due on {_moment(job.due_at, to)}.\n\n"
            f"Read and sign it here:\n{page_at(session, f'/reviews/tasks/{found.id}')}",
            Action.REVIEW_NOTIFY,
            (ReviewTask.KIND, found.id, job.subject_label),
        )

    write_to(sessions, compose)


@errands.job(notices.DEPUTY, own_transactions=True)
def tell_of_deputy(sessions: Sessions, *, deputy: int, to: int) -> None:
    """Tell a deputy, or who is away, that one stands in for the other, unless that has ended."""

    def compose(session: Session) -> Letter | None:
        row, person = session.get_one(Deputy, deputy), session.get_one(Person, to)
        if row.ended_at is not None or row.ends_at <= clock.now():
            return None
        who = "You stand" if to == row.deputy_id else f"{row.deputy.name} stands"
        whom = "you" if to == row.absent_id else row.absent.name
        days = f"from {_moment(row.starts_at, person)} to {_moment(row.ends_at, person)}"
        return Letter(
            person,
            f"{who} in for {whom} as {row.discipline} reviewer",
            f"{who} in for {whom} as {row.discipline} reviewer {days}: parts of reviews that are "
            "held by who is away are signed by the deputy, whose signature says so.\n\n"
            f"Who stands in for whom, and how to end it:\n{page_at(session, '/deputies')}",
            Action.DEPUTY_NOTIFY,
            (Deputy.KIND, row.id, f"{row.deputy.name} for {row.absent.name}"[:200]),
        )

    write_to(sessions, compose)


def _moment(moment: datetime, reader: Person) -> str:
    """A moment in the zone of who reads it."""
    return moment.astimezone(ZoneInfo(reader.zone or "UTC")).strftime("%-d %B %Y, %H:%M %Z")
