"""What pages read of people and of the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

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
