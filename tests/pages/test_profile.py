"""One's own page: password, time zone, colours, keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from cms.installation import Installation
from records.actions import Action
from records.models import AuditRow
from records.roles import StaffRole
from tests.pages.conftest import Browser

As = Callable[[StaffRole], Browser]
OWN = "three owls over the lake"


def test_how_one_sees_the_pages_is_kept(as_role: As) -> None:
    writer = as_role(StaffRole.WRITER)
    assert writer.post("/profile", zone="America/New_York", theme="dark").status_code == 303
    page = writer.get("/profile").text
    assert '<option value="America/New_York" selected>' in page
    assert 'data-theme="dark"' in page
    assert "data-no-keys" in page
    assert writer.post("/profile", zone="UTC", theme="", single_keys="1").status_code == 303
    page = writer.get("/profile").text
    assert "data-theme" not in page
    assert "data-no-keys" not in page


@pytest.mark.parametrize(
    "values", [{"zone": "Mars", "theme": ""}, {"zone": "UTC", "theme": "<b>"}, {}]
)
def test_what_no_zone_or_theme_is_changes_nothing(as_role: As, values: dict[str, str]) -> None:
    writer = as_role(StaffRole.WRITER)
    answer = writer.post("/profile", **values)
    assert answer.status_code == 422
    assert "<b>" not in answer.text.partition("<main")[2].partition("What you may do")[0].replace(
        "<b>This could not be saved</b>", ""
    )
    assert 'data-theme="' not in writer.get("/profile").text


def test_a_changed_password_ends_the_other_sessions_only(as_role: As, demo_app: Flask) -> None:
    here, there = as_role(StaffRole.LEGAL), as_role(StaffRole.LEGAL)
    answer = here.post("/profile/password", current=here.password, password=OWN, again=OWN)
    assert answer.status_code == 303, answer.text
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").location.startswith("/sign-in")
    Browser(demo_app.test_client(), here.email, OWN)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": OWN, "again": OWN + "!"}, "are not the same"),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({}, "at least 12 characters"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    as_role: As, fields: dict[str, str], said: str
) -> None:
    medical = as_role(StaffRole.MEDICAL)
    answer = medical.post("/profile/password", current=medical.password, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert OWN not in answer.text, "passwords are not sent back"
    as_role(StaffRole.MEDICAL)


def test_wrong_passwords_are_counted_and_lock(as_role: As, demo_place: Installation) -> None:
    regulatory = as_role(StaffRole.REGULATORY)
    said = []
    for _ in range(6):
        answer = regulatory.post("/profile/password", current="x", password=OWN, again=OWN)
        assert answer.status_code == 422
        said.append(answer.text)
    assert "4 more wrong ones lock it" in said[0]
    assert "One more wrong one locks it" in said[3]
    assert "Too many wrong passwords" in said[4]
    assert "Too many wrong passwords" in said[5]
    right = regulatory.post(
        "/profile/password", current=regulatory.password, password=OWN, again=OWN
    )
    assert right.status_code == 422
    with demo_place.sessions.read() as session:
        failed = select(AuditRow).where(AuditRow.action == Action.PERSON_SET_PASSWORD_FAILED)
        assert len(session.scalars(failed).all()) == 5


def test_who_has_an_own_password_is_not_sent_to_the_forced_page(as_role: As) -> None:
    assert as_role(StaffRole.REP).get("/profile/password").location == "/profile"
