from __future__ import annotations

import pytest

from accounts.account_file import read_accounts
from accounts.stakeholder_file import read_stakeholders
from records.problems import BadInput
from records.vocabulary import Phase, Role, Tier

HEADER = "account_id,name,type,city,state,beds,care_setting,tier,journey_phase"


def read(*lines: str, header: str = HEADER):
    return read_accounts("\n".join([header, *lines]).encode(), filename="accounts.csv")


def problems(*lines: str, header: str = HEADER) -> list[tuple[int | None, str | None, str]]:
    try:
        found = read(*lines, header=header).problems
    except BadInput as bad:
        found = bad.problems
    return [(problem.row, problem.field, problem.code) for problem in found]


def test_a_row_is_read_with_its_types_and_further_columns_are_facts() -> None:
    header = f"{HEADER},oncologists,region"
    line = "007,Riverside,Cancer center,Madison,wi,210,,Strategic,Evidence Review,12,"
    [row] = read(line, header=header).rows
    assert (row.code, row.state, row.beds) == ("007", "WI", 210)
    assert (row.tier, row.journey_phase) == (Tier.STRATEGIC, Phase.EVIDENCE_REVIEW)
    assert row.care_setting == "cancer center"
    assert row.facts == {"oncologists": "12"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (",Riverside,,,,,,,", [(2, "account_id", "missing")]),
        ("a b,Riverside,,,,,,,", [(2, "account_id", "code")]),
        ("1,,,,,,,,", [(2, "name", "missing")]),
        ("1,Riverside,,,,many,,,", [(2, "beds", "number")]),
        ("1,Riverside,,,,-4,,,", [(2, "beds", "number")]),
        ("1,Riverside,,,,1.5,,,", [(2, "beds", "number")]),
        ("1,Riverside,,,,٣,,,", [(2, "beds", "number")]),
        ("1,Riverside,,,,,,gold,", [(2, "tier", "unknown-word")]),
        ("1,Riverside,,,,,,,buying", [(2, "journey_phase", "unknown-word")]),
        ("1," + "x" * 201 + ",,,,,,,", [(2, "name", "too-long")]),
        ("1,<b>Riverside</b>,,,,,,,", [(2, "name", "markup")]),
    ],
)
def test_what_is_wrong_in_a_row_is_named(line: str, expected) -> None:
    assert problems(line) == expected


def test_a_file_without_the_columns_or_rows_is_refused() -> None:
    assert problems(header="account_id,city") == [(None, "name", "missing-column")]
    assert problems(header="name,city") == [(None, "account_id", "missing-column")]
    assert problems() == [(None, None, "empty")]


HIFLD = "ID,NAME,ADDRESS,CITY,STATE,TYPE,BEDS"


def test_the_public_hospital_file_is_recognised_and_keeps_leading_zeros() -> None:
    found = read("0011315213,A HOSPITAL,1 ST,X,PA,GENERAL ACUTE CARE,-999", header=HIFLD)
    [row] = found.rows
    assert found.layout.name == "HIFLD hospitals"
    assert (row.code, row.beds, row.care_setting) == ("0011315213", None, "acute care hospital")
    assert row.facts == {"ADDRESS": "1 ST"}
    assert found.given == {"account_id", "name", "type", "city", "state", "beds"}


def test_problems_of_the_public_file_name_its_own_columns() -> None:
    assert problems("1,A,,X,PA,SPECIAL,few", header=HIFLD) == [(2, "BEDS", "number")]


def test_the_facility_file_shares_ids_with_the_hospital_file() -> None:
    header = "Name,Hospital Type,City,State,Staffed All Beds,CCM_ID,HIFLD-ID"
    lines = ("A,MILITARY,X,PA,106.0,100,100", "B,OTHER,Y,FL,,CCM-FL-0006,NaN")
    first, second = read(*lines, header=header).rows
    assert (first.code, first.beds) == ("0000000100", 106)
    assert (second.code, second.care_setting) == ("CCM-FL-0006", "")


def stakeholders(*lines: str):
    data = "\n".join(["account_id,role,name,title", *lines]).encode()
    return read_stakeholders(data, filename="people.csv")


def test_stakeholders_are_named_people_or_segments() -> None:
    first, second = stakeholders("1,payer,,", "1,medical-director,Dr A,Head").rows
    assert (first.account, first.role, first.name) == ("1", Role.PAYER, "")
    assert (second.number, second.title) == (3, "Head")


def test_every_wrong_stakeholder_is_named() -> None:
    found = stakeholders(",payer,,", "1,boss,,", "1,payer,,", "1,payer,,").problems
    assert [(problem.row, problem.field, problem.code) for problem in found] == [
        (2, "account_id", "missing"),
        (3, "role", "unknown-word"),
        (5, "account_id", "repeated"),
    ]


def test_all_problems_of_all_rows_come_together() -> None:
    assert problems("1,A,,,,,,,", "1,,,,,x,,gold,", "2,{{x}},,,,,,,") == [
        (3, "name", "missing"),
        (3, "beds", "number"),
        (3, "tier", "unknown-word"),
        (3, "account_id", "repeated"),
        (4, "name", "markup"),
    ]
