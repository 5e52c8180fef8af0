"""The demonstration as a filled installation: made once, copied for each module of tests."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from cms import demo
from cms.app import create_app, limiter
from cms.installation import Installation, create, open_installation
from cms.settings import Settings
from records import passwords
from records.roles import StaffRole

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Somebody signed in: a test client that sends the token of the page it stands on."""

    def __init__(self, client: FlaskClient, email: str, password: str) -> None:
        self.client = client
        self.token = token(client.get("/sign-in").text)
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.status_code in (302, 303), answer.text
        self.email, self.password = email, password

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form; `htmx=True` sends it as a part of a page."""
        headers = {"HX-Request": "true"} if fields.pop("htmx", False) else {}
        return self.client.post(path, data={**fields, "csrf_token": self.token}, headers=headers)


def token(page: str) -> str:
    """The CSRF token of a page."""
    found = TOKEN.search(page)
    assert found, "the page has no CSRF token"
    return found[1]


@pytest.fixture(scope="session")
def demonstration_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demonstration with everything signed, with a cheap password hash."""
    home = tmp_path_factory.mktemp("demonstration")
    before, passwords._hasher = passwords._hasher, CHEAP
    try:
        place, _ = create(Settings(home=home))
        for _ in demo.play(place):
            pass
        place.engine.dispose()
        yield home
    finally:
        passwords._hasher = before


@pytest.fixture(scope="module")
def demo_place(
    demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """A copy of the demonstration for the tests of one module, which may change it."""
    home = tmp_path_factory.mktemp("place") / "home"
    shutil.copytree(demonstration_home, home)
    place = open_installation(Settings(home=home))
    yield place
    place.engine.dispose()


@pytest.fixture(scope="module")
def demo_app(demo_place: Installation) -> Flask:
    """The application of ``demo_place``."""
    return create_app(demo_place)


@pytest.fixture
def as_role(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[StaffRole], Browser]]:
    """``as_role(StaffRole.WRITER)``: a browser in which the first person of a role is signed in."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    limiter.enabled = False
    troupe = demo.cast()
    yield lambda role: Browser(demo_app.test_client(), troupe.email(role), troupe.password)
    limiter.enabled = True
