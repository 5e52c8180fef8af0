"""The team board: every open part of every review, who has it in hand, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mlr.deputies import standing
from mlr.models import Deputy, JobState, ReviewJob, ReviewTask
from mlr.policy import PERMISSION
from records.models import Person, PersonRole
from records.people import NAME_ONLY, WHOLE
from records.roles import ROLES
from records.vocabulary import Discipline

# a filter's word for what nobody has in hand
NOBODY = 0


@dataclass(frozen=True)
class Load:
    """How much of one discipline is in somebody's hands (None: nobody's), and how much is late."""

    discipline: Discipline
    holder_id: int | None
    holder: str
    open: int
    late: int


@dataclass(frozen=True)
class Narrowed:
    """What the board shows: one discipline, one holder (``NOBODY``), or only what is late."""

    discipline: Discipline | None = None
    holder_id: int | None = None
    late: bool = False


def loads(session: Session, at: datetime) -> list[Load]:
    """Open parts by discipline and holder, what nobody holds first."""
    late = func.count(ReviewTask.id).filter(ReviewJob.due_at < at)
    rows = session.execute(
        select(ReviewTask.discipline, ReviewTask.holder_id, Person.name, func.count(), late)
        .join(ReviewTask.job)
        .join(Person, Person.id == ReviewTask.holder_id, isouter=True)
        .where(*_open())
        .group_by(ReviewTask.discipline, ReviewTask.holder_id, Person.name)
    )
    found = [
        Load(part, holder, name or "", number, over) for part, holder, name, number, over in rows
    ]
    order = list(Discipline)
    return sorted(
        found, key=lambda each: (order.index(each.discipline), bool(each.holder), each.holder)
    )


def parts(
    session: Session, narrowed: Narrowed, at: datetime, *, limit: int, offset: int = 0
) -> Sequence[ReviewTask]:
    """One page of open parts, the earliest due first: what is late leads."""
    return session.scalars(
        select(ReviewTask)
        .join(ReviewTask.job)
        .where(*_open(), *_conditions(narrowed, at))
        .options(
            contains_eager(ReviewTask.job).options(
                joinedload(ReviewJob.author).options(*NAME_ONLY),
                selectinload(ReviewJob.tasks),
            ),
            joinedload(ReviewTask.holder).options(*NAME_ONLY),
        )
        .order_by(ReviewJob.due_at, ReviewJob.id, ReviewTask.id)
        .limit(limit)
        .offset(offset)
    ).all()


def count(session: Session, narrowed: Narrowed, at: datetime) -> int:
    """How many open parts there are to show."""
    query = select(func.count()).select_from(ReviewTask).join(ReviewTask.job)
    return session.scalar(query.where(*_open(), *_conditions(narrowed, at))) or 0


def reviewers(session: Session) -> dict[Discipline, list[Person]]:
    """Everybody active who gives a discipline's verdict, by name."""
    roles = [role for role, held in ROLES.items() if held & set(PERMISSION.values())]
    people = session.scalars(
        select(Person)
        .where(
            Person.deactivated_at.is_(None),
            Person.id.in_(select(PersonRole.person_id).where(PersonRole.role.in_(roles))),
        )
        .options(*WHOLE)
        .order_by(Person.name, Person.id)
    ).unique()
    found: dict[Discipline, list[Person]] = {part: [] for part in Discipline}
    for person in people:
        for part, permission in PERMISSION.items():
            if any(permission in ROLES[role] for role in person.roles):
                found[part].append(person)
    return found


def standing_in(session: Session, at: datetime) -> dict[tuple[int, Discipline], Person]:
    """Who is deputy at a moment, by whom they stand in for and in what."""
    rows = session.scalars(
        select(Deputy).where(*standing(at)).options(joinedload(Deputy.deputy).options(*NAME_ONLY))
    )
    return {(row.absent_id, row.discipline): row.deputy for row in rows}


def _open() -> tuple[ColumnElement[bool], ...]:
    return ReviewTask.open.is_(True), ReviewJob.state == JobState.OPEN


def _conditions(narrowed: Narrowed, at: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.discipline is not None:
        found.append(ReviewTask.discipline == narrowed.discipline)
    if narrowed.holder_id == NOBODY:
        found.append(ReviewTask.holder_id.is_(None))
    elif narrowed.holder_id is not None:
        held = ReviewTask.holder_id == narrowed.holder_id
        covered = select(Deputy.id).where(
            *standing(at),
            Deputy.deputy_id == narrowed.holder_id,
            and_(
                Deputy.absent_id == ReviewTask.holder_id,
                Deputy.discipline == ReviewTask.discipline,
            ),
        )
        found.append(or_(held, covered.exists()))
    if narrowed.late:
        found.append(ReviewJob.due_at < at)
    return found
