"""Copies that are called back: told, acknowledged, accounted for, and never opened again."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from exports import copies, copies_out
from exports import review as material_review
from exports.copies_out import Which
from exports.models import ControlledCopy, CopyState
from exports.recalls import operations, queries, reminding
from exports.recalls.jobs import notify, remind
from exports.recalls.models import Recall
from records.actions import Action
from records.errors import NotAllowed, NotFound, Refused
from records.models import AuditRow, Errand, Person
from records.roles import StaffRole
from tests import building
from tests.unit.exports.conftest import Library
from tests.unit.exports.mail.conftest import Inbox, inbox, mailer  # noqa: F401 - fixtures
from tests.unit.exports.test_issuing import issue, printed  # noqa: F401 - a fixture

SOON = date(2030, 1, 1)


@pytest.fixture
def withdrawn(library: Library):
    """A material with two copies with a rep, and its withdrawal."""
    version = library.approved()
    issue(library, version)
    issue(library, version)
    withdraw(library, version)
    return version


def withdraw(library: Library, version) -> None:
    material_review.MATERIALS.withdraw(
        library.session, version, actor=library.signers[2], reason="the label has changed"
    )


def call_back(library: Library, version, *, actor: Person | None = None, **options) -> Recall:
    given = {
        "reason": "Section 5 of the label changed.",
        "due_on": SOON,
        "request_key": secrets.token_hex(8),
    } | options
    return operations.open_recall(
        library.session, version, actor=actor or library.signers[2], **given
    )


def actions(library: Library) -> list[Action]:
    rows = library.session.scalars(select(AuditRow).order_by(AuditRow.number))
    return [row.action for row in rows if "recall" in row.action or "copy" in row.action]


def codes(error) -> list[str]:
    return [objection.code for objection in error.value.objections]


def test_every_copy_is_called_back_and_its_holder_told(library, withdrawn) -> None:
    recall = call_back(library, withdrawn)
    held = library.session.scalars(select(ControlledCopy)).all()
    assert {copy.state for copy in held} == {CopyState.RECALLED}
    assert queries.progress_of(library.session, [recall])[recall.id] == queries.Progress(recalled=2)
    notices = library.session.scalars(select(Errand).where(Errand.job == reminding.NOTICE)).all()
    assert [each.values for each in notices] == [{"recall": recall.id, "holder": library.rep.id}]
    assert actions(library)[-3:] == [Action.RECALL_OPEN, Action.COPY_RECALL, Action.COPY_RECALL]


def test_the_same_form_opens_one_recall(library, withdrawn) -> None:
    first = call_back(library, withdrawn, request_key="k")
    assert call_back(library, withdrawn, request_key="k") is first
    with pytest.raises(Refused) as error:
        call_back(library, withdrawn)
    assert codes(error) == ["no-copies"]


def test_what_may_be_handed_over_is_not_called_back(library) -> None:
    version = library.approved()
    issue(library, version)
    with pytest.raises(Refused) as error:
        call_back(library, version)
    assert codes(error) == ["still-valid"]


@pytest.mark.parametrize(
    ("options", "code"),
    [({"reason": "  "}, "reason"), ({"due_on": date(2001, 1, 1)}, "due")],
)
def test_a_recall_says_why_and_until_when(library, withdrawn, options, code) -> None:
    with pytest.raises(Refused) as error:
        call_back(library, withdrawn, **options)
    assert codes(error) == [code]
    assert library.session.scalars(select(Recall)).all() == []


def test_only_who_may_withdraw_calls_back_and_closes(library, withdrawn) -> None:
    for actor in (library.writer, library.rep, library.signers[0]):
        with pytest.raises(NotAllowed):
            call_back(library, withdrawn, actor=actor)
    recall = call_back(library, withdrawn)
    with pytest.raises(NotAllowed):
        operations.close(library.session, recall, actor=library.writer)


def test_a_holder_acknowledges_and_destroys(library, withdrawn) -> None:
    recall = call_back(library, withdrawn)
    for _ in range(2):
        called = operations.acknowledge(library.session, 1, actor=library.rep)
    assert called.copy.state is CopyState.ACKNOWLEDGED
    for _ in range(2):
        operations.account_for(
            library.session, 1, actor=library.rep, end=CopyState.DESTROYED, comment=""
        )
    assert called.copy.state is CopyState.DESTROYED
    assert called.accounted_by is library.rep
    assert queries.outstanding(library.session, recall) == 1
    assert actions(library)[-2:] == [Action.COPY_ACKNOWLEDGE, Action.COPY_DESTROY]


def test_a_lost_copy_and_one_spoken_for_take_a_word(library, withdrawn) -> None:
    call_back(library, withdrawn)
    session, compliance = library.session, building.person(library.session, StaffRole.COMPLIANCE)
    for actor, end in (
        (library.rep, CopyState.LOST),
        (compliance, CopyState.LOST),
        (compliance, CopyState.DESTROYED),
    ):
        with pytest.raises(Refused) as error:
            operations.account_for(session, 1, actor=actor, end=end, comment=" ")
        assert codes(error) == ["comment"]
    operations.account_for(session, 1, actor=library.rep, end=CopyState.LOST, comment="On a train.")
    called = operations.account_for(
        session, 2, actor=compliance, end=CopyState.DESTROYED, comment="He wrote so on 3 May."
    )
    assert called.acknowledged_at is None
    assert called.accounted_by is compliance


def test_what_became_of_a_copy_is_not_said_twice(library, withdrawn) -> None:
    call_back(library, withdrawn)
    operations.account_for(library.session, 1, actor=library.rep, end=CopyState.DESTROYED)
    with pytest.raises(Refused) as error:
        operations.account_for(
            library.session, 1, actor=library.rep, end=CopyState.LOST, comment="No, lost."
        )
    assert codes(error) == ["accounted"]


def test_nobody_speaks_for_another_holder(library, withdrawn) -> None:
    call_back(library, withdrawn)
    other = building.person(library.session, StaffRole.REP, territory=["WI"])
    with pytest.raises(NotFound):
        operations.acknowledge(library.session, 1, actor=other)
    with pytest.raises(NotFound):
        operations.account_for(library.session, 1, actor=other, end=CopyState.DESTROYED)
    with pytest.raises(NotFound):
        operations.acknowledge(library.session, 99, actor=library.rep)
    with pytest.raises(NotAllowed):
        operations.acknowledge(library.session, 1, actor=library.signers[2])


def test_a_recall_ends_when_all_is_accounted_for(library, withdrawn) -> None:
    session, recall = library.session, call_back(library, withdrawn)
    operations.account_for(session, 1, actor=library.rep, end=CopyState.DESTROYED)
    with pytest.raises(Refused) as error:
        operations.close(session, recall, actor=library.signers[2])
    assert codes(error) == ["outstanding"]
    operations.account_for(session, 2, actor=library.rep, end=CopyState.LOST, comment="Gone.")
    for _ in range(2):
        operations.close(session, recall, actor=library.signers[2])
    row = session.scalars(select(AuditRow).where(AuditRow.action == Action.RECALL_CLOSE)).one()
    assert row.after == {"destroyed": [1], "lost": [2]}
    assert queries.listed(session) == []
    assert queries.listed(session, closed=True) == [recall]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(["acknowledge", "destroyed", "lost"]), max_size=6))
def test_a_called_back_copy_is_never_opened_again(library, steps) -> None:
    version = library.approved()
    copy = issue(library, version)
    withdraw(library, version)
    call_back(library, version)
    seen = [copy.state]
    for step in steps:
        try:
            if step == "acknowledge":
                operations.acknowledge(library.session, copy.number, actor=library.rep)
            else:
                operations.account_for(
                    library.session,
                    copy.number,
                    actor=library.rep,
                    end=CopyState(step),
                    comment="said",
                )
        except Refused:
            pass
        seen.append(copy.state)
        with pytest.raises(Refused):
            copies.open_copy(library.session, copy.number, actor=library.rep)
    order = [CopyState.RECALLED, CopyState.ACKNOWLEDGED, CopyState.DESTROYED, CopyState.LOST]
    places = [min(order.index(state), 2) for state in seen]
    assert places == sorted(places)
    assert len({state for state in seen if state in order[2:]}) <= 1


def test_recalls_are_counted_where_copies_are(library, withdrawn, clock) -> None:
    session = library.session
    call_back(library, withdrawn, due_on=clock.moment.date())
    assert copies_out.count_copies_out(session)[Which.STOPPED] == 2
    assert [each.copy_number for each in queries.held_by(session, library.rep)] == [1, 2]
    assert queries.overdue(session) == 0
    operations.account_for(session, 1, actor=library.rep, end=CopyState.DESTROYED)
    assert copies_out.count_copies_out(session)[Which.STOPPED] == 1


def test_a_recall_is_late_after_its_day(library, withdrawn, clock) -> None:
    call_back(library, withdrawn, due_on=clock.moment.date())
    clock.advance(days=1)
    assert queries.overdue(library.session) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recall SET reason = 'another'",
        "DELETE FROM recall",
        "DELETE FROM recalled_copy",
        "UPDATE recalled_copy SET comment = 'another'",
        "UPDATE recalled_copy SET accounted_at = NULL",
        "UPDATE recall SET closed_at = NULL, closed_by_id = NULL",
    ],
)
def test_the_database_keeps_what_was_said(library, withdrawn, statement) -> None:
    recall = call_back(library, withdrawn)
    for number in (1, 2):
        operations.account_for(library.session, number, actor=library.rep, end=CopyState.DESTROYED)
    operations.close(library.session, recall, actor=recall.opened_by)
    with pytest.raises(DatabaseError), library.session.begin_nested():
        library.session.execute(text(statement))


class _Same:
    """The test's one session as the job's own transactions."""

    def __init__(self, session) -> None:
        self._session = session

    def read(self):
        return self

    write = read

    def __enter__(self):
        return self._session

    def __exit__(self, *_failed) -> None:
        self._session.flush()


def test_a_holder_gets_an_email(library, withdrawn, inbox: Inbox, mailer) -> None:  # noqa: F811
    from tests.unit.exports.test_issuing import PRESS

    recall = call_back(library, withdrawn, instead="Use BRF-0002.")
    library.session.info.update(mailer=mailer, press=PRESS)
    notify(_Same(library.session), recall=recall.id, holder=library.rep.id)
    assert inbox.recipients == [library.rep.email]
    message = inbox.messages[0].decode()
    assert "copies 0001, 0002" in message
    assert "Section 5 of the label changed." in message
    assert "Use BRF-0002." in message
    assert "https://example.org/copies" in message
    assert actions(library)[-1] is Action.RECALL_NOTIFY
    for number in (1, 2):
        operations.account_for(library.session, number, actor=library.rep, end=CopyState.DESTROYED)
    notify(_Same(library.session), recall=recall.id, holder=library.rep.id)
    assert len(inbox.messages) == 1


def test_who_has_not_answered_is_reminded_once_a_day(
    library,
    withdrawn,
    inbox: Inbox,  # noqa: F811
    mailer,  # noqa: F811
) -> None:
    from tests.unit.exports.test_issuing import PRESS

    library.session.info.update(mailer=mailer, press=PRESS)
    recall = call_back(library, withdrawn)
    with pytest.raises(NotAllowed):
        reminding.remind(library.session, recall, actor=library.rep)
    keeper = recall.opened_by
    assert reminding.remind(library.session, recall, actor=keeper) == 1
    assert actions(library)[-1] is Action.RECALL_REMIND
    told = len(actions(library))
    assert reminding.remind(library.session, recall, actor=keeper) == 0
    assert len(actions(library)) == told, "a second click tells nobody"
    notices = library.session.scalars(select(Errand).where(Errand.job == reminding.NOTICE)).all()
    assert notices[-1].values == {"recall": recall.id, "holder": library.rep.id, "again": True}
    notify(_Same(library.session), recall=recall.id, holder=library.rep.id, again=True)
    assert "Subject: Recall, reminder:" in inbox.messages[-1].decode()
    for number in (1, 2):
        operations.account_for(library.session, number, actor=library.rep, end=CopyState.DESTROYED)
    with pytest.raises(Refused, match="has ended"):
        reminding.remind(library.session, recall, actor=keeper)


def reminders(library) -> list[Errand]:
    asked = select(Errand).where(Errand.job == reminding.REMINDER).order_by(Errand.id)
    return list(library.session.scalars(asked))


def told(library) -> int:
    return actions(library).count(Action.RECALL_REMIND)


def next_working_day(library, clock) -> date:
    """Let the next reminder come, twice as an errand may; the day on which it did."""
    coming = reminders(library)[-1]
    clock.set(coming.run_after)
    for _ in range(2):
        remind(library.session, recall=coming.values["recall"])
    return coming.run_after.date()


def test_who_has_not_read_of_it_is_reminded_each_working_day(
    library,
    withdrawn,
    inbox: Inbox,  # noqa: F811
    mailer,  # noqa: F811
    clock,
) -> None:
    library.session.info.update(mailer=mailer)
    call_back(library, withdrawn, due_on=date(2026, 12, 1))
    days = [next_working_day(library, clock) for _ in range(4)]
    assert days == [date(2026, 11, each) for each in (25, 26, 27, 30)]
    assert told(library) == 4
    for number in (1, 2):
        operations.acknowledge(library.session, number, actor=library.rep)
    assert next_working_day(library, clock) == date(2026, 12, 1)
    assert told(library) == 5, "on the day, what is not accounted for is asked for"


def test_who_has_read_of_it_is_left_alone_until_the_day(
    library,
    withdrawn,
    clock,
    inbox: Inbox,  # noqa: F811
    mailer,  # noqa: F811
) -> None:
    library.session.info.update(mailer=mailer)
    call_back(library, withdrawn, due_on=date(2026, 12, 1))
    for number in (1, 2):
        operations.acknowledge(library.session, number, actor=library.rep)
    while next_working_day(library, clock) < date(2026, 11, 30):
        assert told(library) == 0
    next_working_day(library, clock)
    assert told(library) == 1
    for number in (1, 2):
        operations.account_for(library.session, number, actor=library.rep, end=CopyState.DESTROYED)
    left = len(reminders(library))
    next_working_day(library, clock)
    assert (told(library), len(reminders(library))) == (1, left)


def test_a_worker_that_comes_late_reminds_nobody_on_a_sunday(
    library,
    withdrawn,
    clock,
    inbox: Inbox,  # noqa: F811
    mailer,  # noqa: F811
) -> None:
    library.session.info.update(mailer=mailer)
    recall = call_back(library, withdrawn)
    clock.set(datetime(2026, 11, 29, 12, tzinfo=UTC))
    remind(library.session, recall=recall.id)
    assert told(library) == 0
    assert reminders(library)[-1].run_after.date() == date(2026, 11, 30)


def test_without_a_mail_server_nobody_is_told(library, withdrawn, clock) -> None:
    call_back(library, withdrawn, due_on=date(2026, 11, 25))
    next_working_day(library, clock)
    assert told(library) == 0
    assert len(reminders(library)) > 1


def test_a_recall_ends_by_itself_when_all_its_copies_are_destroyed(
    library, withdrawn, clock
) -> None:
    session, recall = library.session, call_back(library, withdrawn)
    operations.account_for(session, 1, actor=library.rep, end=CopyState.DESTROYED)
    assert recall.closed_at is None
    assert operations.destroy_all(session, recall, actor=library.rep) == 1
    assert operations.destroy_all(session, recall, actor=library.rep) == 0
    assert (recall.closed_at, recall.closed_by) == (clock.moment, None)
    row = session.scalars(select(AuditRow).where(AuditRow.action == Action.RECALL_CLOSE)).one()
    assert (row.actor_id, row.after) == (None, {"destroyed": [1, 2], "lost": []})


def test_a_recall_with_a_lost_copy_waits_for_somebody(library, withdrawn, clock) -> None:
    session, recall = library.session, call_back(library, withdrawn)
    operations.account_for(session, 1, actor=library.rep, end=CopyState.LOST, comment="Gone.")
    operations.destroy_all(session, recall, actor=library.rep)
    assert recall.closed_at is None
    (held,) = queries.by_holder(session, recall)
    assert (held.total, held.destroyed, held.lost, held.left) == (2, 1, 1, 0)
    assert held.last_at == clock.moment


def test_nobody_destroys_what_others_hold(library, withdrawn) -> None:
    recall = call_back(library, withdrawn)
    other = building.person(library.session, StaffRole.REP, territory=["WI"])
    assert operations.destroy_all(library.session, recall, actor=other) == 0
    (held,) = queries.by_holder(library.session, recall)
    assert (held.left, held.unread, held.last_at) == (2, 2, None)
