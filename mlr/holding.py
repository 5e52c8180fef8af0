"""Who holds a part of a review: claimed by a reviewer, or given to them by who leads reviews.

What nobody holds, any reviewer of the discipline may sign. What somebody holds, they sign, or their
deputy while they are away (``mlr.deputies``); everybody else must take it over first, on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from mlr import notices, policy
from mlr.engine import lock_job
from mlr.models import ReviewJob, ReviewTask
from records import audit, clock
from records.actions import Action
from records.errors import NotAllowed, Objection, Stale, refuse
from records.models import Person
from records.roles import Permission, may


def may_hold(job: ReviewJob, task: ReviewTask, person: Person) -> bool:
    """Whether a part could be given to somebody: a reviewer of it, with no other part."""
    return not list(hold_objections(job, task, person))


def may_give(task: ReviewTask, actor: Person, holder: Person | None) -> bool:
    """Whether somebody may put a part into these hands (None: nobody's).

    A reviewer takes what nobody holds and lets go of what is theirs; the rest is for who leads.
    """
    if may(actor, Permission.LEAD_REVIEWS):
        return True
    if not may(actor, policy.PERMISSION[task.discipline]):
        return False
    mine = task.holder_id == actor.id
    free = task.holder_id is None or not _there(task)
    return mine if holder is None else holder.id == actor.id and (free or mine)


def hold_objections(job: ReviewJob, task: ReviewTask, person: Person) -> Iterator[Objection]:
    """Why a part cannot be in somebody's hands: they could not decide it (R-206, R-317)."""
    yield from policy.part_objections(job, task, actor=person)
    others = (part for part in job.tasks if part.id != task.id and part.open)
    if other := next((part for part in others if part.holder_id == person.id), None):
        yield Objection(
            "two-disciplines",
            f"{person.name} holds the {other.discipline} part of this review.",
            where=job.subject_label,
            instead="Give one of the two parts to somebody else.",
        )


def give(
    session: Session,
    task: ReviewTask,
    holder: Person | None,
    *,
    actor: Person,
    seen: int | None = None,
    reason: str = "",
) -> None:
    """Put a part of a review into somebody's hands, or into nobody's.

    ``seen`` is who held it on the page one looked at (0: nobody, None: no page). Raises
    ``NotAllowed``, ``Refused``, ``Stale``.
    """
    job = lock_job(session, task.job_id)
    task = next(part for part in job.tasks if part.id == task.id)
    before = task.holder
    if before is holder:
        return
    if not may_give(task, actor, holder):
        whose = holder.name if holder else "nobody"
        raise NotAllowed(
            f"{actor.name} may not give the {task.discipline} part of {job.subject_label} "
            f"to {whose}."
        )
    if seen is not None and seen != (task.holder_id or 0):
        now = before.name if before else "nobody"
        raise Stale(f"{job.subject_label} is held by {now} now. Nothing was changed.")
    refuse(hold_objections(job, task, holder) if holder else policy.ended_objections(job, task))
    task.holder_id = holder.id if holder else None
    task.held_at = clock.now() if holder else None
    session.flush()
    session.refresh(task, ["holder"])
    audit.record(
        session,
        Action.REVIEW_HOLD if holder else Action.REVIEW_RELEASE,
        actor=actor,
        subject=(ReviewTask.KIND, task.id, job.subject_label),
        reason=reason,
        before={"holder": before.name if before else None},
        after={"discipline": task.discipline, "holder": holder.name if holder else None},
    )
    if holder is not None:
        notices.part_given(session, task, holder, by=actor)


def _there(task: ReviewTask) -> bool:
    return task.holder is not None and task.holder.active
