"""Signatures: given with a password only, bound to content, worthless once anything differs."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records import passwords, people
from records.actions import Action
from records.errors import Refused
from records.models import Person, Signature
from records.passwords import WrongPassword
from records.roles import StaffRole
from records.signatures import Subject, sign, valid
from tests import building
from tests.conftest import Clock

SECRET = "a long enough secret 42"
SUBJECT = Subject("module_version", 7, "HAL-M-003 2.1", "ab" * 32)


@pytest.fixture
def signer(session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Person:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    person = building.person(session, StaffRole.MEDICAL)
    person.password_hash = passwords.hash_password(SECRET)
    return person


def give(session: Session, signer: Person, password: str = SECRET) -> Signature:
    return sign(session, SUBJECT, actor=signer, password=password, meaning="Reviewed.")


def holds(session: Session, signature: Signature, **differs: object) -> bool:
    of: dict[str, object] = {"kind": "module_version", "id": 7, "content": "ab" * 32}
    return valid(session, signature, **{**of, **differs})  # type: ignore[arg-type]  # by name


def test_a_wrong_password_signs_nothing(session: Session, signer: Person) -> None:
    with pytest.raises(WrongPassword):
        give(session, signer, "wrong")
    assert session.scalar(select(func.count()).select_from(Signature)) == 0


def test_slips_are_counted_from_the_last_right_password(session: Session, signer: Person) -> None:
    for _ in range(people.MOST_FAILURES + 1):
        people.record_failure(session, signer.email, action=Action.SIGNATURE_FAILED)
        give(session, signer)
    assert signer.locked_until is None


def test_a_one_time_password_signs_nothing(session: Session, signer: Person) -> None:
    keeper = building.person(session, StaffRole.ADMINISTRATOR)
    given = people.reset_password(session, signer, actor=keeper)
    with pytest.raises(Refused, match="set your own"):
        give(session, signer, given)
    assert session.scalar(select(func.count()).select_from(Signature)) == 0


def test_it_holds_for_its_own_version_and_content_alone(session: Session, signer: Person) -> None:
    signature = give(session, signer)
    assert holds(session, signature)
    assert not holds(session, signature, id=8)
    assert not holds(session, signature, kind="claim_version")
    assert not holds(session, signature, content="ab" * 31 + "ac")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("printed_name", "Somebody Else"),
        ("meaning", "Approved."),
        ("discipline", "legal"),
        ("verdict", "approve"),
        ("context", {"job": 2}),
    ],
)
def test_a_row_changed_behind_the_program_is_worthless(
    session: Session, signer: Person, field: str, value: object
) -> None:
    signature = give(session, signer)
    session.expunge(signature)
    setattr(signature, field, value)
    assert not holds(session, signature)
