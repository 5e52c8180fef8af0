"""The claims library: list, one claim with its evidence, import, submitting, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from claims_library import operations, queries, review
from claims_library.claim_table import COLUMNS
from claims_library.models import Claim, ClaimVersion
from cms.import_page import ImportPage
from cms.pages import acting, page, place, session
from cms.typed import errors_of, text
from cms.web import claim_lists, claim_values
from records import people
from records.actions import Action
from records.errors import Objection, Refused
from records.passwords import Locked, WrongPassword
from records.roles import Permission

blueprint = Blueprint("claims", __name__)
READ, KEEP, SUBMIT = Permission.READ_LIBRARY, Permission.KEEP_CLAIMS, Permission.SUBMIT

IMPORT = ImportPage(
    room="claims",
    title="Import claims",
    lede="A file of claims of one product. Each excerpt is looked for in the label, word for word; "
    "each number of a claim must stand in its excerpt.",
    accept=".csv,.xlsx,text/csv",
    hint="CSV in UTF-8 or XLSX, at most 20 MB. All rows are imported or none; new claims and "
    "changed ones land as drafts.",
    one="claim",
    many="claims",
    columns=COLUMNS,
)


@page(blueprint, "/claims", permission=READ)
def index() -> str:
    """Claims by code, narrowed by product, state, type, pillar and words."""
    return render_template("pages/claims/index.html", page=claim_lists.index_page())


@page(blueprint, "/claims/import", permission=KEEP, methods=("GET", "POST"))
def import_file() -> Any:
    """Try a claims file, then import it."""
    return IMPORT.answer(
        lambda upload, dry_run: operations.import_claims(
            session(), upload.data, filename=upload.name, actor=acting(), dry_run=dry_run
        )
    )


@page(blueprint, "/claims/submit", permission=SUBMIT, methods=("POST",))
def submit_many() -> Any:
    """Submit every draft of the list as it is narrowed, or none."""
    narrowed = claim_lists.narrowed_by(request.form)
    kept: dict[str, Any] = request.args.to_dict(flat=False)
    back = url_for("claims.index", **kept)
    versions = queries.submittable(session(), narrowed=narrowed)
    if str(len(versions)) != text("count"):
        flash("The list changed meanwhile: look at it again. Nothing was submitted.", "refused")
        return redirect(back, 303)
    for version in versions:
        review.submit(session(), version, actor=acting(), note=text("note"))
    count = len(versions)
    flash(f"{count:,} claim{'s' * (count != 1)} submitted for review.", "ok")
    return redirect(back, 303)


@page(blueprint, "/claims/<claim_id>", permission=READ)
def show(claim_id: str) -> str:
    """The approved version, or the latest where none is approved."""
    claim = queries.get_claim(session(), claim_id)
    return _page(claim, claim.approved or claim_values.latest_of(claim))


@page(blueprint, "/claims/<claim_id>/versions/<number>", permission=READ)
def version(claim_id: str, number: str) -> str:
    """One version by its number, e.g. 1.0."""
    claim = queries.get_claim(session(), claim_id)
    return _page(claim, queries.version_of(claim, number))


@page(
    blueprint, "/claims/<claim_id>/versions/<number>/submit", permission=SUBMIT, methods=("POST",)
)
def submit(claim_id: str, number: str) -> Any:
    """Send a draft to review."""
    claim = queries.get_claim(session(), claim_id)
    shown = queries.version_of(claim, number)
    try:
        revision = request.form.get("revision", type=int)
        review.submit(session(), shown, actor=acting(), note=text("note"), revision=revision)
    except Refused as error:
        session().rollback()
        return _page(claim, shown, objections=error.objections), 422
    flash(f"{shown.label} is with the reviewers.", "ok")
    return redirect(claim_values.version_url(shown), 303)


@page(
    blueprint,
    "/claims/<claim_id>/versions/<number>/withdraw",
    permission=Permission.WITHDRAW,
    methods=("POST",),
)
def withdraw(claim_id: str, number: str) -> Any:
    """Take an approved version out of use, signed with one's password."""
    claim = queries.get_claim(session(), claim_id)
    shown = queries.version_of(claim, number)
    reason, me = text("reason"), acting()
    email = me.email
    try:
        secret = request.form.get("password", "")
        review.withdraw(session(), shown, actor=me, reason=reason, password=secret)
    except (WrongPassword, Locked) as error:
        session().rollback()
        with place().sessions.write() as second:
            people.record_failure(second, email, action=Action.SIGNATURE_FAILED)
        errors = {"password": str(error)}
        return _page(claim, shown, withdrawing=claim_values.Withdrawing(reason, errors)), 401
    except Refused as error:
        session().rollback()
        form = claim_values.Withdrawing(reason, errors_of(error))
        return _page(claim, shown, withdrawing=form), 422
    flash(f"{shown.label} is withdrawn. Nothing that rests on it can be handed over.", "ok")
    return redirect(claim_values.version_url(shown), 303)


def _page(
    claim: Claim,
    shown: ClaimVersion,
    *,
    objections: tuple[Objection, ...] = (),
    withdrawing: claim_values.Withdrawing | None = None,
) -> str:
    values = claim_values.claim_page(claim, shown, withdrawing=withdrawing)
    values["objections"] = objections
    return render_template("pages/claims/show.html", page=values)
