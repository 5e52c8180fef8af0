"""The queue carries numbers of errands on both storages; losing it loses no work."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from records import errands, queue
from records.database import Sessions, make_engine
from records.queue import Queue


@pytest.fixture
def line(database_url: str, tmp_path: Path) -> Iterator[Queue]:
    queue.install(database_url)
    opened = queue.open_queue(database_url, tmp_path, carry_out=CARRIED.append)
    CARRIED.clear()
    yield opened
    opened.close()


CARRIED: list[int] = []


def work_off(line: Queue) -> None:
    line.huey.storage.blocking = False
    while (task := line.huey.dequeue()) is not None:
        line.huey.execute(task)


def test_the_storage_is_that_of_the_database(line: Queue, database_url: str) -> None:
    name = type(line.huey.storage).__name__
    wanted = {"sqlite": "EmbeddedStorage", "postgresql": "PostgresStorage"}
    assert name == wanted[make_url(database_url).get_backend_name()]


def test_numbers_arrive_urgent_ones_first(line: Queue, monkeypatch) -> None:
    jobs = {"soon": errands.Job(print, priority=10), "later": errands.Job(print)}
    monkeypatch.setattr(errands, "_jobs", jobs)
    line.hand_over([(1, "later"), (2, "unknown"), (3, "soon"), (4, "later")])
    assert line.under_way() == {1, 2, 3, 4}
    work_off(line)
    assert CARRIED == [3, 1, 4, 2]
    assert line.under_way() == set()


def test_another_process_reads_what_one_wrote(line: Queue, database_url, tmp_path) -> None:
    other = queue.open_queue(database_url, tmp_path)
    other.hand_over([(7, "x")])
    other.close()
    work_off(line)
    assert CARRIED == [7]


def test_a_message_is_never_a_pickle(line: Queue) -> None:
    line.hand_over([(1, "x")])
    (data,) = line.huey.storage.enqueued_items()
    assert bytes(data).startswith(b"[")
    line.huey.storage.flush_queue()
    line.huey.storage.enqueue(pickle.dumps(print))
    with pytest.raises(ValueError):  # noqa: PT011 - of JSON or of Unicode: not executed
        line.huey.dequeue()


def test_a_queue_that_is_away_is_only_logged(line: Queue, monkeypatch, caplog) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(line.huey.storage, "enqueue", broken)
    with caplog.at_level(logging.ERROR):
        line.hand_over([(1, "x")])
    assert "the sweep will find" in caplog.text


def test_a_commit_hands_over_and_a_lost_queue_is_swept(
    line: Queue, database_url: str, keyring
) -> None:
    engine = make_engine(database_url)
    sessions = Sessions(engine, keyring)
    sessions.messenger = line
    with sessions.write() as session:
        errand = errands.enqueue(session, "x")
    assert line.under_way() == {errand.id}
    line.huey.storage.flush_queue()
    with sessions.read() as session:
        assert errands.waiting(session) == [(errand.id, "x")]
        assert errands.waiting(session, beyond={errand.id}) == []
    engine.dispose()


def test_a_process_of_an_embedded_database_loads_no_other_driver() -> None:
    seen = "import sys, records.queue; print('psycopg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
