"""What is done with people: adding, changing, signing in, locking out. Nobody is ever deleted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records import audit, clock, passwords, roles
from records.actions import Action
from records.errors import NotFound, Objection, Refused, refuse
from records.models import Person, PersonRole, PersonTerritory
from records.roles import Permission, StaffRole

MOST_FAILURES = 5
LOCK_MINUTES = 15
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def by_email(session: Session, email: str) -> Person:
    """The person with this address, active or not; ``NotFound`` otherwise."""
    person = _find(session, email)
    if person is None:
        raise NotFound(f"There is nobody here with the address {email}.")
    return person


def add_person(
    session: Session,
    *,
    actor: Person | None,
    email: str,
    name: str,
    title: str = "",
    roles_held: Iterable[StaffRole],
    territory: Iterable[str] = (),
    password: str,
) -> Person:
    """Add somebody. ``actor`` may be None only while nobody who may keep people exists yet."""
    if actor is not None or _keepers(session):
        roles.require(actor, Permission.KEEP_PEOPLE)
    email = email.strip().casefold()
    refuse([*_objections(session, email, name), *_password_objections(password, email, name)])
    person = Person(
        email=email,
        name=name.strip(),
        title=title.strip(),
        password_hash=passwords.hash_password(password),
        password_set_at=clock.now(),
        session_stamp=secrets.token_hex(16),
        created_at=clock.now(),
        role_rows=[PersonRole(role=role) for role in sorted(set(roles_held))],
        territory_rows=[PersonTerritory(state=state) for state in _states(territory)],
    )
    session.add(person)
    session.flush()
    _record(session, Action.PERSON_CREATE, person, actor=actor, after=_summary(person))
    return person


def change_person(
    session: Session,
    person: Person,
    *,
    actor: Person,
    name: str,
    title: str,
    zone: str,
    roles_held: Iterable[StaffRole],
    territory: Iterable[str],
) -> None:
    """Change what somebody is called, may do and serves; open sessions of theirs end."""
    roles.require(actor, Permission.KEEP_PEOPLE)
    if not name.strip():
        raise Refused([Objection("name", "A person needs a name.", where="name")])
    if zone not in available_timezones():
        raise Refused([Objection("zone", f"{zone!r} is not a time zone.", where="zone")])
    before, held = _summary(person), set(roles_held)
    if StaffRole.ADMINISTRATOR in person.roles and StaffRole.ADMINISTRATOR not in held:
        refuse(_last_keeper(session, person))
    person.name, person.title, person.zone = name.strip(), title.strip(), zone
    if held != person.roles:
        person.role_rows = [PersonRole(role=role) for role in sorted(held)]
    if set(_states(territory)) != person.territory:
        person.territory_rows = [PersonTerritory(state=state) for state in _states(territory)]
    person.session_stamp = secrets.token_hex(16)
    session.flush()
    _record(
        session, Action.PERSON_CHANGE, person, actor=actor, before=before, after=_summary(person)
    )


def deactivate(session: Session, person: Person, *, actor: Person, reason: str) -> None:
    """End somebody's access at once; what they did and signed stays."""
    roles.require(actor, Permission.KEEP_PEOPLE)
    found = list(_last_keeper(session, person))
    if person.id == actor.id:
        found.append(Objection("self", "You cannot deactivate yourself."))
    if not reason.strip():
        found.append(Objection("reason-missing", "Say why.", where="reason"))
    refuse(found)
    person.deactivated_at = clock.now()
    person.session_stamp = secrets.token_hex(16)
    _record(session, Action.PERSON_DEACTIVATE, person, actor=actor, reason=reason)


def reactivate(session: Session, person: Person, *, actor: Person, reason: str = "") -> None:
    """Give somebody access again."""
    roles.require(actor, Permission.KEEP_PEOPLE)
    person.deactivated_at = None
    person.failed_attempts, person.locked_until = 0, None
    _record(session, Action.PERSON_REACTIVATE, person, actor=actor, reason=reason)


def set_password(
    session: Session, person: Person, *, actor: Person, new: str, current: str = ""
) -> None:
    """Set a password: one's own with the current one, somebody else's as an administrator.

    A password that an administrator set must be changed at the next sign-in, so that nobody else
    knows what signs for a person (R-314).
    """
    if actor.id == person.id:
        passwords.confirm(person, current)
    else:
        roles.require(actor, Permission.KEEP_PEOPLE)
    refuse(_password_objections(new, person.email, person.name))
    person.password_hash = passwords.hash_password(new)
    person.password_set_at = clock.now()
    person.must_change_password = actor.id != person.id
    person.session_stamp = secrets.token_hex(16)
    _record(session, Action.PERSON_SET_PASSWORD, person, actor=actor)


def sign_in(session: Session, email: str, password: str) -> Person:
    """Check address and password. Raises ``WrongPassword`` or ``Locked``.

    The caller records a failure with ``record_failure`` in a transaction of its own, as this one
    is lost with the exception.
    """
    person = _find(session, email)
    if person is None:
        passwords.matches(None, password)
        raise passwords.WrongPassword("This address and password do not belong together.")
    passwords.confirm(person, password)
    person.failed_attempts, person.locked_until = 0, None
    _record(session, Action.PERSON_SIGN_IN, person, actor=person)
    return person


def record_failure(session: Session, email: str, *, action: Action) -> int:
    """Count a failed attempt to sign in or to sign; returns how many attempts are left."""
    person = session.scalar(
        select(Person).where(Person.email == email.strip().casefold()).with_for_update()
    )
    if person is None:
        return 0
    person.failed_attempts += 1
    left = max(0, MOST_FAILURES - person.failed_attempts)
    _record(session, action, person, actor=person, after={"attempts_left": left})
    if left == 0:
        person.locked_until = clock.now() + timedelta(minutes=LOCK_MINUTES)
        person.failed_attempts = 0
        _record(session, Action.PERSON_LOCKED, person, actor=None)
    return left


def _find(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email.strip().casefold()))


def _keepers(session: Session) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(PersonRole)
            .join(Person)
            .where(PersonRole.role == StaffRole.ADMINISTRATOR, Person.deactivated_at.is_(None))
        )
        or 0
    )


def _last_keeper(session: Session, person: Person) -> Iterable[Objection]:
    if StaffRole.ADMINISTRATOR in person.roles and person.active and _keepers(session) == 1:
        yield Objection("last-administrator", f"{person.name} is the only administrator.")


def _objections(session: Session, email: str, name: str) -> Iterable[Objection]:
    if not _ADDRESS.fullmatch(email):
        yield Objection("email", f"{email!r} is not an e-mail address.", where="email")
    if not name.strip():
        yield Objection("name", "A person needs a name.", where="name")
    if _find(session, email) is not None:
        sentence = f"{email} belongs to somebody already; addresses are never given again."
        yield Objection("email", sentence, where="email")


def _password_objections(password: str, email: str, name: str) -> list[Objection]:
    return passwords.objections(password, email=email, name=name)


def _states(territory: Iterable[str]) -> list[str]:
    return sorted({state.strip().upper() for state in territory if state.strip()})


def _summary(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "title": person.title,
        "roles": sorted(row.role.value for row in person.role_rows),
        "territory": sorted(row.state for row in person.territory_rows),
    }


def _record(
    session: Session,
    action: Action,
    person: Person,
    *,
    actor: Person | None,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    audit.record(
        session,
        action,
        actor=actor,
        subject=("person", person.id, person.name),
        reason=reason,
        before=before,
        after=after,
    )


def first_administrator(session: Session) -> Person | None:
    """The longest-serving active administrator, if there is one."""
    return session.scalar(
        select(Person)
        .join(PersonRole)
        .where(PersonRole.role == StaffRole.ADMINISTRATOR, Person.deactivated_at.is_(None))
        .order_by(Person.id)
        .limit(1)
    )
