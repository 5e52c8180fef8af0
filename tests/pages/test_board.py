"""The team board and deputies through the pages: taking, giving, letting go, standing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cms.installation import Installation
from mlr.models import Deputy, ReviewTask
from modules.review import MODULES
from records import clock
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests import building
from tests.pages.conftest import Browser


@pytest.fixture(scope="module")
def second(demo_place: Installation) -> tuple[int, str]:
    """Another medical reviewer of the house."""
    with demo_place.sessions.write() as session:
        person = building.person(session, StaffRole.MEDICAL)
        session.commit()
        return person.id, person.name


@pytest.fixture(scope="module")
def task(demo_place: Installation, second: tuple[int, str]) -> int:
    """The open medical part of a review of a module."""
    with demo_place.sessions.write() as session:
        people = session.scalars(select(Person)).all()
        author = next(each for each in people if StaffRole.WRITER in each.roles)
        version = building.module(
            session,
            "HAL-M-901",
            of=building.product(session, "Boardine"),
            author=author,
        )
        job = MODULES.submit(session, version, actor=author)
        session.commit()
        return next(each.id for each in job.tasks if each.discipline is Discipline.MEDICAL)


def _me(place: Installation, browser: Browser) -> int:
    with place.sessions.read() as session:
        found = session.scalar(select(Person.id).where(Person.email == browser.email))
        assert found is not None
        return found


def _holder(place: Installation, task: int) -> int | None:
    with place.sessions.read() as session:
        return session.get_one(ReviewTask, task).holder_id


def test_a_reviewer_takes_a_part_and_lets_it_go(demo_place, as_role, task) -> None:
    browser = as_role(StaffRole.MEDICAL)
    me = _me(demo_place, browser)
    page = browser.get("/reviews/board?discipline=medical").text
    assert "Boardine" in page or "HAL-M-901" in page
    assert f'action="/reviews/tasks/{task}/holder"' in page
    address = f"/reviews/tasks/{task}/holder"
    answer = browser.post(address, holder=me, seen=0, back="board")
    assert answer.status_code == 303
    assert _holder(demo_place, task) == me
    assert "held by <b>you</b>" in browser.get(f"/reviews/tasks/{task}").text
    assert browser.post(address, holder="", seen=me).status_code == 303
    assert _holder(demo_place, task) is None


def test_a_writer_sees_the_board_and_gives_nothing(demo_place, as_role, task, second) -> None:
    browser = as_role(StaffRole.WRITER)
    page = browser.get("/reviews/board")
    assert page.status_code == 200
    assert "Give to" not in page.text
    answer = browser.post(f"/reviews/tasks/{task}/holder", holder=second[0], seen=0)
    assert answer.status_code == 403
    assert _holder(demo_place, task) is None


def test_who_leads_gives_a_part_and_a_stale_page_gives_nothing(
    demo_place, as_role, task, second
) -> None:
    browser = as_role(StaffRole.COMPLIANCE)
    assert "Give to" in browser.get("/reviews/board").text
    address = f"/reviews/tasks/{task}/holder"
    assert browser.post(address, holder=second[0], seen=0, back="board").status_code == 303
    assert _holder(demo_place, task) == second[0]
    assert browser.post(address, holder="", seen=0).status_code == 409
    page = browser.get(f"/reviews/board?holder={second[0]}").text
    assert f'action="/reviews/tasks/{task}/holder"' in page
    assert second[1] in page
    assert browser.post(address, holder="no", seen=second[0]).status_code == 404
    # a legal reviewer cannot hold the medical part
    legal = _me(demo_place, as_role(StaffRole.LEGAL))
    answer = browser.post(address, holder=legal, seen=second[0])
    assert answer.status_code == 422
    assert _holder(demo_place, task) == second[0]


def test_the_board_keeps_its_filter_and_says_when_nothing_is_there(as_role) -> None:
    browser = as_role(StaffRole.INSPECTOR)
    page = browser.get("/reviews/board?discipline=legal&holder=987654").text
    assert "Nothing here waits for a verdict" in page
    assert "Show all" in page


def test_a_reviewer_names_a_deputy_whom_everybody_sees(demo_place, as_role, second) -> None:
    browser = as_role(StaffRole.MEDICAL)
    today = clock.now().date()
    fields = {
        "discipline": "medical",
        "deputy": second[0],
        "first": today.isoformat(),
        "last": (today + timedelta(days=3)).isoformat(),
    }
    backwards = {**fields, "last": (today - timedelta(days=9)).isoformat()}
    refused = browser.post("/deputies", **backwards)
    assert refused.status_code == 422
    assert "The last day is before the first" in refused.text
    assert f'value="{second[0]}" selected' in refused.text
    assert browser.post("/deputies", **{**fields, "first": "soon"}).status_code == 422
    assert browser.post("/deputies", **fields).status_code == 303
    for role in (StaffRole.REP, StaffRole.WRITER, StaffRole.ADMINISTRATOR):
        assert second[1] in as_role(role).get("/deputies").text
    with demo_place.sessions.read() as session:
        (row,) = session.scalars(select(Deputy)).all()
        number = row.id
    assert as_role(StaffRole.WRITER).post(f"/deputies/{number}/end").status_code == 403
    assert as_role(StaffRole.ADMINISTRATOR).post(f"/deputies/{number}/end").status_code == 303
    assert second[1] not in re.sub(r"<select.*?</select>", "", _listed(browser), flags=re.DOTALL)


def _listed(browser: Browser) -> str:
    page = browser.get("/deputies").text
    return page[page.index('id="standing"') : page.index("<aside")]


def test_nobody_without_the_right_names_a_deputy_for_another(demo_place, as_role, second) -> None:
    absent = _me(demo_place, as_role(StaffRole.MEDICAL))
    today = clock.now().date().isoformat()
    answer = as_role(StaffRole.WRITER).post(
        "/deputies", absent=absent, deputy=second[0], discipline="medical", first=today, last=today
    )
    assert answer.status_code == 403
