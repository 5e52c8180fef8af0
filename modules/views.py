"""Ways of looking at the library that people keep for themselves under a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from modules.models import SavedView
from records import audit, clock, roles
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.models import Person
from records.roles import Permission

LONGEST_NAME = 60
LONGEST_QUERY = 2000
MOST = 20


def views_of(session: Session, person: Person) -> Sequence[SavedView]:
    """What somebody keeps, by name."""
    return session.scalars(
        select(SavedView).where(SavedView.person_id == person.id).order_by(SavedView.name)
    ).all()


def keep_view(session: Session, name: str, query: str, *, actor: Person) -> SavedView:
    """Keep a query under a name; the same name again takes the newer query."""
    roles.require(actor, Permission.READ_LIBRARY)
    name = " ".join(name.split())
    refuse(_objections(name, query))
    held = session.scalar(
        select(SavedView).where(SavedView.person_id == actor.id, SavedView.name == name)
    )
    if held is None:
        refuse(_full(session, actor))
        held = SavedView(person_id=actor.id, name=name, query=query, at=clock.now())
        session.add(held)
    before, held.query = held.query, query
    session.flush()
    audit.record(
        session,
        Action.VIEW_KEEP,
        actor=actor,
        subject=(SavedView.KIND, held.id, name),
        before={"query": before},
        after={"query": query},
    )
    return held


def forget_view(session: Session, view_id: int, *, actor: Person) -> str:
    """Drop one of one's own views; its name. ``NotFound`` for anybody else's."""
    roles.require(actor, Permission.READ_LIBRARY)
    held = session.get(SavedView, view_id)
    if held is None or held.person_id != actor.id:
        raise NotFound("You keep no such view.")
    session.delete(held)
    audit.record(
        session,
        Action.VIEW_FORGET,
        actor=actor,
        subject=(SavedView.KIND, held.id, held.name),
        before={"query": held.query},
    )
    return held.name


def _objections(name: str, query: str) -> Iterator[Objection]:
    if not name:
        yield Objection("name-missing", "Give the view a name.", where="name")
    elif len(name) > LONGEST_NAME:
        yield Objection("name-long", f"A name has at most {LONGEST_NAME} signs.", where="name")
    if len(query) > LONGEST_QUERY:
        yield Objection("query-long", "So many filters at once cannot be kept.", where="name")


def _full(session: Session, person: Person) -> Iterator[Objection]:
    held = session.scalar(
        select(func.count()).select_from(SavedView).where(SavedView.person_id == person.id)
    )
    if (held or 0) >= MOST:
        yield Objection(
            "too-many", f"You keep {MOST} views already.", where="name", instead="Forget one first."
        )
