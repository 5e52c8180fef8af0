"""Recalls and how far they are, for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload

from exports.models import ControlledCopy, CopyState, MaterialVersion
from exports.recalls.models import Recall, RecalledCopy
from records import clock
from records.base import UTCDateTime
from records.errors import NotFound
from records.models import Person

NOT_ACCOUNTED = (CopyState.RECALLED, CopyState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many copies of a recall stand where."""

    recalled: int = 0
    acknowledged: int = 0
    destroyed: int = 0
    lost: int = 0

    @property
    def total(self) -> int:
        return self.recalled + self.acknowledged + self.destroyed + self.lost

    @property
    def left(self) -> int:
        return self.recalled + self.acknowledged


def get(session: Session, recall_id: int) -> Recall:
    """One recall; ``NotFound`` if there is none."""
    recall = session.get(Recall, recall_id)
    if recall is None:
        raise NotFound(f"There is no recall {recall_id}.")
    return recall


def listed(
    session: Session, *, closed: bool = False, after: int | None = None, limit: int = 50
) -> Sequence[Recall]:
    """Open recalls, the earliest due first; or closed ones, the newest first."""
    query = (
        select(Recall)
        .options(
            joinedload(Recall.material_version).joinedload(MaterialVersion.material),
            joinedload(Recall.opened_by),
        )
        .limit(limit)
    )
    if closed:
        query = query.where(Recall.closed_at.is_not(None)).order_by(Recall.id.desc())
        return session.scalars(query.where(Recall.id < after) if after else query).all()
    query = query.where(Recall.closed_at.is_(None)).order_by(Recall.due_on, Recall.id)
    return session.scalars(query).all()


def progress_of(session: Session, recalls: Sequence[Recall]) -> dict[int, Progress]:
    """How far each recall is."""
    counts: dict[int, dict[str, int]] = {recall.id: {} for recall in recalls}
    rows = session.execute(
        select(RecalledCopy.recall_id, ControlledCopy.state, func.count())
        .join(ControlledCopy, ControlledCopy.number == RecalledCopy.copy_number)
        .where(RecalledCopy.recall_id.in_(counts))
        .group_by(RecalledCopy.recall_id, ControlledCopy.state)
    )
    for recall_id, state, count in rows:
        counts[recall_id][state.value] = count
    return {recall_id: Progress(**found) for recall_id, found in counts.items()}


def outstanding(session: Session, recall: Recall | None = None) -> int:
    """How many copies, of one recall or of all, are not accounted for."""
    query = (
        select(func.count())
        .select_from(RecalledCopy)
        .join(ControlledCopy, ControlledCopy.number == RecalledCopy.copy_number)
        .where(ControlledCopy.state.in_(NOT_ACCOUNTED))
    )
    if recall is not None:
        query = query.where(RecalledCopy.recall_id == recall.id)
    return session.scalar(query) or 0


def missing_holders(
    session: Session, recall: Recall, states: Sequence[CopyState] = NOT_ACCOUNTED
) -> Sequence[Person]:
    """Who holds copies of a recall that are in these states: those not accounted for."""
    holding = (
        select(ControlledCopy.holder_id)
        .join(RecalledCopy, RecalledCopy.copy_number == ControlledCopy.number)
        .where(RecalledCopy.recall_id == recall.id, ControlledCopy.state.in_(states))
    )
    return session.scalars(select(Person).where(Person.id.in_(holding)).order_by(Person.id)).all()


@dataclass(frozen=True, slots=True)
class Holding:
    """The copies of a recall that one person holds, and when they last said something of one."""

    holder: str
    total: int
    destroyed: int
    lost: int
    unread: int
    last_at: datetime | None

    @property
    def left(self) -> int:
        return self.total - self.destroyed - self.lost


def by_holder(session: Session, recall: Recall, *, limit: int = 100) -> list[Holding]:
    """Who holds how many, those with most not accounted for first."""

    def count(*states: CopyState) -> ColumnElement[int]:
        return func.sum(case((ControlledCopy.state.in_(states), 1), else_=0))

    left = count(*NOT_ACCOUNTED)
    rows = session.execute(
        select(
            Person.name,
            func.count(),
            count(CopyState.DESTROYED),
            count(CopyState.LOST),
            count(CopyState.RECALLED),
            func.max(RecalledCopy.accounted_at, type_=UTCDateTime()),
        )
        .select_from(RecalledCopy)
        .join(ControlledCopy, ControlledCopy.number == RecalledCopy.copy_number)
        .join(Person, Person.id == ControlledCopy.holder_id)
        .where(RecalledCopy.recall_id == recall.id)
        .group_by(Person.id, Person.name)
        .order_by(left.desc(), Person.name, Person.id)
        .limit(limit)
    )
    return [Holding(*row) for row in rows]


def overdue(session: Session) -> int:
    """How many open recalls are past the day on which their copies were due."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Recall)
            .where(Recall.closed_at.is_(None), Recall.due_on < clock.today())
        )
        or 0
    )


def called_back(
    session: Session, recall: Recall, *, after: int = 0, limit: int = 100
) -> Sequence[RecalledCopy]:
    """The copies of a recall, those not accounted for first."""
    done = ControlledCopy.state.not_in(NOT_ACCOUNTED)
    return session.scalars(
        select(RecalledCopy)
        .join(RecalledCopy.copy)
        .where(RecalledCopy.recall_id == recall.id)
        .options(
            joinedload(RecalledCopy.copy).joinedload(ControlledCopy.holder),
            joinedload(RecalledCopy.copy).joinedload(ControlledCopy.material_version),
            joinedload(RecalledCopy.accounted_by),
        )
        .order_by(done, ControlledCopy.number)
        .offset(after)
        .limit(limit)
    ).all()


def held_by(session: Session, holder: Person) -> Sequence[RecalledCopy]:
    """The copies somebody holds that were called back and are not accounted for, due first."""
    return session.scalars(
        select(RecalledCopy)
        .join(RecalledCopy.copy)
        .join(RecalledCopy.recall)
        .where(ControlledCopy.holder_id == holder.id, ControlledCopy.state.in_(NOT_ACCOUNTED))
        .options(
            joinedload(RecalledCopy.recall),
            joinedload(RecalledCopy.copy).joinedload(ControlledCopy.material_version),
        )
        .order_by(Recall.due_on, ControlledCopy.number)
    ).all()


def called(session: Session, number: int) -> RecalledCopy:
    """What a recall says of one copy; ``NotFound`` if it was never called back."""
    found = session.get(RecalledCopy, number)
    if found is None:
        raise NotFound(f"Copy {number} was not called back.")
    return found
