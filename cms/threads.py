"""Annotations as threads beside the text: who wrote what on which words, settled or not."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from mlr import annotating, queries
from mlr.models import Annotation, AnnotationKind, JobState, ReviewJob, ReviewTask
from records.lifecycle import VersionState
from records.models import Person
from records.versions import Versioned

Values = dict[str, Any]
LABELS = {AnnotationKind.MUST_FIX: "Must be fixed", AnnotationKind.SUGGESTION: "Suggestion"}


def threads_of(session: Session, task: ReviewTask, person: Person) -> list[Values]:
    """Every thread on the version a task is about, of all its circulations."""
    return [_thread(each, task.job, task, person) for each in _found(session, task.job)]


def asked_of(session: Session, version: Versioned) -> Values:
    """What reviewers ask of a version, for who works at it.

    ``asked`` are the open annotations, ``said`` what was written when it came back.
    """
    job = queries.last_job_of(session, version.KIND, version.id)
    if job is None:
        return {"asked": [], "said": []}
    back = job.tasks if version.state is VersionState.CHANGES_REQUESTED else ()
    return {
        "asked": [_asked(each) for each in _found(session, job) if each.open],
        "said": [_comment(task) for task in back if task.comment],
    }


def _found(session: Session, job: ReviewJob) -> list[Annotation]:
    return queries.annotations_of(session, job.subject_kind, job.subject_id)


def _asked(annotation: Annotation) -> Values:
    anchor = f"annotation-{annotation.id}"
    task = annotation.job.tasks[0]
    return {**_said(annotation), "url": url_for("reviews.task", task_id=task.id, _anchor=anchor)}


def _comment(task: ReviewTask) -> Values:
    return {
        "discipline": task.discipline.label,
        "state": task.verdict.value if task.verdict else "closed",
        "person": task.decided_by.name if task.decided_by else "",
        "comment": task.comment,
        "url": url_for("reviews.task", task_id=task.id),
    }


def threads_by_job(session: Session, jobs: Collection[int]) -> dict[int, list[Values]]:
    """The threads of some circulations, as they are told afterwards."""
    found: dict[int, list[Values]] = {id: [] for id in jobs}
    for each in queries.annotations_in(session, jobs):
        told = {**_said(each), "open": each.open, "resolved_by": _resolver(each)}
        found[each.job_id].append(told)
    return found


def _resolver(annotation: Annotation) -> str:
    return annotation.resolved_by.name if annotation.resolved_by else ""


def _said(annotation: Annotation) -> Values:
    return {
        "id": annotation.id,
        "kind": annotation.kind.value,
        "label": LABELS[annotation.kind],
        "quote": annotation.quote,
        "text": annotation.text,
        "author": annotation.author.name,
        "part": annotation.discipline.value if annotation.discipline else "author",
        "at": annotation.at,
        "replies": [
            {"author": each.author.name, "text": each.text, "at": each.at}
            for each in annotation.replies
        ],
    }


def _thread(annotation: Annotation, job: ReviewJob, task: ReviewTask, person: Person) -> Values:
    settles = not [*annotating.resolve_objections(annotation, actor=person)]
    return {
        **_said(annotation),
        "prefix": annotation.prefix,
        "open": annotation.open,
        "circulation": annotation.job.circulation if annotation.job_id != job.id else None,
        "resolved_by": _resolver(annotation),
        "resolved_at": annotation.resolved_at,
        "may_resolve": settles,
        "may_reply": annotating.may_take_part(annotation.job, person),
        "reply_url": url_for("annotations.reply", annotation_id=annotation.id, task=task.id),
        "settle_url": url_for("annotations.settle", annotation_id=annotation.id, task=task.id),
        "key": secrets.token_hex(16),
    }


def place(blocks: Sequence[Values], threads: Iterable[Values]) -> list[Values]:
    """Give each block the threads about its words; those that belong to none are returned."""
    texts = [plain_of(block["delta"]) for block in blocks]
    for block in blocks:
        block["threads"] = []
    loose = []
    for thread in threads:
        where = _block_of(texts, thread)
        if where is None:
            loose.append(thread)
        else:
            blocks[where]["threads"].append(thread)
    return loose


def plain_of(delta: Iterable[tuple[str, str]]) -> str:
    """A block as it reads now, with single spaces."""
    return " ".join("".join(text for kind, text in delta if kind != "del").split())


def _block_of(texts: Sequence[str], thread: Values) -> int | None:
    """The block that holds the quoted words; of several the one with the words before them."""
    quote = thread["quote"]
    if not quote:
        return None
    holding = [number for number, text in enumerate(texts) if quote in text]
    near = [number for number in holding if f"{thread['prefix']} {quote}".strip() in texts[number]]
    near += [number for number in holding if f"{thread['prefix']}{quote}" in texts[number]]
    return next(iter([*near, *holding]), None)


def form_of(task: ReviewTask, person: Person) -> Values | None:
    """The dialog to write an annotation in, for those who take part while the review is open."""
    job = task.job
    if job.state is not JobState.OPEN or not annotating.may_take_part(job, person):
        return None
    reviews = annotating.discipline_of(job, person) is not None
    kinds = [AnnotationKind.SUGGESTION, *([AnnotationKind.MUST_FIX] if reviews else [])]
    return {
        "url": url_for("annotations.add", task_id=task.id),
        "kinds": [(kind.value, LABELS[kind], _MEANS[kind]) for kind in kinds],
        "key": secrets.token_hex(16),
        "longest": annotating.LONGEST_QUOTE,
    }


_MEANS = {
    AnnotationKind.SUGGESTION: "worth a thought; the version can be approved with it",
    AnnotationKind.MUST_FIX: "your discipline cannot approve while it is open",
}


def counted(threads: Iterable[Values]) -> dict[str, int]:
    """How many threads are open, by kind."""
    left = [each["kind"] for each in threads if each["open"]]
    return {
        "must_fix": left.count(AnnotationKind.MUST_FIX.value),
        "suggestions": left.count(AnnotationKind.SUGGESTION.value),
    }
