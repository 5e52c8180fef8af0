"""The trail's newest row, which a transaction that only reads looks up once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from records import audit
from records.actions import Action
from records.audit import Head
from records.database import Sessions, make_engine
from records.keys import Keyring
from records.remembering import remembered


@pytest.fixture
def sessions(database_url: str, keyring: Keyring) -> Iterator[Sessions]:
    engine = make_engine(database_url)
    yield Sessions(engine, keyring)
    engine.dispose()


def _step(sessions: Sessions) -> int:
    with sessions.write() as session:
        subject = ("installation", 1, "here")
        return audit.record(session, next(iter(Action)), actor=None, subject=subject)


def test_it_is_read_once_in_a_transaction_and_anew_in_the_next(sessions: Sessions) -> None:
    asked: list[str] = []
    event.listen(
        sessions.engine, "before_cursor_execute", lambda *given: asked.append(given[2]), named=False
    )
    first = _step(sessions)
    with sessions.read() as session:
        asked.clear()
        assert [audit.head(session).number for _ in range(3)] == [first] * 3
        assert len([each for each in asked if "audit_row" in each]) == 1
        second = _step(sessions)
        session.rollback()
        assert audit.head(session).number == second


def test_whoever_writes_sees_each_of_their_rows(sessions: Sessions) -> None:
    with sessions.open(write=True) as session:
        subject = ("installation", 1, "here")
        for _ in range(2):
            number = audit.record(session, next(iter(Action)), actor=None, subject=subject)
            assert audit.head(session).number == number
        session.rollback()
        assert audit.head(session) == Head(0, audit.GENESIS)


def test_what_a_writer_reads_is_not_kept_for_others(sessions: Sessions) -> None:
    _step(sessions)
    with sessions.open(write=True) as session:
        assert remembered(session, "answer", lambda: "of a change that may be lost") != ""
        session.rollback()
    with sessions.read() as session:
        assert remembered(session, "answer", lambda: "as it is") == "as it is"
        assert remembered(session, "answer", lambda: "not asked again") == "as it is"
