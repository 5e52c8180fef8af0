"""A database that somebody holds for too long: a page that says so, and nothing changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from cms import demo
from cms.app import create_app, limiter
from cms.installation import Installation, open_installation
from cms.settings import Settings
from records import audit, database, passwords
from records.database import is_busy
from records.roles import StaffRole
from tests.pages.conftest import CHEAP, Browser


@pytest.fixture(scope="module")
def place(
    demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """The demonstration on a database that waits for others for a twentieth of a second."""
    home = tmp_path_factory.mktemp("busy") / "home"
    shutil.copytree(demonstration_home, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "BUSY_TIMEOUT_MS", 50)
        opened = open_installation(Settings(home=home))
        yield opened
        opened.engine.dispose()


@pytest.fixture
def app(place: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    limiter.enabled = False
    yield create_app(place)
    limiter.enabled = True


@contextmanager
def held(place: Installation) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(place.settings.home / "clearcopy.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def head(place: Installation) -> int:
    with place.sessions.read() as session:
        return audit.head(session).number


def test_a_change_is_refused_with_what_to_do_and_works_later(
    app: Flask, place: Installation
) -> None:
    troupe = demo.cast()
    writer = Browser(app.test_client(), troupe.email(StaffRole.WRITER), troupe.password)
    before = head(place)
    fields = {"zone": "Europe/Vienna", "theme": ""}
    with held(place):
        answer = writer.post("/profile", **fields)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "The database is busy" in answer.text
        assert "Nothing of this step was changed" in answer.text
        assert answer.headers["X-Request-Id"] in answer.text
        # reading goes on
        assert writer.get("/library").status_code == 200
    assert head(place) == before
    assert writer.post("/profile", **fields).status_code == 303
    assert head(place) == before + 1


def test_a_stranger_is_told_too(app: Flask, place: Installation) -> None:
    client = app.test_client()
    page = client.get("/sign-in").text
    fields = {"email": "a@example.org", "password": "x"}
    with held(place):
        answer = client.post("/sign-in", data={**fields, "csrf_token": _token(page)})
    assert answer.status_code == 503
    assert "The database is busy" in answer.text


def _token(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_other_errors_of_the_program_are_not_called_busy() -> None:
    assert not is_busy(ValueError("database is locked"))
    assert not is_busy(sqlite3.OperationalError("no such table: x"))
