"""One review from submission to its end: who may do what, and what it leads to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from mlr import engine, standing
from mlr.models import JobState, ReviewJob, Verdict
from modules.models import ModuleVersion
from modules.operations import new_draft
from modules.review import MODULES
from records import audit
from records.actions import Action
from records.errors import NotAllowed, Refused, Stale
from records.lifecycle import VersionState
from records.models import AuditRow, Signature
from records.passwords import WrongPassword
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests.unit.mlr.conftest import PASSWORD, furnish, part

MEDICAL, LEGAL, REGULATORY = Discipline


def _codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {objection.code for objection in refused.value.objections}


def test_a_job_has_one_task_for_each_discipline_and_knows_what_is_new(room, clock) -> None:
    job = room.submit()
    assert [task.discipline for task in job.tasks] == [MEDICAL, LEGAL, REGULATORY]
    assert job.content_sha256 == room.version.content_hash()
    assert (job.compared_version, job.words_changed) == ("", job.words_total)
    assert (job.due_at - job.opened_at).days == 5


def test_the_last_approval_approves_and_no_earlier_one(room, clock) -> None:
    job = room.submit()
    for discipline, state in (
        (LEGAL, VersionState.IN_REVIEW),
        (REGULATORY, VersionState.IN_REVIEW),
        (MEDICAL, VersionState.APPROVED),
    ):
        room.sign(job, discipline)
        assert room.version.state is state
    assert (room.version.version, job.state) == ("1.0", JobState.APPROVED)
    assert standing.approval(room.session, room.version).holds
    assert room.version.module.approved_id == room.version.id
    assert audit.verify(room.session) is None


def test_the_last_approval_supersedes_the_former_and_only_that(room, clock) -> None:
    room.approve()
    first = room.version
    room.version = new_draft(room.session, first.module, actor=room.writer)
    assert first.state is VersionState.APPROVED
    job = room.submit()
    assert (job.compared_id, job.compared_version, job.words_changed) == (first.id, "1.0", 0)
    for discipline in (MEDICAL, LEGAL):
        room.sign(job, discipline)
        assert first.state is VersionState.APPROVED
    room.sign(job, REGULATORY)
    assert first.state is VersionState.SUPERSEDED
    assert (room.version.version, room.version.state) == ("2.0", VersionState.APPROVED)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.APPROVE_WITH_CHANGES, VersionState.CHANGES_REQUESTED),
        (Verdict.AMEND_AND_RETURN, VersionState.CHANGES_REQUESTED),
        (Verdict.AMEND_AND_RESUBMIT, VersionState.CHANGES_REQUESTED),
    ],
)
def test_changes_are_asked_for_once_everybody_was_heard(room, clock, verdict, state) -> None:
    job = room.submit()
    room.sign(job, MEDICAL, verdict)
    assert room.version.state is VersionState.IN_REVIEW
    room.sign(job, LEGAL)
    room.sign(job, REGULATORY)
    assert (room.version.state, job.state) == (state, JobState.RETURNED)
    assert not standing.approval(room.session, room.version).holds


def test_a_rejection_ends_the_review_for_all(room, clock) -> None:
    job = room.submit()
    room.sign(job, LEGAL, Verdict.REJECT)
    assert (room.version.state, job.state) == (VersionState.REJECTED, JobState.REJECTED)
    with pytest.raises(Refused) as refused:
        room.sign(job, MEDICAL)
    assert _codes(refused) == {"job-closed"}


def test_a_second_circulation_is_counted_and_starts_from_nothing(room, clock) -> None:
    job = room.submit()
    for discipline in Discipline:
        room.sign(job, discipline, Verdict.AMEND_AND_RETURN)
    again = room.submit()
    assert (again.circulation, again.id != job.id) == (2, True)
    assert all(task.open for task in again.tasks)


def test_the_author_decides_nothing_even_as_a_reviewer(room, clock) -> None:
    room.writer = room.hire(StaffRole.WRITER, StaffRole.MEDICAL)
    room.version.author_id = room.writer.id
    job = room.submit()
    with pytest.raises(Refused) as refused:
        room.sign(job, MEDICAL, by=room.writer)
    assert _codes(refused) == {"own-work"}
    assert room.session.scalars(select(Signature)).all() == []


def test_who_submits_for_another_decides_nothing_either(room, clock) -> None:
    submitter = room.hire(StaffRole.WRITER, StaffRole.LEGAL)
    job = MODULES.submit(room.session, room.version, actor=submitter)
    with pytest.raises(Refused) as refused:
        room.sign(job, LEGAL, by=submitter)
    assert _codes(refused) == {"own-work"}


def test_nobody_holds_two_disciplines_in_one_job(room, clock) -> None:
    both = room.hire(StaffRole.MEDICAL, StaffRole.LEGAL)
    job = room.submit()
    room.sign(job, MEDICAL, by=both)
    with pytest.raises(Refused) as refused:
        room.sign(job, LEGAL, by=both)
    assert _codes(refused) == {"two-disciplines"}


def test_the_database_refuses_two_parts_of_one_person_and_two_open_jobs(room, clock) -> None:
    job = room.submit()
    room.sign(job, MEDICAL)
    room.session.commit()
    medical = room.reviewers[MEDICAL].id
    part(job, LEGAL).decided_by_id = medical
    with pytest.raises(IntegrityError):
        room.session.flush()
    room.session.rollback()
    with pytest.raises(IntegrityError):
        engine.open_job(
            room.session,
            MODULES._subject(room.session, room.version),
            actor=room.writer,
        )


@pytest.mark.parametrize("discipline", list(Discipline))
def test_each_part_takes_its_own_discipline_only(room, clock, discipline) -> None:
    job = room.submit()
    for other, person in room.reviewers.items():
        if other is not discipline:
            with pytest.raises(NotAllowed):
                room.sign(job, discipline, by=person)
    assert part(job, discipline).open


def test_a_part_is_decided_once(room, clock) -> None:
    job = room.submit()
    room.sign(job, MEDICAL)
    with pytest.raises(Refused) as refused:
        room.sign(job, MEDICAL, by=room.hire(StaffRole.MEDICAL))
    assert _codes(refused) == {"task-decided"}


def test_the_same_form_twice_signs_once(room, clock) -> None:
    job = room.submit()
    first = room.sign(job, MEDICAL, key="one-form")
    again = room.sign(job, MEDICAL, key="one-form", password="whatever was typed")
    assert (first.repeated, again.repeated) == (False, True)
    given = room.session.scalars(select(Signature)).all()
    assert [signature.discipline for signature in given] == ["medical"]
    with pytest.raises(Refused):
        room.sign(job, MEDICAL, key="another-form")


def test_somebody_elses_key_is_no_way_in(room, clock) -> None:
    job = room.submit()
    room.sign(job, MEDICAL, key="one-form")
    with pytest.raises(Refused):
        room.sign(job, MEDICAL, by=room.hire(StaffRole.MEDICAL), key="one-form")


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.APPROVE])
def test_every_verdict_but_approve_needs_a_comment(room, clock, verdict) -> None:
    job = room.submit()
    with pytest.raises(Refused) as refused:
        room.sign(job, MEDICAL, verdict, comment="  ")
    assert _codes(refused) == {"comment-missing"}
    room.sign(job, MEDICAL, Verdict.APPROVE, comment="")


def test_a_wrong_password_signs_nothing(room, clock) -> None:
    job = room.submit()
    with pytest.raises(WrongPassword):
        room.sign(job, MEDICAL, password="not this one at all")
    assert part(job, MEDICAL).verdict is None


def test_what_was_seen_must_be_what_is_signed(room, clock) -> None:
    job = room.submit()
    with pytest.raises(Stale):
        room.sign(job, MEDICAL, seen="0" * 64)
    room.sign(job, MEDICAL, seen=job.content_sha256)


def test_content_changed_behind_the_programs_back_takes_no_verdict(room, clock) -> None:
    job = room.submit()
    room.session.execute(
        update(ModuleVersion)
        .where(ModuleVersion.id == room.version.id)
        .values(body="Another text.")
        .execution_options(synchronize_session=False)
    )
    with pytest.raises(Stale):
        room.sign(job, MEDICAL)


def test_an_edit_ends_the_circulation(room, clock) -> None:
    job = room.submit()
    room.sign(job, MEDICAL)
    MODULES.end_by_edit(room.session, room.version, actor=room.writer)
    assert (room.version.state, job.state) == (VersionState.DRAFT, JobState.ENDED)
    assert not any(task.open for task in job.tasks)
    with pytest.raises(Refused):
        room.sign(job, LEGAL)


def test_the_author_takes_a_version_back_and_the_reviewers_tasks_end(room, clock) -> None:
    job = room.submit()
    MODULES.recall(room.session, room.version, actor=room.writer, reason="A mistake.")
    assert (room.version.state, job.state) == (VersionState.DRAFT, JobState.RECALLED)
    with pytest.raises(Refused) as refused:
        MODULES.recall(room.session, room.version, actor=room.writer)
    assert _codes(refused) == {"not-in-review"}


def test_another_writer_may_not_take_it_back_but_a_librarian_may(room, clock) -> None:
    room.submit()
    with pytest.raises(Refused) as refused:
        MODULES.recall(room.session, room.version, actor=room.hire(StaffRole.WRITER))
    assert _codes(refused) == {"not-yours"}
    with pytest.raises(NotAllowed):
        MODULES.recall(room.session, room.version, actor=room.reviewers[MEDICAL])
    MODULES.recall(room.session, room.version, actor=room.hire(StaffRole.LIBRARIAN))
    assert room.version.state is VersionState.DRAFT


def test_withdrawing_is_signed_and_needs_a_reason_and_a_permission(room, clock) -> None:
    room.approve()
    regulatory = room.reviewers[REGULATORY]
    for actor, reason, error in (
        (room.writer, "why not", NotAllowed),
        (regulatory, "  ", Refused),
    ):
        with pytest.raises(error):
            MODULES.withdraw(
                room.session, room.version, actor=actor, reason=reason, password=PASSWORD
            )
    with pytest.raises(WrongPassword), room.session.begin_nested():
        MODULES.withdraw(
            room.session, room.version, actor=regulatory, reason="x", password="not this one"
        )
    room.session.refresh(room.version)
    assert room.version.state is VersionState.APPROVED
    MODULES.withdraw(
        room.session, room.version, actor=regulatory, reason="New label.", password=PASSWORD
    )
    assert room.version.state is VersionState.WITHDRAWN
    assert room.version.module.approved_id is None
    last = room.session.scalars(select(Signature).order_by(Signature.id.desc())).first()
    assert last is not None
    assert (last.verdict, last.person_id) == ("withdraw", regulatory.id)


def test_every_step_is_in_the_trail(room, clock) -> None:
    room.approve()
    actions = list(room.session.scalars(select(AuditRow.action).order_by(AuditRow.number)))
    assert actions[0] is Action.REVIEW_OPEN
    assert actions.count(Action.SIGNATURE_GIVE) == actions.count(Action.REVIEW_VERDICT) == 3
    assert actions[-1] is Action.MODULE_APPROVE


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(Discipline)), st.sampled_from(list(Verdict))),
        st.sampled_from(["submit", "recall", "edit", "withdraw"]),
    ),
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_approved_never_without_three_signatures_on_this_content(session, steps) -> None:
    """Whatever people do in whatever order: approved means approved, one job at most is open."""
    with session.begin_nested() as point:
        room = furnish(session)
        for step in steps:
            try:
                with session.begin_nested():
                    _take(room, step)
            except (Refused, NotAllowed, Stale):
                session.expire_all()
            _check(session, room.version)
        point.rollback()


def _take(room, step) -> None:
    job = engine.open_job_of(room.session, "module_version", room.version.id)
    if step == "submit":
        room.submit()
    elif step == "recall":
        MODULES.recall(room.session, room.version, actor=room.writer)
    elif step == "edit":
        MODULES.end_by_edit(room.session, room.version, actor=room.writer)
        room.version.body += " More."
        room.version.seal_content()
    elif step == "withdraw":
        signer = room.reviewers[REGULATORY]
        MODULES.withdraw(room.session, room.version, actor=signer, reason="x")
    elif job is not None:
        room.sign(job, step[0], step[1])


def _check(session, version: ModuleVersion) -> None:
    open_jobs = session.scalars(
        select(ReviewJob).where(
            ReviewJob.subject_id == version.id, ReviewJob.state == JobState.OPEN
        )
    ).all()
    assert len(open_jobs) == (version.state is VersionState.IN_REVIEW)
    approval = standing.approval(session, version)
    assert approval.holds == (version.state is VersionState.APPROVED)
    if approval.holds:
        assert {signature.discipline for signature in approval.signatures} == set(Discipline)
        assert len({signature.person_id for signature in approval.signatures}) == 3
