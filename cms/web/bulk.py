"""Bulk runs: chosen and looked at before they start, watched, signed once, handed out."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from cms.app import limiter
from cms.pages import acting, page, place, session, viewer
from cms.review_page import Form, missing
from cms.signing import count_failure, signer
from cms.typed import text
from cms.web import bulk_order, bulk_values
from exports.bulk import results, reviewing, running
from exports.bulk.delivering import Delivery, csv_text, zipped
from exports.bulk.models import BulkRun, DocumentState, RunState
from mlr.models import Verdict
from records.errors import DomainError, Objection, Refused, Stale
from records.passwords import Locked, WrongPassword
from records.roles import Permission

blueprint = Blueprint("bulk", __name__)
READ, ORDER, ISSUE = Permission.READ_LIBRARY, Permission.ASSEMBLE, Permission.ISSUE_COPIES
PAGE = 25
ROWS = 50


@page(blueprint, "/bulk", permission=READ)
def index() -> str:
    """Every run, the newest first, with how far it is."""
    before = request.args.get("before", type=int)
    runs = results.newest(session(), before=before, limit=PAGE + 1)
    full, runs = len(runs) > PAGE, runs[:PAGE]
    values = {
        "rows": [bulk_values.row(session(), run) for run in runs],
        "may_order": ORDER in bulk_values.held(viewer()),
        "back_url": url_for("bulk.index") if before else None,
        "next_url": url_for("bulk.index", before=runs[-1].id) if full else None,
    }
    return render_template("pages/bulk/index.html", page=values)


@page(blueprint, "/bulk/new", permission=ORDER)
def new() -> str:
    """Accounts by filter, roles and template; what would be made, and refused with the reason."""
    return bulk_order.page_of(secrets.token_hex(16))


@page(blueprint, "/bulk/new", permission=ISSUE, methods=("POST",))
def start() -> Any:
    """Start what the address says and the page showed; a second click gives the same run."""
    key = text("key")[:40] or secrets.token_hex(16)
    wish, errors = bulk_order.wish_of(request.args)
    if errors:
        return bulk_order.page_of(key), 422
    try:
        run = running.start(
            session(), wish, actor=acting(), request_key=key, seen=request.form.get("seen", "")
        )
    except DomainError as error:
        session().rollback()
        refused = error.objections if isinstance(error, Refused) else ()
        said = refused or (Objection("refused", str(error)),)
        return bulk_order.page_of(key, said), 409 if isinstance(error, Stale) else 422
    flash(f"{run.code} has started. You can leave this page: it goes on by itself.", "ok")
    return redirect(url_for("bulk.show", code=run.code), 303)


@page(blueprint, "/bulk/<code>", permission=READ)
def show(code: str) -> str:
    """How far a run is, what was refused and why, and one row for each document."""
    return _page(code, Form())


def _page(code: str, form: Form, refused: tuple[Objection, ...] = ()) -> str:
    wanted = request.args.get("state", "")
    values = bulk_values.run_page(
        session(),
        running.get(session(), code),
        person=acting(),
        form=form,
        state=DocumentState(wanted) if wanted in list(DocumentState) else None,
        after=max(0, request.args.get("after", 0, type=int)),
        limit=ROWS,
    )
    return render_template("pages/bulk/show.html", page={**values, "refused": refused})


@page(blueprint, "/bulk/<code>/pause", permission=ISSUE, methods=("POST",))
def pause(code: str) -> Any:
    """Let no further part begin."""
    running.pause(session(), running.get(session(), code), actor=acting())
    return redirect(url_for("bulk.show", code=code), 303)


@page(blueprint, "/bulk/<code>/resume", permission=ISSUE, methods=("POST",))
def resume(code: str) -> Any:
    """Go on; what is done is not done again."""
    running.resume(session(), running.get(session(), code), actor=acting())
    return redirect(url_for("bulk.show", code=code), 303)


@page(blueprint, "/bulk/<code>/cancel", permission=ISSUE, methods=("POST",))
def cancel(code: str) -> Any:
    """Give up what is not issued, with a reason."""
    run, reason = running.get(session(), code), text("reason")[:500]
    if not reason:
        said = Objection("reason", "Say why the run is cancelled.", instead="It is kept for good.")
        return _page(code, Form(), (said,)), 422
    running.cancel(session(), run, actor=acting(), reason=reason)
    flash(f"{code} is cancelled. Copies that were issued stay issued.", "ok")
    return redirect(url_for("bulk.show", code=code), 303)


@page(blueprint, "/bulk/<code>/verdict", permission=READ, methods=("POST",))
@limiter.limit("20 per minute", key_func=signer)
def verdict(code: str) -> Any:
    """The one signature on the batch; what was typed is kept through every refusal."""
    run, typed = running.get(session(), code), request.form.to_dict()
    form = Form(
        open=True,
        verdict=typed.get("verdict", ""),
        comment=typed.get("comment", "").strip(),
        key=typed.get("key", "")[:40],
    )
    if errors := missing(form, typed.get("password", "")):
        return _page(code, replace(form, errors=errors)), 422
    try:
        state = _decide(run, form, typed)
    except (WrongPassword, Locked) as error:
        return _page(code, replace(form, errors={"password": count_failure(error)})), 401
    except Stale as error:
        session().rollback()
        return _page(code, Form(), (Objection("stale", str(error)),)), 409
    except Refused as error:
        session().rollback()
        return _page(code, replace(form, objections=error.objections)), 422
    if state is RunState.ISSUING:
        flash(f"Signed: approve, all documents of {code}. Their copies are issued now.", "ok")
    else:
        flash(f"Signed: {form.verdict.replace('-', ' ')}. Nothing of {code} is issued.", "ok")
    return redirect(url_for("bulk.show", code=code), 303)


def _decide(run: BulkRun, form: Form, typed: dict[str, str]) -> RunState:
    return reviewing.decide(
        session(),
        run,
        actor=acting(),
        verdict=Verdict(form.verdict),
        password=typed["password"],
        comment=form.comment,
        seen=typed.get("content_sha256") or "no page was seen",
        key=form.key,
    )


@page(blueprint, "/bulk/<code>/result.csv", permission=READ)
def table(code: str) -> Response:
    """One row for each document, safe to open in a spreadsheet."""
    run = running.get(session(), code)
    rows = (results.safe_cells(row) for row in results.rows(session(), run))
    answer = Response(csv_text(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{run.code}-result.csv"'
    return answer


@page(blueprint, "/bulk/<code>/files.zip", permission=ISSUE, methods=("POST",))
def archive(code: str) -> Response:
    """Every file that may be used now, in one archive; each leaves its trace."""
    run = running.get(session(), code)
    delivery = Delivery(place().sessions, run.id, viewer().id)
    # a transaction of one's own for each portion: this one is over before the first is read
    session().rollback()
    answer = Response(zipped(delivery), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
