"""Reviews as people have them: the queue, the room, signing, taking back, withdrawing."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from lxml import html
from sqlalchemy import func, select

from cms import demo
from cms.app import limiter
from mlr.models import JobState, ReviewJob, ReviewTask
from modules import operations
from modules.draft import ModuleDraft
from modules.models import Module, ModuleVersion
from modules.review import MODULES
from records import audit, people
from records.actions import Action
from records.lifecycle import VersionState
from records.models import AuditRow, Person, Signature
from records.roles import StaffRole
from tests.pages.conftest import Browser

MEDICAL, LEGAL, REGULATORY = StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY
NEW_WORDS = "A paragraph that was not there before & says <nothing> of note."


def _person(session, role: StaffRole) -> Person:
    return people.by_email(session, demo.cast().email(role))


@pytest.fixture
def submit(demo_place) -> Callable[[str], int]:
    """Write a next version of a demonstration module and send it to review; the job's id."""

    def go(code: str, words: str = NEW_WORDS) -> int:
        with demo_place.sessions.write() as session:
            writer = _person(session, StaffRole.WRITER)
            module = session.scalars(select(Module).where(Module.code == code)).one()
            latest = operations.new_draft(session, module, actor=writer)
            if latest.state is VersionState.IN_REVIEW:
                MODULES.recall(session, latest, actor=writer)
            draft = ModuleDraft.of(latest)
            body = f"{draft.body}\n\n{words.replace('<', '&lt;').replace('>', '&gt;')}"
            version = operations.save_draft(
                session, latest, dataclasses.replace(draft, body=body), actor=writer
            )
            return MODULES.submit(session, version, actor=writer, note="Please look.").id

    return go


@pytest.fixture
def read(demo_place):
    """``read(model, id)``: a row as it is committed now."""

    def get(model, id: int):
        with demo_place.sessions.read() as session:
            row = session.get_one(model, id)
            if isinstance(row, ReviewJob):
                assert row.tasks
            return row

    return get


def _part(job: ReviewJob, role: StaffRole) -> ReviewTask:
    return next(task for task in job.tasks if task.discipline == role.value)


def _room(browser: Browser, task: ReviewTask, **query: str) -> html.HtmlElement:
    answer = browser.get(f"/reviews/tasks/{task.id}", query_string=query)
    assert answer.status_code == 200, answer.text
    return html.document_fromstring(answer.text)


def _fields(page: html.HtmlElement) -> dict[str, str]:
    """The hidden fields of the signing dialog, as a browser would send them."""
    form = page.get_element_by_id("sign").xpath(".//form")[0]
    return {each.name: each.value for each in form.xpath(".//input[@type='hidden']")}


def _sign(browser: Browser, task: ReviewTask, verdict: str = "approve", **typed: str):
    page = _room(browser, task)
    fields = {**_fields(page), "verdict": verdict, "password": browser.password, **typed}
    fields.pop("csrf_token")
    return browser.post(f"/reviews/tasks/{task.id}/verdict", **fields)


def _count(place, what) -> int:
    with place.sessions.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def _dialog(text: str) -> html.HtmlElement:
    return html.document_fromstring(text).get_element_by_id("sign")


def test_three_signatures_on_pages_approve_a_version(as_role, submit, read, demo_place) -> None:
    job = read(ReviewJob, submit("HAL-M-003"))
    for role in (MEDICAL, LEGAL, REGULATORY):
        browser = as_role(role)
        assert f"/reviews/tasks/{_part(job, role).id}" in browser.get("/reviews").text
        answer = _sign(browser, _part(job, role), comment="Looked at all of it.")
        assert (answer.status_code, answer.location) == (
            303,
            f"/reviews/tasks/{_part(job, role).id}",
        )
        shown = browser.get(answer.location).text
        assert "Signed: approve" in shown
        assert f"/reviews/tasks/{_part(job, role).id}" not in browser.get("/reviews").text
    version = read(ModuleVersion, job.subject_id)
    assert (version.state, version.version) == (VersionState.APPROVED, "2.0")
    with demo_place.sessions.read() as session:
        signature = session.scalars(select(Signature).order_by(Signature.id.desc())).first()
        assert signature is not None
        assert signature.content_sha256 == version.content_hash() == job.content_sha256
        assert signature.meaning.startswith("I have reviewed this version and approve it as")
        assert audit.verify(session) is None


def test_the_room_shows_what_is_new_beside_its_evidence(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-004"))
    page = _room(as_role(MEDICAL), _part(job, MEDICAL))
    put = [each.text_content() for each in page.xpath("//article//ins")]
    assert put == [NEW_WORDS]
    assert page.xpath("//article//del") == []
    chips = {each.text for each in page.xpath("//article//a[contains(@class, 'chip')]")}
    evidence = {each.get("data-evidence") for each in page.xpath("//*[@data-evidence]")}
    assert chips == evidence != set()
    for section in page.xpath("//*[@data-evidence]"):
        quote = section.xpath(".//mark")[0].text_content()
        assert "Supported" in section.text_content()
        assert len(quote) > 10
    words = re.search(r"(\d+) words changed of (\d+)", page.text_content().replace("\n", " "))
    assert words
    assert int(words[1]) == job.words_changed > 0
    assert "compared with 1.0, which you signed on" in " ".join(page.text_content().split())
    before = _room(as_role(MEDICAL), _part(job, MEDICAL), view="before")
    assert NEW_WORDS not in before.text_content()
    assert NEW_WORDS in _room(as_role(MEDICAL), _part(job, MEDICAL), view="clean").text_content()


def test_what_others_said_stands_beside_the_text(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-005"))
    _sign(as_role(LEGAL), _part(job, LEGAL), "amend-and-return", comment="Say <b>whose</b> trial.")
    text = as_role(MEDICAL).get(f"/reviews/tasks/{_part(job, MEDICAL).id}").text
    assert "Say &lt;b&gt;whose&lt;/b&gt; trial." in text
    assert "Priya Raman" in text


def test_a_wrong_password_keeps_the_dialog_and_what_was_typed(
    as_role, submit, read, demo_place
) -> None:
    job = read(ReviewJob, submit("HAL-M-006"))
    browser, task = as_role(MEDICAL), _part(job, MEDICAL)
    signed = _count(demo_place, Signature)
    answer = _sign(
        browser, task, "amend-and-return", password="wrong", comment="Name it as <observed>."
    )
    assert answer.status_code == 401
    dialog = _dialog(answer.text)
    assert dialog.get("data-open") is not None
    assert dialog.xpath(".//textarea")[0].text_content().strip() == "Name it as <observed>."
    assert dialog.xpath(".//input[@type='radio'][@checked]/@value") == ["amend-and-return"]
    assert "4 attempts are left" in dialog.text_content()
    assert "wrong" not in [each.value for each in dialog.xpath(".//input[@type='password']")]
    assert _count(demo_place, Signature) == signed
    with demo_place.sessions.read() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert last is not None
        assert (last.action, last.actor_name) == (Action.SIGNATURE_FAILED, "Dr Marcus Feld")
    # the same page goes on from here
    answer = browser.post(
        f"/reviews/tasks/{task.id}/verdict",
        verdict="amend-and-return",
        comment="Name it as observed.",
        password=browser.password,
        **{
            name: value
            for name, value in _fields(html.document_fromstring(answer.text)).items()
            if name != "csrf_token"
        },
    )
    assert answer.status_code == 303


def test_five_wrong_passwords_lock_signing_even_with_the_right_one(
    as_role, submit, read, demo_place
) -> None:
    job = read(ReviewJob, submit("HAL-M-007"))
    browser, task = as_role(LEGAL), _part(job, LEGAL)
    answers = [_sign(browser, task, password=f"wrong {number}") for number in range(5)]
    assert "cannot sign for 15 minutes" in answers[-1].text
    answer = _sign(browser, task)
    assert answer.status_code == 401
    assert "Too many wrong passwords" in _dialog(answer.text).text_content()
    assert read(ReviewTask, task.id).verdict is None
    with demo_place.sessions.write() as session:
        person = _person(session, LEGAL)
        person.locked_until, person.failed_attempts = None, 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"verdict": ""}, "Choose what your signature means."),
        ({"verdict": "maybe"}, "Choose what your signature means."),
        ({"verdict": "reject", "comment": "  "}, "Say what must change, or why it is rejected."),
        ({"verdict": "approve", "password": ""}, "Type your password"),
    ],
)
def test_what_is_missing_is_said_in_the_dialog(as_role, submit, read, typed, message) -> None:
    job = read(ReviewJob, submit("HAL-M-008"))
    answer = _sign(as_role(MEDICAL), _part(job, MEDICAL), **typed)
    assert answer.status_code == 422
    assert message in _dialog(answer.text).text_content()
    assert read(ReviewTask, _part(job, MEDICAL).id).open


def test_a_session_alone_never_signs(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-009"))
    browser, task = as_role(MEDICAL), _part(job, MEDICAL)
    for fields in ({}, {"password": ""}, {"password": " "}):
        answer = browser.post(
            f"/reviews/tasks/{task.id}/verdict",
            verdict="approve",
            content_sha256=job.content_sha256,
            key="k",
            **fields,
        )
        assert answer.status_code in (401, 422)
    assert read(ReviewTask, task.id).verdict is None


def test_a_double_click_signs_once(as_role, submit, read, demo_place) -> None:
    job = read(ReviewJob, submit("HAL-M-010"))
    browser, task = as_role(MEDICAL), _part(job, MEDICAL)
    fields = {**_fields(_room(browser, task)), "verdict": "approve", "password": browser.password}
    fields.pop("csrf_token")
    signed = _count(demo_place, Signature)
    for _ in range(2):
        answer = browser.post(f"/reviews/tasks/{task.id}/verdict", **fields)
        assert answer.status_code == 303
    assert _count(demo_place, Signature) == signed + 1
    assert "it was signed once" in browser.get(f"/reviews/tasks/{task.id}").text


def test_a_page_shown_before_an_edit_signs_nothing(as_role, submit, read, demo_place) -> None:
    job = read(ReviewJob, submit("HAL-M-011"))
    browser, task = as_role(MEDICAL), _part(job, MEDICAL)
    fields = {**_fields(_room(browser, task)), "verdict": "reject", "password": browser.password}
    fields.pop("csrf_token")
    again = read(ReviewJob, submit("HAL-M-011", "Other words."))
    for late in (task, _part(again, MEDICAL)):
        answer = browser.post(
            f"/reviews/tasks/{late.id}/verdict", **fields, comment="My long & careful comment."
        )
        assert answer.status_code == 409
        assert "Nothing was signed" in answer.text
        assert "My long &amp; careful comment." in answer.text
    assert read(ReviewTask, _part(again, MEDICAL).id).open


def test_a_part_somebody_else_decided_first_loses_no_comment(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-012"))
    browser, task = as_role(MEDICAL), _part(job, MEDICAL)
    fields = {**_fields(_room(browser, task)), "verdict": "reject", "password": browser.password}
    fields.pop("csrf_token")
    assert _sign(as_role(MEDICAL), task).status_code == 303
    answer = browser.post(f"/reviews/tasks/{task.id}/verdict", **fields, comment="Mine.")
    assert answer.status_code == 409
    assert "has already been decided" in answer.text
    assert "Mine." in answer.text


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (LEGAL, "Priya Raman reviews as legal"),
        (StaffRole.WRITER, "cannot decide on it"),
        (StaffRole.INSPECTOR, "reviews in no discipline"),
    ],
)
def test_who_may_not_decide_is_told_why_and_offered_nothing(
    as_role, submit, read, role, reason
) -> None:
    job = read(ReviewJob, submit("HAL-M-013"))
    browser, task = as_role(role), _part(job, MEDICAL)
    page = _room(browser, task)
    assert reason in page.text_content()
    assert page.xpath("//*[@id='sign']") == []
    answer = browser.post(
        f"/reviews/tasks/{task.id}/verdict",
        verdict="approve",
        password=browser.password,
        content_sha256=job.content_sha256,
    )
    assert answer.status_code == 403
    assert read(ReviewTask, task.id).verdict is None


def test_reps_and_administrators_have_no_reviews(as_role) -> None:
    for role in (StaffRole.REP, StaffRole.ADMINISTRATOR):
        for path in ("/reviews", "/reviews/tasks/1"):
            assert as_role(role).get(path).status_code == 403


def test_the_author_takes_it_back(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-014"))
    writer = as_role(StaffRole.WRITER)
    path = f"/reviews/jobs/{job.id}/recall"
    assert path in writer.get(f"/reviews/tasks/{job.tasks[0].id}").text
    assert path not in as_role(MEDICAL).get(f"/reviews/tasks/{job.tasks[0].id}").text
    assert as_role(MEDICAL).post(path).status_code == 403
    assert writer.post(path).status_code == 303
    assert read(ReviewJob, job.id).state is JobState.RECALLED
    assert read(ModuleVersion, job.subject_id).state is VersionState.DRAFT
    assert writer.post(path).status_code == 422
    assert (
        "taken back by its author" in as_role(MEDICAL).get(f"/reviews/tasks/{job.tasks[0].id}").text
    )


WITHDRAW = "/reviews/withdraw/module/HAL-M-015/1.0"


def test_withdrawing_asks_for_a_reason_and_a_password_and_keeps_both_asked(
    as_role, demo_place
) -> None:
    browser = as_role(StaffRole.LIBRARIAN)
    assert browser.get(WITHDRAW).status_code == 200
    answer = browser.post(WITHDRAW, reason="", password=browser.password)
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    answer = browser.post(WITHDRAW, reason="The label <changed>.", password="wrong")
    assert answer.status_code == 401
    assert "The label &lt;changed&gt;." in answer.text
    assert as_role(StaffRole.WRITER).get(WITHDRAW).status_code == 403
    assert as_role(StaffRole.WRITER).post(WITHDRAW, reason="x").status_code == 403
    answer = browser.post(WITHDRAW, reason="The label changed.", password=browser.password)
    assert answer.status_code == 303
    again = browser.post(WITHDRAW, reason="Again.", password=browser.password)
    assert again.status_code == 422
    with demo_place.sessions.read() as session:
        module = session.scalars(select(Module).where(Module.code == "HAL-M-015")).one()
        assert module.approved_id is None
        row = session.scalars(
            select(AuditRow).where(AuditRow.action == Action.MODULE_WITHDRAW)
        ).one()
        assert (row.reason, row.actor_name) == ("The label changed.", "Hana Sato")


@pytest.mark.parametrize("path", ["/reviews/tasks/999999", "/reviews/withdraw/x/HAL-M-001/1.0",
                                  "/reviews/withdraw/module/HAL-M-001/9.0"])  # fmt: skip
def test_what_is_not_there_is_not_there(as_role, path) -> None:
    assert as_role(REGULATORY).get(path).status_code == 404


@pytest.mark.parametrize("query", ["?show=nonsense", "?page=0", "?page=x", "?page=99", "?view=x"])
def test_a_wrong_address_of_the_queue_shows_a_list(as_role, query) -> None:
    assert as_role(MEDICAL).get(f"/reviews{query}").status_code == 200


@pytest.mark.parametrize("kind", ["claim_version", "module_version", "template_version",
                                  "material_version"])  # fmt: skip
@pytest.mark.parametrize("view", ["changes", "clean", "before"])
def test_every_kind_has_its_room(as_role, demo_place, kind, view) -> None:
    with demo_place.sessions.read() as session:
        job = session.scalars(
            select(ReviewJob).where(ReviewJob.subject_kind == kind).order_by(ReviewJob.id)
        ).first()
        assert job is not None
        task = job.tasks[-1]
    page = _room(as_role(StaffRole.INSPECTOR), task, view=view)
    assert page.xpath("//article")[0].text_content().strip()
    shown = bool(page.xpath("//*[@data-evidence]"))
    expected = {"claim_version": {True}, "template_version": {False}, "material_version": {True}}
    assert shown in expected.get(kind, {True, False})


def test_signing_is_limited(as_role, submit, read) -> None:
    job = read(ReviewJob, submit("HAL-M-016"))
    browser, task = as_role(REGULATORY), _part(job, REGULATORY)
    limiter.enabled = True
    try:
        answers = [browser.post(f"/reviews/tasks/{task.id}/verdict") for _ in range(21)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert {answer.status_code for answer in answers[:20]} == {422}
    assert answers[-1].status_code == 429


def test_a_material_is_reviewed_as_it_prints_too(as_role, demo_place) -> None:
    with demo_place.sessions.read() as session:
        jobs = session.scalars(
            select(ReviewJob).where(ReviewJob.subject_kind == "material_version")
        )
        task = jobs.first().tasks[0]
    browser = as_role(REGULATORY)
    [document] = _room(browser, task).xpath("//a[contains(@href, '/preview?version=')]/@href")
    assert browser.get(document).status_code == 200
