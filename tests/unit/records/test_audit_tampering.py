"""The trail names the first altered row, whatever was written into it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from records import audit
from records.actions import Action

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
