"""Who may decide what in a job, and what the verdicts add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from records.errors import Objection
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Discipline

PERMISSION = {
    Discipline.MEDICAL: Permission.REVIEW_MEDICAL,
    Discipline.LEGAL: Permission.REVIEW_LEGAL,
    Discipline.REGULATORY: Permission.REVIEW_REGULATORY,
}


def disciplines_of(person: Person) -> list[Discipline]:
    """The parts of a review this person may decide."""
    return [part for part, permission in PERMISSION.items() if may(person, permission)]


def verdict_objections(
    job: ReviewJob,
    task: ReviewTask,
    *,
    actor: Person,
    verdict: Verdict,
    comment: str,
    must_fix: int = 0,
    stands_in: bool = False,
) -> Iterator[Objection]:
    """Why this person may not give this verdict on this part (R-206, R-317).

    ``must_fix`` is how many open annotations of this discipline say that something must be fixed;
    ``stands_in``: they are now the deputy of who holds the part.
    """
    yield from task_objections(job, task, actor=actor, stands_in=stands_in)
    if verdict is Verdict.APPROVE and must_fix:
        yield Objection(
            "must-fix-open",
            told_by_annotations(task.discipline, must_fix),
            where=job.subject_label,
            instead="Resolve what is settled, or give another verdict.",
        )
    if needs_comment(verdict, must_fix) and not comment.strip():
        yield Objection("comment-missing", COMMENT_MISSING, where="comment")


COMMENT_MISSING = "Say what must change, or why it is rejected."


def needs_comment(verdict: Verdict, must_fix: int) -> bool:
    """Whether a verdict has to say in words what it asks for.

    Open annotations that say what must be fixed say it for a version that comes back; a rejection
    always has its reason.
    """
    if verdict in (Verdict.APPROVE, Verdict.REJECT):
        return verdict is Verdict.REJECT
    return not must_fix


def told_by_annotations(discipline: Discipline, must_fix: int) -> str:
    """What is left of a discipline's annotations, as a sentence."""
    say = "annotation says" if must_fix == 1 else "annotations say"
    return f"{must_fix} {discipline} {say} that something must be fixed."


def task_objections(
    job: ReviewJob, task: ReviewTask, *, actor: Person, stands_in: bool = False
) -> Iterator[Objection]:
    """Why this person may give no verdict at all on this part."""
    yield from part_objections(job, task, actor=actor)
    holder = task.holder
    if task.open and holder is not None and holder.active and holder.id != actor.id:
        if not stands_in:
            yield Objection(
                "held-by-other",
                f"{holder.name} holds the {task.discipline} part of this review.",
                where=job.subject_label,
                instead="Who leads reviews can give it to you.",
            )
        else:
            yield from _deputy_objections(job, task, actor)


def _deputy_objections(job: ReviewJob, task: ReviewTask, actor: Person) -> Iterator[Objection]:
    """A deputy who holds another part of the job would decide two of them."""
    held = (part for part in job.tasks if part.id != task.id and part.open)
    if other := next((part for part in held if part.holder_id == actor.id), None):
        yield Objection(
            "two-disciplines",
            f"{actor.name} holds the {other.discipline} part of this review and cannot decide "
            "another as deputy.",
            where=job.subject_label,
        )


def part_objections(job: ReviewJob, task: ReviewTask, *, actor: Person) -> Iterator[Objection]:
    """Why this person could not decide this part, whoever holds it."""
    if not may(actor, PERMISSION[task.discipline]):
        yield Objection("wrong-discipline", _wrong_discipline(task, actor))
    yield from ended_objections(job, task)
    if actor.id in (job.author_id, job.opened_by_id):
        yield Objection(
            "own-work",
            f"{actor.name} wrote or submitted {job.subject_label} and cannot decide on it.",
            where=job.subject_label,
        )
    if any(part.decided_by_id == actor.id for part in job.tasks if part.id != task.id):
        yield Objection(
            "two-disciplines",
            f"{actor.name} has already decided another part of this review.",
            where=job.subject_label,
        )


def ended_objections(job: ReviewJob, task: ReviewTask) -> Iterator[Objection]:
    """Why nothing can be done with a part any more."""
    if job.state is not JobState.OPEN:
        yield Objection(
            "job-closed", f"This review of {job.subject_label} has ended.", where=job.subject_label
        )
    elif not task.open:
        yield Objection(
            "task-decided",
            f"The {task.discipline} part of this review has already been decided.",
            where=job.subject_label,
        )


def _wrong_discipline(task: ReviewTask, actor: Person) -> str:
    held = disciplines_of(actor)
    if not held:
        return f"{actor.name} reviews in no discipline; this part needs a {task.discipline} one."
    parts = " and ".join(held)
    return f"This is the {task.discipline} part of the review; {actor.name} reviews as {parts}."


def recall_objections(job: ReviewJob | None, label: str, *, actor: Person) -> Iterator[Objection]:
    """Why this person may not take a version back from review.

    Its author and who submitted it may; so may whoever keeps the library in order, as people leave.
    """
    if job is None:
        yield Objection("not-in-review", f"{label} is not in review.", where=label)
    elif actor.id not in (job.author_id, job.opened_by_id) and not may(actor, Permission.WITHDRAW):
        yield Objection(
            "not-yours",
            f"{label} was submitted by {job.opened_by.name}.",
            where=label,
            instead="Ask them, or a librarian, to take it back.",
        )


def outcome(verdicts: Sequence[Verdict | None]) -> JobState:
    """The job's state after these verdicts (None = undecided).

    A rejection ends the job at once. Otherwise everybody is heard first, so that the author gets
    all comments together; only approvals by all approve.
    """
    if Verdict.REJECT in verdicts:
        return JobState.REJECTED
    if None in verdicts:
        return JobState.OPEN
    if all(verdict is Verdict.APPROVE for verdict in verdicts):
        return JobState.APPROVED
    return JobState.RETURNED


def completes(job: ReviewJob, task: ReviewTask, verdict: Verdict) -> bool:
    """Whether this verdict on this part would approve the whole job."""
    others = [part.verdict for part in job.tasks if part.id != task.id]
    return outcome([*others, verdict]) is JobState.APPROVED
