"""Where copies are: the list for those who must be able to say it."""

from __future__ import annotations

import pytest

from cms import demo
from records.roles import StaffRole


@pytest.fixture(autouse=True)
def _issued(demo_place) -> None:
    """The demonstration rep's copy; a second call gives the same one."""
    demo.brief(demo_place)


@pytest.mark.parametrize("role", [StaffRole.INSPECTOR, StaffRole.COMPLIANCE])
def test_who_holds_what_is_told_in_one_step_from_the_desk(as_role, role) -> None:
    browser = as_role(role)
    assert "/copies/everywhere" in browser.get("/").text
    page = browser.get("/copies/everywhere").text
    assert "0001" in page
    assert "Daniel Okoro" in page
    assert "/materials/BRF-0001" in page
    assert "/copies/1" not in page


@pytest.mark.parametrize(("words", "found"), [("BRF-0001", True), ("okoro", True), ("zz%", False)])
def test_it_is_narrowed_by_material_account_or_holder(as_role, words, found) -> None:
    browser = as_role(StaffRole.COMPLIANCE)
    page = browser.get("/copies/everywhere", query_string={"q": words}).text
    assert ("Demonstration" in page) is found
    assert ("No copy found" in page) is not found


def test_a_representative_sees_their_own_alone(as_role) -> None:
    browser = as_role(StaffRole.REP)
    assert browser.get("/copies/everywhere").status_code == 403
    assert "0001" in browser.get("/copies").text


def test_a_withdrawal_is_told_to_the_holder_at_once_and_to_who_watches(as_role) -> None:
    rep, compliance = as_role(StaffRole.REP), as_role(StaffRole.COMPLIANCE)
    assert "may not be used" not in rep.get("/field").text
    assert "Copies out, not to be used" in compliance.get("/").text
    assert "0001" not in compliance.get("/copies/everywhere?show=stopped").text
    answer = compliance.post(
        "/materials/BRF-0001/withdraw",
        reason="A figure is corrected.",
        password=compliance.password,
    )
    assert answer.status_code == 303, answer.text
    # from a page that was open all the while
    late = rep.post("/materials/BRF-0001/copies", key="k" * 32, format="pdf")
    assert late.status_code == 422
    assert "BRF-0001 1.0 has been withdrawn" in late.text
    assert "copy:refuse" in compliance.get("/trail?action=copy:refuse").text
    told = rep.get("/field").text
    assert "1 copy of yours may not be used" in told
    assert "Copy 0001, BRF-0001 for Riverside Valley Health System: withdrawn on" in told
    assert "0001" in compliance.get("/copies/everywhere?show=stopped").text
    assert "0001" not in compliance.get("/copies/everywhere").text
    assert "Withdrawn" in compliance.get("/materials/BRF-0001?tab=copies").text
