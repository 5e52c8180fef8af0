"""Parts of reviews in somebody's hands, and deputies: who signs, for whom, from when to when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mlr import deputies, queries
from mlr.deputies import Absence, end_deputy, name_deputy
from mlr.holding import give
from mlr.models import JobState, Verdict
from mlr.queries import Show
from mlr.standing import approval
from records.actions import Action
from records.errors import NotAllowed, Refused, Stale
from records.models import AuditRow
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests.unit.mlr.conftest import part

MEDICAL, LEGAL, REGULATORY = Discipline


def _codes(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {each.code for each in error.value.objections}


def _mine(room, person) -> list[int]:
    return [each.job.id for each in queries.reviews(room.session, person, Show.MINE)]


def _away(clock, days: float = 7, after: float = 0) -> Absence:
    first = clock.moment + timedelta(days=after)
    return Absence(first, first + timedelta(days=days))


@pytest.fixture
def pair(room):
    """Two medical reviewers, the first holding the medical part of an open job."""
    job, first = room.submit(), room.reviewers[MEDICAL]
    give(room.session, part(job, MEDICAL), first, actor=first)
    return job, first, room.hire(StaffRole.MEDICAL)


def _name(room, absent, deputy, absence, *, by=None, discipline=MEDICAL):
    return name_deputy(
        room.session,
        absent,
        deputy=deputy,
        discipline=discipline,
        absence=absence,
        actor=by or absent,
    )


def test_what_somebody_holds_no_other_signs_and_it_leaves_their_list(room, clock, pair) -> None:
    job, first, second = pair
    assert (_mine(room, first), _mine(room, second)) == ([job.id], [])
    with pytest.raises(Refused) as error:
        room.sign(job, MEDICAL, by=second)
    assert _codes(error) == {"held-by-other"}
    assert part(job, MEDICAL).verdict is None
    room.sign(job, MEDICAL, by=first)
    assert part(job, MEDICAL).deputy_of_id is None


def test_a_reviewer_takes_what_is_free_and_lets_go_but_takes_from_nobody(room, clock, pair) -> None:
    job, first, second = pair
    task = part(job, MEDICAL)
    with pytest.raises(NotAllowed):
        give(room.session, task, second, actor=second)
    with pytest.raises(NotAllowed):
        give(room.session, task, None, actor=second)
    with pytest.raises(NotAllowed):
        give(room.session, task, second, actor=first)
    give(room.session, task, None, actor=first)
    give(room.session, task, second, actor=second)
    assert task.holder is second


def test_who_leads_gives_it_to_another_and_the_trail_says_so(room, clock, pair) -> None:
    job, first, second = pair
    lead = room.hire(StaffRole.COMPLIANCE)
    give(room.session, part(job, MEDICAL), second, actor=lead, seen=first.id, reason="Away")
    row = room.session.scalars(
        select(AuditRow).where(AuditRow.action == Action.REVIEW_HOLD).order_by(AuditRow.number)
    ).all()[-1]
    assert (row.actor_id, row.reason) == (lead.id, "Away")
    assert (row.before["holder"], row.after["holder"]) == (first.name, second.name)
    with pytest.raises(Stale):
        give(room.session, part(job, MEDICAL), first, actor=lead, seen=first.id)


def test_a_part_goes_only_to_who_could_decide_it(room, clock) -> None:
    lead = room.hire(StaffRole.LIBRARIAN)
    author = room.hire(StaffRole.WRITER, StaffRole.MEDICAL)
    room.version.author_id = author.id
    job = room.submit()
    both = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    give(room.session, part(job, LEGAL), both, actor=lead)
    for person, code in (
        (author, "own-work"),
        (room.reviewers[LEGAL], "wrong-discipline"),
        (both, "two-disciplines"),
    ):
        with pytest.raises(Refused) as error:
            give(room.session, part(job, MEDICAL), person, actor=lead)
        assert code in _codes(error)
    room.sign(job, LEGAL, by=both)
    with pytest.raises(Refused) as error:
        give(room.session, part(job, MEDICAL), both, actor=lead)
    assert _codes(error) == {"two-disciplines"}
    room.sign(job, MEDICAL, Verdict.REJECT)
    with pytest.raises(Refused) as error:
        give(room.session, part(job, REGULATORY), room.reviewers[REGULATORY], actor=lead)
    assert _codes(error) == {"job-closed"}


def test_what_somebody_who_left_held_is_free_again(room, clock, pair) -> None:
    job, first, second = pair
    first.deactivated_at = clock.moment
    room.session.flush()
    assert _mine(room, second) == [job.id]
    room.sign(job, MEDICAL, by=second)


def test_a_deputy_signs_by_their_own_name_for_whom_they_stand_in(room, clock, pair) -> None:
    job, first, second = pair
    _name(room, first, second, _away(clock))
    assert _mine(room, second) == [job.id]
    room.sign(job, MEDICAL, by=second)
    task = part(job, MEDICAL)
    assert task.signature.printed_name == second.name
    assert task.signature.meaning.endswith(f"Signed as deputy of {first.name}.")
    assert task.deputy_of is first
    room.sign(job, LEGAL)
    assert room.sign(job, REGULATORY).state is JobState.APPROVED
    # the three signatures still make one approval
    assert approval(room.session, room.version).holds


def test_it_begins_and_ends_by_the_clock(room, clock, pair) -> None:
    job, first, second = pair
    _name(room, first, second, _away(clock, days=2, after=1))
    seen = []
    for _ in range(4):
        seen.append(_mine(room, second) == [job.id])
        clock.advance(days=1)
    assert seen == [False, True, True, False]
    with pytest.raises(Refused) as error:
        room.sign(job, MEDICAL, by=second)
    assert _codes(error) == {"held-by-other"}
    assert deputies.listed(room.session, clock.moment) == []


def test_it_can_end_before_its_time_and_ends_once(room, clock, pair) -> None:
    job, first, second = pair
    row = _name(room, first, second, _away(clock))
    with pytest.raises(NotAllowed):
        end_deputy(room.session, row, actor=room.reviewers[LEGAL])
    end_deputy(room.session, row, actor=second)
    assert _mine(room, second) == []
    with pytest.raises(Refused):
        room.sign(job, MEDICAL, by=second)
    with pytest.raises(Stale):
        end_deputy(room.session, row, actor=first)
    actions = set(room.session.scalars(select(AuditRow.action)))
    assert {Action.DEPUTY_NAME, Action.DEPUTY_END} <= actions


def test_a_deputy_decides_neither_their_own_work_nor_a_second_part(room, clock) -> None:
    author = room.hire(StaffRole.WRITER, StaffRole.MEDICAL)
    both = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    first, lead = room.reviewers[MEDICAL], room.hire(StaffRole.LIBRARIAN)
    room.version.author_id = author.id
    job = room.submit()
    give(room.session, part(job, MEDICAL), first, actor=first)
    _name(room, first, author, _away(clock, days=1))
    with pytest.raises(Refused) as error:
        room.sign(job, MEDICAL, by=author)
    assert _codes(error) == {"own-work"}
    assert _mine(room, author) == []
    clock.advance(days=1)
    _name(room, first, both, _away(clock, days=1))
    give(room.session, part(job, LEGAL), both, actor=lead)
    with pytest.raises(Refused) as error:
        room.sign(job, MEDICAL, by=both)
    assert _codes(error) == {"two-disciplines"}
    room.sign(job, LEGAL, by=both)
    with pytest.raises(Refused) as error:
        room.sign(job, MEDICAL, by=both)
    assert _codes(error) == {"two-disciplines"}


def test_a_deputy_of_one_discipline_stands_in_for_no_other(room, clock) -> None:
    job, legal = room.submit(), room.reviewers[LEGAL]
    legal_too = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    both = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    give(room.session, part(job, LEGAL), both, actor=both)
    _name(room, both, legal_too, _away(clock), discipline=MEDICAL)
    with pytest.raises(Refused) as error:
        room.sign(job, LEGAL, by=legal_too)
    assert _codes(error) == {"held-by-other"}
    assert _mine(room, legal) == []


@pytest.mark.parametrize(
    ("days", "after", "code"),
    [(0, 1, "absence-empty"), (1, -3, "absence-over"), (400, 0, "absence-long")],
)
def test_an_absence_is_a_time_to_come(room, clock, pair, days, after, code) -> None:
    _, first, second = pair
    with pytest.raises(Refused) as error:
        _name(room, first, second, _away(clock, days=days, after=after))
    assert _codes(error) == {code}


def test_only_the_same_discipline_stands_in_and_nobody_for_themselves(room, clock, pair) -> None:
    _, first, _ = pair
    for deputy, code in ((first, "own-deputy"), (room.reviewers[LEGAL], "deputy-discipline")):
        with pytest.raises(Refused) as error:
            _name(room, first, deputy, _away(clock))
        assert _codes(error) == {code}
    with pytest.raises(Refused) as error:
        _name(room, first, room.hire(StaffRole.LEGAL), _away(clock), discipline=LEGAL)
    assert _codes(error) == {"wrong-discipline"}


def test_no_second_deputy_no_absent_one_and_no_chain(room, clock, pair) -> None:
    _, first, second = pair
    third = room.hire(StaffRole.MEDICAL)
    row = _name(room, first, second, _away(clock))
    assert _name(room, first, second, _away(clock)) is row
    for absent, deputy, code in (
        (first, third, "deputy-named"),
        (second, third, "is-deputy"),
        (third, first, "deputy-away"),
    ):
        with pytest.raises(Refused) as error:
            _name(room, absent, deputy, _away(clock, days=1, after=3))
        assert code in _codes(error)
    _name(room, second, third, _away(clock, days=1, after=7))


def test_others_are_named_for_by_administrators_and_leads_alone(room, clock, pair) -> None:
    _, first, second = pair
    for role in (StaffRole.WRITER, StaffRole.MEDICAL, StaffRole.INSPECTOR):
        with pytest.raises(NotAllowed):
            _name(room, first, second, _away(clock), by=room.hire(role))
    row = _name(room, first, second, _away(clock), by=room.hire(StaffRole.ADMINISTRATOR))
    end_deputy(room.session, row, actor=room.hire(StaffRole.COMPLIANCE))


def test_a_deputy_is_not_rewritten_in_the_table(room, clock, pair) -> None:
    _, first, second = pair
    row = _name(room, first, second, _away(clock))
    end_deputy(room.session, row, actor=first)
    room.session.flush()
    for statement in (
        f"UPDATE deputy SET ended_at = NULL WHERE id = {row.id}",
        f"UPDATE deputy SET deputy_id = {room.reviewers[LEGAL].id} WHERE id = {row.id}",
        f"DELETE FROM deputy WHERE id = {row.id}",
    ):
        with pytest.raises(DBAPIError), room.session.begin_nested():
            room.session.execute(text(statement))
