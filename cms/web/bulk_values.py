"""A bulk run as plain data: progress, what may be done, the signing dialog, its documents."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.naming import printed_name
from accounts.tiering import tier_of
from cms.review_page import Form, verdicts_of
from exports.bulk import results, running
from exports.bulk.models import OPEN, BulkDocument, BulkRun, DocumentState, RunState
from exports.bulk.wishes import Wish, of_json
from exports.models import Template
from mlr import deputies, policy
from mlr.models import ReviewJob, ReviewTask
from records import clock
from records.models import Person
from records.roles import Permission, permissions_of
from records.vocabulary import Phase, Role

# a run's state -> the state chip of the house and its words
FACES = {
    RunState.ASSEMBLING: ("in-review", "Being assembled"),
    RunState.WAITING: ("due", "Waits for a signature"),
    RunState.ISSUING: ("in-review", "Being issued"),
    RunState.DONE: ("issued", "Finished"),
    RunState.CANCELLED: ("cancelled", "Cancelled"),
}
DOCUMENT_FACES = {
    DocumentState.PLANNED: ("waiting", "To be assembled"),
    DocumentState.REFUSED: ("rejected", "Refused"),
    DocumentState.ASSEMBLED: ("in-review", "Assembled"),
    DocumentState.NUMBERED: ("making", "Being made"),
    DocumentState.ISSUED: ("issued", "Issued"),
    DocumentState.FAILED: ("failed", "Failed"),
    DocumentState.CANCELLED: ("cancelled", "Cancelled"),
}
_ACTIVE = (RunState.ASSEMBLING, RunState.ISSUING)
_WAYS = {"plate": "from a plate", "full": "in full"}
MOST_REASONS = 12


def held(person: Person) -> frozenset[Permission]:
    """What somebody may do."""
    return permissions_of(person.roles)


def row(session: Session, run: BulkRun) -> dict[str, Any]:
    """One run of a list."""
    counts = results.counts(session, run)
    return {
        "code": run.code,
        "url": url_for("bulk.show", code=run.code),
        "title": _title(session, of_json(run.wish)),
        "scope": _scope(of_json(run.wish)),
        **_face(run),
        "documents": sum(counts.values()),
        "issued": counts.get("issued", 0),
        "refused": counts.get("refused", 0),
        "by": run.created_by.name,
        "at": run.created_at,
    }


def run_page(
    session: Session,
    run: BulkRun,
    *,
    person: Person,
    form: Form,
    state: DocumentState | None,
    after: int,
    limit: int,
) -> dict[str, Any]:
    """``RunPage``; see templates/pages/bulk/show.html."""
    wish, counts = of_json(run.wish), results.counts(session, run)
    may_keep = Permission.ISSUE_COPIES in held(person)
    active = run.state in _ACTIVE
    ended = run.state in (RunState.DONE, RunState.CANCELLED)
    reasons = results.reasons(session, run)
    return {
        "code": run.code,
        "title": _title(session, wish),
        **_face(run),
        "by": run.created_by.name,
        "at": run.created_at,
        "ended_at": run.ended_at,
        "wish": _asked(wish),
        "active": active and not run.paused,
        "halted": running.halted_because(session, run),
        **_progress(run, counts),
        "counts": list(_counts(run, counts, state)),
        "reasons": reasons[:MOST_REASONS],
        "more_reasons": max(0, len(reasons) - MOST_REASONS),
        "compositions": [_composition(each) for each in results.compositions(session, run)],
        **_documents(session, run, state, after, limit),
        "may_pause": may_keep and active and not run.paused,
        "may_resume": may_keep and active,
        "may_cancel": may_keep and not ended,
        "may_take": may_keep and bool(counts.get("issued")),
        "signing": _signing(session, run, person, counts, form),
    }


def _face(run: BulkRun) -> dict[str, str]:
    state, words = FACES[run.state]
    if run.paused:
        return {"state": "waiting", "words": "Paused"}
    return {"state": state, "words": words}


def _title(session: Session, wish: Wish) -> str:
    """``Account brief for HALVORYN``."""
    found = session.scalar(select(Template).where(Template.code == wish.template))
    shown = (found.approved or found.latest) if found is not None else None
    name = shown.title if shown is not None else wish.template
    return f"{name[:1].upper()}{name[1:]} for {wish.product}"


def _scope(wish: Wish) -> str:
    names = [Role(each).label for each in wish.roles]
    listed = names[0] if len(names) == 1 else f"{len(names)} roles"
    return f"{listed}; {wish.accounts or 'all accounts'}"


def _asked(wish: Wish) -> list[tuple[str, str]]:
    rows = [
        ("Accounts", wish.accounts or "all"),
        ("Roles", ", ".join(Role(each).label for each in wish.roles)),
        ("Product", wish.product),
        ("Template", wish.template),
        ("Phase", Phase(wish.phase).label if wish.phase else "each account's own"),
        ("Meeting", wish.meeting_date),
        ("Modules of", wish.like),
        ("Copies for", wish.holder or "each territory's representative"),
        ("Purpose", wish.purpose),
    ]
    return [(label, value) for label, value in rows if value]


def _progress(run: BulkRun, counts: Mapping[str, int]) -> dict[str, Any]:
    """How far the present step is: of the documents it has, how many are through."""
    total = sum(counts.values())
    waiting = (DocumentState.PLANNED,) if run.state is RunState.ASSEMBLING else OPEN
    left = sum(counts.get(state.value, 0) for state in waiting)
    step = {RunState.ASSEMBLING: "assembled and checked", RunState.ISSUING: "issued"}
    refused = counts.get("refused", 0) + counts.get("cancelled", 0)
    return {
        "total": total,
        "whole": total - refused,
        "through": total - refused - left,
        "step": step.get(run.state, ""),
    }


def _counts(
    run: BulkRun, counts: Mapping[str, int], chosen: DocumentState | None
) -> Iterator[dict[str, Any]]:
    def url(state: str | None) -> str:
        return url_for("bulk.show", code=run.code, state=state, _anchor="documents")

    yield {
        "label": "All",
        "count": sum(counts.values()),
        "url": url(None),
        "chosen": chosen is None,
    }
    for state, (_, words) in DOCUMENT_FACES.items():
        if state.value in counts or state is chosen:
            yield {
                "label": words,
                "count": counts.get(state.value, 0),
                "url": url(state.value),
                "chosen": state is chosen,
            }


def _composition(each: results.Composition) -> dict[str, Any]:
    account = each.account
    return {
        "role": each.role.label,
        "tier": tier_of(account).tier.label,
        "phase": account.journey_phase.label if account.journey_phase else "phase not known",
        "documents": each.documents,
        "material": each.material,
        "url": url_for("materials.show", code=each.material),
        "account": printed_name(account.name),
    }


def _documents(
    session: Session, run: BulkRun, state: DocumentState | None, after: int, limit: int
) -> dict[str, Any]:
    found = results.documents(session, run, state=state, after=after, limit=limit + 1)
    full, found = len(found) > limit, found[:limit]

    def url(place: int | None) -> str:
        wanted = state.value if state else None
        return url_for("bulk.show", code=run.code, state=wanted, after=place, _anchor="documents")

    return {
        "rows": [_row(each) for each in found],
        "first_url": url(None) if after else None,
        "next_url": url(found[-1].place) if full else None,
    }


def _row(document: BulkDocument) -> dict[str, Any]:
    state, words = DOCUMENT_FACES[document.state]
    version = document.material_version
    return {
        "place": document.place,
        "account": printed_name(document.account.name),
        "number": document.account.code,
        "role": document.role.label,
        "state": state,
        "words": words,
        "material": version.code if version is not None else None,
        "url": url_for("materials.show", code=version.code) if version is not None else None,
        "number_of_copy": document.copy_number,
        "way": _WAYS.get(document.way, ""),
        "reason": document.reason,
    }


def _signing(
    session: Session, run: BulkRun, person: Person, counts: Mapping[str, int], form: Form
) -> dict[str, Any] | None:
    """The dialog of the one signature, while the run waits for it."""
    if run.state is not RunState.WAITING or run.job_id is None:
        return None
    job = session.get_one(ReviewJob, run.job_id)
    (task,) = job.tasks
    refused = " ".join(map(str, _refusals(session, job, task, person)))
    return {
        "documents": counts.get("assembled", 0),
        "discipline": task.discipline.value,
        "since": job.opened_at,
        "due_at": job.due_at,
        "may_decide": not refused,
        "refused": refused,
        "content_sha256": run.content_sha256,
        "verdicts": list(verdicts_of(task)),
        "form": form,
        "key": form.key or secrets.token_hex(16),
        "now": clock.now(),
    }


def _refusals(
    session: Session, job: ReviewJob, task: ReviewTask, person: Person
) -> Sequence[object]:
    if policy.PERMISSION[task.discipline] not in held(person):
        return ["A regulatory reviewer signs the batch."]
    return deputies.objections(session, job, task, person)
