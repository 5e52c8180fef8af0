"""Emails to colleagues: a part that was given, a deputy that was named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from exports.mail.colleagues import tell_of_part
from exports.mail.delivering import Mailer
from mlr.deputies import Absence, end_deputy, name_deputy
from mlr.holding import give
from mlr.models import Deputy, ReviewTask
from records import clock, errands
from records.actions import Action
from records.models import AuditRow, Errand, Person
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests.unit.mlr.conftest import Room, furnish, part, quick_passwords

__all__ = ["quick_passwords"]

MEDICAL = Discipline.MEDICAL


@pytest.fixture
def task(sessions) -> int:
    """The open medical part of a review; its reviewer and who leads are in the table too."""
    with sessions.write() as session:
        room: Room = furnish(session)
        room.hire(StaffRole.LIBRARIAN)
        room.hire(StaffRole.MEDICAL)
        return part(room.submit(), MEDICAL).id


def _first(session, role: StaffRole, nth: int = 0) -> Person:
    people = session.scalars(select(Person).order_by(Person.id)).unique()
    return [each for each in people if role in each.roles][nth]


def _give(sessions, task: int, *, by: StaffRole = StaffRole.LIBRARIAN) -> None:
    with sessions.write() as session:
        holder = _first(session, StaffRole.MEDICAL)
        give(session, session.get_one(ReviewTask, task), holder, actor=_first(session, by))


def _actions(sessions) -> list[Action]:
    with sessions.read() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def test_who_is_given_a_part_is_told_with_a_link_and_none_of_its_words(
    sessions, task, inbox
) -> None:
    _give(sessions, task)
    errands.run_waiting(sessions)
    with sessions.read() as session:
        found = session.get_one(ReviewTask, task)
        message = message_from_bytes(inbox.messages[0], policy=policy.default)
        text = message.get_content()
        assert inbox.recipients == [found.holder.email]
        assert found.job.subject_label in message["Subject"]
        assert f"https://copy.example/reviews/tasks/{task}" in text
        assert found.job.subject_title not in inbox.messages[0].decode()
    assert _actions(sessions)[-1] is Action.REVIEW_NOTIFY
    with sessions.write() as session:
        part_of = session.get_one(ReviewTask, task)
        give(session, part_of, None, actor=_first(session, StaffRole.LIBRARIAN))
        holder = _first(session, StaffRole.MEDICAL).id
    tell_of_part(sessions, task=task, holder=holder, by=holder)  # the errand again, too late
    assert len(inbox.messages) == 1


def test_who_takes_a_part_knows(sessions, task, inbox) -> None:
    _give(sessions, task, by=StaffRole.MEDICAL)
    errands.run_waiting(sessions)
    assert inbox.messages == []


def test_nobody_is_told_of_what_is_not_theirs_any_more(sessions, task, inbox) -> None:
    _give(sessions, task)
    with sessions.write() as session:
        found = session.get_one(ReviewTask, task)
        give(session, found, None, actor=_first(session, StaffRole.LIBRARIAN))
    errands.run_waiting(sessions)
    assert inbox.messages == []


def test_without_a_mail_server_nobody_is_written_to(sessions, task, inbox, mailer: Mailer) -> None:
    sessions.info["mailer"] = replace(mailer, host="")
    _give(sessions, task)
    errands.run_waiting(sessions)
    assert inbox.messages == []
    assert Action.REVIEW_NOTIFY not in _actions(sessions)


def test_a_server_that_is_away_is_asked_again(sessions, task, mailer: Mailer) -> None:
    sessions.info["mailer"] = replace(mailer, port=1)
    _give(sessions, task)
    errands.run_waiting(sessions)
    with sessions.read() as session:
        waiting = session.scalars(select(Errand).where(Errand.job == "mlr.part-given")).one()
        assert waiting.done_at is None
        assert "cannot be used" in waiting.last_error


def _name(sessions) -> int:
    with sessions.write() as session:
        absent, deputy = (_first(session, StaffRole.MEDICAL, nth) for nth in (0, 1))
        now = clock.now()
        absence = Absence(now, now + timedelta(days=3))
        keeper = _first(session, StaffRole.LIBRARIAN)
        row = name_deputy(
            session, absent, deputy=deputy, discipline=MEDICAL, absence=absence, actor=keeper
        )
        return row.id


def test_a_deputy_and_who_is_away_are_told_when_another_names_them(sessions, task, inbox) -> None:
    number = _name(sessions)
    errands.run_waiting(sessions)
    with sessions.read() as session:
        row = session.get_one(Deputy, number)
        assert sorted(inbox.recipients) == sorted([row.deputy.email, row.absent.email])
        told = {
            address: message_from_bytes(data, policy=policy.default)
            for address, data in zip(inbox.recipients, inbox.messages, strict=True)
        }
        assert told[row.deputy.email]["Subject"].startswith(f"You stand in for {row.absent.name}")
        assert "https://copy.example/deputies" in told[row.absent.email].get_content()
        assert told[row.absent.email]["Subject"].startswith(f"{row.deputy.name} stands in for you")
    assert _actions(sessions)[-2:] == [Action.DEPUTY_NOTIFY, Action.DEPUTY_NOTIFY]


def test_a_deputy_that_ended_before_the_mail_left_is_not_told(sessions, task, inbox) -> None:
    number = _name(sessions)
    with sessions.write() as session:
        row = session.get_one(Deputy, number)
        end_deputy(session, row, actor=row.deputy)
    errands.run_waiting(sessions)
    assert inbox.messages == []
