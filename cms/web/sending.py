"""Sending an approved email: who may get it and why others may not, then what became of each."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from cms.pages import acting, page, place, session, viewer
from cms.typed import text, whole_number
from exports import queries
from exports.mail import sending
from exports.mail.models import Sending, SendingState
from exports.models import MaterialVersion
from records.errors import NotFound, Objection, Refused
from records.roles import Permission, may
from records.vocabulary import Channel, Role

blueprint = Blueprint("sending", __name__)
# a letter's state -> the state chip of the house and its words
FACES = {
    SendingState.QUEUED: ("in-review", "waiting"),
    SendingState.ATTEMPTED: ("in-review", "being sent"),
    SendingState.SENT: ("approved", "sent"),
    SendingState.REFUSED: ("rejected", "refused by the mail server"),
    SendingState.STOPPED: ("withdrawn", "stopped before sending"),
    SendingState.BOUNCED: ("rejected", "came back"),
    SendingState.UNCERTAIN: ("at-risk", "uncertain"),
}


@page(blueprint, "/materials/<code>/send", permission=Permission.SEND_EMAILS)
def choose(code: str) -> str:
    """The account's people, those who may not be written to with the reason, and the results."""
    return _page(_version(code), secrets.token_hex(16))


@page(blueprint, "/materials/<code>/send", permission=Permission.SEND_EMAILS, methods=("POST",))
def send(code: str) -> Any:
    """Queue the letters; consent is asked again when each goes out."""
    version, key = _version(code), text("key")[:40]
    label = version.label
    chosen = {each for sent in request.form.getlist("to") if (each := whole_number(sent))}
    try:
        rows = sending.queue(
            session(),
            version,
            chosen,
            actor=acting(),
            press=place().press,
            request_key=key or secrets.token_hex(16),
        )
    except Refused as refusal:
        session().rollback()
        return _page(_version(code), key, chosen, refusal.objections), 422
    many = "1 letter" if len(rows) == 1 else f"{len(rows)} letters"
    flash(f"{many} of {label} queued. What becomes of each is listed below.", "ok")
    return redirect(url_for("sending.choose", code=code), code=303)


def _version(code: str) -> MaterialVersion:
    material = queries.get_material(session(), code, person=viewer())
    if material.channel is not Channel.EMAIL:
        raise NotFound(f"{code} is no email.")
    if material.approved is None:
        raise NotFound(f"{code} has no approved version to send.")
    return material.approved


def _page(
    version: MaterialVersion,
    key: str,
    chosen: Collection[int] | None = None,
    refused: Sequence[Objection] = (),
) -> str:
    stopping = sending.objections(session(), version, actor=acting(), press=place().press)
    rows = sending.sendings_of(session(), version)
    waiting = (SendingState.QUEUED, SendingState.ATTEMPTED)
    offered = sending.candidates(session(), version)
    ticked = {each.stakeholder.id for each in offered} if chosen is None else set(chosen)
    reads = may(viewer(), Permission.READ_LIBRARY)
    values = {
        "code": version.code,
        "title": version.title,
        "version": version.version,
        "account": version.facts["name"],
        "back_url": url_for("materials.show", code=version.code)
        if reads
        else url_for("field.account", account_id=version.material.account_id),
        "stopping": stopping,
        "refused": refused,
        "key": key,
        "people": [_person(each, ticked) for each in offered],
        "rows": [_row(each) for each in rows],
        "waiting": sum(row.state in waiting for row in rows),
        "send_url": url_for("sending.send", code=version.code),
        "again_url": url_for("sending.choose", code=version.code),
    }
    return render_template("pages/sending/send.html", page=values)


def _person(each: sending.Candidate, ticked: Collection[int]) -> dict[str, Any]:
    person = each.stakeholder
    return {
        "id": person.id,
        "name": person.name or person.email,
        "title": person.title,
        "role": person.role.label,
        "email": person.email,
        "basis": each.consent_basis,
        "chosen": person.id in ticked,
        "objections": each.objections,
    }


def _row(each: Sending) -> dict[str, Any]:
    state, words = FACES[each.state]
    return {
        "number": each.copy_number,
        "name": each.recipient or each.address,
        "email": each.address,
        "role": Role(each.role).label,
        "state": state,
        "words": words,
        "detail": each.detail,
        "sent_by": each.sent_by.name,
        "at": each.ended_at or each.attempted_at or each.queued_at,
    }
