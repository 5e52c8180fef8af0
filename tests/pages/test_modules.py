"""Writing modules as a writer does it: started, saved, checked, submitted, read, taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select

from cms.installation import Installation
from modules.models import Module, ModuleVersion
from modules.module_file import read_module
from records.actions import Action
from records.lifecycle import VersionState
from records.models import AuditRow
from records.roles import StaffRole
from tests.pages.conftest import Browser

AsRole = Callable[[StaffRole], Browser]
NEW = {
    "product": "HALVORYN",
    "title": "A new module",
    "kind": "text",
    "pillar": "operational-fit",
    "market": "US",
    "audience": "hcp",
}
TAGS = {
    "phases": ["discovery"],
    "roles": ["medical-director"],
    "tiers": ["growth"],
    "channels": ["brief"],
}


@pytest.fixture
def writer(as_role: AsRole) -> Browser:
    return as_role(StaffRole.WRITER)


def form_of(page: str, id: str = "editor") -> dict[str, Any]:
    """The values of a form as a browser would send them."""
    form = html.document_fromstring(page).get_element_by_id(id)
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def started(writer: Browser, code: str, **values: Any) -> dict[str, Any]:
    """A new draft with its tags, and the editor's form on it."""
    answer = writer.post("/modules/new", code=code, **NEW)
    assert answer.status_code == 303, answer.text
    form = form_of(writer.get(f"/modules/{code}/edit").text) | TAGS | values
    return saved(writer, code, form)


def saved(writer: Browser, code: str, form: dict[str, Any]) -> dict[str, Any]:
    form.pop("csrf_token", None)
    answer = writer.post(f"/modules/{code}/save", **form)
    assert answer.status_code == 303, answer.text
    return form_of(writer.get(answer.location).text)


def send(writer: Browser, code: str, form: dict[str, Any]) -> Any:
    form.pop("csrf_token", None)
    return writer.post(f"/modules/{code}/save", **form)


def latest(place: Installation, code: str) -> ModuleVersion:
    with place.sessions.read() as session:
        module = session.scalar(select(Module).where(Module.code == code))
        assert module is not None
        assert module.latest is not None
        return module.latest


def changes(place: Installation, code: str, action: Action) -> int:
    with place.sessions.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == action)).all()
        return sum(row.subject_label.startswith(f"{code} ") for row in rows)


def test_a_module_is_started_and_its_text_saved(writer: Browser, demo_place: Installation) -> None:
    form = started(writer, "HAL-M-900", body="Words that\r\nclaim nothing.\r\n\r\n")
    assert form["body"] == ["Words that\nclaim nothing.\n"]
    version = latest(demo_place, "HAL-M-900")
    assert (version.version, version.phases, version.channels) == ("0.1", ["discovery"], ["brief"])


def test_a_code_that_exists_is_refused_and_what_was_typed_stays(writer: Browser) -> None:
    answer = writer.post("/modules/new", code="HAL-M-003", **NEW | {"title": "Mine & <yours"})
    assert answer.status_code == 422
    assert "HAL-M-003 exists already." in answer.text
    assert "Mine &amp; &lt;yours" in answer.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "hal m 3", "is not a module id"),
        ("title", "", "A module needs a title."),
        ("title", "<b>Bold</b>", "HTML is not allowed"),
        ("title", "{{ 7*7 }}", "plain text without references"),
        ("product", "NOTHING", "Choose one of the products."),
        ("pillar", "", "Choose one message pillar of the list."),
        ("kind", "poem", "Choose one kind of the list."),
    ],
)
def test_a_module_is_not_started_with(writer: Browser, field: str, value: str, said: str) -> None:
    answer = writer.post("/modules/new", **NEW | {"code": "HAL-M-901"} | {field: value})
    assert answer.status_code == 422
    assert said in html.document_fromstring(answer.text).text_content()
    assert writer.get("/modules/HAL-M-901").status_code == 404


def test_two_clicks_start_one_module(writer: Browser, demo_place: Installation) -> None:
    for _ in range(2):
        assert writer.post("/modules/new", code="HAL-M-902", **NEW).status_code == 303
    assert changes(demo_place, "HAL-M-902", Action.MODULE_CREATE) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Text <script>alert(1)</script>", "HTML is not allowed"),
        ("Text {% for x in y %}", "Template code is not allowed"),
        ("Text {{ config.items() }}", "Template code is not allowed"),
        ("Text \u202e hidden", "invisible control character"),
    ],
)
def test_markup_is_refused_and_the_text_kept(
    writer: Browser, demo_place: Installation, body: str, said: str
) -> None:
    code = f"HAL-M-91{len(body)}"
    form = started(writer, code, body="Before.")
    answer = send(writer, code, form | {"body": body})
    assert answer.status_code == 422
    page = html.document_fromstring(answer.text)
    assert said in page.text_content()
    assert page.get_element_by_id("body").text.strip() == body
    assert latest(demo_place, code).body == "Before.\n"


def test_an_unfinished_draft_is_kept_but_not_submitted(
    writer: Browser, demo_place: Installation
) -> None:
    form = started(writer, "HAL-M-903", body="Half a reference [[claim:HAL", phases=[])
    assert latest(demo_place, "HAL-M-903").body == "Half a reference [[claim:HAL\n"
    answer = writer.post(
        "/modules/HAL-M-903/versions/0.1/submit", revision=form["revision"][0], note="Soon"
    )
    assert answer.status_code == 422
    assert "Choose at least one of the phases." in answer.text
    assert "Not a claim reference" in answer.text
    assert latest(demo_place, "HAL-M-903").state is VersionState.DRAFT


def test_two_writers_lose_nothing(as_role: AsRole, demo_place: Installation) -> None:
    mine, other = as_role(StaffRole.WRITER), as_role(StaffRole.LIBRARIAN)
    form = started(mine, "HAL-M-904", body="At first.")
    theirs = form_of(other.get("/modules/HAL-M-904/edit").text)
    saved(other, "HAL-M-904", theirs | {"body": ["Theirs."]})
    answer = send(mine, "HAL-M-904", form | {"body": ["Mine."]})
    assert answer.status_code == 409
    page = html.document_fromstring(answer.text)
    assert [pre.text.strip() for pre in page.findall(".//pre")] == ["Mine.", "Theirs."]
    assert page.get_element_by_id("body").text.strip() == "Mine."
    assert "data-autosave" not in page.get_element_by_id("editor").attrib
    assert latest(demo_place, "HAL-M-904").body == "Theirs.\n"
    saved(mine, "HAL-M-904", form_of(answer.text))
    assert latest(demo_place, "HAL-M-904").body == "Mine.\n"


def test_a_double_click_saves_once(writer: Browser, demo_place: Installation) -> None:
    form = started(writer, "HAL-M-905", body="Before.")
    before = changes(demo_place, "HAL-M-905", Action.MODULE_CHANGE)
    for _ in range(2):
        assert send(writer, "HAL-M-905", form | {"body": ["After."]}).status_code == 303
    assert changes(demo_place, "HAL-M-905", Action.MODULE_CHANGE) == before + 1


def test_an_edit_of_an_approved_version_makes_one_next_draft(
    as_role: AsRole, demo_place: Installation
) -> None:
    first, second = as_role(StaffRole.WRITER), as_role(StaffRole.LIBRARIAN)
    approved = latest(demo_place, "HAL-M-001")
    assert approved.state is VersionState.APPROVED
    forms = [form_of(each.get("/modules/HAL-M-001/edit").text) for each in (first, second)]
    assert latest(demo_place, "HAL-M-001").id == approved.id
    saved(first, "HAL-M-001", forms[0] | {"title": ["Another title"]})
    answer = send(second, "HAL-M-001", forms[1] | {"title": ["A third title"]})
    assert answer.status_code == 409
    draft = latest(demo_place, "HAL-M-001")
    assert (draft.version, draft.title) == ("1.1", "Another title")
    compared = first.get("/modules/HAL-M-001/compare")
    assert compared.status_code == 200
    text = html.document_fromstring(compared.text).text_content()
    assert "Another title" in text
    assert approved.title in text
    assert "Approved version" in first.get("/modules/HAL-M-001").text


def test_a_paragraph_that_was_parted_is_compared_and_said_to_be(
    writer: Browser, demo_place: Installation
) -> None:
    form = form_of(writer.get("/modules/HAL-M-006/edit").text)
    [body] = form["body"]
    assert ". Other patterns" in body
    saved(writer, "HAL-M-006", form | {"body": [body.replace(". Other", ".\n\nOther")]})
    page = html.document_fromstring(writer.get("/modules/HAL-M-006/compare").text)
    parted = page.findall('.//p[@data-shape="parted"]')
    assert [each.text_content().split()[0] for each in parted] == ["It", "Other"]
    assert not [*page.iter("ins", "del")], "no word of it changed"


def test_saving_an_approved_text_unchanged_makes_no_draft(
    writer: Browser, demo_place: Installation
) -> None:
    form = form_of(writer.get("/modules/HAL-M-002/edit").text)
    assert send(writer, "HAL-M-002", form).status_code == 303
    assert latest(demo_place, "HAL-M-002").version == "1.0"


def test_submitted_once_and_an_edit_ends_the_review(
    writer: Browser, demo_place: Installation
) -> None:
    form = started(writer, "HAL-M-906", body="We meet on {{meeting.date}}.")
    where = "/modules/HAL-M-906/versions/0.1/submit"
    for _ in range(2):
        answer = writer.post(where, revision=form["revision"][0], note="New words")
        assert answer.status_code == 303, answer.text
    assert changes(demo_place, "HAL-M-906", Action.MODULE_SUBMIT) == 1
    assert "Medical" in writer.get("/modules/HAL-M-906?tab=reviews").text
    page = writer.get("/modules/HAL-M-906/edit").text
    assert "Saving a change ends that review" in page
    assert "data-autosave" not in page
    form = form_of(page)
    assert send(writer, "HAL-M-906", form).status_code == 303  # nothing changed, nothing ended
    assert latest(demo_place, "HAL-M-906").state is VersionState.IN_REVIEW
    saved(writer, "HAL-M-906", form | {"body": ["We meet."]})
    assert latest(demo_place, "HAL-M-906").state is VersionState.DRAFT


def test_a_stale_screen_submits_nothing_and_keeps_the_note(
    writer: Browser, demo_place: Installation
) -> None:
    form = started(writer, "HAL-M-907", body="First.")
    saved(writer, "HAL-M-907", form | {"body": ["Second."]})
    answer = writer.post(
        "/modules/HAL-M-907/versions/0.1/submit", revision=form["revision"][0], note="My note"
    )
    assert answer.status_code == 409
    assert "My note" in answer.text
    assert latest(demo_place, "HAL-M-907").state is VersionState.DRAFT


def test_findings_come_with_places_in_the_text(writer: Browser) -> None:
    text = "𝄞 [[claim:NO-0001]] and {{account.nme}}"
    answer = writer.client.post(
        "/modules/HAL-M-003/check", json={"text": text}, headers={"X-CSRFToken": writer.token}
    )
    found = [each for each in answer.json["findings"] if each["rule"].startswith("M")]
    assert [text[each["start"] : each["end"]] for each in found] == [
        "[[claim:NO-0001]]",
        "{{account.nme}}",
    ]
    assert {each["severity"] for each in found} == {"block"}
    assert answer.json["summary"]["block"] >= 2


def test_a_check_of_nothing_is_refused(writer: Browser) -> None:
    for sent in ({}, [], {"text": 7}):
        answer = writer.client.post(
            "/modules/HAL-M-003/check", json=sent, headers={"X-CSRFToken": writer.token}
        )
        assert answer.status_code == 422


def test_the_parts_follow_what_stands_on_the_screen(
    writer: Browser, demo_place: Installation
) -> None:
    form = form_of(writer.get("/modules/HAL-M-004/edit").text)
    form.pop("csrf_token")
    form |= {"body": ["## New\n\n[[claim:HAL-0005]] at {{account.name}} <i>"], "phases": []}
    answer = writer.post("/modules/HAL-M-004/panels", htmx=True, **form)
    page = html.document_fromstring(answer.text)
    printed = page.get_element_by_id("print").text_content()
    assert "[account.name]" in printed
    assert "[[claim" not in printed
    assert "<i>" in printed  # as text
    checks = page.get_element_by_id("checks").text_content()
    assert "HTML is not allowed" in checks
    assert "Choose at least one of the phases." in checks
    assert latest(demo_place, "HAL-M-004").version == "1.0"


def test_claims_are_offered_by_code_and_by_words(writer: Browser) -> None:
    by_code = writer.get("/modules/HAL-M-003/claims-offered?q=HAL-0005").json
    assert by_code[0]["id"] == "HAL-0005"
    assert by_code[0]["evidence"].startswith("Label ")
    assert writer.get("/modules/HAL-M-003/claims-offered?q=%25%25%25").json == []


def test_a_version_is_downloaded_as_the_file_it_could_come_from(
    writer: Browser, demo_place: Installation
) -> None:
    answer = writer.get("/modules/HAL-M-003/versions/1.0.md")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="HAL-M-003.md"'
    read = read_module(answer.data, filename="HAL-M-003.md")
    assert read.body == latest(demo_place, "HAL-M-003").body


@pytest.mark.parametrize("tab", ["text", "claims", "used", "reviews"])
def test_a_module_has_its_sides(writer: Browser, tab: str) -> None:
    answer = writer.get(f"/modules/HAL-M-003?tab={tab}")
    assert answer.status_code == 200
    assert "Results of MERIDIAN-2" in answer.text


def test_the_trail_of_a_module_is_for_those_who_read_the_trail(as_role: AsRole) -> None:
    assert as_role(StaffRole.WRITER).get("/modules/HAL-M-003?tab=trail").status_code == 403
    seen = as_role(StaffRole.INSPECTOR).get("/modules/HAL-M-003?tab=trail")
    assert "module_version:approve" in seen.text


@pytest.mark.parametrize("role", [StaffRole.MEDICAL, StaffRole.INSPECTOR, StaffRole.COMPLIANCE])
def test_readers_do_not_write(as_role: AsRole, role: StaffRole) -> None:
    reader = as_role(role)
    page = reader.get("/modules/HAL-M-003")
    assert page.status_code == 200
    assert "/modules/HAL-M-003/edit" not in page.text
    assert reader.get("/modules/HAL-M-003/edit").status_code == 403
    assert reader.post("/modules/HAL-M-003/save", title="x").status_code == 403
    assert reader.post("/modules/HAL-M-003/versions/1.0/submit").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/modules/HAL-M-003?tab=nothing",
        "/modules/HAL-M-003/versions/9.9",
        "/modules/HAL-M-003/versions/x.y",
        "/modules/HAL-M-003/compare?from=1.0&to=7.0",
        "/modules/NO-M-1/edit",
    ],
)
def test_what_is_not_there_is_said(writer: Browser, path: str) -> None:
    assert writer.get(path).status_code == 404
