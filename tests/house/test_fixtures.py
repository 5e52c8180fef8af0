"""The ground the other tests stand on: what the shared fixtures promise."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from records import clock as records_clock
from records.database import make_engine
from records.models import Person


def somebody(email: str) -> Person:
    return Person(email=email, name="Some Body", created_at=records_clock.now())


@pytest.mark.parametrize("_", ["first", "second"])
def test_a_commit_in_a_session_is_gone_in_the_next_test(session: Session, _: str) -> None:
    session.add(somebody("a@example.org"))
    session.commit()
    session.add(somebody("b@example.org"))
    session.rollback()
    assert session.scalars(select(Person.email)).all() == ["a@example.org"]


def test_the_database_guards_are_there(session: Session) -> None:
    person = somebody("a@example.org")
    session.add(person)
    session.commit()
    session.delete(person)
    with pytest.raises(DatabaseError, match="never deleted"):
        session.flush()


def test_a_database_of_its_own_is_written_for_real(database_url: str, engine: Engine) -> None:
    own = make_engine(database_url)
    with Session(own) as session:
        session.add(somebody("a@example.org"))
        session.commit()
    for where, people in ((own, 1), (engine, 0)):
        with Session(where) as session:
            assert session.scalar(select(func.count()).select_from(Person)) == people
    own.dispose()


def test_the_clock_moves_only_when_told(clock) -> None:
    assert records_clock.now() == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    clock.advance(days=1, minutes=5)
    assert records_clock.now() == datetime(2026, 11, 25, 9, 35, tzinfo=UTC)
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert records_clock.today().isoformat() == "2030-01-01"
