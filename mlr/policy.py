"""Who may decide what in a job, and what the verdicts add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from records.errors import Objection
from records.models import Person


def verdict_objections(
    job: ReviewJob, task: ReviewTask, *, actor: Person, verdict: Verdict, comment: str
) -> Iterator[Objection]:
    """Why this person may not give this verdict on this part (R-206, R-317)."""
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
    if verdict is not Verdict.APPROVE and not comment.strip():
        yield Objection("comment-missing", "Say what must change, or why it is rejected.")


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
