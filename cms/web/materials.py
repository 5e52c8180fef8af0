"""Materials: found, looked into, issued as numbered copies, given up or withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cms.app import limiter
from cms.pages import Open, acting, page, place, session, viewer
from cms.signing import count_failure, signer
from cms.typed import errors_of, text
from cms.web.material_lists import listing
from cms.web.material_values import Forms, shown
from exports import copies, operations, queries
from exports.models import Material, MaterialVersion
from exports.review import MATERIALS
from records import audit, people
from records.actions import Action
from records.errors import NotAllowed, NotFound, Objection, Refused
from records.lifecycle import EDITABLE
from records.models import Person
from records.passwords import Locked, WrongPassword
from records.roles import Permission, may, require

blueprint = Blueprint("materials", __name__)
LONGEST_PURPOSE = 200


@page(blueprint, "/materials", permission=Permission.READ_LIBRARY)
def index() -> str:
    """Every material of one's territory, newest first, narrowed by facets and words."""
    return render_template("pages/materials/index.html", page=listing(session(), viewer()))


@page(blueprint, "/materials/<code>", permission=Permission.READ_LIBRARY)
def show(code: str) -> str:
    """One material: the version in use, or the latest where none is."""
    return _page(code, Forms())


def _page(code: str, forms: Forms) -> str:
    material = queries.get_material(session(), code, person=viewer())
    number = request.args.get("version")
    version = _version(material, number)
    tab = request.args.get("tab", "copies")
    values = shown(session(), material, version, tab, viewer(), place().press, forms)
    return render_template("pages/materials/show.html", page=values)


def _version(material: Material, number: str | None) -> MaterialVersion:
    if number:
        found = [each for each in material.versions if each.version == number]
        if found:
            return found[0]
        raise NotFound(f"{material.code} has no version {number}.")
    version = material.approved or material.latest
    if version is None:
        raise NotFound(f"{material.code} has no version yet.")
    return version


@page(blueprint, "/materials/<code>/copies", permission=Open.SIGNED_IN, methods=("POST",))
def issue(code: str) -> Any:
    """A numbered copy, for oneself or for a holder; a second click gives the same one."""
    me = acting()
    if not (may(me, Permission.RECEIVE_COPIES) or may(me, Permission.ISSUE_COPIES)):
        require(me, Permission.RECEIVE_COPIES)
    material = queries.get_material(session(), code, person=me)
    # a page may be older than a withdrawal: the version it showed says why it is refused
    version = material.approved or queries.last_approved(session(), material)
    if version is None:
        raise NotFound(f"{code} has no approved version.")
    for_others = may(me, Permission.ISSUE_COPIES)
    typed = {name: text(name) for name in ("holder", "purpose", "format", "key")}
    errors = _issue_errors(typed) if for_others else {}
    if errors:
        return _page(code, Forms(open="issue", typed=typed, errors=errors)), 422
    label, subject = version.label, version.subject
    try:
        copy = copies.reserve_copy(
            session(),
            version,
            format=typed["format"],
            holder=people.by_email(session(), typed["holder"]) if for_others else me,
            actor=me,
            purpose=typed["purpose"] or f"For {version.facts['name']}",
            # one form offers several formats: a copy of each may be asked for
            request_key=f"{typed['key'][:32]}{typed['format']}"[:40],
        )
    except Refused as refusal:
        _note_refusal(subject, refusal)
        if not for_others:
            raise
        forms = Forms(open="issue", typed=typed, objections=refusal.objections)
        return _page(code, forms), 422
    if not for_others:
        return redirect(url_for("copies.issued", number=copy.number), code=303)
    flash(f"Copy {copy.number:04d} of {label} is issued to {copy.holder.name}.", "ok")
    return redirect(url_for("materials.show", code=code), code=303)


def _issue_errors(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not typed["holder"]:
        errors["holder"] = "Choose for whom the copy is."
    elif typed["holder"] not in {each.email for each in queries.receivers(session())}:
        errors["holder"] = "Nobody with this address receives copies."
    if not typed["purpose"]:
        errors["purpose"] = "Say what the copy is for."
    elif len(typed["purpose"]) > LONGEST_PURPOSE:
        errors["purpose"] = f"At most {LONGEST_PURPOSE} characters."
    return errors


def _note_refusal(subject: tuple[str, int, str], refusal: Refused) -> None:
    """A refused copy leaves its own trace, when this request's transaction is gone."""
    session().rollback()
    with place().sessions.write() as second:
        audit.record(
            second,
            Action.COPY_REFUSE,
            actor=second.get(Person, viewer().id),
            subject=subject,
            reason=str(refusal)[:2000],
            after={"objections": [each.code for each in refusal.objections]},
        )


@page(blueprint, "/materials/<code>/withdraw", permission=Permission.WITHDRAW, methods=("POST",))
@limiter.limit("20 per minute", key_func=signer, methods=["POST"])
def withdraw(code: str) -> Any:
    """Out of use at once and for good, with a reason and the password."""
    me = acting()
    material = queries.get_material(session(), code, person=me)
    if material.approved is None:
        raise NotFound(f"{code} has no approved version to withdraw.")
    version, typed = material.approved, {"reason": text("reason")[:2000]}
    label = version.label
    errors, status = ({} if typed["reason"] else {"reason": "Say why it is withdrawn."}), 422
    password = request.form.get("password", "")
    if not errors:
        try:
            MATERIALS.withdraw(
                session(), version, actor=me, reason=typed["reason"], password=password
            )
        except (WrongPassword, Locked) as error:
            sentence = count_failure(error).replace("Nothing was signed", "Nothing was withdrawn")
            errors, status = {"password": sentence}, 401
        except Refused as refusal:
            session().rollback()
            errors = errors_of(refusal)
    if errors:
        return _page(code, Forms(open="withdraw", typed=typed, errors=errors)), status
    flash(f"{label} is withdrawn: no copy of it may be issued or downloaded any more.", "ok")
    return redirect(url_for("materials.show", code=code, version=version.version), code=303)


@page(blueprint, "/materials/<code>/versions", permission=Permission.ASSEMBLE, methods=("POST",))
def new_version(code: str) -> Any:
    """The open draft, or the next one put together from what is in force today."""
    material = queries.get_material(session(), code, person=viewer())
    former = material.latest
    try:
        version = operations.new_version(session(), material, actor=acting())
    except Refused as refusal:
        session().rollback()
        return _page(code, Forms(objections=refusal.objections)), 422
    if former is not None and version.id != former.id:
        flash(f"{version.label} starts from what is in force today.", "ok")
    return redirect(url_for("materials.compose", code=code), code=303)


@page(blueprint, "/materials/<code>/cancel", permission=Permission.ASSEMBLE, methods=("POST",))
def cancel(code: str) -> Response:
    """Give an abandoned draft up."""
    material = queries.get_material(session(), code, person=viewer())
    version = material.latest
    if version is None or version.state not in EDITABLE:
        raise Refused([Objection("no-draft", f"{code} has no draft to cancel.")])
    if version.author_id != viewer().id and not may(viewer(), Permission.KEEP_TEMPLATES):
        raise NotAllowed(f"{version.label} is a draft of {version.author.name}'s.")
    operations.cancel(
        session(), version, actor=acting(), revision=request.form.get("revision", type=int)
    )
    flash(f"{version.label} is cancelled.", "ok")
    return redirect(url_for("materials.show", code=code), code=303)
