"""Annotations: bound to the words, answered, settled by the right people, never rewritten."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from mlr import annotating, queries
from mlr.annotating import Note
from mlr.models import Annotation, AnnotationKind, JobState, ReviewJob, Verdict
from records.actions import Action
from records.errors import Refused
from records.models import AuditRow, Person
from records.roles import StaffRole
from records.vocabulary import Discipline
from tests import building
from tests.unit.mlr.conftest import Room

CONTENT = "The overall response rate was 57 %. It was read by blinded review."
MUST, MAY = AnnotationKind.MUST_FIX, AnnotationKind.SUGGESTION


def note(
    kind: AnnotationKind = MUST, *, quote: str = "57 %", words: str = "It is 56 %.", key: str = "k"
) -> Note:
    return Note(kind, words, quote=quote, prefix="rate was", suffix=". It", key=key)


@pytest.fixture
def job(room: Room) -> ReviewJob:
    return room.submit()


def write(room: Room, job: ReviewJob, given: Note, *, by: Person | None = None) -> Annotation:
    actor = by or room.reviewers[Discipline.MEDICAL]
    return annotating.annotate(room.session, job, given, actor=actor, content=CONTENT)


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {each.code for each in caught.value.objections}


def test_it_holds_the_words_and_for_which_part_it_speaks(room: Room, job: ReviewJob) -> None:
    written = write(room, job, note(quote="rate  was\n57 %"))
    assert written.quote == "rate was 57 %"
    assert (written.discipline, written.open) == (Discipline.MEDICAL, True)
    row = room.session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert row is not None
    assert (row.action, row.reason) == (Action.ANNOTATION_ADD, "It is 56 %.")
    assert row.after["quote"] == "rate was 57 %"


def test_the_same_form_twice_writes_once(room: Room, job: ReviewJob) -> None:
    first = write(room, job, note(key="same"))
    assert write(room, job, note(key="same")).id == first.id
    writer = room.writer
    answer = annotating.reply(room.session, first, "Done.", actor=writer, key="r")
    assert annotating.reply(room.session, first, "Done.", actor=writer, key="r").id == answer.id


def test_words_that_are_not_there_cannot_be_annotated(room: Room, job: ReviewJob) -> None:
    with pytest.raises(Refused) as caught:
        write(room, job, note(quote="58 %"))
    assert codes(caught) == {"quote-missing"}


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_the_text_has_a_measure(room: Room, job: ReviewJob, words: str) -> None:
    with pytest.raises(Refused) as caught:
        write(room, job, note(words=words))
    assert codes(caught) & {"text-missing", "text-long"}


def test_strangers_take_no_part(room: Room, job: ReviewJob) -> None:
    stranger = building.person(room.session, StaffRole.INSPECTOR)
    with pytest.raises(Refused) as caught:
        write(room, job, note(MAY), by=stranger)
    assert codes(caught) == {"no-part"}
    written = write(room, job, note())
    with pytest.raises(Refused):
        annotating.reply(room.session, written, "Hm.", actor=stranger, key="r")
    with pytest.raises(Refused):
        annotating.resolve(room.session, written, actor=stranger)


def test_the_writer_suggests_and_answers_but_settles_nothing_that_must_be_fixed(
    room: Room, job: ReviewJob
) -> None:
    with pytest.raises(Refused) as caught:
        write(room, job, note(MUST), by=room.writer)
    assert codes(caught) == {"must-fix"}
    assert write(room, job, note(MAY, key="w"), by=room.writer).discipline is None
    written = write(room, job, note())
    annotating.reply(room.session, written, "It is now.", actor=room.writer, key="r")
    with pytest.raises(Refused) as caught:
        annotating.resolve(room.session, written, actor=room.writer)
    assert codes(caught) == {"not-yours"}
    with pytest.raises(Refused):
        annotating.resolve(room.session, written, actor=room.reviewers[Discipline.LEGAL])
    suggestion = write(room, job, note(MAY, key="s"))
    annotating.resolve(room.session, suggestion, actor=room.writer)
    assert not suggestion.open


def test_a_discipline_does_not_approve_what_it_says_must_be_fixed(
    room: Room, job: ReviewJob
) -> None:
    medical = room.reviewers[Discipline.MEDICAL]
    written = write(room, job, note())
    room.sign(job, Discipline.LEGAL)
    with pytest.raises(Refused) as caught:
        room.sign(job, Discipline.MEDICAL)
    assert codes(caught) == {"must-fix-open"}
    annotating.resolve(room.session, written, actor=medical)
    annotating.reopen(room.session, written, actor=medical)
    with pytest.raises(Refused):
        room.sign(job, Discipline.MEDICAL)
    annotating.resolve(room.session, written, actor=medical)
    room.sign(job, Discipline.MEDICAL)
    assert room.sign(job, Discipline.REGULATORY).state is JobState.APPROVED


def test_what_must_be_fixed_says_what_must_change(room: Room, job: ReviewJob) -> None:
    write(room, job, note())
    write(room, job, note(MAY, key="s"), by=room.reviewers[Discipline.LEGAL])
    with pytest.raises(Refused) as caught:
        room.sign(job, Discipline.MEDICAL, Verdict.REJECT, comment=" ")
    assert codes(caught) == {"comment-missing"}
    with pytest.raises(Refused) as caught:  # a suggestion, and of another discipline than medical
        room.sign(job, Discipline.LEGAL, Verdict.APPROVE_WITH_CHANGES, comment="")
    assert codes(caught) == {"comment-missing"}
    outcome = room.sign(job, Discipline.MEDICAL, Verdict.APPROVE_WITH_CHANGES, comment="")
    (medical,) = (each for each in outcome.job.tasks if each.discipline is Discipline.MEDICAL)
    assert medical.comment == "1 medical annotation says that something must be fixed."


def test_what_must_be_fixed_is_still_there_in_the_next_circulation(
    room: Room, job: ReviewJob
) -> None:
    write(room, job, note())
    for part in Discipline:
        room.sign(job, part, Verdict.AMEND_AND_RETURN)
    again = room.submit()
    assert again.id != job.id
    found = queries.annotations_of(room.session, again.subject_kind, again.subject_id)
    assert [each.job_id for each in found] == [job.id]
    with pytest.raises(Refused) as caught:
        room.sign(again, Discipline.MEDICAL)
    assert codes(caught) == {"must-fix-open"}


def test_nothing_new_is_written_when_the_review_is_over(room: Room, job: ReviewJob) -> None:
    for part in Discipline:
        room.sign(job, part)
    with pytest.raises(Refused) as caught:
        write(room, job, note(MAY))
    assert "job-closed" in codes(caught)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE annotation SET text = 'Fine.'",
        "UPDATE annotation SET kind = 'suggestion'",
        "DELETE FROM annotation",
        "UPDATE annotation_reply SET text = 'No.'",
        "DELETE FROM annotation_reply",
    ],
)
def test_the_database_refuses_to_rewrite_a_thread(
    room: Room, job: ReviewJob, statement: str
) -> None:
    written = write(room, job, note())
    annotating.reply(room.session, written, "Yes.", actor=room.writer, key="r")
    with pytest.raises(DatabaseError), room.session.begin_nested():
        room.session.execute(text(statement))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(verdicts=st.lists(st.sampled_from(list(Discipline)), unique=True), settled=st.booleans())
def test_a_version_is_never_approved_with_something_to_be_fixed(
    room: Room, verdicts: list[Discipline], settled: bool
) -> None:
    point = room.session.begin_nested()
    job = room.submit()
    written = write(room, job, note())
    if settled:
        annotating.resolve(room.session, written, actor=room.reviewers[Discipline.MEDICAL])
    for part in verdicts:
        try:
            room.sign(job, part)
        except Refused:
            assert not settled
    assert not (job.state is JobState.APPROVED and written.open)
    point.rollback()
    room.session.expire_all()
