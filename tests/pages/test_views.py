"""Views of the library that people keep: their own, by name, and nobody else's."""

from __future__ import annotations

import re

import pytest

from records.roles import StaffRole

WRITER, MEDICAL = StaffRole.WRITER, StaffRole.MEDICAL
CHOSEN = "pillar=safety-administration&state=approved&q=liver&after=9&nothing=x"


def _keep(browser, name: str, query: str = CHOSEN):
    return browser.post("/library/views", name=name, query=query)


def _mine(browser) -> list[str]:
    page = browser.get("/library").text
    return re.findall(r'aria-label="Forget the view ([^"]+)"', page)


def test_what_is_chosen_is_kept_and_found_again(as_role) -> None:
    browser = as_role(WRITER)
    answer = _keep(browser, " Liver,  approved ")
    assert answer.status_code == 303
    assert "state=approved" in answer.location
    assert "after" not in answer.location
    assert "nothing" not in answer.location
    page = browser.get(answer.location).text
    assert "Kept: “Liver, approved”" in page
    assert re.search(r'aria-current="true">Liver, approved<', page)


def test_the_same_name_takes_the_newer_query(as_role) -> None:
    browser = as_role(WRITER)
    _keep(browser, "Again")
    _keep(browser, "Again", "state=draft")
    assert _mine(browser).count("Again") == 1
    assert "/library?state=draft" in browser.get("/library").text


def test_views_are_ones_own(as_role) -> None:
    writer, other = as_role(WRITER), as_role(MEDICAL)
    _keep(writer, "Mine alone")
    assert "Mine alone" not in _mine(other)
    number = re.search(r"/library/views/(\d+)/forget", writer.get("/library").text)
    assert number is not None
    assert other.post(f"/library/views/{number[1]}/forget").status_code == 404
    assert writer.post(f"/library/views/{number[1]}/forget").status_code == 303
    assert writer.post(f"/library/views/{number[1]}/forget").status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_is_needed_and_has_a_measure(as_role, name: str) -> None:
    browser = as_role(WRITER)
    before = _mine(browser)
    assert _keep(browser, name).status_code == 422
    assert _mine(browser) == before


def test_nothing_chosen_is_nothing_to_keep(as_role) -> None:
    browser = as_role(MEDICAL)
    assert "Keep this view" not in browser.get("/library").text.partition("<dialog")[0]
    assert 'href="#keep"' in browser.get("/library?state=approved").text


def test_no_more_than_twenty_are_kept(as_role) -> None:
    browser = as_role(StaffRole.LEGAL)
    assert [_keep(browser, f"View {n}").status_code for n in range(21)] == [*[303] * 20, 422]
    assert "Forget one first" in _keep(browser, "One more").text
    assert _keep(browser, "View 3", "state=draft").status_code == 303
