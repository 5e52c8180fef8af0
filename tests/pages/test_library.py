"""The library on the demonstration: words, facets, counts, pages, the map of what is covered."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cms import demo
from cms.installation import Installation
from cms.web import library_rows
from modules import queries
from modules.models import Module, ModuleVersion
from modules.review import MODULES
from modules.search import SearchUnavailable
from records.lifecycle import VersionState
from records.people import by_email
from records.roles import StaffRole

As = Callable[[StaffRole], Any]
ROW = re.compile(r'class="ttl" href="/modules/([^"]+)"')


def codes(page: str) -> list[str]:
    return ROW.findall(page)


def count(page: str, facet: str, value: str) -> int:
    found = re.search(
        rf'name="{facet}" value="{re.escape(value)}"[^>]*>'
        r'<span>[^<]*</span><span class="n">([\d,]+)',
        page,
    )
    assert found, (facet, value)
    return int(found[1].replace(",", ""))


def total(page: str) -> int:
    found = re.search(r'id="count"[^>]*>([\d,]+) module', page)
    assert found
    return int(found[1].replace(",", ""))


@pytest.fixture
def writer(as_role: As) -> Any:
    return as_role(StaffRole.WRITER)


def test_every_module_is_there_and_pages_go_on_and_back(
    writer: Any, demo_place: Installation
) -> None:
    with demo_place.sessions.read() as session:
        every = set(session.scalars(select(Module.code)))
    first = writer.get("/library?sort=code").text
    assert total(first) == len(every)
    address = re.search(r'href="([^"]+)" rel="next"', first)
    assert address
    second = writer.get(html.unescape(address[1])).text
    assert set(codes(first)) | set(codes(second)) == every
    assert not set(codes(first)) & set(codes(second))
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back
    assert codes(writer.get(html.unescape(back[1])).text) == codes(first)


def test_a_row_begins_with_the_text_and_counts_the_roles_left_out(writer: Any) -> None:
    page = writer.get("/library?sort=code").text + writer.get("/library?sort=code&page=2").text
    # its heading is the title and more; what only repeats the title is left out
    assert "Formulary summary: HALVORYN (ostavatinib)" in page
    assert ">1 more role<" in page
    assert "1 more roles" not in page


def test_a_ticked_value_gives_as_many_as_its_count_said(writer: Any) -> None:
    page = writer.get("/library").text
    expected = count(page, "pillar", "safety-administration")
    assert expected
    ticked = writer.get("/library?pillar=safety-administration").text
    assert total(ticked) == expected
    assert count(ticked, "pillar", "clinical-differentiation") == count(
        page, "pillar", "clinical-differentiation"
    )


def test_words_are_found_and_marked_in_title_and_text(writer: Any) -> None:
    page = writer.get("/library?q=hepatotoxicity").text
    assert codes(page)
    assert "<mark>" in page


def test_words_and_html_of_a_stranger_stay_text(writer: Any) -> None:
    answer = writer.get("/library", query_string={"q": '"><script>alert(1)</script>'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/library?after=nothing",
        "/library?before=~&sort=updated",
        "/library?after=99999999999999999999999~X&sort=updated",
        "/library?skip=-5&q=dose",
        "/library?skip=many",
        "/library?sort=nonsense&pillar=nonsense&owner=nobody",
        "/library?standing=nonsense&state=nonsense",
        "/library?q=" + "word%20" * 300,
    ],
)
def test_a_spoiled_address_is_no_error(writer: Any, address: str) -> None:
    assert writer.get(address).status_code == 200


def test_while_typing_only_the_list_is_sent(writer: Any) -> None:
    part = writer.get("/library?q=dose", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<form")
    assert "HX-Request" in part.headers["Vary"]
    whole = writer.get("/library?q=dose", headers={"HX-History-Restore-Request": "true"})
    assert "</html>" in whole.text


def test_nothing_found_says_what_there_would_be_without_a_filter(writer: Any) -> None:
    page = writer.get("/library?q=hepatotoxicity&kind=agenda").text
    assert total(page) == 0
    assert "Without kind: Agenda" in page


def test_a_misspelled_word_is_offered_as_it_is_spelled(writer: Any) -> None:
    page = writer.get("/library?q=hepatotoxicty").text
    assert total(page) == 0
    assert "“hepatotoxicity” instead" in page


def test_what_is_withdrawn_is_never_listed_as_approved_whatever_the_index_says(
    writer: Any, demo_place: Installation
) -> None:
    """The index still has the text; state and counts come from the database."""
    before = writer.get("/library?q=hepatotoxicity&state=approved").text
    code = codes(before)[0]
    with demo_place.sessions.write() as session:
        version = session.scalars(
            select(ModuleVersion)
            .join(Module, Module.approved_id == ModuleVersion.id)
            .where(Module.code == code)
        ).one()
        keeper = by_email(session, demo.cast().email(StaffRole.REGULATORY))
        MODULES.withdraw(session, version, actor=keeper, reason="A test withdraws it.")
    after = writer.get("/library?q=hepatotoxicity&state=approved").text
    assert code not in codes(after)
    assert total(after) == total(before) - 1
    everything = writer.get("/library?q=hepatotoxicity").text
    assert code in codes(everything)
    assert VersionState.WITHDRAWN.value in everything


def test_without_an_index_titles_and_codes_are_searched(
    writer: Any, demo_place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def find(self, *_: object, **__: object) -> None:
            raise SearchUnavailable("The index is not there.")

    monkeypatch.setattr(queries, "engine_of", lambda _session: Broken())
    page = writer.get("/library?q=HAL-M-001").text
    assert codes(page) == ["HAL-M-001"]
    assert "clearcopy reindex" in page


def test_coverage_leads_from_a_cell_to_the_modules_it_counts(writer: Any) -> None:
    page = writer.get("/library/coverage?role=pharmacy-director").text
    cells = re.findall(r'<td><a href="([^"]+)">.*?<span class="big">(\d+)', page)
    assert cells
    for address, number in cells:
        assert total(writer.get(html.unescape(address)).text) == int(number)


@pytest.mark.parametrize(
    ("role", "status"),
    [(StaffRole.REP, 403), (StaffRole.ADMINISTRATOR, 403), (StaffRole.INSPECTOR, 200)],
)
def test_who_may_see_the_library(as_role: As, role: StaffRole, status: int) -> None:
    browser = as_role(role)
    for address in ("/library", "/library/coverage"):
        assert browser.get(address).status_code == status


def test_texts_are_found_when_what_is_kept_is_let_go(
    demo_place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_rows, "_KEPT", 0)
    with demo_place.sessions.read() as session:
        versions = session.scalars(select(ModuleVersion).limit(4)).all()
        whole = {each.id: library_rows.plain(session, [each])[each.id] for each in versions}
        library_rows._texts.clear()
        library_rows.plain(session, versions[:2])
        assert library_rows.plain(session, versions) == whole
        assert all(whole.values())
