"""Recalls: opened for a version whose copies are out, followed copy by copy, closed."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from cms.formatting import plural
from cms.kinds import numbered
from cms.pages import Open, acting, page, session, viewer
from cms.typed import text
from exports import queries as materials
from exports.mail.sending import mailer_of
from exports.models import CopyState
from exports.recalls import operations, queries, reminding
from exports.recalls.models import Recall, RecalledCopy
from exports.recalls.queries import Progress
from records import clock
from records.errors import NotFound, Refused
from records.roles import Permission, may

blueprint = Blueprint("recalls", __name__)
PAGE = 50
USUAL = timedelta(days=14)
ENDS = {"destroyed": CopyState.DESTROYED, "lost": CopyState.LOST}


@page(blueprint, "/recalls", permission=Permission.READ_ALL_TERRITORIES)
def index() -> str:
    """Open recalls, the earliest due first; or those that ended."""
    closed, after = request.args.get("show") == "closed", request.args.get("after", type=int)
    rows = queries.listed(session(), closed=closed, after=after, limit=PAGE)
    progress = queries.progress_of(session(), rows)
    more = closed and len(rows) == PAGE
    values = {
        "closed": closed,
        "rows": [_row(each, progress[each.id]) for each in rows],
        "filters": [
            {"label": "Open", "url": url_for("recalls.index"), "chosen": not closed},
            {"label": "Ended", "url": url_for("recalls.index", show="closed"), "chosen": closed},
        ],
        "next_url": url_for("recalls.index", show="closed", after=rows[-1].id) if more else None,
    }
    return render_template("pages/recalls/index.html", page=values)


@page(
    blueprint,
    "/materials/<code>/<number>/recall",
    permission=Permission.WITHDRAW,
    methods=("GET", "POST"),
)
def open_new(code: str, number: str) -> Any:
    """The form that calls every copy of a version back."""
    version = numbered(session(), "material", code, number)
    typed = {
        "reason": text("reason"),
        "instead": text("instead"),
        "due_on": text("due_on") or (clock.today() + USUAL).isoformat(),
        "key": text("key") or secrets.token_hex(16),
    }
    if request.method == "GET":
        return _form(version, typed, {}, [])
    try:
        due_on = date.fromisoformat(typed["due_on"])
    except ValueError:
        return _form(version, typed, {"due_on": "Give a day like 2027-06-30."}, []), 422
    try:
        recall = operations.open_recall(
            session(),
            version,
            actor=acting(),
            reason=typed["reason"],
            due_on=due_on,
            instead=typed["instead"],
            request_key=typed["key"][:40],
        )
    except Refused as refusal:
        of_fields = {each.where: str(each) for each in refusal.objections if each.where in typed}
        others = [each for each in refusal.objections if each.where not in typed]
        return _form(version, typed, of_fields, others), 422
    copies = plural(queries.progress_of(session(), [recall])[recall.id].total, "copy", "copies")
    told = " and by email" if _mails() else ""
    flash(f"{copies} of {version.label} called back; holders are told on their pages{told}.", "ok")
    return redirect(url_for("recalls.show", recall_id=recall.id), 303)


def _mails() -> bool:
    """Whether this installation can send notices."""
    return mailer_of(session()).ready


def _form(
    version: Any,
    typed: dict[str, str],
    errors: dict[str, str],
    objections: list[Any],
) -> str:
    out, holders = materials.copies_out(session(), version)
    values = {
        "code": version.code,
        "version": version.version,
        "title": version.title,
        "state": version.state.value,
        "url": url_for("materials.show", code=version.code, version=version.version),
        "copies": out,
        "holders": holders,
        "mails": _mails(),
        "typed": typed,
        "errors": errors,
        "objections": objections,
    }
    return render_template("pages/recalls/new.html", page=values)


@page(blueprint, "/recalls/<int:recall_id>", permission=Permission.READ_ALL_TERRITORIES)
def show(recall_id: int) -> str:
    """One recall: why, until when, and what became of every copy."""
    return _shown(queries.get(session(), recall_id), None, {})


def _shown(recall: Recall, spoken: int | None, errors: dict[str, str]) -> str:
    after = request.args.get("after", 0, type=int)
    rows = queries.called_back(session(), recall, after=max(0, after), limit=PAGE)
    progress = queries.progress_of(session(), [recall])[recall.id]
    speaks = may(viewer(), Permission.WITHDRAW) and recall.closed_at is None
    more = after + len(rows) < progress.total
    values = {
        **_row(recall, progress),
        "reason": recall.reason,
        "instead": recall.instead,
        "opened_by": recall.opened_by.name,
        "opened_at": recall.opened_at,
        "closed_by": recall.closed_by.name if recall.closed_by else None,
        "closed_at": recall.closed_at,
        "material_url": url_for("materials.show", code=recall.material_version.code),
        "copies": [_copy(each, spoken, errors, speaks=speaks) for each in rows],
        "may_close": speaks and not progress.left,
        "may_remind": speaks and progress.left > 0 and _mails(),
        "reminds": recall.closed_at is None and progress.left > 0 and _mails(),
        "holders": queries.by_holder(session(), recall, limit=PAGE),
        "back_url": url_for("recalls.show", recall_id=recall.id) if after else None,
        "next_url": url_for("recalls.show", recall_id=recall.id, after=after + PAGE)
        if more
        else None,
    }
    return render_template("pages/recalls/show.html", page=values)


def _row(recall: Recall, progress: Progress) -> dict[str, Any]:
    version = recall.material_version
    late = recall.closed_at is None and recall.due_on < clock.today()
    return {
        "id": recall.id,
        "url": url_for("recalls.show", recall_id=recall.id),
        "title": version.title,
        "label": version.label,
        "account": version.facts["name"],
        "due_on": recall.due_on,
        "late": late,
        "state": "closed" if recall.closed_at else "late" if late else "open",
        "total": progress.total,
        "done": progress.total - progress.left,
        "left": progress.left,
        "destroyed": progress.destroyed,
        "lost": progress.lost,
        "unread": progress.recalled,
        "opened_at": recall.opened_at,
    }


def _copy(
    called: RecalledCopy, spoken: int | None, errors: dict[str, str], *, speaks: bool
) -> dict[str, Any]:
    copy = called.copy
    mine = spoken == called.copy_number
    return {
        "number": called.copy_number,
        "holder": copy.holder.name,
        "purpose": copy.purpose,
        "issued_at": copy.issued_at,
        "state": copy.state.value,
        "acknowledged_at": called.acknowledged_at,
        "accounted_at": called.accounted_at,
        "accounted_by": called.accounted_by.name
        if called.accounted_by and called.accounted_by_id != copy.holder_id
        else None,
        "comment": text("comment") if mine else called.comment,
        "may_speak": speaks and called.accounted_at is None,
        "error": errors.get("comment") if mine else None,
    }


@page(
    blueprint,
    "/recalls/<int:recall_id>/close",
    permission=Permission.WITHDRAW,
    methods=("POST",),
)
def close(recall_id: int) -> Any:
    """End a recall whose copies are all accounted for."""
    recall = queries.get(session(), recall_id)
    operations.close(session(), recall, actor=acting())
    flash("The recall has ended; what became of every copy is kept in the trail.", "ok")
    return redirect(url_for("recalls.show", recall_id=recall_id), 303)


@page(
    blueprint,
    "/recalls/<int:recall_id>/remind",
    permission=Permission.WITHDRAW,
    methods=("POST",),
)
def remind(recall_id: int) -> Any:
    """Tell the holders again whose copies are not accounted for."""
    told = reminding.remind(session(), queries.get(session(), recall_id), actor=acting())
    words = f"{plural(told, 'holder')} reminded by email." if told else "All were reminded today."
    flash(words, "ok")
    return redirect(url_for("recalls.show", recall_id=recall_id), 303)


@page(
    blueprint,
    "/recalls/<int:recall_id>/destroyed",
    permission=Open.SIGNED_IN,
    methods=("POST",),
)
def destroyed(recall_id: int) -> Any:
    """A holder says of all their copies of a recall that they are destroyed."""
    done = operations.destroy_all(session(), queries.get(session(), recall_id), actor=acting())
    if not done:
        raise NotFound(f"No copy of yours was called back by recall {recall_id}, or all are done.")
    flash(f"{plural(done, 'copy', 'copies')} recorded as destroyed.", "ok")
    return redirect(url_for("copies.index"), 303)


@page(
    blueprint,
    "/recalls/copies/<int:number>",
    permission=Open.SIGNED_IN,
    methods=("POST",),
)
def answer(number: int) -> Any:
    """What a holder says of a copy, or who speaks for one: read, destroyed, lost."""
    me, said = acting(), text("said")
    own = text("from") != "recall"
    try:
        if said == "read":
            called = operations.acknowledge(session(), number, actor=me)
            words = f"Noted. Copy {number:04d} stays on this list until you say what became of it."
        elif said in ENDS:
            called = operations.account_for(
                session(), number, actor=me, end=ENDS[said], comment=text("comment")
            )
            words = f"Copy {number:04d} is recorded as {said}."
        else:
            raise NotFound("A copy is read of, destroyed or lost.")
    except Refused as refusal:
        if own or not any(each.code == "comment" for each in refusal.objections):
            raise
        recall = queries.called(session(), number).recall
        return _shown(recall, number, {"comment": refusal.objections[0].sentence}), 422
    flash(words, "ok")
    there = url_for("copies.index") if own else url_for("recalls.show", recall_id=called.recall_id)
    return redirect(there, 303)
