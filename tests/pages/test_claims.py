"""Claims as pages: the list, evidence in context, import in two steps, review, withdrawal."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

import cms.demonstration
from claims_library.models import Claim, ClaimVersion
from cms.installation import Installation
from records.lifecycle import VersionState
from records.models import AuditRow
from records.roles import StaffRole
from tests.pages.conftest import Browser

As = Callable[[StaffRole], Browser]
FILE = Path(cms.demonstration.__path__[0]) / "claims.csv"
KEY = re.compile(r'name="key" value="(\w+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(*lines: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def new(code: str, **values: str) -> dict[str, str]:
    return {**rows()[0], "claim_id": code, **values}


def upload(browser: Browser, data: bytes, name: str = "claims.csv") -> tuple[int, str]:
    answer = browser.post("/claims/import", file=(io.BytesIO(data), name))
    return answer.status_code, answer.text


def import_claims(browser: Browser, data: bytes) -> None:
    status, page = upload(browser, data)
    key = KEY.search(page)
    assert status == 200, page
    assert key, page
    assert browser.post("/claims/import", key=key[1]).status_code == 303


def count(place: Installation) -> tuple[int, int]:
    """Claim versions and rows of the trail."""
    with place.sessions.read() as session:
        versions = session.scalar(select(func.count()).select_from(ClaimVersion))
        trail = session.scalar(
            select(func.count()).where(AuditRow.action == "claim_version:import")
        )
        return versions or 0, trail or 0


def test_the_list_is_searched_filtered_and_marked(as_role: As) -> None:
    writer = as_role(StaffRole.WRITER)
    code = rows()[0]["claim_id"]
    page = writer.get(f"/claims?q={code}").text
    assert page.count('class="row"') == 1
    assert f"<mark>{code}</mark>" not in page, "codes are found, words are marked"
    page = writer.get("/claims?type=safety&state=approved").text
    assert "Safety" in page
    assert 'class="pill on"' in page
    assert "No claim matches" in writer.get("/claims?q=zzzz").text
    assert writer.get("/claims?state=nonsense&after=ZZZ&n=-3").status_code == 200
    assert "&lt;script&gt;" in writer.get("/claims?q=<script>").text


def test_the_claim_shows_its_evidence_where_it_stands(as_role: As) -> None:
    row = rows()[0]
    page = as_role(StaffRole.WRITER).get(f"/claims/{row['claim_id']}").text
    assert "Supported" in page
    assert f"[[claim:{row['claim_id']}]]" in page
    link = re.search(r'href="(/labels/[^"]+section=\d+#p\d+)"', page)
    assert link
    label = as_role(StaffRole.WRITER).get(link[1]).text
    assert row["claim_id"] in label.partition("<mark>")[2]
    number = link[1].partition("#")[2]
    assert f'id="{number}"' in label
    assert as_role(StaffRole.WRITER).get("/claims/NO-1").status_code == 404


def test_an_import_is_tried_first_and_changes_nothing(
    as_role: As, demo_place: Installation
) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    before = count(demo_place)
    status, page = upload(librarian, as_csv(new("HAL-9001"), *rows()[:2]))
    assert status == 200
    assert "1 new" in re.sub(r"<[^>]+>", "", page)
    assert "HAL-9001" in page
    assert count(demo_place) == before
    key = KEY.search(page)
    assert key
    assert librarian.post("/claims/import", key=key[1]).status_code == 303
    after = count(demo_place)
    assert after == (before[0] + 1, before[1] + 1)
    again = librarian.post("/claims/import", key=key[1])
    assert again.status_code == 422, "a double click imports once"
    assert count(demo_place) == after


def test_nobody_confirms_what_another_person_tried(as_role: As, demo_place: Installation) -> None:
    _, page = upload(as_role(StaffRole.LIBRARIAN), as_csv(new("HAL-9002")))
    key = KEY.search(page)
    assert key
    before = count(demo_place)
    assert as_role(StaffRole.WRITER).post("/claims/import", key=key[1]).status_code == 403
    for wrong in ("0" * 64, "../../keys/private", "x"):
        answer = as_role(StaffRole.LIBRARIAN).post("/claims/import", key=wrong)
        assert answer.status_code == 422
    assert count(demo_place) == before


def xlsx(*lines: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for line in (list(lines[0]), *(list(each.values()) for each in lines)):
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_spreadsheet_says_the_same_as_a_csv_file(as_role: As) -> None:
    status, page = upload(as_role(StaffRole.LIBRARIAN), xlsx(*rows()[:3]), "claims.xlsx")
    assert status == 200
    assert "word for word" in page


BROKEN = {
    "no file": (b"", "is empty"),
    "not text": (b"\xff\xfe\x00claims", "UTF-8"),
    "a broken spreadsheet": (b"PK\x03\x04nothing", "spreadsheet"),
    "no column": (b"claim_id,product\nA,B\n", "This column is missing."),
    "markup": (as_csv(new("HAL-9003", indication="<script>alert(1)</script>")), "Only plain text"),
    "a template": (as_csv(new("HAL-9003", population="{{ config }}")), "Only plain text"),
    "a number": (as_csv(new("HAL-9003", text="It was 99.7% with HALVORYN.")), "99.7"),
    "an excerpt": (as_csv(new("HAL-9003", excerpt="Nothing like this.")), "word for word"),
    "a product": (as_csv(new("HAL-9003", product="OTHER")), "no label of"),
    "a date": (as_csv(new("HAL-9003", valid_until="soon")), "is not a date"),
    "twice": (as_csv(new("HAL-9003"), new("HAL-9003")), "already in row 2"),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_a_broken_file_is_named_by_row_and_field_and_changes_nothing(
    as_role: As, demo_place: Installation, what: str
) -> None:
    data, said = BROKEN[what]
    before = count(demo_place)
    status, page = upload(as_role(StaffRole.LIBRARIAN), data)
    assert status == 422
    assert said in page.replace("&#39;", "'")
    assert "claims.csv" in page
    assert "<script>alert" not in page
    assert count(demo_place) == before


def test_a_huge_file_is_refused_in_words(as_role: As, demo_place: Installation) -> None:
    before = count(demo_place)
    status, page = upload(as_role(StaffRole.LIBRARIAN), b"x" * 26 * 1024 * 1024)
    assert status == 413
    assert "too large" in page
    assert count(demo_place) == before


def test_a_draft_is_submitted_once(as_role: As) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    import_claims(librarian, as_csv(new("HAL-9010")))
    page = librarian.get("/claims/HAL-9010").text
    revision = REVISION.search(page)
    assert revision
    url = "/claims/HAL-9010/versions/0.1/submit"
    assert as_role(StaffRole.MEDICAL).post(url, revision=revision[1]).status_code == 403
    assert librarian.post(url, revision=revision[1]).status_code == 303
    assert "In review" in librarian.get("/claims/HAL-9010").text
    assert librarian.post(url, revision=revision[1]).status_code == 409
    assert librarian.post(url).status_code == 422


def test_many_drafts_are_submitted_as_the_list_was_seen(
    as_role: As, demo_place: Installation
) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    import_claims(librarian, as_csv(new("HAL-9021"), new("HAL-9022"), new("HAL-9031")))
    assert "Submit 2 drafts" in librarian.get("/claims?q=HAL-902").text
    assert librarian.post("/claims/submit?q=HAL-902", q="HAL-902", count=3).status_code == 303

    def states() -> list[str]:
        with demo_place.sessions.read() as session:
            query = select(ClaimVersion.code, ClaimVersion.state).where(
                ClaimVersion.code.in_(["HAL-9021", "HAL-9022", "HAL-9031"])
            )
            return [row.state.value for row in session.execute(query.order_by(ClaimVersion.code))]

    assert states() == ["draft"] * 3, "another number than was seen submits nothing"
    librarian.post("/claims/submit?q=HAL-902", q="HAL-902", count=2)
    assert states() == ["in-review", "in-review", "draft"]


def test_withdrawing_is_signed_and_says_what_rests_on_it(
    as_role: As, demo_place: Installation
) -> None:
    regulatory = as_role(StaffRole.REGULATORY)
    code = rows()[1]["claim_id"]
    url = f"/claims/{code}/versions/1.0/withdraw"
    assert "rest on it" in regulatory.get(f"/claims/{code}").text
    assert as_role(StaffRole.WRITER).post(url, reason="x", password="x").status_code == 403
    wrong = regulatory.post(url, reason="The label changed.", password="wrong")
    assert wrong.status_code == 401
    assert "The label changed." in wrong.text, "what was typed is kept"
    assert regulatory.post(url, reason=" ", password=regulatory.password).status_code == 422
    right = regulatory.post(url, reason="The label changed.", password=regulatory.password)
    assert right.status_code == 303, right.text
    with demo_place.sessions.read() as session:
        claim = session.scalars(select(Claim).where(Claim.code == code)).one()
        assert claim.approved_id is None
        assert claim.latest is not None
        assert claim.latest.state is VersionState.WITHDRAWN
    assert "Withdrawn" in regulatory.get(f"/claims/{code}").text
