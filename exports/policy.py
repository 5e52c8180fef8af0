"""Who may receive a material, now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from exports import validity
from exports.models import MaterialVersion
from records.errors import Objection
from records.models import Person
from records.roles import Permission, may


def may_receive(
    session: Session, person: Person, version: MaterialVersion, *, at: datetime
) -> list[Objection]:
    """Every reason why ``person`` may not get a copy at ``at``; none means they may.

    Computed over the person, the material's own approval, and every pinned claim, module, label
    and template, in the second it is asked.
    """
    return [*person_objections(person, version), *validity.objections(session, version, at=at)]


def person_objections(person: Person, version: MaterialVersion) -> Iterator[Objection]:
    """Why a person may get no copy of it, whatever it holds."""
    if not may(person, Permission.RECEIVE_COPIES):
        sentence = f"{person.name} may not receive controlled copies."
        yield Objection("not-a-receiver", sentence, where=person.email)
    if not may(person, Permission.READ_ALL_TERRITORIES):
        state = version.material.account.state
        if state not in person.territory:
            sentence = f"{version.facts['name']} ({state}) is not in {person.name}'s territory."
            yield Objection("territory", sentence, where=person.email)
