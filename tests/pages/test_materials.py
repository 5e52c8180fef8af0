"""Materials as writers, librarians and reps have them: composed, submitted, issued, withdrawn."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from cms.installation import Installation
from exports.models import ControlledCopy, Material
from exports.renditions import render
from records.actions import Action
from records.models import AuditRow
from records.roles import StaffRole
from tests.pages.conftest import Browser

AsRole = Callable[[StaffRole], Browser]
ORDER = {
    "product": "HALVORYN",
    "template": "TPL-BRIEF-US",
    "account": "DEMO-002",
    "role": "pharmacy-director",
    "phase": "decision-support",
}


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def order_of(page: str) -> list[str]:
    return re.findall(r'data-slot="([^"]+)"', page)


@pytest.fixture
def writer(as_role: AsRole) -> Browser:
    return as_role(StaffRole.WRITER)


@pytest.fixture
def draft(writer: Browser) -> str:
    """The code of a fresh draft."""
    answer = writer.post("/materials/new", **ORDER)
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[2]


def change(writer: Browser, code: str, *, htmx: bool = True, **fields: Any) -> Any:
    page = writer.get(f"/materials/{code}/compose").text
    values = {"revision": revision(page), **fields}
    return writer.post(f"/materials/{code}/change", htmx=htmx, **values)


def test_the_list_narrows_by_facets_and_words(writer: Browser) -> None:
    page = writer.get("/materials").text
    assert "BRF-0001" in page
    assert "BRF-0001" in writer.get("/materials?state=approved&role=pharmacy-and-therapeutics").text
    assert "No material matches" in writer.get("/materials?role=payer").text
    assert "BRF-0001" in writer.get("/materials?q=riverside").text
    assert writer.get("/materials?state=nonsense&after=x").status_code == 200


def test_looking_first_shows_the_proposal_and_makes_nothing(
    writer: Browser, demo_place: Installation
) -> None:
    with demo_place.sessions.read() as session:
        before = len(session.scalars(select(Material.id)).all())
    answer = writer.get("/materials/new", query_string=ORDER)
    assert answer.status_code == 200
    assert "would be proposed" in answer.text
    with demo_place.sessions.read() as session:
        assert len(session.scalars(select(Material.id)).all()) == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account": ""}, "Choose an account."),
        ({"account": "nowhere at all"}, "No account of yours matches"),
        ({"role": "king"}, "Choose for which role it is."),
        ({"product": ""}, "Choose a product."),
        ({"template": ""}, "Choose a template."),
        ({"phase": "<u>"}, "Choose one of the four phases"),
    ],
)
def test_an_order_that_is_not_complete_keeps_what_was_typed(
    writer: Browser, fields: dict[str, str], sentence: str
) -> None:
    answer = writer.post("/materials/new", **{**ORDER, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<u>" not in answer.text


def test_a_draft_is_composed_by_buttons(writer: Browser, draft: str) -> None:
    page = writer.get(f"/materials/{draft}/compose").text
    before = order_of(page)
    movable = [code for code in before if f'name="down" value="{code}"' in page]
    assert "HAL-M-ISI" not in before  # a companion: it comes by itself and cannot be taken
    assert "HAL-M-ISI" in page
    target = next(
        code
        for code in movable
        if not re.search(rf'name="down" value="{code}"[^>]* disabled', page)
    )
    after = order_of(change(writer, draft, down=target).text)
    assert after.index(target) == before.index(target) + 1
    back = order_of(change(writer, draft, move=target, to="0").text)
    assert back.index(target) <= before.index(target)
    removable = next(code for code in back if f'name="remove" value="{code}"' in page)
    gone = change(writer, draft, remove=removable)
    assert removable not in order_of(gone.text)
    again = change(writer, draft, add=removable)
    assert removable in order_of(again.text)


def test_without_scripts_a_change_leads_back_to_the_composer(writer: Browser, draft: str) -> None:
    code = order_of(writer.get(f"/materials/{draft}/compose").text)[-1]
    answer = change(writer, draft, htmx=False, up=code)
    assert (answer.status_code, answer.location) == (303, f"/materials/{draft}/compose")


def test_a_part_answers_with_the_part_alone(writer: Browser, draft: str) -> None:
    code = order_of(writer.get(f"/materials/{draft}/compose").text)[-1]
    answer = change(writer, draft, up=code)
    assert answer.status_code == 200
    assert 'id="composer"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"remove": "HAL-M-ISI"}, "cannot be removed by itself"),
        ({"add": "HAL-M-404"}, "has no module HAL-M-404"),
        ({"add": "HAL-M-017"}, "may not be used|no version that may be used|cannot be added"),
        ({"add": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_a_rule_refuses_with_its_reason(
    writer: Browser, draft: str, fields: dict[str, str], sentence: str
) -> None:
    before = order_of(writer.get(f"/materials/{draft}/compose").text)
    answer = change(writer, draft, **fields)
    assert answer.status_code == 422
    assert re.search(sentence, answer.text), answer.text
    assert order_of(answer.text) == before


def test_a_stale_screen_is_refused_and_shows_how_it_stands(writer: Browser, draft: str) -> None:
    page = writer.get(f"/materials/{draft}/compose").text
    old, code = revision(page), order_of(page)[-1]
    assert change(writer, draft, up=code).status_code == 200
    answer = writer.post(f"/materials/{draft}/change", htmx=True, revision=old, down=code)
    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text
    assert revision(answer.text) != old
    assert writer.post(f"/materials/{draft}/change", down=code).status_code == 400


def steps_of(page: str) -> dict[str, str]:
    """What undo and redo offer: the number of the step by the button's name."""
    return dict(re.findall(r'name="(undo|redo)" value="(\d+)"', page))


def test_a_change_is_taken_back_and_done_again(writer: Browser, draft: str) -> None:
    before = order_of(writer.get(f"/materials/{draft}/compose").text)
    removed = change(writer, draft, remove=before[-1]).text
    assert f'aria-label="Undo: {before[-1]} removed"' in removed
    undone = change(writer, draft, undo=steps_of(removed)["undo"])
    assert undone.status_code == 200
    assert order_of(undone.text) == before
    assert set(steps_of(undone.text)) == {"redo"}
    redone = change(writer, draft, redo=steps_of(undone.text)["redo"])
    assert order_of(redone.text) == order_of(removed)
    plain = change(writer, draft, htmx=False, undo=steps_of(redone.text)["undo"])
    assert plain.status_code == 303


def test_an_undo_from_an_older_screen_is_refused(
    as_role: AsRole, writer: Browser, draft: str
) -> None:
    first, last = (order_of(writer.get(f"/materials/{draft}/compose").text)[n] for n in (0, -1))
    old = change(writer, draft, remove=last).text
    other = as_role(StaffRole.LIBRARIAN)
    held = order_of(change(other, draft, remove=first).text)
    screen = {"revision": revision(old), "undo": steps_of(old)["undo"]}
    answer = writer.post(f"/materials/{draft}/change", htmx=True, **screen)
    assert answer.status_code == 409
    assert "Somebody changed this since you opened it" in answer.text
    assert order_of(answer.text) == held
    assert re.search(rf'aria-label="Undo: {first} removed, by [A-Z]', answer.text)
    # the revision alone does not make it the step that was meant
    now = {"revision": revision(answer.text), "undo": steps_of(old)["undo"]}
    assert writer.post(f"/materials/{draft}/change", htmx=True, **now).status_code == 409
    assert order_of(writer.get(f"/materials/{draft}/compose").text) == held


def test_pages_are_estimated_until_they_are_counted(
    writer: Browser, draft: str, demo_place: Installation
) -> None:
    page = writer.get(f"/materials/{draft}/compose").text
    assert re.search(r">about \d+ pages</span>", page)
    asked = re.search(r'hx-get="([^"]+/extent[^"]+)"', page)
    assert asked
    where = asked[1].replace("&amp;", "&")
    assert "about " in writer.get(where).text
    with demo_place.sessions.write() as session:
        version = session.scalars(select(Material).where(Material.code == draft)).one().latest
        assert version is not None
        render(session, version, format="pdf", press=demo_place.press, actor=None)
    counted = writer.get(where).text
    assert re.search(r">\d+ pages</span>", counted)
    assert "hx-get" not in counted, "a count needs no asking again"
    assert writer.get(re.sub(r"revision=\d+", "revision=1000", where)).status_code == 204


def test_values_are_checked_field_by_field(writer: Browser, draft: str) -> None:
    good = change(
        writer,
        draft,
        **{"token.meeting.date": "2099-01-01", "token.agenda": "Open questions and next steps"},
    )
    assert good.status_code == 422
    assert "more than two years ahead" in good.text
    assert 'value="2099-01-01"' in good.text
    for value, sentence in (("soon", "is not a date"), ("2001-01-01", "is in the past")):
        answer = change(writer, draft, **{"token.meeting.date": value})
        assert answer.status_code == 422
        assert sentence in answer.text
    claim = change(writer, draft, **{"token.agenda": "HALVORYN works better"})
    assert claim.status_code == 422
    assert "is not a line of the approved agenda" in claim.text
    kept = change(writer, draft, **{"token.agenda": "Open questions and next steps"})
    assert kept.status_code == 200
    assert 'value="Open questions and next steps" checked' in kept.text


def test_the_preview_runs_nothing_and_needs_no_inline_style(writer: Browser, draft: str) -> None:
    answer = writer.get(f"/materials/{draft}/preview")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|<script", answer.text)
    assert "not approved for distribution" in answer.text
    for sheet in re.findall(r'rel="stylesheet" href="([^"]+)"', answer.text):
        found = writer.get(sheet.replace("&amp;", "&"))
        assert (found.status_code, found.mimetype) == (200, "text/css"), sheet
    assert writer.get("/materials/preview/brief-a5.css").status_code == 404


def test_a_draft_is_submitted_once(writer: Browser, draft: str) -> None:
    page = writer.get(f"/materials/{draft}/compose").text
    seen = revision(page)
    answer = writer.post(f"/materials/{draft}/submit", revision=seen, note="Please")
    assert answer.status_code == 303
    shown = writer.get(answer.location).text
    assert "Regulatory" in shown
    assert "Medical" not in shown.split('id="main"')[1]  # T1: one regulatory signature
    again = writer.post(f"/materials/{draft}/submit", revision=seen)
    assert again.status_code in (409, 422)


def test_what_is_in_review_can_be_changed_and_is_a_draft_again(writer: Browser, draft: str) -> None:
    page = writer.get(f"/materials/{draft}/compose").text
    writer.post(f"/materials/{draft}/submit", revision=revision(page))
    page = writer.get(f"/materials/{draft}/compose").text
    assert "a change here ends that review" in page
    assert change(writer, draft, up=order_of(page)[-1]).status_code == 200
    assert ">Draft" in writer.get(f"/materials/{draft}").text


def test_an_abandoned_draft_is_cancelled(writer: Browser, draft: str) -> None:
    page = writer.get(f"/materials/{draft}").text
    answer = writer.post(f"/materials/{draft}/cancel", revision=revision(page))
    assert answer.status_code == 303
    assert "Cancelled" in writer.get(f"/materials/{draft}").text
    assert writer.get(f"/materials/{draft}/compose").status_code == 302
    assert writer.post(f"/materials/{draft}/cancel").status_code == 422


def test_another_account_begins_with_the_same_choice(writer: Browser, draft: str) -> None:
    first = order_of(writer.get(f"/materials/{draft}/compose").text)
    change(writer, draft, remove=first[-1])
    kept = order_of(writer.get(f"/materials/{draft}/compose").text)
    order = {**ORDER, "account": "DEMO-003", "like": draft}
    answer = writer.post("/materials/new", **order)
    assert answer.status_code == 303, answer.text
    assert set(order_of(writer.get(answer.location).text)) <= set(kept)


def test_every_tab_of_a_material_opens(writer: Browser) -> None:
    for tab in ("copies", "content", "provenance", "versions", "reviews", "trail", "nonsense"):
        answer = writer.get(f"/materials/BRF-0001?tab={tab}")
        assert answer.status_code == 200, tab
    assert "HAL-M-ISI" in writer.get("/materials/BRF-0001?tab=content").text
    assert "HAL-0001" in writer.get("/materials/BRF-0001?tab=provenance").text
    assert writer.get("/materials/BRF-0001?version=9.9").status_code == 404
    assert writer.get("/materials/BRF-9999").status_code == 404


def test_a_librarian_issues_a_copy_to_a_holder_once(
    as_role: AsRole, demo_place: Installation
) -> None:
    librarian = as_role(StaffRole.LIBRARIAN)
    page = librarian.get("/materials/BRF-0001").text
    key = re.search(r'name="key" value="([^"]+)"', page)
    holders = re.findall(r'<option value="([^"]+@[^"]+)"', page)
    assert key
    assert holders
    fields = {"key": key[1], "holder": holders[0], "purpose": "Formulary meeting", "format": "pdf"}
    for missing, sentence in (("holder", "Choose for whom"), ("purpose", "what the copy is for")):
        answer = librarian.post("/materials/BRF-0001/copies", **{**fields, missing: ""})
        assert answer.status_code == 422
        assert sentence in answer.text
    for _ in range(2):
        assert librarian.post("/materials/BRF-0001/copies", **fields).status_code == 303
    with demo_place.sessions.read() as session:
        copies = session.scalars(
            select(ControlledCopy).where(ControlledCopy.request_key.startswith(key[1]))
        ).all()
        assert [copy.purpose for copy in copies] == ["Formulary meeting"]
    assert "Formulary meeting" in librarian.get("/materials/BRF-0001").text


def test_who_may_not_issue_or_compose_is_refused(as_role: AsRole, draft: str) -> None:
    reviewer = as_role(StaffRole.MEDICAL)
    assert reviewer.post("/materials/BRF-0001/copies", key="k", purpose="x").status_code == 403
    assert reviewer.get(f"/materials/{draft}/compose").status_code == 403
    assert reviewer.post(f"/materials/{draft}/change", revision="1", up="x").status_code == 403
    assert reviewer.get("/materials/new").status_code == 403
    assert as_role(StaffRole.REP).get("/materials").status_code == 403


def test_a_payer_gets_a_brief_of_modules_for_payers_and_label_text(writer: Browser) -> None:
    order = {**ORDER, "account": "DEMO-004", "role": "payer"}
    answer = writer.post("/materials/new", **order)
    assert answer.status_code == 303, answer.text
    page = writer.get(answer.location).text
    assert {"HAL-M-IND", "HAL-M-025", "HAL-M-026", "HAL-M-027"} <= set(order_of(page))
    assert "HAL-M-FN-MER2" in page
    assert "HAL-M-ISI" in page
    assert 'data-dialog="submit"' in page  # nothing is left that must be fixed
    assert "Payer" in writer.get(answer.location.replace("compose", "preview")).text


def test_templates_are_listed(writer: Browser) -> None:
    page = writer.get("/templates").text
    assert "TPL-BRIEF-US" in page
    assert "safety" in page


def test_withdrawing_asks_for_a_reason_and_the_password(
    as_role: AsRole, demo_place: Installation
) -> None:
    compliance = as_role(StaffRole.COMPLIANCE)
    path = "/materials/BRF-0001/withdraw"
    answer = compliance.post(path, reason="", password=compliance.password)
    assert (answer.status_code, "Say why it is withdrawn." in answer.text) == (422, True)
    answer = compliance.post(path, reason="An old figure", password="wrong")
    assert answer.status_code == 401
    assert "An old figure" in answer.text
    with demo_place.sessions.read() as session:
        failed = select(AuditRow).where(AuditRow.action == Action.SIGNATURE_FAILED)
        assert session.scalars(failed).all()
    answer = compliance.post(path, reason="An old figure", password=compliance.password)
    assert answer.status_code == 303
    page = compliance.get("/materials/BRF-0001").text
    assert "Withdrawn" in page
    assert "No copy may be issued now" in page
    assert compliance.post(path, reason="x", password="y").status_code == 404


def test_looking_at_materials_loads_no_printer() -> None:
    """WeasyPrint is 60 MiB in each web worker; only the worker that prints has it."""
    code = (
        "import sys, cms.web.materials, cms.web.composing, cms.web.templates, exports.building,"
        " exports.rendering, exports.layouts; print('weasyprint' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_another_kind_is_made_from_a_material_with_reasons_for_what_stays(
    as_role: Callable[[StaffRole], Browser],
) -> None:
    browser = as_role(StaffRole.WRITER)
    page = browser.get("/materials/BRF-0001").text
    assert "Make another kind" in page
    asked = {
        "product": "HALVORYN",
        "account": "DEMO-001",
        "role": "pharmacy-and-therapeutics",
        "phase": "evidence-review",
        "template": "TPL-LEAVE-BEHIND-US",
        "like": "BRF-0001",
    }
    shown = browser.get(f"/materials/new?{urlencode(asked)}").text
    assert "stay behind" in shown
    assert "not for the channel leave-behind" in shown
    assert "There is room for 1 of these modules." in shown
    made = browser.post("/materials/new", **asked)
    assert made.status_code == 303
    assert "LBH-0001" in made.headers["Location"]
