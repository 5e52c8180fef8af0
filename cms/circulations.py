"""Versions and review jobs of one thing, as timelines and job lists show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cms.threads import threads_by_job
from mlr import policy
from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from records.models import Person, Signature
from records.roles import Permission, may
from records.versions import Versioned

JOBS = 12


def job_lines(
    session: Session, versions: Sequence[Versioned], viewer: Person
) -> list[dict[str, Any]]:
    """The newest review jobs of these versions (of one kind), each with its parts."""
    if not versions:
        return []
    rows = session.scalars(
        select(ReviewJob)
        .where(ReviewJob.subject_kind == versions[0].KIND)
        .where(ReviewJob.subject_id.in_([version.id for version in versions]))
        .options(
            joinedload(ReviewJob.opened_by),
            selectinload(ReviewJob.tasks).joinedload(ReviewTask.decided_by),
            selectinload(ReviewJob.tasks).joinedload(ReviewTask.signature),
        )
        .order_by(ReviewJob.id.desc())
        .limit(JOBS)
    )
    jobs = rows.all()
    threads = threads_by_job(session, [job.id for job in jobs])
    return [{**_job(job, viewer), "threads": threads[job.id]} for job in jobs]


def _job(job: ReviewJob, viewer: Person) -> dict[str, Any]:
    objections = policy.recall_objections(job, job.subject_label, actor=viewer)
    recalls = may(viewer, Permission.SUBMIT) and not [*objections]
    return {
        "id": job.id,
        "version": job.subject_label,
        "circulation": job.circulation,
        "state": job.state.value,
        "opened_at": job.opened_at,
        "opened_by": job.opened_by.name,
        "closed_at": job.closed_at,
        "may_recall": job.state is JobState.OPEN and recalls,
        "tasks": [_task(task) for task in job.tasks],
    }


def _task(task: ReviewTask) -> dict[str, Any]:
    waiting = "with-them" if task.open else "closed"
    return {
        "discipline": task.discipline.value,
        "state": task.verdict.value if task.verdict else waiting,
        "person": task.decided_by.name if task.decided_by else None,
        "at": task.decided_at,
        "comment": task.comment,
        "meaning": task.signature.meaning if task.signature else "",
    }


def version_lines(
    session: Session, versions: Sequence[Versioned], url: Callable[[Versioned], str]
) -> list[dict[str, Any]]:
    """The versions of one thing as a timeline, each with the signatures given to it."""
    given: dict[int, list[tuple[Signature, Verdict | None]]] = defaultdict(list)
    if versions:
        rows = session.execute(
            select(Signature, ReviewTask.verdict)
            .outerjoin(ReviewTask, ReviewTask.signature_id == Signature.id)
            .where(Signature.subject_kind == versions[0].KIND)
            .where(Signature.subject_id.in_([version.id for version in versions]))
            .order_by(Signature.id)
        )
        for signature, verdict in rows:
            given[signature.subject_id].append((signature, verdict))
    return [_line(version, given[version.id], url(version)) for version in versions]


def _line(
    version: Versioned, signatures: list[tuple[Signature, Verdict | None]], url: str
) -> dict[str, Any]:
    return {
        "number": version.version,
        "state": version.state.value,
        "words": version.state.value.replace("-", " "),
        "at": version.ended_at or version.approved_at or version.updated_at,
        "url": url,
        "note": None,
        "steps": [],
        "signatures": [
            {
                "discipline": signature.discipline,
                "name": signature.printed_name,
                "at": signature.at,
                "meaning": signature.meaning,
                "verdict": verdict.value if verdict else None,
            }
            for signature, verdict in signatures
        ],
    }
