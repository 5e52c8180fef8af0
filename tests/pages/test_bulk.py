"""Bulk runs from the pages: looked at, started, signed once, handed out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from accounts.models import Account
from cms.installation import Installation
from exports.bulk import running
from exports.bulk.models import BulkDocument, BulkRun, DocumentState, RunState
from exports.models import ControlledCopy, CopyState
from exports.verifying_pdf import verify_pdf
from mlr.models import ReviewTask
from records import clock
from records.actions import Action
from records.models import AuditRow
from records.roles import StaffRole
from tests.pages.conftest import Browser

ORDER = (
    "/bulk/new?product=HALVORYN&template=brief&role=pharmacy-and-therapeutics"
    "&role=medical-director&state=WI"
)
HIDDEN = re.compile(r'name="(key|seen|content_sha256)" value="([^"]*)"')
As = Callable[[StaffRole], Browser]


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def started(browser: Browser, address: str = ORDER) -> str:
    shown = browser.get(address)
    answer = browser.post(address, **hidden(shown.text))
    assert answer.status_code == 303, answer.text
    return str(answer.location.rpartition("/")[2])


def sign(browser: Browser, code: str, **fields: str) -> object:
    shown = browser.get(f"/bulk/{code}")
    given = {"verdict": "approve", "comment": "", "password": browser.password}
    return browser.post(f"/bulk/{code}/verdict", **{**hidden(shown.text), **given, **fields})


@pytest.fixture(autouse=True, scope="module")
def beyond(demo_place: Installation) -> None:
    """An account in a state that nobody travels."""
    now = clock.now()
    with demo_place.sessions.write() as session:
        session.add(
            Account(
                code="WY-1", name="Ten Sleep Clinic", type="clinic", city="Ten Sleep", state="WY",
                care_setting="clinic", facts={}, created_at=now, updated_at=now,
            )
        )  # fmt: skip


def states(place: Installation, code: str) -> dict[DocumentState, int]:
    with place.sessions.read() as session:
        run = running.get(session, code)
        rows = session.execute(
            select(BulkDocument.state, func.count())
            .where(BulkDocument.run_id == run.id)
            .group_by(BulkDocument.state)
        )
        return {row[0]: row[1] for row in rows}


def test_what_it_comes_to_is_shown_before_anything_is_written(
    demo_place: Installation, as_role: As
) -> None:
    page = as_role(StaffRole.LIBRARIAN).get(f"{ORDER}&state=WY")
    assert page.status_code == 200
    assert "2 documents would be refused" in page.text
    assert "No field representative has WY" in page.text
    assert "Ten Sleep Clinic" in page.text
    assert "Start: assemble" in page.text
    with demo_place.sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(BulkRun)) == 0


def test_what_is_lacking_is_said_by_field(as_role: As) -> None:
    page = as_role(StaffRole.LIBRARIAN).get("/bulk/new?look=1&product=HALVORYN&meeting=soon")
    assert "Choose at least one role." in page.text
    assert "The meeting needs a date" in page.text
    none = as_role(StaffRole.LIBRARIAN).post("/bulk/new?product=HALVORYN", key="k")
    assert none.status_code == 422


def test_a_writer_looks_and_is_told_who_starts(as_role: As) -> None:
    writer = as_role(StaffRole.WRITER)
    page = writer.get(ORDER)
    assert "Start: assemble" not in page.text
    assert "issue controlled copies to others" in page.text
    assert writer.post(ORDER, key="k").status_code == 403


def test_from_the_order_to_the_files(demo_place: Installation, as_role: As) -> None:
    librarian, signer = as_role(StaffRole.LIBRARIAN), as_role(StaffRole.REGULATORY)
    code = started(librarian)
    made = states(demo_place, code)
    assert made[DocumentState.ASSEMBLED] >= 2
    page = librarian.get(f"/bulk/{code}")
    assert "A regulatory reviewer signs the batch." in page.text
    assert 'id="sign"' not in page.text

    with demo_place.sessions.read() as session:
        task = session.scalars(select(ReviewTask).where(ReviewTask.open)).one()
    to_batch = signer.get(f"/reviews/tasks/{task.id}")
    assert to_batch.status_code == 303
    assert to_batch.location.endswith(f"/bulk/{code}")
    assert "bulk run" in signer.get("/reviews").text.lower()
    assert librarian.post(f"/reviews/jobs/{task.job_id}/recall").status_code == 404

    wrong = sign(signer, code, password="not it", comment="typed already")
    assert wrong.status_code == 401
    assert "typed already" in wrong.text
    assert sign(signer, code, verdict="reject").status_code == 422
    other = sign(signer, code, content_sha256="0" * 64)
    assert other.status_code == 409
    assert states(demo_place, code) == made

    assert sign(signer, code).status_code == 303
    issued = made[DocumentState.ASSEMBLED]
    assert states(demo_place, code)[DocumentState.ISSUED] == issued
    page = librarian.get(f"/bulk/{code}")
    assert "Finished" in page.text
    assert "Files as ZIP" in page.text
    assert "Files as ZIP" not in signer.get(f"/bulk/{code}").text

    archive = librarian.post(f"/bulk/{code}/files.zip")
    with zipfile.ZipFile(io.BytesIO(archive.data)) as held:
        names = [name for name in held.namelist() if name.endswith(".pdf")]
        assert len(names) == issued
        assert held.testzip() is None
        keys = [demo_place.sessions.keyring.public_pem]
        assert all(verify_pdf(held.read(name), public_keys=keys).ok for name in names)
        assert "result.csv" in held.namelist()
    with demo_place.sessions.read() as session:
        downloads = select(func.count()).where(AuditRow.action == Action.COPY_DOWNLOAD)
        assert session.scalar(downloads) == issued


def test_a_second_click_starts_nothing_new(demo_place: Installation, as_role: As) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    fields = hidden(librarian.get(ORDER).text)
    first, second = (librarian.post(ORDER, **fields).location for _ in range(2))
    assert first == second
    code = first.rpartition("/")[2]
    refused = librarian.post(f"/bulk/{code}/cancel", reason=" ")
    assert refused.status_code == 422
    assert librarian.post(f"/bulk/{code}/cancel", reason="A trial").status_code == 303
    assert set(states(demo_place, code)) <= {DocumentState.CANCELLED, DocumentState.REFUSED}
    with demo_place.sessions.read() as session:
        assert running.get(session, code).state is RunState.CANCELLED


def test_what_was_looked_at_is_what_is_started(demo_place: Installation, as_role: As) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    fields = hidden(librarian.get(ORDER).text)
    with demo_place.sessions.write() as session:
        row = session.scalars(select(Account).where(Account.state == "WI")).first()
        assert row is not None
        row.state = "IL"
        code = row.code
    try:
        answer = librarian.post(ORDER, **fields)
    finally:
        with demo_place.sessions.write() as session:
            session.execute(update(Account).where(Account.code == code).values(state="WI"))
    assert answer.status_code == 409
    assert "have changed since you looked" in answer.text


def test_what_ended_since_is_left_out_of_the_files_and_says_why(
    demo_place: Installation, as_role: As
) -> None:
    librarian, signer = as_role(StaffRole.LIBRARIAN), as_role(StaffRole.REGULATORY)
    code = started(librarian)
    assert sign(signer, code).status_code == 303
    with demo_place.sessions.write() as session:
        numbers = session.scalars(
            select(BulkDocument.copy_number)
            .join(BulkRun)
            .where(BulkRun.code == code, BulkDocument.copy_number.is_not(None))
        ).all()
        recalled = session.get_one(ControlledCopy, numbers[0])
        recalled.state = CopyState.RECALLED
    archive = librarian.post(f"/bulk/{code}/files.zip")
    with zipfile.ZipFile(io.BytesIO(archive.data)) as held:
        assert len(held.namelist()) == len(numbers)
        rows = list(csv.DictReader(io.StringIO(held.read("result.csv").decode())))
    told = {row["copy"]: row["reason"] for row in rows}
    assert told[f"{numbers[0]:04d}"].startswith("Not handed out:")


def test_the_table_holds_no_formula(demo_place: Installation, as_role: As) -> None:
    with demo_place.sessions.write() as session:
        row = session.scalars(select(Account).where(Account.state == "WI")).first()
        assert row is not None
        row.name = '=HYPERLINK("http://example.org")'
    librarian = as_role(StaffRole.LIBRARIAN)
    code = started(librarian)
    table = librarian.get(f"/bulk/{code}/result.csv")
    cells = [cell for row in csv.reader(io.StringIO(table.text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    librarian.post(f"/bulk/{code}/cancel", reason="A trial")
