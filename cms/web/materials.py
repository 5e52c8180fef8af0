"""Materials: issued as numbered copies."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.pages import page, place, session, viewer
from exports import copies, queries
from records import audit
from records.actions import Action
from records.errors import NotFound, Refused
from records.models import Person
from records.roles import Permission

blueprint = Blueprint("materials", __name__)


def _me() -> Person:
    """The viewer as a row of this request's session, so that the copy can belong to them."""
    return session().get_one(Person, viewer().id)


@page(
    blueprint,
    "/materials/<code>/copies",
    permission=Permission.RECEIVE_COPIES,
    methods=("POST",),
)
def issue(code: str) -> Response:
    """A numbered copy for the person who asks; a second click gives the same one."""
    me = _me()
    material = queries.get_material(session(), code, person=me)
    if material.approved is None:
        raise NotFound(f"{code} has no approved version.")
    try:
        copy = copies.issue_copy(
            session(),
            material.approved,
            format=request.form.get("format", "pdf"),
            holder=me,
            actor=me,
            purpose=request.form.get("purpose", "") or f"For {material.account.name}",
            request_key=request.form.get("key", "")[:40],
            press=place().press,
        )
    except Refused as refusal:
        _note_refusal(material.approved.subject, refusal)
        raise
    return redirect(url_for("copies.issued", number=copy.number), code=303)


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
