"""Deciding on which words of the label in force a claim rests, one claim at a time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from claims_library import queries
from claims_library.anchors import Fate
from claims_library.models import Claim, ClaimVersion, LabelVersion
from claims_library.quotes import fates
from claims_library.resting import Rest, proposed, rest_anew, resting
from claims_library.review import CLAIMS
from cms import withdrawing
from cms.pages import acting, page, session, viewer
from cms.typed import text, whole_number
from cms.web.addresses import claim_url
from cms.web.claim_lists import place_words
from cms.web.claim_values import NOTES, STATES
from mlr.comparing import compare_words
from records.errors import NotFound, Refused
from records.problems import BadInput
from records.roles import Permission, may

blueprint = Blueprint("label_decisions", __name__)
FIELDS = ("excerpt", "locator", "text", "variations", "reference")


@page(
    blueprint,
    "/labels/<set_id>/<int:version>/changes/<code>",
    permission=Permission.KEEP_CLAIMS,
    methods=("GET", "POST"),
)
def decide(set_id: str, version: int, code: str) -> Any:
    """One claim, what the label did to its words, and on which words it rests from now on."""
    label = queries.get_label(session(), set_id, version)
    claim = queries.get_claim(session(), code)
    if claim.product_id != label.product_id or claim.latest is None:
        raise NotFound(f"{code} does not rest on this label.")
    if request.method == "GET":
        return _form(claim, claim.latest, label, None, {}, [])
    typed = {name: text(name) for name in (*FIELDS, "reason", "seen")}
    sends = bool(request.form.get("send")) and may(viewer(), Permission.SUBMIT)
    try:
        begun = rest_anew(
            session(),
            claim,
            label,
            _rest(typed),
            actor=acting(),
            reason=typed["reason"],
            seen=whole_number(typed["seen"]) or 0,
        )
        if sends and begun.state in queries.SUBMITTABLE:
            CLAIMS.submit(session(), begun, actor=acting(), note=typed["reason"])
    except BadInput as wrong:
        return _refused(code, label, typed, _by_field(wrong), [])
    except Refused as refusal:
        errors = {each.where: each.sentence for each in refusal.objections if each.where in typed}
        others = [each for each in refusal.objections if each.where not in typed]
        return _refused(code, label, typed, errors, others)
    then = "is sent to review" if sends else "waits as a draft"
    flash(f"{begun.label} rests on label version {label.version} and {then}.", "ok")
    return redirect(url_for("labels.changes", set_id=set_id, version=version), 303)


def _by_field(wrong: BadInput) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in wrong.problems:
        name = problem.field or ""
        found[name] = f"{found.get(name, '')} {problem.message}".strip()
    return found


def _rest(typed: dict[str, str]) -> Rest:
    lines = tuple(line.strip() for line in typed["variations"].splitlines() if line.strip())
    return Rest(typed["locator"], typed["excerpt"], typed["text"], lines, typed["reference"])


def _refused(
    code: str,
    label: LabelVersion,
    typed: dict[str, str],
    errors: dict[str, str],
    objections: list[Any],
) -> tuple[str, int]:
    session().rollback()
    claim = queries.get_claim(session(), code)
    if claim.latest is None:
        raise NotFound(f"There is no claim {code}.")
    return _form(claim, claim.latest, label, typed, errors, objections), 422


def _form(
    claim: Claim,
    latest: ClaimVersion,
    label: LabelVersion,
    typed: dict[str, str] | None,
    errors: dict[str, str],
    objections: list[Any],
) -> str:
    in_use = claim.approved or latest
    fate = fates(session(), [in_use], label)[in_use.id].fate
    begun = latest.label_version_id == label.id and latest.id != in_use.id
    offer = resting(latest) if begun else proposed(session(), in_use, label)
    rest = offer or Rest(in_use.locator, "", in_use.text, tuple(in_use.variations), "")
    values = {
        "label": {"product": label.product.brand, "version": label.version},
        "code": claim.code,
        "version": in_use.version,
        "url": claim_url(claim.code),
        "back_url": url_for("labels.changes", set_id=label.set_id, version=label.version),
        "label_url": url_for("labels.show", set_id=label.set_id, version=label.version),
        "fate": STATES[fate],
        "note": NOTES[fate],
        "moved": fate is Fate.MOVED,
        "begun": latest.version if begun else None,
        "former": in_use.label_version.version,
        "was": in_use.excerpt,
        "where": place_words(in_use.locator),
        "found": place_words(rest.locator) if offer else None,
        "delta": compare_words(in_use.excerpt, rest.excerpt) if offer else (),
        "reach": withdrawing.reach(session(), in_use),
        "typed": typed
        or {
            "excerpt": rest.excerpt,
            "locator": rest.locator,
            "text": rest.text,
            "variations": "\n".join(rest.variations),
            "reference": rest.reference or in_use.reference,
            "reason": "",
            "seen": str(latest.id),
        },
        "errors": errors,
        "objections": objections,
        "may_send": may(viewer(), Permission.SUBMIT),
        "withdraw_url": withdrawing.url(in_use)
        if may(viewer(), Permission.WITHDRAW) and in_use.state.value == "approved"
        else None,
    }
    return render_template("pages/labels/decide.html", page=values)
