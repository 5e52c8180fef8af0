"""The public validity page behind the QR code: no account, no cookie, nothing confidential."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from cms.app import limiter
from cms.pages import Open, page, place, session
from exports import validity
from records import clock

blueprint = Blueprint("validity", __name__)
STANDING = {"not-valid": "withdrawn"}


@page(blueprint, "/v", permission=Open.PUBLIC)
def find() -> Any:
    """A typed code leads to its page."""
    code = "".join(sign for sign in request.args.get("code", "").upper() if sign.isalnum())
    return redirect(url_for("validity.show", code=code or "unknown"))


@page(blueprint, "/v/<code>", permission=Open.PUBLIC)
@limiter.limit("60 per minute")
def show(code: str) -> Any:
    """Valid, superseded, withdrawn, expired or unknown."""
    now = clock.now()
    status = validity.status_of_code(session(), code, at=now)
    values = {
        "standing": STANDING.get(status.state, status.state),
        "code": code,
        "organisation": place().settings.company or "Clearcopy",
        "material": None,
        "version": None,
        "copy": None,
        "prepared_on": None,
        "valid_since": status.since,
        "valid_until": status.until,
        "ended_on": status.since,
        "newer": _newer(status.newer),
        "now": now,
    }
    answer = render_template("pages/validity/show.html", page=values)
    return answer, 404 if status.state == "unknown" else 200


def _newer(code: str) -> dict[str, str] | None:
    return {"code": code, "url": url_for("validity.show", code=code)} if code else None
