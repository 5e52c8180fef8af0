"""Calling copies back: opened, acknowledged by each holder, accounted for copy by copy, closed.

A recall ends with its last copy when all are destroyed; where one is lost, somebody ends it.

A copy goes issued → recalled → acknowledged → destroyed or lost, and never back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from exports import validity
from exports.models import ControlledCopy, CopyState, MaterialVersion
from exports.recalls.models import Recall, RecalledCopy
from exports.recalls.queries import held_by, outstanding
from exports.recalls.reminding import NOTICE, schedule_reminder
from records import audit, clock, errands, roles
from records.actions import Action
from records.audit import Entry
from records.errors import NotAllowed, NotFound, Objection, refuse
from records.models import Person
from records.roles import Permission, may

LONGEST = 2000
_ENDS = (CopyState.DESTROYED, CopyState.LOST)


def open_recall(
    session: Session,
    version: MaterialVersion,
    *,
    actor: Person,
    reason: str,
    due_on: date,
    instead: str = "",
    request_key: str,
) -> Recall:
    """Call every copy of a version back; its holders are told by the worker.

    The same ``request_key`` gives the recall it gave before.

    Raises:
        NotAllowed: the actor may not withdraw.
        Refused: the version may still be handed over, none of its copies is out, or the reason or
            date is missing.
    """
    roles.require(actor, Permission.WITHDRAW)
    known = session.scalar(select(Recall).where(Recall.request_key == request_key))
    if known is not None:
        return known
    out = _out(session, version)
    refuse(
        _objections(session, version, out, reason, due_on),
        intro=f"The copies of {version.label} cannot be called back.",
    )
    recall = Recall(
        material_version=version,
        reason=reason.strip()[:LONGEST],
        instead=instead.strip()[:LONGEST],
        due_on=due_on,
        request_key=request_key,
        opened_by=actor,
        opened_at=clock.now(),
    )
    session.add(recall)
    session.flush()
    _call_back(session, recall, out, actor)
    schedule_reminder(session, recall, after=clock.today() + timedelta(days=1))
    return recall


def _out(session: Session, version: MaterialVersion) -> list[ControlledCopy]:
    return list(
        session.scalars(
            select(ControlledCopy)
            .where(
                ControlledCopy.material_version_id == version.id,
                ControlledCopy.state == CopyState.ISSUED,
            )
            .order_by(ControlledCopy.number)
            .with_for_update()
        )
    )


def _objections(
    session: Session,
    version: MaterialVersion,
    out: list[ControlledCopy],
    reason: str,
    due_on: date,
) -> Iterator[Objection]:
    if not validity.objections(session, version, at=clock.now()):
        sentence = f"{version.label} may still be handed over."
        yield Objection("still-valid", sentence, instead="Withdraw it first.")
    elif not out:
        yield Objection("no-copies", f"No copy of {version.label} is out.")
    if not reason.strip():
        yield Objection("reason", "Say why: every holder reads it.", where="reason")
    if due_on < clock.today():
        sentence = "That day has passed."
        yield Objection("due", sentence, where="due_on", instead="Choose today or a later day.")


def _call_back(session: Session, recall: Recall, out: list[ControlledCopy], actor: Person) -> None:
    numbers = [copy.number for copy in out]
    session.execute(
        update(ControlledCopy)
        .where(ControlledCopy.number.in_(numbers))
        .values(state=CopyState.RECALLED)
    )
    session.execute(
        insert(RecalledCopy),
        [{"copy_number": number, "recall_id": recall.id, "comment": ""} for number in numbers],
    )
    audit.record(
        session,
        Action.RECALL_OPEN,
        actor=actor,
        subject=recall.subject,
        reason=recall.reason,
        after={"copies": numbers, "due_on": recall.due_on.isoformat(), "instead": recall.instead},
    )
    label = recall.material_version.label
    audit.record_many(
        session,
        [
            Entry(
                Action.COPY_RECALL,
                (ControlledCopy.KIND, copy.number, f"copy {copy.number} of {label}"),
                after={"recall": recall.id, "holder": copy.holder.email},
            )
            for copy in out
        ],
        actor=actor,
    )
    for holder in dict.fromkeys(copy.holder_id for copy in out):
        errands.enqueue(session, NOTICE, recall=recall.id, holder=holder)


def acknowledge(session: Session, number: int, *, actor: Person) -> RecalledCopy:
    """The holder says that they know; twice changes nothing."""
    called = _called(session, number, actor)
    if called.copy.holder_id != actor.id:
        raise NotAllowed("Only its holder can acknowledge that a copy is called back.")
    if called.copy.state is CopyState.RECALLED:
        called.copy.state, called.acknowledged_at = CopyState.ACKNOWLEDGED, clock.now()
        session.flush()
        _record(session, Action.COPY_ACKNOWLEDGE, called, actor)
    return called


def account_for(
    session: Session, number: int, *, actor: Person, end: CopyState, comment: str = ""
) -> RecalledCopy:
    """Say what became of a copy: its holder, or who may withdraw for a holder that does not answer.

    Raises:
        NotFound: the actor has nothing to do with it, or it was not called back.
        Refused: it is accounted for otherwise already, or a lost copy has no word of explanation.
    """
    if end not in _ENDS:
        raise ValueError(f"a copy does not end as {end}")
    called = _called(session, number, actor)
    if called.copy.state is end:
        return called
    own = called.copy.holder_id == actor.id
    refuse(
        _end_objections(called, end, comment, own=own),
        intro=f"Copy {number} stays as it is.",
    )
    now = clock.now()
    called.copy.state = end
    called.acknowledged_at = called.acknowledged_at or (now if own else None)
    called.accounted_at, called.accounted_by = now, actor
    called.comment = comment.strip()[:LONGEST]
    session.flush()
    action = Action.COPY_DESTROY if end is CopyState.DESTROYED else Action.COPY_LOSE
    _record(session, action, called, actor, reason=called.comment)
    _end_when_all_are_destroyed(session, called.recall)
    return called


def destroy_all(session: Session, recall: Recall, *, actor: Person) -> int:
    """A holder says of all their copies at once that they are destroyed; returns how many."""
    mine = [each.copy_number for each in held_by(session, actor) if each.recall_id == recall.id]
    for number in mine:
        account_for(session, number, actor=actor, end=CopyState.DESTROYED)
    return len(mine)


def _end_when_all_are_destroyed(session: Session, recall: Recall) -> None:
    """With the last of them; what is lost is looked at by somebody who ends the recall then."""
    session.refresh(recall, with_for_update=True)
    if recall.closed_at is None and not outstanding(session, recall):
        ends = _ends_of(session, recall)
        if not ends[CopyState.LOST.value]:
            _close(session, recall, None, ends)


def _called(session: Session, number: int, actor: Person) -> RecalledCopy:
    called = session.get(RecalledCopy, number, with_for_update=True)
    own = called is not None and called.copy.holder_id == actor.id
    if called is None or not (own or may(actor, Permission.WITHDRAW)):
        raise NotFound(f"There is no copy {number} that was called back from you.")
    return called


def _end_objections(
    called: RecalledCopy, end: CopyState, comment: str, *, own: bool
) -> Iterator[Objection]:
    if called.accounted_at is not None:
        word = "destroyed" if called.copy.state is CopyState.DESTROYED else "lost"
        yield Objection("accounted", f"Copy {called.copy_number} is recorded as {word} already.")
    elif not comment.strip() and (end is CopyState.LOST or not own):
        ask = "Say what is known of it." if own else "Say how you know: you speak for its holder."
        yield Objection("comment", ask, where="comment")


def close(session: Session, recall: Recall, *, actor: Person) -> None:
    """End a recall whose copies are all accounted for; twice changes nothing."""
    roles.require(actor, Permission.WITHDRAW)
    session.refresh(recall, with_for_update=True)
    if recall.closed_at is not None:
        return
    left = outstanding(session, recall)
    if left:
        copies = "1 copy is" if left == 1 else f"{left} copies are"
        sentence = f"{copies} not accounted for."
        refuse([Objection("outstanding", sentence, instead="Ask their holders.")])
    _close(session, recall, actor, _ends_of(session, recall))


def _ends_of(session: Session, recall: Recall) -> dict[str, list[int]]:
    """The numbers of the copies that are accounted for, by what became of them."""
    rows = session.execute(
        select(ControlledCopy.number, ControlledCopy.state)
        .join(RecalledCopy, RecalledCopy.copy_number == ControlledCopy.number)
        .where(RecalledCopy.recall_id == recall.id, ControlledCopy.state.in_(_ENDS))
        .order_by(ControlledCopy.number)
    )
    ends: dict[str, list[int]] = {end.value: [] for end in _ENDS}
    for number, state in rows:
        ends[state.value].append(number)
    return ends


def _close(
    session: Session, recall: Recall, actor: Person | None, ends: dict[str, list[int]]
) -> None:
    recall.closed_at, recall.closed_by = clock.now(), actor
    session.flush()
    audit.record(session, Action.RECALL_CLOSE, actor=actor, subject=recall.subject, after=ends)


def _record(
    session: Session, action: Action, called: RecalledCopy, actor: Person, *, reason: str = ""
) -> None:
    label = f"copy {called.copy_number} of {called.copy.material_version.label}"
    audit.record(
        session,
        action,
        actor=actor,
        subject=(ControlledCopy.KIND, called.copy_number, label),
        reason=reason,
        after={"recall": called.recall_id, "holder": called.copy.holder.email},
    )
