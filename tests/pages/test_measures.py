"""The page of measures: figures of the demonstration, filters in the address, the same as CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import func, select

from cms import demo
from cms.charts import Point, bars, over_time
from cms.measures_words import DEFINITIONS
from mlr import engine
from mlr.models import JobState, ReviewJob
from modules.review import MODULES
from records import clock
from records.models import Person
from records.roles import StaffRole
from tests import building


def _rows(browser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/measures.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_table_says_what_the_house_did(demo_place, as_role) -> None:
    rows = _rows(as_role(StaffRole.WRITER))
    said = {(row["measure"], row["by"], row["group"], row["figure"]): row["value"] for row in rows}
    with demo_place.sessions.read() as session:
        approved = session.scalar(
            select(func.count())
            .select_from(ReviewJob)
            .where(ReviewJob.state == JobState.APPROVED, ReviewJob.subject_kind != "bulk_run")
        )
    assert approved
    assert said["circulations", "all", "all", "approvals"] == str(approved)
    assert {row["definition"] for row in rows} <= {sentence for _, sentence in DEFINITIONS.values()}
    assert {"module", "Claim"} & {row["group"] for row in rows}


def test_what_is_kept_is_not_shown_once_it_is_old(demo_place, as_role) -> None:
    browser = as_role(StaffRole.WRITER)

    def cases() -> dict[str, float]:
        return {
            row["measure"]: float(row["value"])
            for row in _rows(browser)
            if row["figure"] == "cases" and row["by"] == "all"
        }

    before = cases()
    assert cases() == before
    with demo_place.sessions.write() as session:
        writer = next(
            each for each in session.scalars(select(Person)) if StaffRole.WRITER in each.roles
        )
        product = building.product(session, "Lateline")
        version = building.module(session, "LAT-M-001", of=product, author=writer)
        MODULES.submit(session, version, actor=writer)
        session.commit()
    assert cases() == {**before, "days in draft": before["days in draft"] + 1}
    with demo_place.sessions.write() as session:
        job = session.scalars(select(ReviewJob).order_by(ReviewJob.id.desc())).first()
        engine.close(session, job, JobState.REJECTED, actor=None, reason="A test")
        session.commit()
    after = cases()
    assert after["days in review"] == before["days in review"] + 1


def test_a_copy_that_is_issued_counts_at_once(demo_place, as_role) -> None:
    demo.brief(demo_place)
    browser = as_role(StaffRole.WRITER)

    def copies() -> float:
        rows = [row for row in _rows(browser) if row["measure"] == "copies"]
        return sum(float(row["value"]) for row in rows)

    before = copies()
    rep = as_role(StaffRole.REP)
    form = {"key": "one more", "format": "pdf"}
    assert rep.post("/materials/BRF-0001/copies", **form).status_code == 303
    assert copies() > before


def test_every_figure_is_defined_and_every_chart_is_told(as_role) -> None:
    page = html.fromstring(as_role(StaffRole.COMPLIANCE).get("/measures").text)
    charts = page.xpath("//main//svg[contains(@class, 'chart')]")
    assert charts
    for chart in charts:
        assert chart.get("role") == "img"
        assert chart.xpath("./title/text()")
        assert chart.xpath("ancestor::section[1]//table")
    told = page.xpath("string(//*[@id='definitions'])")
    for head, sentence in DEFINITIONS.values():
        assert head in told
        assert sentence in told
    assert not page.xpath("//main//*[@style] | //main//script")


def test_period_and_product_are_in_the_address(as_role) -> None:
    browser = as_role(StaffRole.INSPECTOR)
    before = (clock.now() - timedelta(days=4000)).date()
    query = f"?from={before - timedelta(days=30)}&to={before}"
    page = browser.get(f"/measures{query}").text
    assert "There were no reviews in this period." in page
    assert {row["measure"] for row in _rows(browser, query)} & {"days in review", "copies"} == set()
    brand = html.fromstring(browser.get("/measures").text).xpath(
        "//select[@name='product']/option[@value != '']/@value"
    )[0]
    page = browser.get(f"/measures?days=90&product={brand}").text
    assert f", {brand}." in page
    assert f"product={brand}" in page
    assert {row["product"] for row in _rows(browser, f"?product={brand}")} == {brand}


@pytest.mark.parametrize("query", ["?from=yesterday", "?from=2026-05-02&to=2026-05-01"])
def test_a_period_that_is_none_is_refused(as_role, query) -> None:
    assert as_role(StaffRole.WRITER).get(f"/measures{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["?days=-4", "?days=x", "?product=nothing", "?from=0001-01-01", "?to=9999-12-31"]
)
def test_an_odd_address_is_no_failure(as_role, query) -> None:
    assert as_role(StaffRole.WRITER).get(f"/measures{query}").status_code == 200


def test_reps_and_administrators_do_not_read_them(as_role) -> None:
    for role in (StaffRole.REP, StaffRole.ADMINISTRATOR):
        for address in ("/measures", "/measures.csv"):
            assert as_role(role).get(address).status_code == 403


def test_marks_stand_on_the_grid() -> None:
    chart = over_time([Point("Jan", 0, 4), Point("Feb", None), Point("Mar", 2)])
    assert [line["words"] for line in chart["lines"]] == ["0", "1", "2", "3", "4"]
    jan, feb, mar = chart["marks"]
    assert (jan["y"], jan["over"], feb["y"], mar["y"]) == (205, 25, None, 115)
    assert [mark["value"] for mark in chart["first_last"]] == ["0", "2"]
    assert over_time([Point("Jan", 7000)])["lines"][-1]["words"] == "10000"
    assert over_time([Point("Jan", 0)])["marks"][0]["y"] == 205
    assert [row["width"] for row in bars([("a", 4, ""), ("b", 1, "")])["rows"]] == [270, 67.5]
    assert bars([("a", 0, "")])["rows"][0]["width"] == 0
