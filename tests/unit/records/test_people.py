"""People: who may keep them, what may be written down, passwords, lock-out."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from records import passwords, people, queries
from records.actions import Action
from records.errors import NotAllowed, Refused, Stale
from records.models import AuditRow, Person
from records.passwords import Locked, WrongPassword
from records.queries import Access, PersonFilter
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

SECRET = "a long enough secret 42"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)


@pytest.fixture
def keeper(session: Session) -> Person:
    return building.person(session, StaffRole.ADMINISTRATOR)


def add(session: Session, keeper: Person, **values: Any) -> Person:
    given: dict[str, Any] = {
        "email": "Ada@Example.org ",
        "name": "Ada Writer",
        "roles_held": [StaffRole.WRITER],
        "password": SECRET,
    }
    return people.add_person(session, actor=keeper, **{**given, **values})


def change(session: Session, person: Person, keeper: Person, **values: Any) -> None:
    given: dict[str, Any] = {
        "name": person.name,
        "title": "",
        "zone": "UTC",
        "roles_held": person.roles,
        "territory": [],
    }
    people.change_person(session, person, actor=keeper, **{**given, **values})


def fields(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {objection.where for objection in refusal.value.objections}


def test_an_address_is_never_given_twice(session: Session, keeper: Person) -> None:
    person = add(session, keeper)
    assert person.email == "ada@example.org"
    people.deactivate(session, person, actor=keeper, reason="left")
    with pytest.raises(Refused, match="never given again"):
        add(session, keeper, email="ADA@example.org")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "<b>@example.org"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "<i>Ada</i>"}, "name"),
        ({"name": "A" * 201}, "name"),
        ({"name": "Ada\u202e"}, "name"),
        ({"roles_held": []}, "roles"),
        ({"territory": ["W!"]}, "territory"),
        ({"password": "short"}, "password"),
        ({"password": "ada writer is my name"}, "password"),
        ({"password": "a" * 40}, "password"),
    ],
)
def test_what_may_not_be_written_down_of_a_person(
    session: Session, keeper: Person, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add(session, keeper, **values)
    assert fields(refusal) == {field}


def test_only_an_administrator_keeps_people(session: Session, keeper: Person) -> None:
    writer = building.person(session, StaffRole.WRITER)
    with pytest.raises(NotAllowed):
        add(session, writer)
    with pytest.raises(NotAllowed):
        change(session, keeper, writer)
    with pytest.raises(NotAllowed):
        people.reset_password(session, keeper, actor=writer)
    with pytest.raises(NotAllowed):
        people.set_preferences(
            session, keeper, actor=writer, zone="UTC", theme="", single_keys=True
        )


def test_two_administrators_do_not_overwrite_each_other(session: Session, keeper: Person) -> None:
    person = add(session, keeper)
    seen = people.revision_of(person)
    change(session, person, keeper, name="Ada Librarian", revision=seen)
    with pytest.raises(Stale):
        change(session, person, keeper, name="Ada Rep", revision=seen)
    assert person.name == "Ada Librarian"


def test_the_last_administrator_stays(session: Session, keeper: Person) -> None:
    with pytest.raises(Refused, match="only administrator"):
        change(session, keeper, keeper, roles_held=[StaffRole.WRITER])
    other = building.person(session, StaffRole.ADMINISTRATOR)
    change(session, keeper, other, roles_held=[StaffRole.WRITER])
    assert keeper.roles == {StaffRole.WRITER}


def test_a_change_of_rights_ends_open_sessions(session: Session, keeper: Person) -> None:
    person = add(session, keeper)
    stamp = person.session_stamp
    change(session, person, keeper, roles_held=[StaffRole.REP], territory=["wi", " IL "])
    assert person.session_stamp != stamp
    assert person.territory == {"WI", "IL"}


def test_a_one_time_password_must_be_changed_and_is_kept_nowhere(
    session: Session, keeper: Person
) -> None:
    person = add(session, keeper)
    given = people.reset_password(session, person, actor=keeper)
    assert person.must_change_password
    assert people.sign_in(session, person.email, given) is person
    own = "entirely my own sentence"
    people.set_password(session, person, actor=person, new=own, current=given)
    assert not person.must_change_password
    rows = session.scalars(select(AuditRow)).all()
    assert not [row for row in rows if given in f"{row.reason}{row.before}{row.after}"]


def test_one_time_passwords_fit_the_rules_and_differ(session: Session, keeper: Person) -> None:
    found = {people.one_time_password() for _ in range(50)}
    assert len(found) == 50
    for password in found:
        assert passwords.objections(password, email="x@y", name="Z") == []


def test_an_own_password_needs_the_one_before_and_must_differ(
    session: Session, keeper: Person
) -> None:
    person = add(session, keeper)
    with pytest.raises(WrongPassword):
        people.set_password(session, person, actor=person, new="another long one", current="x")
    with pytest.raises(Refused, match="password you have"):
        people.set_password(session, person, actor=person, new=SECRET, current=SECRET)


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(
    session: Session, keeper: Person, clock: Clock
) -> None:
    person = add(session, keeper)
    failed = Action.PERSON_SIGN_IN_FAILED
    left = [people.record_failure(session, person.email, action=failed) for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(Locked):
        people.sign_in(session, person.email, SECRET)
    assert queries.access_of(person) is Access.LOCKED
    until = person.locked_until
    clock.advance(minutes=14)
    people.record_failure(session, person.email, action=failed)
    assert person.locked_until == until, "trying on does not prolong the lock"
    clock.advance(minutes=1, seconds=1)
    assert people.sign_in(session, person.email, SECRET) is person
    assert person.signed_in_at == clock.moment


def test_an_attempt_on_an_unknown_address_is_on_record_without_the_address(
    session: Session, keeper: Person
) -> None:
    people.record_failure(session, "hunter2@secret", action=Action.PERSON_SIGN_IN_FAILED)
    row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert row is not None
    assert row.action is Action.PERSON_SIGN_IN_FAILED
    assert "hunter2" not in f"{row.subject_label}{row.actor_name}{row.reason}{row.after}"


def test_preferences_are_checked_and_recorded_once(session: Session, keeper: Person) -> None:
    def prefer(zone: str, theme: str) -> None:
        people.set_preferences(
            session, keeper, actor=keeper, zone=zone, theme=theme, single_keys=False
        )

    with pytest.raises(Refused) as refusal:
        prefer("Mars/Olympus", "pink")
    assert fields(refusal) == {"zone", "theme"}
    prefer("Europe/Berlin", "dark")
    prefer("Europe/Berlin", "dark")
    rows = queries.trail_about(session, "person", keeper.id)
    assert [row.action for row in rows] == [Action.PERSON_CHANGE]


def test_the_list_is_narrowed_counted_and_paged(session: Session, keeper: Person) -> None:
    ada = add(session, keeper)
    gone = add(session, keeper, email="bo@example.org", name="Bo Former")
    people.deactivate(session, gone, actor=keeper, reason="left")
    active = PersonFilter(access=Access.ACTIVE)
    assert queries.list_people(session, narrowed=active) == [ada, keeper]
    assert queries.count_people(session) == 3
    assert queries.count_people(session, narrowed=PersonFilter("bo", Access.DEACTIVATED)) == 1
    first = queries.list_people(session, limit=1)
    rest = queries.list_people(session, after=(first[0].name, first[0].id))
    assert [*first, *rest] == [ada, gone, keeper]
