"""Annotations as people have them: beside the words, answered, settled, shown to the writer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from lxml import html

from cms import demo
from cms.threads import place
from modules import operations
from modules.draft import ModuleDraft
from modules.models import Module
from modules.review import MODULES
from records import people
from records.lifecycle import VersionState
from records.roles import StaffRole
from tests.pages.conftest import Browser

WORDS = "The follow-up is told in the study note."
MEDICAL, LEGAL, WRITER = StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.WRITER
REGULATORY = StaffRole.REGULATORY


@pytest.fixture
def tasks(demo_place) -> dict[str, int]:
    """HAL-M-004 in review with one more sentence; its tasks by discipline."""
    with demo_place.sessions.write() as session:
        writer = people.by_email(session, demo.cast().email(WRITER))
        module = session.query(Module).filter_by(code="HAL-M-004").one()
        latest = operations.new_draft(session, module, actor=writer)
        if latest.state is VersionState.IN_REVIEW:
            MODULES.recall(session, latest, actor=writer)
        draft = ModuleDraft.of(latest)
        body = draft.body if WORDS in draft.body else f"{draft.body}\n\n{WORDS}"
        version = operations.save_draft(
            session, latest, dataclasses.replace(draft, body=body), actor=writer
        )
        job = MODULES.submit(session, version, actor=writer)
        return {task.discipline.value: task.id for task in job.tasks}


def room(browser: Browser, task: int) -> html.HtmlElement:
    answer = browser.get(f"/reviews/tasks/{task}")
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def annotate(browser: Browser, task: int, **typed: str):
    fields = {"kind": "must-fix", "text": "Say for how long.", "quote": "study note", "key": "k1"}
    return browser.post(f"/reviews/tasks/{task}/annotations", **{**fields, **typed})


def threads(page: html.HtmlElement) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.find_class("anno")]


def test_it_stands_under_the_paragraph_it_is_about_and_is_written_once(as_role, tasks) -> None:
    browser, task = as_role(MEDICAL), tasks["medical"]
    before = len(threads(room(browser, task)))
    answers = [annotate(browser, task, key="twice") for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].location.startswith(f"/reviews/tasks/{task}#annotation-")
    page = room(browser, task)
    assert len(threads(page)) == before + 1
    thread = page.get_element_by_id(answers[0].location.partition("#")[2])
    above = thread.getprevious()
    while "anno" in (above.get("class") or ""):
        above = above.getprevious()
    assert WORDS in above.text_content()


def test_the_writer_sees_it_answers_it_and_cannot_settle_it(as_role, tasks) -> None:
    written = annotate(as_role(LEGAL), tasks["legal"], text="Name the source <b>here</b>.")
    number = written.location.rpartition("-")[2]
    writer = as_role(WRITER)
    asked = writer.get("/modules/HAL-M-004/edit").text
    assert "Name the source &lt;b&gt;here&lt;/b&gt;." in asked
    reply = writer.post(f"/annotations/{number}/replies?task={tasks['legal']}", text="Done.")
    assert reply.status_code == 303
    refused = writer.post(f"/annotations/{number}", to="settled")
    assert refused.status_code == 422
    assert "settled by a legal reviewer" in refused.text
    assert as_role(LEGAL).post(f"/annotations/{number}", to="settled").status_code == 303
    assert "Name the source" not in writer.get("/modules/HAL-M-004/edit").text


def test_approving_with_something_to_be_fixed_is_refused_in_the_dialog(as_role, tasks) -> None:
    browser, task = as_role(MEDICAL), tasks["medical"]
    annotate(browser, task, key="open")
    form = room(browser, task).get_element_by_id("sign").xpath(".//form")[0]
    hidden = {each.name: each.value for each in form.xpath(".//input[@type='hidden']")}
    hidden.pop("csrf_token")
    answer = browser.post(
        f"/reviews/tasks/{task}/verdict", **hidden, verdict="approve", password=browser.password
    )
    assert answer.status_code == 422
    assert "something must be fixed" in answer.text


@pytest.mark.parametrize(
    "typed", [{"quote": "words that are not there"}, {"text": " "}, {"kind": "order"}]
)
def test_what_cannot_be_written_is_refused_in_words(as_role, tasks, typed) -> None:
    browser, task = as_role(MEDICAL), tasks["medical"]
    before = len(threads(room(browser, task)))
    answer = annotate(browser, task, key="bad", **typed)
    assert answer.status_code == 422
    assert len(threads(room(browser, task))) == before


@pytest.mark.parametrize("role", [StaffRole.INSPECTOR, StaffRole.COMPLIANCE])
def test_who_takes_no_part_reads_and_is_offered_nothing(
    as_role: Callable[[StaffRole], Browser], tasks, role
) -> None:
    annotate(as_role(MEDICAL), tasks["medical"], key="seen")
    browser = as_role(role)
    page = room(browser, tasks["medical"])
    assert threads(page)
    assert not page.xpath("//*[@data-annotate]")
    assert not page.xpath("//*[contains(@class, 'anno')]//form")
    assert annotate(browser, tasks["medical"], key="no").status_code == 422


def test_a_form_sent_by_script_is_told_where_to_go(as_role, tasks) -> None:
    browser = as_role(MEDICAL)
    answer = browser.client.post(
        f"/reviews/tasks/{tasks['medical']}/annotations",
        data={"kind": "suggestion", "text": "Shorter?", "key": "s", "csrf_token": browser.token},
        headers={"X-In-Place": "1"},
    )
    assert (answer.status_code, answer.headers.get("Location")) == (204, None)
    assert "#annotation-" in answer.headers["X-Location"]


def test_of_two_places_with_the_same_words_the_one_with_the_words_before_is_taken() -> None:
    blocks = [
        {"delta": [("same", "In all patients, 57% responded.")]},
        {"delta": [("same", "In previously treated "), ("del", "men"), ("ins", "patients, 57%")]},
    ]
    thread = {"quote": "57%", "prefix": "treated patients,"}
    other = {"quote": "58%", "prefix": ""}
    assert place(blocks, [thread, other]) == [other]
    assert [each["threads"] for each in blocks] == [[], [thread]]


def test_what_was_written_is_told_where_the_reviews_are(as_role, tasks) -> None:
    written = annotate(as_role(LEGAL), tasks["legal"], text="Kept for inspectors.", key="told")
    as_role(LEGAL).post(f"/annotations/{written.location.rpartition('-')[2]}", to="settled")
    told = as_role(StaffRole.INSPECTOR).get("/modules/HAL-M-004?tab=reviews").text
    assert "Kept for inspectors." in told
    assert "settled by Priya Raman" in told


def test_what_must_be_fixed_needs_no_comment_beside_it(as_role, tasks) -> None:
    browser, task = as_role(REGULATORY), tasks["regulatory"]
    needs = '//dialog[@id="sign"]//input[@name="verdict"][@data-needs-comment]/@value'
    assert len(room(browser, task).xpath(needs)) == 4
    annotate(browser, task, key="must")
    page = room(browser, task)
    assert page.xpath(needs) == ["reject"]
    assert "1 annotation of this discipline says what must be fixed" in page.text_content()
    hash = page.xpath('//dialog[@id="sign"]//input[@name="content_sha256"]/@value')[0]
    answer = browser.post(
        f"/reviews/tasks/{task}/verdict",
        verdict="approve-with-changes",
        password=demo.cast().password,
        content_sha256=hash,
        comment="",
        key="once",
    )
    assert answer.status_code == 303
    said = "1 regulatory annotation says that something must be fixed."
    assert said in room(browser, task).text_content()
