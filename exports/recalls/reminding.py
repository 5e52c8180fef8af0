"""Reminding holders of called-back copies, by hand or by the worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.mail.sending import mailer_of
from exports.models import CopyState
from exports.recalls.models import Recall
from exports.recalls.queries import NOT_ACCOUNTED, missing_holders, outstanding
from records import audit, clock, errands, roles
from records.actions import Action
from records.errors import Objection, refuse
from records.models import AuditRow, Person
from records.roles import Permission

NOTICE = "exports.recall-notice"
REMINDER = "exports.recall-reminder"
_SATURDAY = 5
_MORNING = time(8, tzinfo=UTC)


def remind(session: Session, recall: Recall, *, actor: Person) -> int:
    """Tell every holder again whose copies are not accounted for; once a day, twice is once.

    Returns how many holders are told now.
    """
    roles.require(actor, Permission.WITHDRAW)
    session.refresh(recall, with_for_update=True)
    refuse(_remind_objections(session, recall))
    return _tell_again(session, recall, actor, NOT_ACCOUNTED)


def remind_when_due(session: Session, recall: Recall) -> bool:
    """The same by itself each working day; False when over.

    Before the day on which copies are due, who has not read of the recall; from then on, everybody
    whose copies are not accounted for.
    """
    session.refresh(recall, with_for_update=True)
    if recall.closed_at is not None or not outstanding(session, recall):
        return False
    # the worker may come to it days late
    working = clock.today().weekday() < _SATURDAY
    if working and not list(_remind_objections(session, recall)):
        due = clock.today() >= recall.due_on
        _tell_again(session, recall, None, NOT_ACCOUNTED if due else (CopyState.RECALLED,))
    schedule_reminder(session, recall, after=clock.today() + timedelta(days=1))
    return True


def schedule_reminder(session: Session, recall: Recall, *, after: date) -> None:
    """Remind on that day, or on the next working day."""
    day = after
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    errands.schedule(session, REMINDER, datetime.combine(day, _MORNING), recall=recall.id)


def _tell_again(
    session: Session, recall: Recall, actor: Person | None, states: Sequence[CopyState]
) -> int:
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    told = session.scalar(
        select(AuditRow.number)
        .where(
            AuditRow.action == Action.RECALL_REMIND,
            AuditRow.subject_kind == Recall.KIND,
            AuditRow.subject_id == recall.id,
            AuditRow.at >= today,
        )
        .limit(1)
    )
    holders = missing_holders(session, recall, states)
    if told is not None or not holders:
        return 0
    audit.record(
        session,
        Action.RECALL_REMIND,
        actor=actor,
        subject=recall.subject,
        after={"holders": [holder.email for holder in holders]},
    )
    for holder in holders:
        errands.enqueue(session, NOTICE, recall=recall.id, holder=holder.id, again=True)
    return len(holders)


def _remind_objections(session: Session, recall: Recall) -> Iterator[Objection]:
    if recall.closed_at is not None:
        yield Objection("closed", "The recall has ended: there is nobody to remind.")
    if not mailer_of(session).ready:
        sentence = "No mail server is set, so nobody can be reminded by email."
        yield Objection("no-mail", sentence, instead="Ask the holders yourself.")
