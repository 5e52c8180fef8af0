"""The trail names the first altered row, whatever was written into it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from records import audit
from records.actions import Action
from records.passwords import hash_password
from records.roles import StaffRole
from records.signatures import Subject, sign
from tests import building

PASSWORD = "a long enough secret 42"
SUBJECT = ("installation", 1, "tests")


def _append(session: Session, rows: int) -> None:
    for number in range(rows):
        audit.record(
            session, Action.INSTALLATION_CREATE, actor=None, subject=SUBJECT, after={"n": number}
        )


def _alter(session: Session, change: str) -> None:
    """Change row 2 as somebody would who may take the triggers away."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER guard_audit_row_update"))
    else:
        session.execute(text("ALTER TABLE audit_row DISABLE TRIGGER ALL"))
    session.execute(text(f"UPDATE audit_row SET {change} WHERE number = 2"))


def test_an_untouched_trail_holds(session: Session) -> None:
    _append(session, 3)
    assert audit.verify(session) is None


@pytest.mark.parametrize(
    "change",
    [
        "action = 'nobody:knows'",
        "at = '1999-01-01 00:00:00.000000'",
        "reason = 'another'",
        "after = '{\"n\"\\:7}'",
        "after = 'not json'",
    ],
)
def test_an_altered_row_is_named(session: Session, change: str) -> None:
    _append(session, 3)
    _alter(session, change)
    broken = audit.verify(session)
    assert broken is not None
    assert broken.number == 2


@pytest.mark.parametrize("change", ["at = 'nonsense'", "actor_id = 0"])
def test_a_row_that_only_sqlite_would_hold_is_named(session: Session, change: str) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL itself refuses it")
    _append(session, 3)
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    _alter(session, change)
    broken = audit.verify(session)
    assert broken is not None
    assert broken.number == 2


def _take_guards_away(session: Session, *tables: str) -> None:
    """What only an owner of the database can do."""
    for table in tables:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text(f"DROP TRIGGER guard_{table}_delete"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def test_an_empty_trail_is_a_trail_that_was_taken_away(session: Session) -> None:
    _append(session, 3)
    _take_guards_away(session, "audit_row")
    session.execute(text("DELETE FROM audit_row"))
    assert audit.verify(session) == audit.Broken(1, "row 1 is missing")


def test_an_end_that_was_cut_off_shows_in_the_signatures(session: Session, clock) -> None:
    _append(session, 3)
    signer = building.person(session, StaffRole.MEDICAL)
    signer.password_hash = hash_password(PASSWORD)
    subject = Subject("claim_version", 7, "HAL-0001 0.1", "a" * 64)
    sign(session, subject, actor=signer, password=PASSWORD, meaning="I approve it.")
    _append(session, 1)
    assert audit.verify(session) is None
    newest = audit.head(session).number
    _take_guards_away(session, "audit_row")
    session.execute(text(f"DELETE FROM audit_row WHERE number >= {newest - 1}"))
    broken = audit.verify(session)
    assert broken is not None
    assert broken.number == newest - 1
    assert "no row tells of it" in broken.problem


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE audit_row CASCADE",
        "TRUNCATE signature CASCADE",
        "TRUNCATE person CASCADE",
        "TRUNCATE claim_version CASCADE",
        "TRUNCATE controlled_copy CASCADE",
    ],
)
def test_no_table_of_records_is_emptied(session: Session, statement: str) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has no such statement; DELETE is refused row by row")
    _append(session, 1)
    with pytest.raises(DatabaseError, match="never deleted"), session.begin_nested():
        session.execute(text(statement))
    assert audit.head(session).number == 1


@pytest.mark.parametrize(
    "change",
    ["author_id = author_id + 1", "major = 9", "minor = 1", "approved_at = NULL", "created_at = 0"],
)
def test_what_is_recorded_of_an_approval_stays(session: Session, clock, change: str) -> None:
    librarian = building.person(session, StaffRole.LIBRARIAN)
    label = building.label(session, building.product(session), by=librarian)
    version = building.claim(session, "HAL-0001", of=label, author=librarian)
    building.sign(session, version, by=[building.person(session, StaffRole.MEDICAL)])
    if "created_at" in change and session.get_bind().dialect.name != "sqlite":
        change = "created_at = now()"
    with pytest.raises(DatabaseError, match="cannot be changed"), session.begin_nested():
        session.execute(text(f"UPDATE claim_version SET {change}"))
