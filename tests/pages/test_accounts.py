"""Accounts as pages: territory, filters, paging, tier with its reason, stakeholders, import."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select

from accounts.models import Account
from cms.installation import Installation
from records.roles import StaffRole
from tests.pages.conftest import Browser

As = Callable[[StaffRole], Browser]
KEY = re.compile(r'name="key" value="(\w+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')
HEADER = "account_id,name,type,city,state,beds,care_setting,tier,journey_phase"


def upload(browser: Browser, data: bytes, name: str = "accounts.csv") -> tuple[int, str]:
    answer = browser.post("/accounts/import", file=(io.BytesIO(data), name))
    return answer.status_code, answer.text


def account(place: Installation, code: str) -> Account:
    with place.sessions.read() as session:
        return session.scalars(select(Account).where(Account.code == code)).one()


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_a_rep_sees_the_own_territory_alone(as_role: As, demo_place: Installation) -> None:
    rep = as_role(StaffRole.REP)
    states = set(re.findall(r", ([A-Z]{2})<", rep.get("/accounts").text))
    assert states
    assert states <= {"WI", "IL", "IA", "MN"}
    with demo_place.sessions.read() as session:
        elsewhere = session.scalars(select(Account).where(Account.state == "MA")).first()
    assert elsewhere is not None
    assert rep.get(f"/accounts/{elsewhere.id}").status_code == 404
    assert rep.get("/accounts/import").status_code == 403
    assert rep.post(f"/accounts/{elsewhere.id}", tier="growth").status_code == 403
    assert as_role(StaffRole.ADMINISTRATOR).get("/accounts").status_code == 403


def test_filters_are_in_the_address_and_counted(as_role: As) -> None:
    writer = as_role(StaffRole.WRITER)
    page = writer.get("/accounts?tier=strategic&state=WI&q=valley").text
    assert "Riverside Valley Health System" in page
    assert page.count('class="pill on"') == 2
    assert "1 account<" in page
    assert "No account matches" in writer.get("/accounts?q=zzzz").text
    assert writer.get("/accounts?tier=golden&phase=none&id=x&after=").status_code == 200


def test_the_list_is_paged_through_once_and_completely(
    as_role: As, demo_place: Installation
) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    values = {"facts": {}, "created_at": now, "updated_at": now, "revision": 1, "state": "WA"}
    with demo_place.sessions.write() as session:
        session.execute(
            insert(Account),
            [{**values, "code": f"P-{n}", "name": f"Same {n % 3}"} for n in range(95)],
        )
    writer = as_role(StaffRole.WRITER)
    url, seen, pages = "/accounts?state=WA", list[str](), 0
    while url:
        page = writer.get(url).text
        seen += re.findall(r"<span>(P-\d+)</span>", page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        url, pages = found[1].replace("&amp;", "&") if found else "", pages + 1
    assert pages == 3
    assert sorted(seen) == sorted(f"P-{n}" for n in range(95))


def test_a_tier_by_hand_needs_its_reason(as_role: As, demo_place: Installation) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    url = f"/accounts/{account(demo_place, 'DEMO-002').id}"
    revision = REVISION.search(librarian.get(url).text)
    assert revision
    values = {"tier": "expansion", "journey_phase": "discovery", "revision": revision[1]}
    refused = librarian.post(url, **values, tier_reason=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert '<option value="expansion" selected>' in refused.text, "what was typed is kept"
    reason = "Few patients <i>of ours</i>"
    assert librarian.post(url, **values, tier_reason=reason).status_code == 303
    page = librarian.get(url).text
    assert "Few patients &lt;i&gt;of ours&lt;/i&gt;" in page
    stale = librarian.post(url, **{**values, "tier": "growth"}, tier_reason="Other")
    assert stale.status_code == 409
    assert '<option value="growth" selected>' in stale.text
    assert account(demo_place, "DEMO-002").tier == "expansion"


def test_stakeholders_come_once_and_go(as_role: As, demo_place: Installation) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    url = f"/accounts/{account(demo_place, 'DEMO-003').id}"
    values = {"role": "payer", "name": "Ana Example", "title": "Director"}
    assert librarian.post(f"{url}/stakeholders", **values).status_code == 303
    assert "Ana Example, Director" in plain(librarian.get(url).text)
    twice = librarian.post(f"{url}/stakeholders", **values)
    assert twice.status_code == 422
    assert "already a stakeholder" in twice.text
    for wrong in ({"role": "king"}, {"role": "payer", "name": "<script>"}):
        assert librarian.post(f"{url}/stakeholders", **wrong).status_code == 422
    remove = re.search(
        r'action="([^"]+/remove)"[^>]*>(?:(?!</form>).)*Ana', librarian.get(url).text
    )
    assert remove
    assert librarian.post(remove[1]).status_code == 303
    assert librarian.post(remove[1]).status_code == 404, "the second click finds nobody"
    assert "Ana Example" not in librarian.get(url).text.partition("<main")[2]


def test_an_import_is_tried_counted_and_confirmed(as_role: As, demo_place: Installation) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    data = f"{HEADER}\nNEW-1,A New Clinic,clinic,Ames,IA,12,,,\n".encode()
    status, page = upload(librarian, data)
    assert status == 200
    assert "1 new" in plain(page)
    assert (
        "NEW-1"
        not in librarian.get("/accounts?q=NEW-1").text.partition("<main")[2].partition("<h2")[2]
    )
    key = KEY.search(page)
    assert key
    assert librarian.post("/accounts/import", key=key[1]).status_code == 303
    assert account(demo_place, "NEW-1").city == "Ames"
    assert "nothing to import" in upload(librarian, data)[1]


BROKEN = {
    "not text": b"\xff\xfe\x00",
    "no header": b"1,2,3\n",
    "a bed count": f"{HEADER}\nB-1,X,,,WI,many,,,\n".encode(),
    "a tier": f"{HEADER}\nB-1,X,,,WI,,,golden,\n".encode(),
    "markup": f"{HEADER}\nB-1,<script>alert(1)</script>,,,WI,,,,\n".encode(),
    "twice": f"{HEADER}\nB-1,X,,,WI,,,,\nB-1,Y,,,WI,,,,\n".encode(),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_a_broken_file_changes_nothing(as_role: As, demo_place: Installation, what: str) -> None:
    status, page = upload(as_role(StaffRole.LIBRARIAN), BROKEN[what])
    assert status == 422
    assert "accounts.csv" in page
    assert "Nothing was changed" in page
    assert "<script>alert" not in page
    with demo_place.sessions.read() as session:
        assert session.scalars(select(Account).where(Account.code == "B-1")).first() is None


def test_materials_stand_with_the_role_they_are_for(as_role: As, demo_place: Installation) -> None:
    page = plain(
        as_role(StaffRole.WRITER).get(f"/accounts/{account(demo_place, 'DEMO-001').id}").text
    )
    assert "BRF-0001" in page.partition("Pharmacy and therapeutics")[2].partition("Facts")[0]
