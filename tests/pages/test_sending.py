"""Sending from the pages, and leaving the list without signing in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from cms import demo
from cms.installation import Installation
from cms.kinds import CYCLES
from exports import operations
from exports.copies import Press
from exports.mail import permission
from exports.mail.delivering import Delivery, Mailer, Outcome
from exports.mail.models import Sending, Suppression
from mlr.models import ReviewTask, Verdict
from records import clock, people
from records.roles import StaffRole
from records.vocabulary import Phase, Role

ANITA = "anita.reyes@demo-001.example"


@pytest.fixture(scope="module")
def letter(demo_place: Installation) -> str:
    """An approved email of the demonstration, and the consent of one of its readers."""
    troupe, sessions = demo.cast(), demo_place.sessions
    with sessions.write() as session:
        writer = people.by_email(session, troupe.email(StaffRole.WRITER))
        librarian = people.by_email(session, troupe.email(StaffRole.LIBRARIAN))
        order = operations.Order(
            account=demo.ACCOUNT, product="HALVORYN", role=Role.PHARMACY_AND_THERAPEUTICS,
            phase=Phase.DISCOVERY, template="email",
        )  # fmt: skip
        version = operations.assemble(session, order, actor=writer)
        CYCLES["material_version"].submit(session, version, actor=writer)
        permission.record_consent(
            session, ANITA, basis="Congress form", given_on=clock.today(), actor=librarian
        )
        code = version.code
    with sessions.write() as session:
        signer = people.by_email(session, troupe.email(StaffRole.REGULATORY))
        task = session.scalars(select(ReviewTask).where(ReviewTask.open)).one()
        CYCLES[task.job.subject_kind].decide(
            session, task, actor=signer, verdict=Verdict.APPROVE, password=troupe.password
        )
    return code


class Post(Mailer):
    """A mail server that takes everything."""

    def deliver(self, message: bytes, *, recipient: str) -> Delivery:
        taken.append((recipient, message))
        return Delivery(Outcome.SENT, "taken")


taken: list[tuple[str, bytes]] = []


@pytest.fixture(autouse=True)
def ready(demo_place: Installation, monkeypatch) -> Iterator[None]:
    """A mail server and a postal address; both come from settings otherwise."""
    taken.clear()
    press = demo_place.press
    addressed = Press(replace(press.brand, address=("1 Example Way",)), press.base_url)
    monkeypatch.setattr(type(demo_place), "press", property(lambda _: addressed))
    info = demo_place.sessions.info
    monkeypatch.setitem(info, "press", addressed)
    monkeypatch.setitem(info, "mailer", Post("mail.example", sender="medical@example.org"))
    yield
    assert os.environ.get("CLEARCOPY_SMTP_HOST") is None


def test_a_rep_sends_to_those_who_agreed_and_sees_why_others_do_not(
    letter: str, demo_place: Installation, as_role
) -> None:
    rep = as_role(StaffRole.REP)
    page = rep.get(f"/materials/{letter}/send").text
    assert "Congress form" in page
    assert "Colm Hadley is pharmacy director; the email is for pharmacy and therapeutics." in page
    anita = _stakeholder(demo_place, letter, ANITA)
    refused = rep.post(f"/materials/{letter}/send", key="k1", to=[anita, 999_999])
    assert refused.status_code == 422
    assert "Nothing was sent" in refused.text
    nobody = rep.post(f"/materials/{letter}/send", key="k1")
    assert (nobody.status_code, taken) == (422, [])
    for _ in range(2):  # a double click
        done = rep.post(f"/materials/{letter}/send", key="k2", to=[anita])
        assert done.status_code == 303
    assert [address for address, _ in taken] == [ANITA]
    page = rep.get(f"/materials/{letter}/send").text
    assert "What became of each letter" in page
    assert "Anita Reyes has this version already" in page


def _stakeholder(place: Installation, code: str, email: str) -> int:
    with place.sessions.read() as session:
        known = _version(session, code).material.account.stakeholders
        return next(each.id for each in known if each.email == email)


def _version(session, code: str):
    from exports.models import Material

    return session.scalars(select(Material).where(Material.code == code)).one().approved


@pytest.mark.parametrize("role", [StaffRole.WRITER, StaffRole.MEDICAL, StaffRole.INSPECTOR])
def test_others_may_not_send(letter: str, role: StaffRole, as_role) -> None:
    browser = as_role(role)
    assert browser.get(f"/materials/{letter}/send").status_code == 403
    assert browser.post(f"/materials/{letter}/send").status_code == 403


def test_the_preview_shows_what_an_inbox_shows(letter: str, as_role) -> None:
    writer = as_role(StaffRole.WRITER)
    page = writer.get(f"/materials/{letter}/preview").text
    assert "HALVORYN (ostavatinib): information for Riverside Valley Health System" in page
    assert "Important Safety Information" in page


def test_anybody_leaves_with_one_click_and_without_signing_in(
    letter: str, demo_place: Installation, demo_app, as_role
) -> None:
    from exports.mail.unsubscribing import token

    anita = _stakeholder(demo_place, letter, ANITA)
    as_role(StaffRole.REP).post(f"/materials/{letter}/send", key="k2", to=[anita])
    with demo_place.sessions.read() as session:
        row = session.scalars(select(Sending)).first()
        assert row is not None
        sign = token(row.copy_number, row.address_sha256, keyring=demo_place.sessions.keyring)
    stranger = demo_app.test_client()
    shown = stranger.get(f"/u/{sign}")
    assert (shown.status_code, "a…s@demo-001.example" in shown.text) == (200, True)
    assert _suppressions(demo_place) == 0  # looking takes nobody off
    for _ in range(2):
        done = stranger.post(f"/u/{sign}", data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "You are unsubscribed" in done.text) == (200, True)
    assert _suppressions(demo_place) == 1
    for wrong in (f"1{sign}", sign[:-3], "nothing"):
        assert stranger.get(f"/u/{wrong}").status_code == 404
        assert stranger.post(f"/u/{wrong}").status_code == 404
    assert stranger.get("/unsubscribe").status_code == 200


def _suppressions(place: Installation) -> int:
    with place.sessions.read() as session:
        return session.query(Suppression).count()


def test_the_way_to_sending_stands_where_people_look_for_it(
    letter: str, demo_place: Installation, as_role
) -> None:
    link = f'href="/materials/{letter}/send"'
    assert link in as_role(StaffRole.LIBRARIAN).get(f"/materials/{letter}").text
    assert link not in as_role(StaffRole.WRITER).get(f"/materials/{letter}").text
    with demo_place.sessions.read() as session:
        account = _version(session, letter).material.account_id
    assert link in as_role(StaffRole.REP).get(f"/field/{account}").text
