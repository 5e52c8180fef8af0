"""A real server: pages and a worker that live and end together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cms.installation import Installation, create
from cms.settings import Settings
from records import errands
from records.models import Errand

ROOT = Path(__file__).resolve().parents[3]
SECRET = "only for this test, and long enough for it"


@dataclass
class Running:
    """A server and what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> urllib.request.addinfourl | urllib.error.HTTPError:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5)
        except urllib.error.HTTPError as error:
            return error

    def children(self) -> dict[int, str]:
        asked = ["ps", "-ww", "-e", "-o", "pid=,ppid=,args="]  # whole lines, however wide
        found = {}
        for line in subprocess.run(
            asked, capture_output=True, text=True, check=False
        ).stdout.splitlines():
            pid, parent, command = line.split(maxsplit=2)
            if int(parent) == self.process.pid and "defunct" not in command:
                found[int(pid)] = command
        return found

    def worker(self) -> int | None:
        return next((pid for pid, args in self.children().items() if "--with-server" in args), None)


def until(answer: Callable[[], object], *, seconds: float = 60) -> object:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if found := answer():
                return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def environment(home: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "CLEARCOPY_HOME": str(home),
        "CLEARCOPY_DATABASE_URL": "",
        "CLEARCOPY_PORT": str(port),
        "CLEARCOPY_WORKERS": "1",
        "CLEARCOPY_ENV": "production",
        "CLEARCOPY_SECRET_KEY": SECRET,
        "CLEARCOPY_SECURE_COOKIES": "1",
    }


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "cms.cli", *words]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    made, _ = create(Settings(home=tmp_path / "home"))
    yield made
    made.engine.dispose()


@pytest.fixture
def server(place: Installation, tmp_path: Path) -> Iterator[Running]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command("serve"), cwd=ROOT, env=environment(place.settings.home, port), stderr=file
        )
    running = Running(process, port, log)
    try:
        until(lambda: running.get("/sign-in").status == 200)
        yield running
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


def ask(place: Installation) -> int:
    with place.sessions.write() as session:
        errand = errands.enqueue(session, "modules.index", modules=[])
    return errand.id


def done(place: Installation, number: int) -> bool:
    with place.sessions.read() as session:
        return session.scalar(select(Errand.done_at).where(Errand.id == number)) is not None


def test_a_worker_lives_beside_the_server_and_comes_back(place, server: Running) -> None:
    first = until(server.worker)
    number = ask(place)
    until(lambda: done(place, number))
    os.kill(first, signal.SIGKILL)
    number = ask(place)
    until(lambda: done(place, number))
    assert server.worker() not in (None, first)
    assert server.get("/sign-in").status == 200


def test_nothing_is_left_when_the_server_is_killed(place, server: Running) -> None:
    until(server.worker)
    number = ask(place)
    until(lambda: done(place, number))
    family = list(server.children())
    assert len(family) == 2
    server.process.kill()
    until(lambda: not any(alive(pid) for pid in family), seconds=15)


def test_sigterm_ends_everything_in_order(place, server: Running) -> None:
    until(server.worker)
    number = ask(place)
    until(lambda: done(place, number))
    family = list(server.children())
    server.process.terminate()
    assert server.process.wait(20) == 0
    assert not any(alive(pid) for pid in family)
    assert "the worker has finished" in server.log.read_text()


def test_answers_carry_a_reference_that_the_log_has_as_json(server: Running) -> None:
    answer = server.get("/nothing?name=Jane+Doe")
    assert answer.status == 404
    assert answer.headers["Strict-Transport-Security"]
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    (line,) = [each for each in lines if each.get("event") == "GET /nothing"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert line["status"] == 404
    assert "Jane" not in server.log.read_text()


def test_a_database_of_another_revision_is_not_served(place: Installation) -> None:
    with place.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = subprocess.run(
        command("serve"),
        check=False,
        cwd=ROOT,
        env=environment(place.settings.home, 1),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "a newer version has opened it" in done.stderr
    assert "Traceback" not in done.stderr
