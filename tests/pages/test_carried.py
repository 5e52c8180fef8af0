"""Addresses and forms that no page makes: refused, and never a failure of the program."""

from __future__ import annotations

import pytest

from cms.carried import LARGEST
from records.roles import StaffRole

TOO_LARGE = str(LARGEST + 1)
ENDLESS = "9" * 300


@pytest.mark.parametrize("number", [TOO_LARGE, ENDLESS])
@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (StaffRole.MEDICAL, "/reviews/tasks/{}", 404),
        (StaffRole.REP, "/copies/{}", 404),
        (StaffRole.INSPECTOR, "/recalls/{}", 404),
        (StaffRole.INSPECTOR, "/people/{}", 404),
        (StaffRole.INSPECTOR, "/trail?actor={}", 200),
        (StaffRole.INSPECTOR, "/trail?before={}", 200),
        (StaffRole.INSPECTOR, "/copies/everywhere?after={}", 200),
        (StaffRole.MEDICAL, "/reviews?page={}", 200),
    ],
)
def test_a_number_no_row_can_have_is_none(as_role, role, path, status, number) -> None:
    assert as_role(role).get(path.format(number)).status_code == status


@pytest.mark.parametrize("number", [TOO_LARGE, "9" * 5000])
def test_nor_can_a_person_have_it(as_role, number) -> None:
    me = as_role(StaffRole.MEDICAL)
    answer = me.post("/deputies", deputy=number, discipline="medical", first="", last="")
    assert answer.status_code == 404


def test_a_day_at_the_end_of_time_is_no_day(as_role) -> None:
    assert as_role(StaffRole.INSPECTOR).get("/trail?to=9999-12-31").status_code == 200
    me = as_role(StaffRole.ADMINISTRATOR)
    people = me.get("/deputies").text
    number = people.split('name="deputy"')[1].split('<option value="')[2].split('"')[0]
    for first, last in (("2027-01-01", "9999-12-31"), ("0001-01-01", "2027-01-01")):
        answer = me.post(
            "/deputies", absent=number, deputy=number, discipline="medical", first=first, last=last
        )
        assert answer.status_code == 422
        assert "many years away" in answer.text


@pytest.mark.parametrize("path", ["/trail?q=%00", "/modules/%00", "/v/%00"])
def test_no_text_has_a_nul(as_role, path) -> None:
    assert as_role(StaffRole.INSPECTOR).get(path).status_code == 400


def test_nor_has_a_form(as_role) -> None:
    me = as_role(StaffRole.MEDICAL)
    answer = me.post("/deputies", deputy="1", discipline="me\0dical", first="", last="")
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
