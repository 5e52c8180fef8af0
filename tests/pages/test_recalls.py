"""A recall on the pages: opened by compliance, answered by the holder, closed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from cms import demo
from cms.app import create_app
from cms.installation import Installation, open_installation
from cms.settings import Settings
from exports.mail.delivering import Mailer
from exports.models import ControlledCopy, MaterialVersion
from records.roles import StaffRole


@pytest.fixture
def demo_place(demonstration_home: Path, tmp_path: Path) -> Iterator[Installation]:
    """A copy of the demonstration for each test: all of them withdraw the same material."""
    home = tmp_path / "home"
    shutil.copytree(demonstration_home, home)
    place = open_installation(Settings(home=home))
    demo.brief(place)
    yield place
    place.engine.dispose()


@pytest.fixture
def demo_app(demo_place: Installation) -> Flask:
    return create_app(demo_place)


@pytest.fixture
def compliance(as_role):
    """Compliance, after the material was withdrawn."""
    browser = as_role(StaffRole.COMPLIANCE)
    answer = browser.post(
        "/materials/BRF-0001/withdraw",
        reason="A figure is corrected.",
        password=browser.password,
    )
    assert answer.status_code == 303, answer.text
    return browser


def call_back(browser, **changed):
    form = {"reason": "A figure is wrong.", "instead": "BRF-0002", "due_on": "2030-01-01"}
    return browser.post("/materials/BRF-0001/1.0/recall", **form | {"key": "k" * 32} | changed)


def test_whoever_scans_the_code_reads_that_copies_are_called_back(
    compliance, demo_app, demo_place
) -> None:
    with demo_place.sessions.read() as session:
        version = session.scalars(
            select(MaterialVersion).where(MaterialVersion.code == "BRF-0001")
        ).one()
        address = f"/v/{version.validity_code}"
    stranger = demo_app.test_client()
    before = stranger.get(address).text
    assert "This copy is withdrawn" in before
    assert "BRF-0001" in before
    assert "called back" not in before
    call_back(compliance)
    after = stranger.get(address).text
    assert "Copies of this version are called back." in after
    assert "Stop using yours now." in after
    assert "1 Jan 2030" in after
    assert "A figure is wrong." not in after
    assert "Riverside" not in after


def test_a_withdrawn_material_offers_to_call_its_copies_back(compliance) -> None:
    page = compliance.get("/materials/BRF-0001").text
    assert "1 copy of version 1.0 is out" in page
    assert "/materials/BRF-0001/1.0/recall" in page
    assert "Call 1 copy back" in compliance.get("/materials/BRF-0001/1.0/recall").text


def test_from_the_recall_to_its_end(compliance, as_role) -> None:
    rep = as_role(StaffRole.REP)
    answer = call_back(compliance)
    assert answer.status_code == 303, answer.text
    address = answer.headers["Location"]
    assert call_back(compliance).headers["Location"] == address
    assert "0 of 1 are accounted for" in " ".join(
        compliance.get("/materials/BRF-0001").text.split()
    )
    assert "1 copy of yours called back" in rep.get("/field").text
    held = rep.get("/copies").text
    assert "A figure is wrong." in held
    assert "BRF-0002" in held
    assert rep.get("/copies/1").status_code == 422
    assert rep.post("/recalls/copies/1", said="read").status_code == 303
    assert "it is not destroyed yet" in rep.get("/copies").text
    assert "read " in compliance.get(address).text
    assert compliance.post(f"{address}/close").status_code == 422
    for _ in range(2):
        assert rep.post("/recalls/copies/1", said="destroyed").status_code == 303
    assert "Called back" not in rep.get("/copies").text
    # all are destroyed: it has ended with the last of them
    assert "with its last copy: 1 destroyed, 0 lost" in compliance.get(address).text
    assert "BRF-0001" in compliance.get("/recalls?show=closed").text
    trail = compliance.get("/trail").text
    for word in ("called back", "acknowledged", "destroyed", "closed"):
        assert word in trail


def test_a_lost_copy_is_looked_at_by_who_ends_the_recall(compliance, as_role) -> None:
    rep, address = as_role(StaffRole.REP), call_back(compliance).headers["Location"]
    said = {"said": "lost", "comment": "Left on a train."}
    assert rep.post("/recalls/copies/1", **said).status_code == 303
    assert "but 1 is lost" in compliance.get(address).text
    assert compliance.post(f"{address}/close").status_code == 303
    assert "0 destroyed, 1 lost" in compliance.get(address).text


def test_a_holder_answers_for_all_copies_at_once(compliance, as_role, demo_place) -> None:
    rep = as_role(StaffRole.REP)
    with demo_place.sessions.write() as session:
        # a second copy of theirs, as if it had been issued before the withdrawal
        first = session.get_one(ControlledCopy, 1)
        again = {
            column.key: getattr(first, column.key)
            for column in inspect(ControlledCopy).column_attrs
            if column.key not in ("number", "request_key")
        }
        session.add(ControlledCopy(number=2, request_key="another", **again))
    address = call_back(compliance).headers["Location"]
    assert "I have destroyed all 2 copies of BRF-0001 1.0" in rep.get("/copies").text
    assert as_role(StaffRole.WRITER).post(f"{address}/destroyed").status_code == 404
    assert rep.post(f"{address}/destroyed").status_code == 303
    assert rep.post(f"{address}/destroyed").status_code == 404
    page = " ".join(compliance.get(address).text.split())
    assert "with its last copy: 2 destroyed, 0 lost" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": " "}, "Say why: every holder reads it."),
        ({"due_on": "tomorrow"}, "Give a day like"),
        ({"due_on": "2001-01-01"}, "Choose today or a later day."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(compliance, changed, words) -> None:
    answer = call_back(compliance, **changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "BRF-0002" in answer.text
    assert "No recall is open" in compliance.get("/recalls").text


def test_what_may_be_handed_over_is_not_called_back(as_role) -> None:
    answer = call_back(as_role(StaffRole.COMPLIANCE))
    assert answer.status_code == 422
    assert "Withdraw it first." in answer.text


def test_who_speaks_for_a_holder_says_how_they_know(compliance) -> None:
    call_back(compliance)
    answer = compliance.post("/recalls/copies/1", **{"from": "recall", "said": "destroyed"})
    assert answer.status_code == 422
    assert "Say how you know" in answer.text
    said = {"from": "recall", "said": "lost", "comment": "He called on Monday."}
    assert compliance.post("/recalls/copies/1", **said).status_code == 303
    page = compliance.get("/recalls/1").text
    assert "He called on Monday." in page
    assert re.search(r"said by \w", page)


def test_a_representative_neither_sees_nor_opens_recalls(as_role, compliance) -> None:
    call_back(compliance)
    rep = as_role(StaffRole.REP)
    assert rep.get("/recalls").status_code == 403
    assert rep.get("/recalls/1").status_code == 403
    assert call_back(rep).status_code == 403
    assert rep.post("/recalls/1/close").status_code == 403
    assert rep.post("/recalls/copies/1", said="elsewhere").status_code == 404


def test_compliance_reminds_the_holders(compliance, demo_place, monkeypatch) -> None:
    there = call_back(compliance).headers["Location"]
    nobody = Mailer(host="127.0.0.1", port=9, sender="medical@example.org", timeout=1)
    monkeypatch.setitem(demo_place.sessions.info, "mailer", nobody)
    assert "Remind the holders" in compliance.get(there).text
    assert compliance.post(f"{there}/remind").status_code == 303
    assert "1 holder reminded by email" in compliance.get(there).text
    assert compliance.post(f"{there}/remind").status_code == 303
    assert "All were reminded today" in compliance.get(there).text


def test_nothing_is_said_of_email_where_none_can_be_sent(compliance) -> None:
    assert "by email" not in compliance.get("/materials/BRF-0001/1.0/recall").text
    there = call_back(compliance).headers["Location"]
    page = compliance.get(there).text
    assert "by email" not in page
    assert "Remind the holders" not in page
    answer = compliance.post(f"{there}/remind")
    assert answer.status_code == 422
    assert "No mail server is set" in answer.text
