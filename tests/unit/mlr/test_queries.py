"""Whose turn it is: nothing is offered that would be refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlr import queries
from mlr.models import Verdict
from mlr.queries import Show
from modules.review import MODULES
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests import building

MEDICAL, LEGAL, REGULATORY = Discipline


def _ids(room, person, show: Show = Show.MINE) -> list[int]:
    rows = queries.reviews(room.session, person, show)
    assert len(rows) == queries.counts(room.session, person)[show]
    return [each.job.id for each in rows]


def test_a_review_waits_for_each_discipline_until_it_is_decided(room, clock) -> None:
    job = room.submit()
    for person in room.reviewers.values():
        assert _ids(room, person) == [job.id]
    room.sign(job, MEDICAL)
    assert _ids(room, room.reviewers[MEDICAL]) == []
    assert _ids(room, room.reviewers[MEDICAL], Show.DECIDED) == [job.id]
    assert _ids(room, room.reviewers[LEGAL]) == [job.id]


@pytest.mark.parametrize("end", [Verdict.REJECT, "recall", "edit"])
def test_nothing_waits_once_the_review_has_ended(room, clock, end) -> None:
    job = room.submit()
    if end == "recall":
        MODULES.recall(room.session, room.version, actor=room.writer)
    elif end == "edit":
        MODULES.end_by_edit(room.session, room.version, actor=room.writer)
    else:
        room.sign(job, LEGAL, end)
    for person in (*room.reviewers.values(), room.writer):
        assert _ids(room, person) == _ids(room, person, Show.OPEN) == []


def test_ones_own_work_and_a_second_part_are_offered_nowhere(room, clock) -> None:
    both = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    author = room.hire(StaffRole.WRITER, StaffRole.MEDICAL)
    room.version.author_id = author.id
    job = room.submit()
    assert _ids(room, author) == []
    assert _ids(room, author, Show.SUBMITTED) == [job.id]
    assert _ids(room, both) == [job.id]
    room.sign(job, MEDICAL, by=both)
    assert _ids(room, both) == []


def test_people_without_a_discipline_wait_for_nothing(room, clock) -> None:
    room.submit()
    for role in (StaffRole.WRITER, StaffRole.LIBRARIAN, StaffRole.INSPECTOR):
        assert _ids(room, room.hire(role)) == []


def test_the_earliest_due_comes_first_and_neighbours_follow_the_list(room, clock) -> None:
    jobs = []
    for number in range(4):
        version = building.module(
            room.session, f"HAL-M-10{number}", of=room.version.module.product, author=room.writer
        )
        jobs.append(MODULES.submit(room.session, version, actor=room.writer))
    # two are due at the same moment
    for job, days in zip(jobs, (3, 1, 2, 2), strict=True):
        job.due_at = clock.moment + timedelta(days=days)
    room.session.flush()
    medical = room.reviewers[MEDICAL]
    order = [jobs[1].id, jobs[2].id, jobs[3].id, jobs[0].id]
    assert _ids(room, medical) == order
    walked = []
    shown = queries.waiting(room.session, medical, limit=1)[0]
    while shown is not None:
        walked.append(shown.job.id)
        back, on = queries.neighbours(room.session, medical, shown.job)
        assert (back.job.id if back else None) == (walked[-2] if walked[1:] else None)
        shown = on
    assert walked == order


def test_one_opens_the_part_that_is_ones_own(room, clock) -> None:
    job = room.submit()
    for discipline, person in room.reviewers.items():
        assert queries.part_for(job, person).discipline is discipline
    assert queries.part_for(job, room.writer) is job.tasks[0]


def test_what_was_said_before_is_found_over_all_circulations(room, clock) -> None:
    first = room.submit()
    for discipline in Discipline:
        room.sign(first, discipline, Verdict.AMEND_AND_RETURN, comment=f"{discipline} says no")
    clock.advance(days=1)
    again = room.submit()
    room.sign(again, LEGAL)
    said = queries.decided_parts(room.session, again)
    assert [(task.job_id, task.discipline) for task in said] == [
        (again.id, LEGAL),
        (first.id, REGULATORY),
        (first.id, LEGAL),
        (first.id, MEDICAL),
    ]
