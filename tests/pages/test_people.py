"""People and profile as pages: one-time passwords, roles, lock-out, what a stranger learns."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.installation import Installation
from records import people
from records.models import AuditRow, Person
from records.queries import get_person
from records.roles import StaffRole
from tests.pages.conftest import Browser, token

As = Callable[[StaffRole], Browser]
ONE_TIME = re.compile(r'id="password">([^<]+)<')
REVISION = re.compile(r'name="revision" value="(\w+)"')


def person_of(place: Installation, name: str) -> Person:
    with place.sessions.read() as session:
        return session.scalars(select(Person).where(Person.name == name)).one()


def add(admin: Browser, name: str) -> str:
    """Add a writer; gives the one-time password."""
    email = f"{name.split(maxsplit=1)[0].casefold()}@example.org"
    answer = admin.post("/people/new", name=name, email=email, roles="writer")
    assert answer.status_code == 200, answer.text
    found = ONE_TIME.search(answer.text)
    assert found
    return found[1]


def try_signing_in(client: FlaskClient, email: str, password: str) -> tuple[int, str]:
    data = {"email": email, "password": password, "csrf_token": token(client.get("/sign-in").text)}
    answer = client.post("/sign-in", data=data)
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "")
    return answer.status_code, text


def test_a_new_person_can_do_nothing_before_their_own_password(
    as_role: As, demo_app: Flask
) -> None:
    given = add(as_role(StaffRole.ADMINISTRATOR), "Nora New")
    new = Browser(demo_app.test_client(), "nora@example.org", given)
    for path in ("/", "/library", "/claims", "/profile"):
        assert new.get(path).location == "/profile/password"
    assert new.post("/claims/import").location == "/profile/password"
    page = new.get("/profile/password")
    assert "Set your own password" in page.text
    assert new.get("/static/css/clearcopy.css").status_code == 200
    new.token = token(page.text)
    own = "three owls over the lake"
    answer = new.post("/profile/password", current=given, password=own, again=own)
    assert answer.status_code == 303, answer.text
    assert new.get("/claims").status_code == 200
    with pytest.raises(AssertionError):
        Browser(demo_app.test_client(), "nora@example.org", given)


def test_a_one_time_password_ends_other_sessions_and_is_shown_once(
    as_role: As, demo_app: Flask, demo_place: Installation
) -> None:
    admin = as_role(StaffRole.ADMINISTRATOR)
    first = add(admin, "Otto Once")
    otto = Browser(demo_app.test_client(), "otto@example.org", first)
    url = f"/people/{person_of(demo_place, 'Otto Once').id}"
    answer = admin.post(f"{url}/password")
    second = ONE_TIME.search(answer.text)
    assert second
    assert second[1] != first
    assert second[1] not in admin.get(url).text
    assert otto.get("/library").location.startswith("/sign-in")
    with demo_place.sessions.read() as session:
        rows = session.scalars(select(AuditRow)).all()
        assert not [row for row in rows if second[1] in f"{row.before}{row.after}{row.reason}"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "", "email": "x@example.org", "roles": "rep"}, "A person needs a name."),
        ({"name": "X", "email": "nobody", "roles": "rep"}, "is not an e-mail address"),
        ({"name": "X", "email": "x@example.org"}, "Choose at least one role."),
        ({"name": "<b>X</b>", "email": "x@example.org", "roles": "rep"}, "Only plain text"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_said_at_the_field(
    as_role: As, values: dict[str, str], said: str
) -> None:
    answer = as_role(StaffRole.ADMINISTRATOR).post("/people/new", **values)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{values["email"]}"' in answer.text, "what was typed is kept"
    assert "<b>X</b>" not in answer.text


def test_two_administrators_at_once(as_role: As, demo_place: Installation) -> None:
    admin = as_role(StaffRole.ADMINISTRATOR)
    add(admin, "Tilda Twice")
    url = f"/people/{person_of(demo_place, 'Tilda Twice').id}"
    revision = REVISION.search(admin.get(url).text)
    assert revision
    values = {"name": "Tilda Twice", "roles": "rep", "territory": "wi, IL"}
    assert admin.post(url, **values, revision=revision[1]).status_code == 303
    assert admin.post(url, **values, revision=revision[1]).status_code == 409
    assert "IL, WI" in admin.get(url).text


def test_deactivating_needs_a_reason_and_ends_access(
    as_role: As, demo_app: Flask, demo_place: Installation
) -> None:
    admin = as_role(StaffRole.ADMINISTRATOR)
    given = add(admin, "Gus Gone")
    gus = Browser(demo_app.test_client(), "gus@example.org", given)
    url = f"/people/{person_of(demo_place, 'Gus Gone').id}"
    assert admin.post(f"{url}/deactivate", reason=" ").status_code == 422
    assert admin.post(f"{url}/deactivate", reason="Left us.").status_code == 303
    assert gus.get("/profile").location.startswith("/sign-in")
    assert "Gus Gone" in admin.get("/people?show=deactivated").text
    assert "Gus Gone" not in admin.get("/people").text
    assert admin.post(f"{url}/activate").status_code == 303
    assert "Gus Gone" in admin.get("/people?q=gus").text


def test_an_administrator_cannot_lock_themselves_out(as_role: As, demo_place: Installation) -> None:
    admin = as_role(StaffRole.ADMINISTRATOR)
    with demo_place.sessions.read() as session:
        me = people.by_email(session, admin.email)
        url, name = f"/people/{me.id}", me.name
    assert admin.post(f"{url}/deactivate", reason="Tired.").status_code == 422
    assert admin.post(f"{url}/password").status_code == 422
    answer = admin.post(url, name=name, roles="writer")
    assert answer.status_code == 422
    assert "only administrator" in answer.text
    assert admin.post(url, name=name, roles="administrator", title="Head").status_code == 303
    assert admin.get(url).status_code == 200, "one's own change does not sign one out"


def test_others_may_not_keep_people(as_role: As) -> None:
    inspector = as_role(StaffRole.INSPECTOR)
    assert inspector.get("/people/1").status_code == 200
    assert inspector.get("/people/new").status_code == 403
    assert inspector.post("/people/1", name="X", roles="rep").status_code == 403
    assert inspector.post("/people/1/password").status_code == 403
    assert as_role(StaffRole.WRITER).get("/people").status_code == 403
    assert inspector.get("/people/999999").status_code == 404


def test_a_stranger_learns_nothing_from_a_refused_sign_in(
    as_role: As, demo_app: Flask, demo_place: Installation
) -> None:
    given = add(as_role(StaffRole.ADMINISTRATOR), "Lotte Locked")
    client = demo_app.test_client()
    known = [try_signing_in(client, "lotte@example.org", "wrong") for _ in range(6)]
    locked = try_signing_in(client, "lotte@example.org", given)
    unknown = try_signing_in(client, "nobody@example.org", "wrong")
    assert {*known, locked, unknown} == {unknown}
    assert unknown[0] == 401
    with demo_place.sessions.read() as session:
        person = get_person(session, person_of(demo_place, "Lotte Locked").id)
        assert person.locked_until is not None


def test_a_refused_sign_in_does_the_same_work_for_everybody(
    as_role: As, demo_app: Flask, demo_place: Installation
) -> None:
    def rows() -> int:
        with demo_place.sessions.read() as session:
            return len(session.scalars(select(AuditRow.number)).all())

    add(as_role(StaffRole.ADMINISTRATOR), "Wilma Work")
    client = demo_app.test_client()
    written = []
    for email in ("wilma@example.org", "nobody@example.org"):
        before = rows()
        try_signing_in(client, email, "wrong")
        written.append(rows() - before)
    assert written == [1, 1]
