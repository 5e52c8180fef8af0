"""Reviews: the queue, the review room, signing a verdict, taking a version back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from cms.addresses import version_url
from cms.app import limiter
from cms.formatting import in_words, short_hash
from cms.kinds import CYCLES
from cms.pages import acting, page, session
from cms.review_page import Form, missing, review_page
from cms.signing import count_failure, signer
from cms.task_rows import groups
from mlr import queries
from mlr.circulating import ReviewedKind
from mlr.engine import Outcome
from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from mlr.policy import disciplines_of
from mlr.queries import Show
from records import clock
from records.errors import NotFound, Refused, Stale
from records.models import Person
from records.passwords import Locked, WrongPassword
from records.people import NAME_ONLY
from records.roles import Permission, may

blueprint = Blueprint("reviews", __name__)
PAGE = 20
VIEWS = ("changes", "clean", "before")
# the review was over, or somebody else decided this part, before the form came in
_TOO_LATE = {"job-closed", "task-decided"}
_SAID = {
    JobState.OPEN: "The other disciplines have not all decided yet.",
    JobState.APPROVED: "Yours was the last verdict: the version is approved.",
    JobState.RETURNED: "All have decided: it goes back to its author with the comments.",
    JobState.REJECTED: "The version is rejected, and the review has ended.",
}


@page(blueprint, "/reviews", permission=Permission.READ_LIBRARY)
def queue() -> str:
    """What waits for the viewer, earliest due first; on request all that is open, or decided."""
    me, now = acting(), clock.now()
    offered = _offered(me)
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in offered else offered[0]
    number = max(1, request.args.get("page", 1, type=int))
    counts = queries.counts(session(), me)
    start = PAGE * (number - 1)
    rows = queries.reviews(session(), me, show, limit=PAGE, offset=start)
    total = counts[show]
    values = {
        "headline": _headline(show, total),
        "lede": None,
        "filters": [
            {
                "label": _LABELS[each],
                "url": url_for("reviews.queue", show=each.value),
                "count": counts[each],
                "chosen": each is show,
            }
            for each in offered
        ],
        "groups": groups(session(), rows, me, now),
        "empty": _EMPTY[show],
        "first": start + 1 if rows else 0,
        "last": start + len(rows),
        "total": total,
        "back_url": _turn(show, number - 1) if number > 1 else None,
        "next_url": _turn(show, number + 1) if start + PAGE < total else None,
        "start_url": None,
    }
    if show is Show.MINE and rows and number == 1:
        values["start_url"] = url_for("reviews.task", task_id=rows[0].task.id)
    return render_template("pages/reviews/queue.html", page=values)


_LABELS = {
    Show.MINE: "Wait for me",
    Show.OPEN: "All disciplines",
    Show.SUBMITTED: "Submitted by me",
    Show.DECIDED: "Decided by me",
}
_EMPTY = {
    Show.MINE: "New tasks appear here as soon as something is submitted.",
    Show.OPEN: "No version is in review. Drafts are submitted from their own pages.",
    Show.SUBMITTED: "Nothing of yours is in review. A draft is submitted from its own page.",
    Show.DECIDED: "What you sign is listed here with your verdict.",
}


def _offered(person: Person) -> list[Show]:
    """The lists that make sense for somebody, the first as the usual one."""
    reviews = bool(disciplines_of(person))
    return [
        *([Show.MINE] if reviews else []),
        *([Show.SUBMITTED] if may(person, Permission.SUBMIT) else []),
        Show.OPEN,
        *([Show.DECIDED] if reviews else []),
    ]


def _headline(show: Show, total: int) -> str:
    count = in_words(total).capitalize()
    reviews = "review" if total == 1 else "reviews"
    verb = "waits" if total == 1 else "wait"
    match show:
        case Show.MINE:
            return f"{count} {reviews} {verb} for your signature" if total else "Reviews"
        case Show.SUBMITTED:
            return f"{count} of yours in review" if total else "Nothing of yours is in review"
        case Show.DECIDED:
            return f"{count} {reviews} decided by you"
    return f"{count} open {reviews}"


def _turn(show: Show, number: int) -> str:
    return url_for("reviews.queue", show=show.value, page=number if number > 1 else None)


@page(blueprint, "/reviews/tasks/<int:task_id>", permission=Permission.READ_LIBRARY)
def task(task_id: int) -> Any:
    """The review room of one discipline's part; a batch has a page of its own."""
    wanted = request.args.get("view", "changes")
    found = _task(task_id)
    if found.job.subject_kind not in CYCLES:
        return redirect(url_for("bulk.show", code=found.job.subject_label), 303)
    return _room(found, Form(), view=wanted if wanted in VIEWS else "changes")


def _task(task_id: int) -> ReviewTask:
    found = session().scalar(
        select(ReviewTask)
        .where(ReviewTask.id == task_id)
        .options(
            joinedload(ReviewTask.job).options(
                selectinload(ReviewJob.tasks).joinedload(ReviewTask.decided_by).options(*NAME_ONLY),
                joinedload(ReviewJob.author).options(*NAME_ONLY),
                joinedload(ReviewJob.opened_by).options(*NAME_ONLY),
            ),
            joinedload(ReviewTask.signature),
        )
    )
    if found is None:
        raise NotFound(f"There is no review task {task_id}.")
    return found


def _cycle(job: ReviewJob) -> ReviewedKind[Any]:
    if job.subject_kind not in CYCLES:
        raise NotFound(f"{job.subject_label} is signed, or given up, on its own page.")
    return CYCLES[job.subject_kind]


def _room(found: ReviewTask, form: Form, *, view: str = "changes") -> str:
    values = review_page(session(), found, person=acting(), view=view, form=form)
    return render_template("pages/reviews/task.html", page=values)


@page(
    blueprint,
    "/reviews/tasks/<int:task_id>/verdict",
    permission=Permission.READ_LIBRARY,
    methods=("POST",),
)
@limiter.limit("20 per minute", key_func=signer)
def verdict(task_id: int) -> Any:
    """Sign one part; what was typed is kept through every refusal."""
    found = _task(task_id)
    typed = request.form.to_dict()
    form = Form(
        open=True,
        verdict=typed.get("verdict", ""),
        comment=typed.get("comment", "").strip(),
        key=typed.get("key", "")[:40],
    )
    must_fix = queries.count_open_must_fix(session(), found.job, found.discipline)
    if errors := missing(form, typed.get("password", ""), must_fix=must_fix):
        return _room(found, replace(form, errors=errors)), 422
    try:
        outcome = _cycle(found.job).decide(
            session(),
            found,
            actor=acting(),
            verdict=Verdict(form.verdict),
            comment=form.comment,
            password=typed["password"],
            seen=typed.get("content_sha256") or "no page was seen",
            key=form.key,
        )
    except (WrongPassword, Locked) as error:
        sentence = count_failure(error)
        return _room(_task(task_id), replace(form, errors={"password": sentence})), 401
    except Stale as error:
        session().rollback()
        return _stale(task_id, form, str(error))
    except Refused as error:
        session().rollback()
        return _objected(task_id, form, error)
    _tell(found, outcome, Verdict(form.verdict))
    return redirect(url_for("reviews.task", task_id=task_id), 303)


def _objected(task_id: int, form: Form, error: Refused) -> Any:
    """The dialog again with the objections; elsewhere when there is nothing left to sign."""
    codes = {objection.code for objection in error.objections}
    if codes & _TOO_LATE:
        return _stale(task_id, form, str(error))
    if codes & {"own-work", "two-disciplines", "wrong-discipline"}:
        raise error
    return _room(_task(task_id), replace(form, objections=error.objections)), 422


def _stale(task_id: int, form: Form, sentence: str) -> tuple[str, int]:
    """Nothing was signed; the verdict and comment are shown so that neither is lost."""
    job = _task(task_id).job
    version = CYCLES[job.subject_kind].version_of(session(), job)
    mine = "\n".join(part for part in (form.verdict.replace("-", " "), form.comment) if part)
    failure = {
        "title": "Nothing was signed",
        "by": None,
        "at": version.updated_at,
        "fields": [
            {
                "label": "Your verdict",
                "mine": mine,
                "theirs": f"{sentence}\n{version.label} is {version.state.replace('-', ' ')} now, "
                f"content {short_hash(version.content_hash())}.",
            }
        ],
        "url": url_for("reviews.task", task_id=task_id),
    }
    return render_template("pages/errors/stale.html", failure=failure), 409


def _tell(found: ReviewTask, outcome: Outcome, given: Verdict) -> None:
    label = found.job.subject_label
    if outcome.repeated:
        flash(f"You had signed {label} already; it was signed once.", "info")
        return
    words = given.value.replace("-", " ")
    flash(f"Signed: {words}, {found.discipline} part of {label}. {_SAID[outcome.state]}", "ok")


@page(
    blueprint,
    "/reviews/jobs/<int:job_id>/recall",
    permission=Permission.SUBMIT,
    methods=("POST",),
)
def recall(job_id: int) -> Response:
    """Take a version back from review; it is a draft again."""
    job = session().get(ReviewJob, job_id)
    if job is None:
        raise NotFound(f"There is no review {job_id}.")
    cycle = _cycle(job)
    version = cycle.version_of(session(), job)
    reason = request.form.get("reason", "").strip()
    cycle.recall(session(), version, actor=acting(), reason=reason)
    flash(f"{version.label} is a draft again. The reviewers' tasks are gone.", "ok")
    return redirect(version_url(version), 303)
