"""The pages as a user has them: signing in, what each role may open, copies, the public page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.app import create_app, limiter
from cms.installation import create
from cms.pages import DECLARED, Open, page
from cms.settings import Settings
from records import passwords, people
from records.actions import Action
from records.models import AuditRow
from records.roles import StaffRole

PASSWORD = "a long enough secret 42"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    made, _ = create(Settings(home=tmp_path, database_url=database_url))
    with made.sessions.write() as session:
        keeper = None
        for role in (StaffRole.ADMINISTRATOR, *StaffRole):
            if role is StaffRole.ADMINISTRATOR and keeper is not None:
                continue
            person = people.add_person(
                session,
                actor=keeper,
                email=f"{role}@example.org",
                name=f"Some {role.capitalize()}",
                roles_held=[role],
                password=PASSWORD,
            )
            keeper = keeper or person
    yield made
    made.engine.dispose()


@pytest.fixture
def client(place) -> Iterator[Callable[[], FlaskClient]]:
    app = create_app(place)
    limiter.enabled = False
    yield app.test_client
    limiter.enabled = True


def sign_in(client: FlaskClient, role: StaffRole, password: str = PASSWORD):
    token = TOKEN.search(client.get("/sign-in").text)
    assert token
    return client.post(
        "/sign-in",
        data={"email": f"{role}@example.org", "password": password, "csrf_token": token[1]},
    )


# page -> the roles that may open it; everybody else is refused
MAY = {
    "/": set(StaffRole),
    "/profile": set(StaffRole),
    "/library": set(StaffRole) - {StaffRole.REP, StaffRole.ADMINISTRATOR},
    "/field": {StaffRole.REP},
    "/copies": {StaffRole.REP},
    "/trail": {StaffRole.COMPLIANCE, StaffRole.ADMINISTRATOR, StaffRole.INSPECTOR},
}


@pytest.mark.parametrize("role", list(StaffRole))
def test_each_role_opens_its_pages_and_no_others(client, role: StaffRole) -> None:
    browser = client()
    assert sign_in(browser, role).status_code == 302
    opened = {path for path in MAY if browser.get(path, follow_redirects=True).status_code == 200}
    assert opened == {path for path, roles in MAY.items() if role in roles}


def test_nobody_signed_in_is_sent_to_sign_in(client) -> None:
    for path in MAY:
        answer = client().get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


def test_a_refused_page_leaves_its_trace(client, place) -> None:
    browser = client()
    sign_in(browser, StaffRole.WRITER)
    assert browser.get("/trail").status_code == 403
    with place.sessions.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == Action.PERSON_REFUSED))
        assert [row.actor_name for row in rows] == ["Some Writer"]


def test_five_wrong_passwords_lock_even_the_right_one_out(client) -> None:
    browser = client()
    for _ in range(5):
        assert sign_in(browser, StaffRole.WRITER, "wrong").status_code == 401
    answer = sign_in(browser, StaffRole.WRITER)
    assert answer.status_code == 401
    assert "or the account is locked" in answer.text


def test_a_form_without_its_token_is_refused(client) -> None:
    answer = client().post("/sign-in", data={"email": "x", "password": "y"})
    assert answer.status_code == 400


def test_a_deactivated_person_is_out_at_once(client, place) -> None:
    browser = client()
    sign_in(browser, StaffRole.WRITER)
    with place.sessions.write() as session:
        people.deactivate(
            session,
            people.by_email(session, "writer@example.org"),
            actor=people.by_email(session, "administrator@example.org"),
            reason="left",
        )
    assert browser.get("/library").status_code == 302


def test_sign_in_leads_only_into_this_house(client) -> None:
    browser = client()
    token = TOKEN.search(browser.get("/sign-in").text)
    assert token
    data = {"email": "writer@example.org", "password": PASSWORD, "csrf_token": token[1]}
    answer = browser.post("/sign-in", data=data | {"next": "//elsewhere.example/x"})
    assert answer.location == "/"


def test_the_public_page_knows_no_code_and_sets_no_cookie(client) -> None:
    answer = client().get("/v/ABCDEFGHJK")
    assert answer.status_code == 404
    assert "We do not know this code" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_every_answer_carries_the_policy(client) -> None:
    for path in ("/sign-in", "/v/X", "/nowhere", "/static/css/clearcopy.css"):
        policy = client().get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_page_cannot_be_declared_without_saying_who_may_see_it(client) -> None:
    from flask import Blueprint

    with pytest.raises(TypeError):
        page(Blueprint("x", __name__), "/x", permission=None)(lambda: "")
    assert DECLARED["validity.show"] is Open.PUBLIC


def test_a_refused_sign_in_does_not_say_who_works_here(client) -> None:
    def refused(address: str) -> str:
        browser = client()
        token = TOKEN.search(browser.get("/sign-in").text)
        assert token
        data = {"email": address, "password": "wrong", "csrf_token": token[1]}
        answer = browser.post("/sign-in", data=data)
        assert answer.status_code == 401
        return TOKEN.sub("", answer.text).replace(address, "")

    assert refused("writer@example.org") == refused("nobody@example.org")
