"""Forms that arrive after somebody was signed out, or from a page of an older session."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from mlr.models import Deputy
from records.models import Signature
from records.roles import StaffRole
from tests.pages.conftest import token

WORDS = "A long sentence that nobody types twice <b>gladly</b>."
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def out(demo_app):
    """Somebody whose session is over, with the form of a verdict in front of them."""
    return demo_app.test_client()


def _form(**more: str) -> dict[str, str]:
    return {"verdict": "reject", "comment": WORDS, "password": "Secret of mine 1", **more}


def test_what_was_written_comes_back(out) -> None:
    answer = out.post("/reviews/tasks/1/verdict", data=_form(), headers=HERE)
    assert answer.status_code == 401
    assert "You were signed out" in answer.text
    assert "A long sentence that nobody types twice &lt;b&gt;gladly&lt;/b&gt;." in answer.text
    assert "Secret of mine" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}])
def test_nothing_is_shown_that_another_site_sent(out, headers) -> None:
    answer = out.post("/reviews/tasks/1/verdict", data=_form(), headers=headers)
    assert answer.status_code == 401
    assert "nobody types twice" not in answer.text


@pytest.mark.parametrize(
    "header", [{"X-In-Place": "1"}, {"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}]
)
def test_a_script_learns_that_one_was_signed_out(out, header) -> None:
    answer = out.post("/reviews/tasks/1/verdict", data=_form(), headers=header)
    there = answer.headers.get("X-Location") or answer.headers["Location"]
    # not the address of the form, which nobody can open
    assert there == "/sign-in"


def test_a_page_one_wanted_to_read_is_opened_after_signing_in(out) -> None:
    answer = out.get("/reviews?show=open")
    assert answer.headers["Location"] == "/sign-in?next=%2Freviews%3Fshow%3Dopen"


def test_an_ended_session_with_its_token_left_is_told_the_same(demo_app, as_role) -> None:
    me = as_role(StaffRole.MEDICAL)
    with me.client.session_transaction() as kept:
        kept["_user_id"] = "1:another stamp"
    answer = me.client.post(
        "/reviews/tasks/1/verdict", data=_form(csrf_token=me.token), headers=HERE
    )
    assert answer.status_code == 401
    assert "nobody types twice" in answer.text


def test_a_page_of_an_older_session_does_nothing(as_role, demo_place) -> None:
    me = as_role(StaffRole.MEDICAL)
    fields = _form(csrf_token="of another session")
    answer = me.client.post("/reviews/tasks/1/verdict", data=fields, headers=HERE)
    assert answer.status_code == 400
    assert answer.headers["X-Token"] == "old"
    assert "made before you signed in" in answer.text
    assert "nobody types twice" in answer.text
    # the token that the page has now works
    fields["csrf_token"] = token(me.get("/reviews").text)
    assert me.client.post("/deputies", data=fields).status_code == 422


def test_neither_leaves_anything(out, demo_place) -> None:
    with demo_place.sessions.read() as session:
        before = session.scalar(select(func.count(Signature.id)))
        out.post("/deputies", data={"deputy": "1"}, headers=HERE)
        assert session.scalar(select(func.count(Signature.id))) == before
        assert session.scalar(select(func.count(Deputy.id))) == 0
