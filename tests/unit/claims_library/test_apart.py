"""Rows of tables and large figures: parts that say something only together."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library
from claims_library.findings import Verdict, verdict_of

SURVIVAL = (
    "In BEACON-2, median overall survival was 20.1 months with VELOTRIN and 14.2 months with "
    "placebo in adults with relapsed disease (HR 0.70; 95% CI: 0.58, 0.84)."
)


@pytest.fixture(scope="module")
def library() -> Library:
    claim = ClaimText(code="VEL-0001", text=SURVIVAL, type="efficacy")
    return compile_library(ProductFacts(brand="VELOTRIN", generic="velotrinib"), [claim])


def table(head: str, *rows: str) -> str:
    rule = "| " + " | ".join("---" for _ in head.strip("|").split("|")) + " |"
    return "\n".join([head, rule, *rows]) + "\n"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Adverse reaction | VELOTRIN (%) | Placebo (%) |", "| Rash | 38 | 19 |"),
        ("| Endpoint | VELOTRIN | Placebo |", "| Response at 24 weeks | 64% | 38% |"),
        ("| Endpoint | Drug | Control |", "| CCR | 64% (95% CI: 55.8, 67.4) | 38% |"),
        ("| Feature | VELOTRIN | Placebo |", "| Tolerability | excellent | poor |"),
        ("| Body surface area | VELOTRIN dose |", "| up to 0.32 m2 | 50 mg |"),
    ],
)
def test_a_row_that_claims_something_is_found_with_its_heads(
    library: Library, head: str, row: str
) -> None:
    text = table(head, "| Agenda | | |", row)
    found = [f for f in check(text, library).findings if f.verdict is Verdict.UNSUPPORTED]
    assert found
    start = text.index(row)
    assert all(f.start >= start and text[f.start : f.end] in row for f in found)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("| Time | Topic | Owner |", "| 10:05 | VELOTRIN: dosing and monitoring | R. Malik |"),
        ("| Site | Beds | Patients a year |", "| Main campus | 412 | 60 |"),
        ("| Medicine | Formulary status | Last review |", "| VELOTRIN | listed | March 2026 |"),
        ("| Section | Page |", "| Efficacy | 3 |"),
        ("| When | What | Who |", "| Day 7 | ECG | cardiology clinic |"),
        ("| Goal | Today | Target |", "| ECG recorded at baseline | 71% | 100% |"),
        ("| Study | Endpoint | Result |", "| BEACON-2 | Overall survival | [[claim:VEL-0001]] |"),
    ],
)
def test_a_row_of_work_passes(library: Library, head: str, row: str) -> None:
    assert not [f for f in check(table(head, row), library).findings if f.verdict]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_head_is_no_row_where_a_line_rules_it_off(library: Library, ruled: bool) -> None:
    row = "| Grade 3 rash | 64% | 38% |"
    named = {f.text for f in check(row + "\n| --- | --- | --- |" * ruled, library).findings}
    assert (row.strip(" |") in named) is not ruled


def test_a_row_is_named_once(library: Library) -> None:
    text = table("| Endpoint | Result |", "| Overall survival at 60 months | 99% |")
    assert len([f for f in check(text, library).findings if f.verdict]) == 1


@pytest.mark.parametrize(
    "text",
    ["64% (95% CI: 55.8, 67.4)", "p = 0.004", "Hazard ratio 0.61", "95% CI 0.46-0.70"],
)
def test_a_statistic_alone_is_a_result(library: Library, text: str) -> None:
    assert verdict_of(check(text, library)) is Verdict.UNSUPPORTED


def test_a_large_figure_is_read_with_the_line_below_it(library: Library) -> None:
    text = "44%\n\nresponded to VELOTRIN\n"
    figures = [f for f in check(text, library).findings if f.start == 0]
    assert figures or check(text, library).blocking
    assert not check("44%\n\nof the beds are staffed\n", library).blocking


def test_many_rows_take_time_in_proportion(library: Library) -> None:
    row = "| Rash | 38 | 19 |"
    text = table("| Adverse reaction | VELOTRIN (%) | Placebo (%) |", *[row] * 3000)
    assert len([f for f in check(text, library).findings if f.verdict]) == 3000
