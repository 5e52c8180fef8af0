"""Review tasks as rows of a list: for the desk and the queue (components/tasks.html)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from cms.formatting import day, local
from cms.kinds import WORDS
from mlr import queries
from mlr.models import JobState, ReviewJob, ReviewTask
from mlr.queries import Shown
from records.models import Person, Signature

_GROUPS = (("late", "Late"), ("due", "Due today"), (None, "This week"), (None, "Later"))
_ENDS = {
    JobState.OPEN: "with-them",
    JobState.RECALLED: "taken-back",
    JobState.ENDED: "ended",
}


def groups(
    session: Session, shown: Sequence[Shown], person: Person, now: datetime
) -> list[dict[str, Any]]:
    """Rows by when they are due; the groups of a list that is over is one, without a name."""
    signed = queries.signed_before(session, person, [each.job for each in shown])
    found: dict[str, list[dict[str, Any]]] = {words: [] for _, words in _GROUPS}
    for each in shown:
        found[_group(each.job, now)].append(_row(each, signed.get(each.job.id), now))
    return [
        {"state": state, "words": words, "rows": found[words]}
        for state, words in _GROUPS
        if found[words]
    ]


def steps(tasks: Iterable[ReviewTask], state: JobState) -> list[dict[str, Any]]:
    """What each discipline said, or that it has not yet."""
    return [
        {
            "discipline": task.discipline.value,
            "state": task.verdict.value if task.verdict else _ENDS.get(state, "closed"),
            "person": task.decided_by.name if task.decided_by else None,
            "at": task.decided_at,
        }
        for task in tasks
    ]


def due(job: ReviewJob, now: datetime) -> str | None:
    """Whether an open job is late, or due before the viewer's day ends."""
    if job.state is not JobState.OPEN:
        return None
    if job.due_at < now:
        return "late"
    return "due" if local(job.due_at).date() <= local(now).date() else None


def _group(job: ReviewJob, now: datetime) -> str:
    match due(job, now):
        case "late":
            return "Late"
        case "due":
            return "Due today"
    return "This week" if job.due_at < now + timedelta(days=7) else "Later"


def _row(shown: Shown, signed: Signature | None, now: datetime) -> dict[str, Any]:
    job, task = shown.job, shown.task
    code, _, version = job.subject_label.partition(" ")  # a batch has no version
    head, news = _news(job, signed)
    return {
        "id": task.id,
        "url": url_for("reviews.task", task_id=task.id),
        "title": job.subject_title or job.subject_label,
        "kind": WORDS[job.subject_kind],
        # what a reviewer of several disciplines must know first; codes already tell the product
        "product": task.discipline.label,
        "code": code,
        "version": version,
        "news_head": head,
        "news": news,
        "words_changed": job.words_changed,
        "words_total": job.words_total,
        "steps": steps(job.tasks, job.state),
        "steps_note": _note(job),
        "due_at": job.due_at,
        "due": due(job, now),
        "since": job.opened_at,
    }


def _news(job: ReviewJob, signed: Signature | None) -> tuple[str, str]:
    again = f" Circulation {job.circulation}." if job.circulation > 1 else ""
    if not job.compared_version:
        return "New.", f"The first version, by {job.author.name}.{again}"
    words = (
        f"{job.words_changed} of {job.words_total} words"
        if job.words_changed
        else "No word, only tags, rules or evidence"
    )
    when = f", which you signed on {day(signed.at)}" if signed else ""
    return "Changed.", f"{words} since {job.compared_version}{when}.{again}"


def _note(job: ReviewJob) -> str | None:
    if job.state is not JobState.OPEN:
        return {"returned": "returned", "recalled": "taken back", "ended": "ended by an edit"}.get(
            job.state.value, job.state.value
        )
    left = [task.discipline.value for task in job.tasks if task.open]
    if len(left) == 1:
        return "the last verdict"
    return None if len(left) == len(job.tasks) else f"{len(left)} of {len(job.tasks)} to go"
