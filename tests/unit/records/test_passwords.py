"""Passwords: hashed with Argon2id, refused for everybody who is not there."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from records import passwords
from records.models import Person
from records.passwords import Locked, WrongPassword
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

SECRET = "a long enough secret 42"


@pytest.fixture
def person(session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Person:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    made = building.person(session, StaffRole.WRITER)
    made.password_hash = passwords.hash_password(SECRET)
    return made


def test_what_is_stored_is_no_password_and_never_the_same(person: Person) -> None:
    assert person.password_hash.startswith("$argon2id$")
    assert SECRET not in person.password_hash
    assert passwords.hash_password(SECRET) != person.password_hash


def test_nobody_and_a_person_without_a_password_match_nothing(person: Person) -> None:
    assert passwords.matches(person, SECRET)
    assert not passwords.matches(person, SECRET + " ")
    assert not passwords.matches(None, "nobody has this password")
    person.password_hash = ""
    assert not passwords.matches(person, "")


def test_a_deactivated_person_has_no_right_password(person: Person, clock: Clock) -> None:
    person.deactivated_at = clock.moment
    with pytest.raises(WrongPassword):
        passwords.confirm(person, SECRET)


def test_a_lock_holds_against_the_right_password_until_it_ends(
    person: Person, clock: Clock
) -> None:
    person.locked_until = clock.advance(minutes=15)
    clock.advance(minutes=-1)
    with pytest.raises(Locked):
        passwords.confirm(person, SECRET)
    clock.advance(minutes=1)
    passwords.confirm(person, SECRET)
