"""The public validity page behind the QR code: no account, no cookie, nothing confidential."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from cms.app import limiter
from cms.pages import Open, page, place, session
from exports import validity
from records import clock

blueprint = Blueprint("validity", __name__)


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
    ended = status.state in ("superseded", "withdrawn", "expired")
    values = {
        "standing": status.state,
        "code": code,
        "organisation": place().settings.company or "Clearcopy",
        "material": status.material,
        "version": status.version,
        "prepared_on": status.prepared,
        "valid_since": status.since if status.state == "valid" else None,
        "valid_until": status.until,
        "ended_on": status.since if ended else None,
        "called_back_by": status.called_back_by,
        "newer": _newer(status.newer),
        "now": now,
    }
    answer = render_template("pages/validity/show.html", page=values)
    return answer, 404 if status.state == "unknown" else 200


def _newer(code: str) -> dict[str, str] | None:
    return {"code": code, "url": url_for("validity.show", code=code)} if code else None
