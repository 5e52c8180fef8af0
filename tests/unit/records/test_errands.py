"""An errand is done if its transaction commits, once at least, and its end is seen either way."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from records import errands
from records.database import Sessions, make_engine
from records.models import Errand

SEEN: list[object] = []


class Break(Exception):
    """A job's own trouble, with a name that no log may have: Jane Doe."""


@pytest.fixture(autouse=True)
def jobs(monkeypatch) -> dict[str, errands.Job]:
    SEEN.clear()
    registered: dict[str, errands.Job] = {}
    monkeypatch.setattr(errands, "_jobs", registered)
    return registered


@pytest.fixture
def sessions(database_url: str, keyring, clock) -> Iterator[Sessions]:
    engine = make_engine(database_url)
    yield Sessions(engine, keyring)
    engine.dispose()


def ask(sessions: Sessions, name: str, **values: object) -> int:
    with sessions.write() as session:
        errand = errands.enqueue(session, name, **values)
    return errand.id


def row(sessions: Sessions, number: int) -> Errand:
    with sessions.read() as session:
        return session.get_one(Errand, number)


def test_an_errand_is_carried_out_once_and_marked_with_its_work(sessions: Sessions) -> None:
    errands.job("note")(lambda session, *, word: SEEN.append(word))
    number = ask(sessions, "note", word="a")
    assert errands.run_waiting(sessions) == 1
    assert errands.run(sessions, number)
    assert SEEN == ["a"]
    assert row(sessions, number).done_at is not None


def test_what_is_rolled_back_is_never_done(sessions: Sessions) -> None:
    errands.job("note")(lambda session, *, word: SEEN.append(word))
    with sessions.open(write=True) as session:
        errands.enqueue(session, "note", word="a")
        session.flush()
        session.rollback()
    assert errands.run_waiting(sessions) == 0
    assert SEEN == []


def test_a_failure_is_tried_again_later_and_later_and_then_given_up(
    sessions: Sessions, clock
) -> None:
    given_up = []

    @errands.job("fail", gave_up=lambda session, *, error, word: given_up.append((word, error)))
    def _fail(session, *, word: str) -> None:
        SEEN.append(clock.moment)
        raise Break("no")

    number = ask(sessions, "fail", word="a")
    for _ in range(2000):
        errands.run_waiting(sessions)
        clock.advance(seconds=5)
    assert len(SEEN) == errands.MOST_ATTEMPTS
    pauses = [later - sooner for sooner, later in itertools.pairwise(SEEN)]
    assert pauses == sorted(pauses)
    assert given_up == [("a", "no")]
    with sessions.write() as session:
        (errand,) = errands.given_up(session)
        assert (errand.id, errand.last_error) == (number, "Break: no")
        errands.try_again(session, errand)
    errands.run_waiting(sessions)
    assert len(SEEN) == errands.MOST_ATTEMPTS + 1


def test_work_of_a_failed_attempt_leaves_nothing(sessions: Sessions) -> None:
    @errands.job("half")
    def _half(session) -> None:
        errands.enqueue(session, "another")
        session.flush()
        raise Break

    ask(sessions, "half")
    errands.run_waiting(sessions)
    with sessions.read() as session:
        assert session.scalars(select(Errand.job)).all() == ["half"]


def test_what_cannot_help_is_given_up_at_once(sessions: Sessions) -> None:
    @errands.job("hopeless", own_transactions=True)
    def _hopeless(given: Sessions) -> None:
        SEEN.append(given)
        raise errands.Hopeless("never")

    number = ask(sessions, "hopeless")
    unknown = ask(sessions, "nobody knows me")
    errands.run_waiting(sessions)
    assert len(SEEN) == 1
    assert SEEN[0] is sessions
    assert row(sessions, number).attempts == errands.MOST_ATTEMPTS
    assert "no job is called" in row(sessions, unknown).last_error


def test_an_errand_that_somebody_has_is_left_to_them(sessions: Sessions, clock) -> None:
    number = ask(sessions, "note", word="a")
    errands.job("note")(lambda session, *, word: SEEN.append(word))
    assert errands._take(sessions, number)
    assert errands.run(sessions, number)
    assert SEEN == []
    clock.advance(seconds=errands.LEASE.total_seconds())
    errands.run_waiting(sessions)
    assert SEEN == ["a"]


def test_a_worker_that_comes_back_takes_up_what_the_dead_one_had(sessions: Sessions) -> None:
    number = ask(sessions, "note", word="a")
    errands.job("note")(lambda session, *, word: SEEN.append(word))
    errands._take(sessions, number)
    with sessions.write() as session:
        assert errands.release_all(session) == 1
    errands.run_waiting(sessions)
    assert SEEN == ["a"]


def test_what_is_asked_for_later_waits_whatever_becomes_of_the_worker(
    sessions: Sessions, clock
) -> None:
    errands.job("note")(lambda session, *, word: SEEN.append(word))
    with sessions.write() as session:
        errands.schedule(session, "note", clock.moment + timedelta(days=1), word="a")
    with sessions.write() as session:
        assert errands.release_all(session) == 0
    assert errands.run_waiting(sessions) == 0
    clock.advance(days=1)
    assert errands.run_waiting(sessions) == 1
    assert SEEN == ["a"]


def test_an_errand_that_kills_every_worker_is_given_up(sessions: Sessions, clock) -> None:
    lost = []
    errands.job("deadly", gave_up=lambda session, *, error: lost.append(error))(print)
    number = ask(sessions, "deadly")
    for _ in range(errands.MOST_ATTEMPTS):
        assert errands._take(sessions, number)
        assert errands.bury_lost(sessions) == 0
        clock.advance(seconds=errands.LEASE.total_seconds())
    assert not errands._take(sessions, number)
    assert errands.bury_lost(sessions) == 1
    assert lost == ["every attempt ended with the worker that made it"]
    assert errands.bury_lost(sessions) == 0


def test_the_log_names_the_errand_and_no_words(sessions: Sessions, caplog) -> None:
    @errands.job("fail")
    def _fail(session, *, word: str) -> None:
        raise Break(f"Jane Doe {word}")

    ask(sessions, "fail", word="secret")
    with caplog.at_level(logging.INFO):
        errands.run_waiting(sessions)
    (record,) = [each for each in caplog.records if each.name == "clearcopy.errands"]
    assert record.job == "fail"
    assert "Jane" not in str(vars(record))
    assert "secret" not in str(vars(record))
