"""Letters to a real mail server: once each, with consent at that moment, in doubt not again."""

from __future__ import annotations

import email as stdlib
import email.policy
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from exports.brand import Brand
from exports.mail import jobs, permission, sending, unsubscribing
from exports.mail.delivering import Delivery, Mailer, Outcome
from exports.mail.models import Sending, SendingState, Suppression, Why, address_hash
from exports.mail.verifying import verify_mail
from exports.models import ControlledCopy, CopyState
from records import audit, errands
from records import clock as house_clock
from records.errors import NotFound, Refused
from records.models import Person
from tests.unit.exports.mail.conftest import GIVEN, Inbox, Post

ANITA, BORIS, CLEO = "Anita Reyes", "Boris Lund", "Cleo Marsh"


def queue(post: Post, *names: str, key: str = "form") -> list[int]:
    with post.sessions.write() as session:
        version, rep = post.open(session)
        chosen = [post.people[name] for name in names]
        rows = sending.queue(
            session, version, chosen, actor=rep, press=post.press(), request_key=key
        )
        return [row.id for row in rows]


def work(post: Post, clock) -> None:
    for _ in range(3):
        errands.run_waiting(post.sessions)
        clock.advance(seconds=3)


def states(post: Post) -> dict[str, str]:
    with post.sessions.read() as session:
        rows = session.scalars(select(Sending).order_by(Sending.id))
        return {row.recipient: row.state.value for row in rows}


def opt_out(post: Post, address: str) -> None:
    with post.sessions.write() as session:
        permission.suppress(session, address_hash(address), why=Why.OPT_OUT, source="test")


def test_each_recipient_gets_a_numbered_copy_that_verifies(post: Post, inbox: Inbox, clock) -> None:
    queue(post, ANITA, BORIS)
    work(post, clock)
    assert states(post) == {ANITA: "sent", BORIS: "sent"}
    assert sorted(inbox.recipients) == ["anita@a.example", "boris@a.example"]
    keys = [post.sessions.keyring.public_pem]
    seen = set()
    for data in inbox.messages:
        found = verify_mail(data, public_keys=keys)
        assert found.ok, found
        seen.add(found.manifest["copy"]["number"])
        message = stdlib.message_from_bytes(data, policy=stdlib.policy.default)
        name = message["To"].addresses[0].display_name
        text = message.get_body(("plain",)).get_content()
        assert f"Dear {name}," in text
        assert "1 Example Way" in text
    assert len(seen) == 2
    with post.sessions.read() as session:
        assert audit.verify(session) is None
        copies = session.scalars(select(ControlledCopy)).all()
        assert {copy.state for copy in copies} == {CopyState.ISSUED}


def test_a_double_click_sends_once(post: Post, inbox: Inbox, clock) -> None:
    assert queue(post, ANITA) == queue(post, ANITA)
    with pytest.raises(Refused, match="already"):
        queue(post, ANITA, key="another form")
    work(post, clock)
    assert len(inbox.messages) == 1


def test_without_consent_nothing_is_queued_and_each_refusal_is_told(post: Post, clock) -> None:
    opt_out(post, "Boris@A.example")
    with post.sessions.write() as session:
        session.query(permission.Consent).filter_by(address="cleo@a.example").delete()
    with pytest.raises(Refused) as refusal:
        queue(post, ANITA, BORIS, CLEO)
    assert [each.code for each in refusal.value.objections] == ["opt-out", "no-consent"]
    assert states(post) == {}


def test_an_opt_out_between_queue_and_sending_stops_the_letter(
    post: Post, inbox: Inbox, clock
) -> None:
    queue(post, ANITA, BORIS)
    opt_out(post, "anita@a.example")
    work(post, clock)
    assert states(post) == {ANITA: "stopped", BORIS: "sent"}
    assert inbox.recipients == ["boris@a.example"]
    with post.sessions.read() as session:
        row = session.scalars(select(Sending).where(Sending.recipient == ANITA)).one()
        assert row.copy.state is CopyState.FAILED
        assert "asked not to be written to" in row.detail


def test_a_withdrawal_between_queue_and_sending_stops_the_letter(
    post: Post, inbox: Inbox, clock
) -> None:
    queue(post, ANITA)
    with post.sessions.write() as session:
        session.get_one(Person, post.rep).deactivated_at = clock.moment
    work(post, clock)
    assert (states(post), inbox.messages) == ({ANITA: "stopped"}, [])


def test_only_a_later_consent_ends_an_opt_out(post: Post, clock) -> None:
    opt_out(post, "anita@a.example")
    with post.sessions.write() as session:
        librarian = session.scalars(select(Person).order_by(Person.id)).first()
        today = house_clock.today()
        for day, allowed in ((GIVEN, False), (today, False), (today + timedelta(days=1), True)):
            if day > house_clock.today():
                clock.advance(days=1)
            permission.record_consent(
                session, "anita@a.example", basis="Form", given_on=day, actor=librarian
            )
            standing = permission.standings(session, ["anita@a.example"])["anita@a.example"]
            assert (standing.objection is None) is allowed


def test_one_refused_recipient_stops_nobody_else(post: Post, inbox: Inbox, clock) -> None:
    inbox.refused["boris@a.example"] = "550 5.1.1 no such mailbox"
    queue(post, ANITA, BORIS, CLEO)
    work(post, clock)
    assert states(post) == {ANITA: "sent", BORIS: "refused", CLEO: "sent"}
    with post.sessions.read() as session:
        row = session.scalars(select(Suppression)).one()
        assert (row.why, row.address_sha256) == (Why.BOUNCE, address_hash("boris@a.example"))


def test_a_server_that_is_busy_is_asked_again(post: Post, inbox: Inbox, clock) -> None:
    inbox.refused["anita@a.example"] = "451 4.7.1 later"
    queue(post, ANITA)
    errands.run_waiting(post.sessions)
    assert states(post) == {ANITA: "queued"}
    inbox.refused.clear()
    clock.advance(minutes=5)
    errands.run_waiting(post.sessions)
    assert states(post) == {ANITA: "sent"}
    assert len(inbox.messages) == 1


def test_a_connection_lost_after_the_text_is_uncertain_and_never_sent_again(
    post: Post, inbox: Inbox, clock
) -> None:
    inbox.at_data = "drop"
    queue(post, ANITA)
    work(post, clock)
    assert states(post) == {ANITA: "uncertain"}
    inbox.at_data = ""
    clock.advance(hours=1)
    work(post, clock)
    assert len(inbox.messages) == 1
    with post.sessions.write() as session:
        row = session.scalars(select(Sending)).one()
        _, rep = post.open(session)
        sending.resolve(session, row, left=True, reason="In the server's log", actor=rep)
    assert states(post) == {ANITA: "sent"}


def test_a_worker_killed_after_the_server_took_it_sends_no_second_letter(
    post: Post, inbox: Inbox, clock, monkeypatch
) -> None:
    (number,) = queue(post, ANITA)

    class Killed(BaseException):
        pass

    def killed(*_values) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_conclude", killed)
        with pytest.raises(Killed):
            jobs.send_email(post.sessions, sending=number)
    assert (len(inbox.messages), states(post)) == (1, {ANITA: "attempted"})
    work(post, clock)
    assert (len(inbox.messages), states(post)) == (1, {ANITA: "uncertain"})


def test_the_server_is_not_asked_faster_than_it_takes(post: Post, clock) -> None:
    post.sessions.info["mailer"] = Mailer("127.0.0.1", sender="a@example.org", per_minute=6)
    queue(post, ANITA, BORIS, CLEO)
    with post.sessions.read() as session:
        due = session.scalars(select(Sending.due_at).order_by(Sending.id)).all()
        run = session.scalars(select(errands.Errand.run_after).order_by(errands.Errand.id)).all()
    assert [(each - due[0]).seconds for each in due] == [0, 10, 20]
    assert list(run)[-3:] == list(due)


def test_without_a_server_or_an_address_nothing_is_sent(post: Post, clock) -> None:
    post.sessions.info["mailer"] = Mailer()
    with pytest.raises(Refused) as refusal:
        queue(post, ANITA)
    assert [each.code for each in refusal.value.objections] == ["no-server"]


@pytest.mark.parametrize(("market", "refused"), [("US", []), ("UK", ["no-postal-address"])])
def test_the_postal_address_is_that_of_the_market(
    post: Post, market: str, refused: list[str]
) -> None:
    brand = Brand("Example Oncology", markets=((market, (), ("1 Example Way",)),))
    with post.sessions.read() as session:
        version, rep = post.open(session)
        press = replace(post.press(), brand=brand)
        found = sending.objections(session, version, actor=rep, press=press)
    assert [each.code for each in found] == refused


def test_a_server_without_encryption_is_not_used_where_it_is_asked_for(inbox: Inbox) -> None:
    strict = Mailer("127.0.0.1", inbox.port, sender="a@example.org", starttls=True, timeout=5)
    delivery = strict.deliver(b"Subject: x\r\n\r\nx\r\n", recipient="a@a.example")
    assert (delivery.outcome, inbox.messages) == (Outcome.LATER, [])


@pytest.mark.parametrize(
    ("answer", "outcome"), [("451 later", Outcome.LATER), ("554 no", Outcome.REFUSED)]
)
def test_an_answer_to_the_text_is_believed(
    answer: str, outcome: Outcome, inbox: Inbox, mailer: Mailer
) -> None:
    inbox.at_data = answer
    delivery = mailer.deliver(b"Subject: x\r\n\r\nx\r\n", recipient="a@a.example")
    assert delivery == Delivery(outcome, answer)


def test_the_way_out_is_signed_and_works_for_ever(post: Post, inbox: Inbox, clock) -> None:
    queue(post, ANITA)
    work(post, clock)
    message = stdlib.message_from_bytes(inbox.messages[0], policy=stdlib.policy.default)
    token = message["List-Unsubscribe"].strip("<>").rpartition("/u/")[2]
    clock.advance(days=400)
    with post.sessions.write() as session:
        shown = unsubscribing.look(session, token)
        assert (shown.masked, shown.done) == ("a…a@a.example", False)
        assert unsubscribing.leave(session, token, source="one-click").done
        assert unsubscribing.leave(session, token, source="one-click").done
        assert session.query(Suppression).count() == 1
        for wrong in (f"9{token}", token[:-1], f"{token[:-2]}AA", "x", "", "1." + "A" * 86):
            with pytest.raises(NotFound):
                unsubscribing.leave(session, wrong, source="page")


def test_the_trail_holds_no_address(post: Post, inbox: Inbox, clock) -> None:
    queue(post, ANITA)
    work(post, clock)
    with post.sessions.read() as session:
        rows = session.execute(select(audit.AuditRow)).scalars().all()
        sent = [row for row in rows if row.subject_kind == Sending.KIND]
    assert [row.action.value.partition(":")[2] for row in sent] == ["queue", "attempt", "send"]
    assert all("anita" not in str(vars(row)).lower() for row in sent)


def test_state_words_are_those_of_the_guard() -> None:
    assert {SendingState.QUEUED.value, SendingState.ATTEMPTED.value} == {"queued", "attempted"}
