"""An end cannot be taken back behind the program, even by who can take the guards away."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from claims_library.review import CLAIMS
from mlr.standing import approval, approvals
from records.passwords import hash_password
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

PASSWORD = "a long enough secret 42"


@pytest.fixture
def claim(session: Session, clock: Clock) -> ClaimVersion:
    """A claim that was approved, and withdrawn by signature."""
    librarian = building.person(session, StaffRole.LIBRARIAN)
    signers = [
        building.person(session, role)
        for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
    ]
    label = building.label(session, building.product(session), by=librarian)
    version = building.claim(session, "HAL-0001", of=label, author=librarian)
    building.sign(session, version, by=signers)
    assert approval(session, version).holds
    signers[2].password_hash = hash_password(PASSWORD)
    CLAIMS.withdraw(session, version, actor=signers[2], reason="New data.", password=PASSWORD)
    return version


def set_back(session: Session, version: ClaimVersion, change: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for name in ("state", "ended", "record", "content"):
            session.execute(text(f"DROP TRIGGER guard_claim_version_{name}"))
    else:
        session.execute(text("ALTER TABLE claim_version DISABLE TRIGGER ALL"))
    session.execute(text(f"UPDATE claim_version SET {change} WHERE id = {version.id}"))
    session.expire_all()


def test_the_database_keeps_an_end(session: Session, claim: ClaimVersion) -> None:
    for change in ("state = 'approved'", "ended_at = NULL"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(f"UPDATE claim_version SET {change} WHERE id = {claim.id}"))


@pytest.mark.parametrize("change", ["state = 'approved'", "state = 'approved', ended_at = NULL"])
def test_an_end_that_was_taken_back_is_found_on_reading(
    session: Session, claim: ClaimVersion, change: str
) -> None:
    set_back(session, claim, change)
    standing = approval(session, claim)
    assert not standing.holds
    assert standing.objection is not None
    assert standing.objection.code == "record-altered"


def test_what_was_withdrawn_is_proved_as_it_stood_before(
    session: Session, claim: ClaimVersion
) -> None:
    assert approvals(session, [claim], ended=True)[claim.id].holds
