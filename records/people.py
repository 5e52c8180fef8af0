"""What is done with people: adding, changing, signing in, locking out. Nobody is ever deleted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from records import audit, clock, passwords, policy, roles
from records.actions import Action
from records.canonical import sha256
from records.errors import NotAllowed, NotFound, Objection, Stale, refuse
from records.models import Person, PersonRole, PersonTerritory
from records.roles import Permission, StaffRole

# somebody with roles and territory, in one statement instead of three
WHOLE = (joinedload(Person.role_rows), joinedload(Person.territory_rows))
# people who are shown by name: their roles and territory are not needed for that
NAME_ONLY = (lazyload(Person.role_rows), lazyload(Person.territory_rows))
MOST_FAILURES = 5
LOCK_MINUTES = 15


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
    must_change: bool = False,
) -> Person:
    """Add somebody. ``actor`` may be None only while nobody who may keep people exists yet.

    ``must_change``: the password is a one-time one, good for nothing but setting an own (R-314).
    """
    if actor is not None or _keepers(session):
        roles.require(actor, Permission.KEEP_PEOPLE)
    email, held, states = email.strip().casefold(), set(roles_held), _states(territory)
    refuse(
        [
            *_address_objections(session, email),
            *policy.person_objections(name, title, held, states),
            *_password_objections(password, email, name),
        ]
    )
    person = Person(
        email=email,
        name=name.strip(),
        title=title.strip(),
        password_hash=passwords.hash_password(password),
        password_set_at=clock.now(),
        must_change_password=must_change,
        session_stamp=secrets.token_hex(16),
        created_at=clock.now(),
        role_rows=[PersonRole(role=role) for role in sorted(held)],
        territory_rows=[PersonTerritory(state=state) for state in states],
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
    revision: str | None = None,
) -> None:
    """Change what somebody is called, may do and serves; open sessions of theirs end.

    ``revision`` is what ``revision_of`` said when the screen was made; raises ``Stale``.
    """
    roles.require(actor, Permission.KEEP_PEOPLE)
    if revision is not None and revision != revision_of(person):
        raise Stale(f"Somebody changed {person.name} since you opened this. Nothing was saved.")
    before, held, states = _summary(person), set(roles_held), _states(territory)
    found = [*policy.person_objections(name, title, held, states), *policy.zone_objections(zone)]
    if StaffRole.ADMINISTRATOR in person.roles and StaffRole.ADMINISTRATOR not in held:
        found += _last_keeper(session, person)
    refuse(found)
    person.name, person.title, person.zone = name.strip(), title.strip(), zone
    if held != person.roles:
        person.role_rows = [PersonRole(role=role) for role in sorted(held)]
    if set(states) != person.territory:
        person.territory_rows = [PersonTerritory(state=state) for state in states]
    person.session_stamp = secrets.token_hex(16)
    session.flush()
    _record(
        session, Action.PERSON_CHANGE, person, actor=actor, before=before, after=_summary(person)
    )


def revision_of(person: Person) -> str:
    """Says whether what can be changed of a person is still what a screen showed."""
    return sha256(_summary(person))[:16]


def set_preferences(
    session: Session, person: Person, *, actor: Person, zone: str, theme: str, single_keys: bool
) -> None:
    """How somebody sees the pages; everybody sets their own."""
    if actor.id != person.id:
        raise NotAllowed("Everybody sets their own time zone, colours and keys.")
    refuse([*policy.zone_objections(zone), *policy.theme_objections(theme)])
    before = _preferences(person)
    person.zone, person.theme, person.single_keys = zone, theme, single_keys
    if (after := _preferences(person)) != before:
        _record(session, Action.PERSON_CHANGE, person, actor=actor, before=before, after=after)


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
    found = _password_objections(new, person.email, person.name)
    if actor.id == person.id and new == current:
        found.append(Objection("password", "This is the password you have.", where="password"))
    refuse(found)
    person.password_hash = passwords.hash_password(new)
    person.password_set_at = clock.now()
    person.must_change_password = actor.id != person.id
    person.session_stamp = secrets.token_hex(16)
    _record(session, Action.PERSON_SET_PASSWORD, person, actor=actor)


def reset_password(session: Session, person: Person, *, actor: Person) -> str:
    """Give somebody else a one-time password, which is returned once and kept nowhere."""
    if actor.id == person.id:
        sentence = "Your own password is changed on your profile, with the one you have."
        refuse([Objection("self", sentence)])
    password = one_time_password()
    set_password(session, person, actor=actor, new=password)
    person.failed_attempts, person.locked_until = 0, None
    return password


def one_time_password() -> str:
    """Twenty letters and figures in groups, none of which can be taken for another: 98 bits."""
    signs = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))
    return "-".join(signs[i : i + 5] for i in range(0, 20, 5))


def sign_in(session: Session, email: str, password: str) -> Person:
    """Check address and password. Raises ``WrongPassword`` or ``Locked``.

    The caller records a failure with ``record_failure`` in a transaction of its own, as this one
    is lost with the exception. What it tells the person must not depend on which of the two it was:
    a stranger would learn who works here.
    """
    person = _find(session, email)
    if person is None:
        passwords.matches(None, password)
        raise passwords.WrongPassword("This address and password do not belong together.")
    passwords.confirm(person, password)
    person.failed_attempts, person.locked_until = 0, None
    person.signed_in_at = clock.now()
    _record(session, Action.PERSON_SIGN_IN, person, actor=person)
    return person


def record_failure(session: Session, email: str, *, action: Action) -> int:
    """Count a failed attempt to sign in or to sign; returns how many attempts are left.

    An attempt on an unknown address or a locked account is on record too (21 CFR 11.300(d)), so
    that the answer takes as long and none goes unseen; it does not prolong a lock. The address
    typed is not kept: it may be anything, a password too.
    """
    person = session.scalar(
        select(Person).where(Person.email == email.strip().casefold()).with_for_update()
    )
    if person is None:
        audit.record(session, action, actor=None, subject=("person", 0, "an unknown address"))
        return 0
    if person.locked_until is not None and person.locked_until > clock.now():
        _record(session, action, person, actor=person, after={"attempts_left": 0})
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


def _address_objections(session: Session, email: str) -> Iterable[Objection]:
    yield from policy.address_objections(email)
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


def _preferences(person: Person) -> dict[str, Any]:
    return {"zone": person.zone, "theme": person.theme, "single_keys": person.single_keys}


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
