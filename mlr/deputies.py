"""Deputies: who signs what somebody holds in one discipline while they are away.

A deputy signs with their own signature, and its meaning says for whom. They stand in only for what
the absent person holds; what nobody holds waits for the whole discipline anyhow. A deputy's own
deputy does not stand in for the first person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from mlr import notices
from mlr.models import Deputy, ReviewJob, ReviewTask
from mlr.policy import PERMISSION, task_objections
from records import audit, clock
from records.actions import Action
from records.errors import NotAllowed, NotFound, Objection, Stale, refuse
from records.models import Person
from records.people import NAME_ONLY
from records.roles import Permission, may
from records.vocabulary import Discipline

# longer than anybody is away without their tasks being given to somebody else
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Absence:
    """From when until when (exclusive) somebody is away."""

    starts_at: datetime
    ends_at: datetime


def name_deputy(
    session: Session,
    absent: Person,
    *,
    deputy: Person,
    discipline: Discipline,
    absence: Absence,
    actor: Person,
) -> Deputy:
    """Let ``deputy`` sign what ``absent`` holds in ``discipline`` during ``absence``.

    One names one's own; for others, whoever keeps people or leads reviews does. Raises
    ``NotAllowed`` or ``Refused``. The same answer twice names once.
    """
    _require(absent, actor)
    # one deputy at a time is decided by reading: until the commit nobody else names one for them
    session.get_one(Person, absent.id, with_for_update=True)
    overlapping = _overlapping(session, absence, discipline, absent, deputy)
    for row in overlapping:
        if (row.absent_id, row.deputy_id) == (absent.id, deputy.id) and (
            row.starts_at,
            row.ends_at,
        ) == (absence.starts_at, absence.ends_at):
            return row
    refuse(_objections(absent, deputy, discipline, absence, overlapping))
    row = Deputy(
        absent=absent,
        deputy=deputy,
        discipline=discipline,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        named_by_id=actor.id,
        named_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        Action.DEPUTY_NAME,
        actor=actor,
        subject=_subject(row),
        after={
            "absent": absent.name,
            "deputy": deputy.name,
            "discipline": discipline,
            "starts_at": absence.starts_at,
            "ends_at": absence.ends_at,
        },
    )
    notices.deputy_named(session, row, by=actor)
    return row


def end_deputy(session: Session, row: Deputy, *, actor: Person) -> None:
    """Let somebody be deputy no longer, before the day comes; ``Stale`` when it is over."""
    now = clock.now()
    if actor.id != row.deputy_id:  # who stands in may also decline
        _require(row.absent, actor)
    row = session.get_one(Deputy, row.id, with_for_update=True, populate_existing=True)
    if row.ended_at is not None or row.ends_at <= now:
        raise Stale(f"{row.deputy.name} is no longer deputy of {row.absent.name}.")
    row.ended_at = now
    audit.record(
        session,
        Action.DEPUTY_END,
        actor=actor,
        subject=_subject(row),
        before={"ends_at": row.ends_at},
        after={"ended_at": now},
    )


def get_deputy(session: Session, number: int) -> Deputy:
    """One row; ``NotFound`` when there is none."""
    row = session.get(Deputy, number)
    if row is None:
        raise NotFound(f"There is no deputy {number}.")
    return row


def standing(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes a row one that counts at a moment."""
    return Deputy.starts_at <= at, Deputy.ends_at > at, Deputy.ended_at.is_(None)


def stands_in(session: Session, task: ReviewTask, person: Person) -> bool:
    """Whether somebody is now the deputy of who holds this part of a review."""
    if task.holder_id is None or task.holder_id == person.id:
        return False
    found = select(Deputy.id).where(
        *standing(clock.now()),
        Deputy.absent_id == task.holder_id,
        Deputy.deputy_id == person.id,
        Deputy.discipline == task.discipline,
    )
    return session.scalar(found.limit(1)) is not None


def objections(
    session: Session, job: ReviewJob, task: ReviewTask, person: Person
) -> list[Objection]:
    """Why somebody may give no verdict on a part, with what they are deputy for counted in."""
    deputy = stands_in(session, task, person)
    return [*task_objections(job, task, actor=person, stands_in=deputy)]


def listed(session: Session, at: datetime) -> Sequence[Deputy]:
    """Everybody who is a deputy at a moment or will be, by when it begins."""
    return session.scalars(
        select(Deputy)
        .where(Deputy.ends_at > at, Deputy.ended_at.is_(None))
        .options(
            joinedload(Deputy.absent).options(*NAME_ONLY),
            joinedload(Deputy.deputy).options(*NAME_ONLY),
        )
        .order_by(Deputy.starts_at, Deputy.id)
    ).all()


def may_name(absent: Person, actor: Person) -> bool:
    """Whether somebody may say who stands in for ``absent``."""
    return actor.id == absent.id or any(
        may(actor, each) for each in (Permission.KEEP_PEOPLE, Permission.LEAD_REVIEWS)
    )


def _require(absent: Person, actor: Person) -> None:
    if not actor.active or not may_name(absent, actor):
        raise NotAllowed(f"{actor.name} may not say who stands in for {absent.name}.")


def _subject(row: Deputy) -> tuple[str, int, str]:
    return Deputy.KIND, row.id, f"{row.deputy.name} for {row.absent.name}"[:200]


def _overlapping(
    session: Session,
    absence: Absence,
    discipline: Discipline,
    absent: Person,
    deputy: Person,
) -> Sequence[Deputy]:
    """Who stands in for either of them in that time, and where the absent one stands in."""
    people = (absent.id, deputy.id)
    return session.scalars(
        select(Deputy)
        .where(
            Deputy.discipline == discipline,
            Deputy.ended_at.is_(None),
            Deputy.starts_at < absence.ends_at,
            Deputy.ends_at > absence.starts_at,
            Deputy.absent_id.in_(people) | (Deputy.deputy_id == absent.id),
        )
        .order_by(Deputy.id)
    ).all()


def _objections(
    absent: Person,
    deputy: Person,
    discipline: Discipline,
    absence: Absence,
    overlapping: Sequence[Deputy],
) -> Iterator[Objection]:
    if not may(absent, PERMISSION[discipline]):
        sentence = f"{absent.name} does not review as {discipline}."
        yield Objection("wrong-discipline", sentence, where="discipline")
    if deputy.id == absent.id:
        yield Objection("own-deputy", "Nobody stands in for themselves.", where="deputy")
    elif not may(deputy, PERMISSION[discipline]):
        yield Objection(
            "deputy-discipline",
            f"{deputy.name} does not review as {discipline}.",
            where="deputy",
            instead=f"Choose somebody who gives the {discipline} verdict.",
        )
    yield from _absence_objections(absence)
    for row in overlapping:
        yield _overlap(row, absent)


def _absence_objections(absence: Absence) -> Iterator[Objection]:
    if absence.ends_at <= absence.starts_at:
        sentence = "The last day is before the first."
        yield Objection("absence-empty", sentence, where="last")
    elif absence.ends_at <= clock.now():
        yield Objection("absence-over", "The last day is over already.", where="last")
    elif absence.ends_at - absence.starts_at > LONGEST:
        yield Objection(
            "absence-long",
            "A deputy is named for a year at most.",
            where="last",
            instead="For longer, give what they hold to somebody else.",
        )


def _overlap(row: Deputy, absent: Person) -> Objection:
    if row.absent_id == absent.id:
        return Objection(
            "deputy-named",
            f"{row.deputy.name} already stands in for {absent.name} on some of these days.",
            where="first",
            instead="End that first, or choose other days.",
        )
    if row.deputy_id == absent.id:
        return Objection(
            "is-deputy",
            f"{absent.name} stands in for {row.absent.name} on some of these days.",
            where="first",
            instead="Somebody else has to stand in for them first.",
        )
    return Objection(
        "deputy-away",
        f"{row.absent.name} is away on some of these days.",
        where="deputy",
        instead="Choose somebody who is there.",
    )
