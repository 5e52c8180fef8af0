"""One search over everything: each role finds what it may read, and no more."""

from __future__ import annotations

import re

import pytest

from cms import demo
from records.roles import StaffRole


@pytest.fixture(autouse=True)
def _issued(demo_place) -> None:
    """The demonstration rep's copy; a second call gives the same one."""
    demo.brief(demo_place)


SECTION = re.compile(r'<section class="mb5" aria-label="(\w+)">(.*?)</section>', re.DOTALL)
ODD = ["", "   ", "zzzz nothing", "%_%", "<script>", "x" * 5000, "' OR 1"]


def found(browser, query: str) -> dict[str, str]:
    """The sections of the page of hits, by their title, without the marks of the hits."""
    page = browser.get("/search", query_string={"q": query})
    assert page.status_code == 200
    return dict(SECTION.findall(re.sub(r"</?mark>", "", page.text)))


@pytest.mark.parametrize(
    ("query", "title", "words"),
    [
        ("response", "Modules", "/modules/HAL-M-"),
        ("HAL-0005", "Claims", "/claims/HAL-0005"),
        ("ostavatinib northlight", "Labels", "/labels/"),
        ("BRF-0001", "Materials", "/materials/BRF-0001"),
        ("copy 1", "Copies", "copy 0001"),
        ("0001", "Copies", "Daniel Okoro"),
        ("riverside", "Accounts", "Riverside"),
        ("okoro", "People", "daniel.okoro@"),
    ],
)
def test_everything_is_found_by_its_own_words(as_role, query, title, words) -> None:
    sections = found(as_role(StaffRole.COMPLIANCE), query)
    assert words in sections[title]


def test_the_words_are_marked(as_role) -> None:
    page = as_role(StaffRole.WRITER).get("/search?q=hal-0005").text
    assert "<mark>HAL-0005</mark>" in page


def test_a_long_list_leads_to_its_room(as_role) -> None:
    claims = found(as_role(StaffRole.WRITER), "HALVORYN")["Claims"]
    assert re.search(r'href="/claims\?q=HALVORYN">All \d+', claims)


def test_nobody_finds_what_is_not_theirs(as_role) -> None:
    assert "People" not in found(as_role(StaffRole.WRITER), "okoro")
    keeper = found(as_role(StaffRole.ADMINISTRATOR), "HAL-0005")
    assert "Claims" not in keeper
    rep = as_role(StaffRole.REP)
    assert set(found(rep, "a")) <= {"Accounts"}
    assert "Copies" in found(rep, "1")
    other = found(rep, "2")
    assert "Copies" not in other or "Daniel Okoro" in other["Copies"]


@pytest.mark.parametrize(
    "query", ["", "   ", "zzzz nothing", "%_%", "<script>", "x" * 5000, "' OR 1"]
)
def test_odd_words_are_words(as_role, query) -> None:
    page = as_role(StaffRole.WRITER).get("/search", query_string={"q": query})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<h1>" in page.text


def test_it_is_reached_from_every_page(as_role) -> None:
    for role in StaffRole:
        browser = as_role(role)
        assert 'href="/search" data-search' in browser.get("/profile").text, role
