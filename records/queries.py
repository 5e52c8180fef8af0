"""What pages read of people and of the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from records import clock
from records.errors import NotFound
from records.models import AuditRow, Person, Signature


class Access(StrEnum):
    """Whether somebody can come in: derived from two columns, never stored."""

    ACTIVE = "active"
    LOCKED = "locked"
    DEACTIVATED = "deactivated"


def access_of(person: Person) -> Access:
    """Whether this person can sign in now."""
    if not person.active:
        return Access.DEACTIVATED
    if person.locked_until is not None and person.locked_until > clock.now():
        return Access.LOCKED
    return Access.ACTIVE


@dataclass(frozen=True)
class PersonFilter:
    """What a list of people is narrowed to; empty values do not narrow."""

    text: str = ""
    access: Access | None = None

    def apply(self, query: Select[Person]) -> Select[Person]:
        for word in self.text.split()[:8]:
            query = query.where(
                or_(
                    Person.name.icontains(word, autoescape=True),
                    Person.email.icontains(word, autoescape=True),
                )
            )
        return query if self.access is None else query.where(_has(self.access))


def _has(access: Access) -> ColumnElement[bool]:
    match access:
        case Access.DEACTIVATED:
            return Person.deactivated_at.is_not(None)
        case Access.LOCKED:
            return Person.deactivated_at.is_(None) & (Person.locked_until > clock.now())
        case Access.ACTIVE:
            return Person.deactivated_at.is_(None)
    return false()


EVERYBODY = PersonFilter()


def list_people(
    session: Session,
    *,
    narrowed: PersonFilter = EVERYBODY,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Person]:
    """One page of people by name; ``after`` is (name, id) of the last row of the page before."""
    query = narrowed.apply(select(Person))
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple_(*after))
    return list(session.scalars(query.order_by(Person.name, Person.id).limit(limit)))


def count_people(session: Session, *, narrowed: PersonFilter = EVERYBODY) -> int:
    """How many people a list has in all."""
    query = narrowed.apply(select(Person)).with_only_columns(Person.id)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def get_person(session: Session, number: int) -> Person:
    """The person with this number, or ``NotFound``."""
    person = session.get(Person, number)
    if person is None:
        raise NotFound("There is nobody here under this address.")
    return person


def count_signatures(session: Session, person: Person) -> int:
    """How many signatures somebody has given."""
    query = select(func.count()).select_from(Signature).where(Signature.person_id == person.id)
    return session.scalar(query) or 0


def trail_about(session: Session, kind: str, id: int, *, limit: int = 10) -> Sequence[AuditRow]:
    """The last rows of the trail about one thing, newest first."""
    return session.scalars(
        select(AuditRow)
        .where(AuditRow.subject_kind == kind, AuditRow.subject_id == id)
        .order_by(AuditRow.number.desc())
        .limit(limit)
    ).all()


# with words: how many rows of the trail are looked through for one page of them
SEARCHED = 250_000


@dataclass(frozen=True)
class TrailPage:
    """Rows of the trail, newest first.

    ``full`` says that there may be more of them before the last. ``reached`` is the oldest row that
    was looked through, where older ones were not.
    """

    rows: Sequence[AuditRow]
    full: bool
    reached: AuditRow | None = None


def trail_page(
    session: Session,
    *conditions: ColumnElement[bool],
    words: str = "",
    before: int | None = None,
    limit: int = 50,
) -> TrailPage:
    """A page of the trail.

    Words may stand anywhere in a text, so no index finds them: a trail of any length is looked
    through in stretches, each in the time that a page may take.
    """
    if before is not None:
        conditions = (*conditions, AuditRow.number < before)
    query = select(AuditRow).where(*conditions).order_by(AuditRow.number.desc())
    if not words:
        rows = session.scalars(query.limit(limit)).all()
        return TrailPage(rows, len(rows) == limit)
    numbers = select(AuditRow.number).where(*conditions).order_by(AuditRow.number.desc())
    newest = session.scalar(numbers.limit(1))
    if newest is None:
        return TrailPage([], full=False)
    end = newest - SEARCHED
    said = or_(
        *(
            _says(session, column, words)
            for column in (AuditRow.subject_label, AuditRow.reason, AuditRow.actor_name)
        )
    )
    rows = session.scalars(query.where(AuditRow.number > end, said).limit(limit)).all()
    if len(rows) == limit:
        return TrailPage(rows, full=True)
    if session.scalar(numbers.where(AuditRow.number <= end).limit(1)) is None:
        return TrailPage(rows, full=False)
    return TrailPage(rows, full=False, reached=session.get_one(AuditRow, end + 1))


def _says(session: Session, column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether a text holds these words, in capitals or not."""
    if session.get_bind().dialect.name == "sqlite":
        # its LIKE does not tell them apart; to make both small takes it twice as long
        return column.contains(words, autoescape=True)
    return column.icontains(words, autoescape=True)
