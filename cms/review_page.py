"""The review room as plain data: what changed, its evidence, what others said, who may sign."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from cms.addresses import version_url
from cms.evidence import evidence
from cms.holding_values import hold_form
from cms.kinds import CYCLES, WORDS
from cms.sheets import sheet
from cms.task_rows import due, steps
from cms.threads import counted, form_of, place, threads_of
from cms.waiting import reviews_waiting
from exports import preflight
from exports.models import MaterialVersion
from mlr import deputies, policy, queries
from mlr.comparing import ComparedBlock, Difference
from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from mlr.packs import pack
from mlr.queries import Shown
from records import clock
from records.errors import Objection
from records.models import Person
from records.roles import Permission, may
from records.versions import Versioned

BESIDE = 12
_LABELS = {
    Verdict.APPROVE: "Approve",
    Verdict.APPROVE_WITH_CHANGES: "Approve with changes",
    Verdict.AMEND_AND_RETURN: "Return",
    Verdict.AMEND_AND_RESUBMIT: "Return for a new review",
    Verdict.REJECT: "Reject",
}
_ENDED = {
    JobState.APPROVED: "This review has ended: the version was approved.",
    JobState.RETURNED: "This review has ended: the version went back to its author with comments.",
    JobState.REJECTED: "This review has ended: the version was rejected.",
    JobState.RECALLED: "This review has ended: the version was taken back by its author.",
    JobState.ENDED: "This review has ended: the text was changed while it was in review.",
}


@dataclass(frozen=True)
class Form:
    """What is in the signing dialog, and what was wrong with it."""

    open: bool = False
    verdict: str = ""
    comment: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    objections: tuple[Objection, ...] = ()
    key: str = ""


def missing(form: Form, password: str, *, must_fix: int = 0) -> dict[str, str]:
    """What a signature lacks, by field; ``must_fix`` annotations may stand for a comment."""
    errors = {}
    if form.verdict not in set(Verdict):
        errors["verdict"] = "Choose what your signature means."
    elif policy.needs_comment(Verdict(form.verdict), must_fix) and not form.comment:
        errors["comment"] = policy.COMMENT_MISSING
    if not password:
        errors["password"] = "Type your password: it is asked again each time you sign."  # noqa: S105 - a sentence
    return errors


@dataclass(frozen=True)
class _Read:
    """One task with everything that is read once for its page."""

    task: ReviewTask
    version: Versioned
    former: Versioned | None
    difference: Difference
    evidence: list[dict[str, Any]]


def review_page(
    session: Session, task: ReviewTask, *, person: Person, view: str, form: Form
) -> dict[str, Any]:
    """``ReviewPage`` for one person; ``view`` is "changes", "clean" or "before"."""
    job, cycle = task.job, CYCLES[task.job.subject_kind]
    version = cycle.version_of(session, job)
    former, difference = cycle.difference(session, version)
    read = _Read(task, version, former, difference, evidence(session, version))
    if view == "before" and former is None:
        view = "changes"
    refused = " ".join(str(each) for each in _refusals(session, read, person))
    deputy_of = (
        task.holder.name if task.holder and deputies.stands_in(session, task, person) else ""
    )
    back, on = queries.neighbours(session, person, job)
    text, threads = _text(session, read, view), threads_of(session, task, person)
    own = queries.count_open_must_fix(session, job, task.discipline)
    return {
        **text,
        "loose": place(text["blocks"], threads),
        "annotations": counted(threads),
        "annotate": form_of(task, person) if view == "changes" else None,
        "task": _task(read),
        "compared": _compared(session, read, person),
        "steps": steps(job.tasks, job.state),
        "evidence": read.evidence,
        "checks": list(_checks(session, read)),
        "earlier": [_said(each, job) for each in queries.decided_parts(session, job)],
        **_queue(session, person, job),
        "prev_url": _url(back),
        "next_url": _url(on),
        "may_decide": not refused,
        "refused": refused if task.verdict is None else "",
        "decided": _decided(task),
        "verdicts": list(verdicts_of(task, deputy_of=deputy_of, must_fix=own)),
        "must_fix_of_part": own,
        "deputy_of": deputy_of,
        "hold": hold_form(task, person),
        "form": form,
        "key": form.key or secrets.token_hex(16),
        "may_recall": _may_recall(job, person),
        "job_id": job.id,
        "now": clock.now(),
    }


def _text(session: Session, read: _Read, view: str) -> dict[str, Any]:
    standing = {each["code"]: each["state"] for each in read.evidence}
    shown = {"clean": read.version, "before": read.former}.get(view)
    return {
        "view": view,
        "views": list(_views(read, view)),
        "blocks": list(_blocks(read.difference.blocks, standing)) if shown is None else [],
        "html": sheet(session, shown) if shown is not None else "",
        "facts": read.difference.facts,
        "words_changed": read.difference.words_changed,
        "words_total": read.difference.words_total,
        "changes": read.difference.changes if shown is None else 0,
        "document_url": _document_url(read.version),
    }


def _document_url(version: Versioned) -> str | None:
    """A material as it will be handed over; other kinds have no document of their own."""
    if not isinstance(version, MaterialVersion):
        return None
    return url_for("materials.preview", code=version.code, version=version.version)


def _views(read: _Read, view: str) -> Iterator[dict[str, Any]]:
    first = read.former is None
    parted = read.difference.words_changed < read.difference.words_total
    everything = "What is new in it" if parted else "Everything, as it is new"
    words = {"changes": everything if first else "Changes", "clean": "As it reads"}
    if read.former is not None:
        words["before"] = read.former.version
    for key, label in words.items():
        yield {
            "label": label,
            "url": url_for("reviews.task", task_id=read.task.id, view=key),
            "count": read.difference.changes if key == "changes" and not first else None,
            "chosen": key == view,
        }


def _blocks(
    compared: Iterable[ComparedBlock], standing: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    number = 0
    for block in compared:
        number += block.changed
        yield {
            "kind": block.kind,
            "delta": block.delta,
            "shape": block.shape,
            "change": number if block.changed else None,
            "claims": [(code, standing.get(code, "not-found")) for code in block.claims],
        }


def _task(read: _Read) -> dict[str, Any]:
    task, job, version = read.task, read.task.job, read.version
    approved = job.state is JobState.APPROVED
    return {
        "id": task.id,
        "discipline": task.discipline,
        "code": version.code,
        "kind": WORDS[job.subject_kind],
        "title": job.subject_title or job.subject_label,
        "url": version_url(version),
        "version": version.version,
        "becomes": version.version if approved else f"{version.major + 1}.0",
        "circulation": job.circulation,
        "opened_at": job.opened_at,
        "due_at": job.due_at,
        "due": due(job, clock.now()),
        "author": job.author.name,
        "note": job.note,
        "content_sha256": job.content_sha256,
        "state": job.state.value,
    }


def _compared(session: Session, read: _Read, person: Person) -> dict[str, Any] | None:
    if read.former is None:
        return None
    signed = queries.signed_before(session, person, [read.task.job]).get(read.task.job_id)
    return {"version": read.former.version, "signed_at": signed.at if signed else None}


def _refusals(session: Session, read: _Read, person: Person) -> list[Objection]:
    """Why this person may not sign this part; said before they try."""
    task, job = read.task, read.task.job
    if job.state is not JobState.OPEN:
        return [Objection("job-closed", _ENDED[job.state])]
    if read.version.content_hash() != job.content_sha256:
        sentence = "The text is not what was submitted, so nobody can sign it."
        return [Objection("content-altered", sentence, instead="Tell an administrator.")]
    found = deputies.objections(session, job, task, person)
    own = queries.part_for(job, person)
    if found and own.id != task.id and not deputies.objections(session, job, own, person):
        found.append(Objection("your-part", f"Your part of this review is {own.discipline}."))
    return found


def _checks(session: Session, read: _Read) -> Iterator[dict[str, Any]]:
    if read.task.job.state is not JobState.OPEN:
        yield _finding("info", "Checked while it is in review", "This review has ended.")
        return
    if isinstance(read.version, MaterialVersion):
        for each in preflight.check(session, read.version, at=clock.now()):
            severity = "ok" if each.severity == "pass" else each.severity
            yield _finding(severity, each.sentence, where=each.where)
        return
    cycle = CYCLES[read.task.job.subject_kind]
    objections = [
        *cycle.submit_objections(session, read.version),
        *cycle.approve_objections(session, read.version),
    ]
    for objection in dict.fromkeys(objections):
        yield _finding("block", objection.sentence, objection.instead, where=objection.where)
    if not objections:
        yield _finding("ok", "Nothing stands in the way of approval")
    supported = sum(each["state"] == "supported" for each in read.evidence)
    if supported:
        words = f"{supported} of {len(read.evidence)} claims stand on their place in the label"
        yield _finding("ok", words)


def _finding(severity: str, title: str, detail: str = "", *, where: str = "") -> dict[str, Any]:
    return {
        "severity": severity,
        "title": title,
        "detail": detail,
        "where": where,
        "rule": "",
        "url": "",
        "link": "",
        "start": None,
        "end": None,
    }


def _said(task: ReviewTask, job: ReviewJob) -> dict[str, Any]:
    discipline = task.discipline.value
    if task.job_id != job.id:
        discipline = f"{discipline}, circulation {task.job.circulation}"
    return {
        "discipline": discipline,
        "state": task.verdict.value if task.verdict else "open",
        "person": task.decided_by.name if task.decided_by else "",
        "at": task.decided_at,
        "comment": task.comment,
    }


def _queue(session: Session, person: Person, job: ReviewJob) -> dict[str, Any]:
    now = clock.now()
    reviews = bool(policy.disciplines_of(person))
    show = queries.Show.MINE if reviews else queries.Show.OPEN
    rows = queries.reviews(session, person, show, limit=BESIDE)
    return {
        "queue_title": "My tasks" if reviews else "Open reviews",
        "queue_url": url_for("reviews.queue", show=show.value),
        "queue": [_beside(each, job, now) for each in rows],
        "queue_total": _total(session, person, show),
    }


def _total(session: Session, person: Person, show: queries.Show) -> int:
    if show is queries.Show.MINE:
        return reviews_waiting(session, person)
    return queries.count(session, person, show)


def _beside(shown: Shown, job: ReviewJob, now: Any) -> dict[str, Any]:
    code, _, version = shown.job.subject_label.partition(" ")  # a batch has no version
    return {
        "id": shown.task.id,
        "title": shown.job.subject_title,
        "code": code,
        "version": version,
        "words": shown.job.words_changed,
        "due_at": shown.job.due_at,
        "due": due(shown.job, now),
        "chosen": shown.job.id == job.id,
    }


def _url(shown: Shown | None) -> str | None:
    return url_for("reviews.task", task_id=shown.task.id) if shown else None


def _decided(task: ReviewTask) -> dict[str, Any] | None:
    if task.verdict is None or task.decided_by is None:
        return None
    return {
        "state": task.verdict.value,
        "person": task.decided_by.name,
        "at": task.decided_at,
        "meaning": task.signature.meaning if task.signature else "",
        "comment": task.comment,
    }


def verdicts_of(
    task: ReviewTask, *, deputy_of: str = "", must_fix: int = 0
) -> Iterator[dict[str, Any]]:
    """What a signature may say, each with its meaning in words."""
    market_pack = pack(task.job.market)
    for verdict, label in _LABELS.items():
        yield {
            "value": verdict.value,
            "label": label,
            "meaning": market_pack.meaning(verdict, task.discipline, deputy_of=deputy_of),
            "needs_comment": policy.needs_comment(verdict, must_fix),
        }


def _may_recall(job: ReviewJob, person: Person) -> bool:
    return (
        job.state is JobState.OPEN
        and may(person, Permission.SUBMIT)
        and not list(policy.recall_objections(job, job.subject_label, actor=person))
    )
