"""Who holds a part of a review, as plain data: for the review room and the team board."""

from __future__ import annotations

from typing import Any

from flask import url_for

from mlr import holding
from mlr.models import JobState, ReviewTask
from records.models import Person


def hold_form(task: ReviewTask, person: Person) -> dict[str, Any] | None:
    """Who holds an open part, and whether the reader may take it or let it go."""
    job, holder = task.job, task.holder
    if job.state is not JobState.OPEN or not task.open:
        return None
    mine = holder is not None and holder.id == person.id
    takes = not mine and holding.may_give(task, person, person)
    return {
        "url": url_for("board.give", task_id=task.id),
        "seen": task.holder_id or 0,
        "holder": holder.name if holder else None,
        "gone": holder is not None and not holder.active,
        "since": task.held_at,
        "mine": mine,
        "me": person.id,
        "may_take": takes and holding.may_hold(job, task, person),
        "may_release": holder is not None and holding.may_give(task, person, None),
    }
