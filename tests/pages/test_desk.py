"""The desk of each role on the demonstration: what waits, what ends, how things stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cms import demo
from cms.installation import Installation
from modules import operations
from modules.models import Module
from modules.review import MODULES
from records.people import by_email
from records.roles import StaffRole

As = Callable[[StaffRole], Any]


@pytest.fixture(scope="module")
def reviewed_code(demo_place: Installation) -> str:
    """A module of which a next version is in review."""
    with demo_place.sessions.write() as session:
        writer = by_email(session, demo.cast().email(StaffRole.WRITER))
        module = session.scalars(select(Module).where(Module.code == "HAL-M-001")).one()
        version = operations.new_draft(session, module, actor=writer)
        version.title = "A title that waits for signatures"
        version.seal_content()
        MODULES.submit(session, version, actor=writer)
    return "HAL-M-001"


@pytest.mark.parametrize("role", [StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY])
def test_a_reviewer_sees_what_waits_and_how_many(
    as_role: As, reviewed_code: str, role: StaffRole
) -> None:
    page = as_role(role).get("/").text
    assert "One thing needs your signature" in page
    assert "A title that waits for signatures" in page
    assert re.search(r'href="/"[^>]*>\s*Desk\s*<span class="count">1<', page)


def test_the_author_sees_it_with_the_reviewers(as_role: As, reviewed_code: str) -> None:
    page = as_role(StaffRole.WRITER).get("/").text
    assert "With the reviewers" in page
    assert "waits for medical, legal and regulatory" in page


def test_a_draft_of_mine_leads_to_the_editor(as_role: As, demo_place: Installation) -> None:
    with demo_place.sessions.write() as session:
        writer = by_email(session, demo.cast().email(StaffRole.WRITER))
        module = session.scalars(select(Module).where(Module.code == "HAL-M-002")).one()
        operations.new_draft(session, module, actor=writer)
    page = as_role(StaffRole.WRITER).get("/").text
    assert "/modules/HAL-M-002/edit" in page
    other = as_role(StaffRole.LIBRARIAN).get("/").text
    assert "/modules/HAL-M-002/edit" not in other


def test_the_inspector_sees_figures_that_lead_to_their_lists(as_role: As) -> None:
    browser = as_role(StaffRole.INSPECTOR)
    page = browser.get("/").text
    for words in ("Approved modules", "At risk", "Expiring in 60 days", "Copies out"):
        assert words in page
    found = re.search(r'<a href="(/library\?state=approved)">(\d+)</a>', page)
    assert found
    assert f"{found[2]} modules" in browser.get(found[1]).text


def test_the_librarian_sees_labels_and_claims(as_role: As) -> None:
    page = as_role(StaffRole.LIBRARIAN).get("/").text
    assert "Claims that end soon" in page
    assert "HALVORYN, label version" in page


def test_an_administrator_sees_people_and_no_content(as_role: As) -> None:
    page = as_role(StaffRole.ADMINISTRATOR).get("/").text
    assert "Locked out" in page
    assert "HAL-M-" not in page


def test_a_rep_lands_on_the_accounts(as_role: As) -> None:
    answer = as_role(StaffRole.REP).get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/field"


def test_a_stranger_is_asked_to_sign_in(demo_app: Any) -> None:
    answer = demo_app.test_client().get("/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]
