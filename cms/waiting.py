"""The number beside "Desk" in the navigation of every page, so it has to be cheap."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mlr.policy import disciplines_of
from mlr.queries import count_waiting
from modules.attention import count_latest_of_author
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may


def waiting(session: Session, person: Person) -> int:
    """What only this person can take on: verdicts to sign, and modules that came back."""
    count = reviews_waiting(session, person)
    if may(person, Permission.WRITE_MODULES):
        count += count_latest_of_author(session, person, VersionState.CHANGES_REQUESTED)
    return count


def reviews_waiting(session: Session, person: Person) -> int:
    """How many reviews wait for this person's signature; counted once in a request."""
    if not disciplines_of(person):
        return 0
    known: dict[int, int] = session.info.setdefault("reviews waiting", {})
    if person.id not in known:
        known[person.id] = count_waiting(session, person)
    return known[person.id]
