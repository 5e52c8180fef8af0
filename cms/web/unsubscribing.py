"""The public way out of all mail: shown by a link, done by one click, without signing in.

A GET never takes anybody off the list: programs that look at links for viruses would do it for
everybody. A mail program's own button sends the POST (RFC 8058), and so does the page's.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from cms.app import limiter
from cms.pages import Open, page, place, session
from exports.mail import unsubscribing
from exports.mail.unsubscribing import Leaving
from records.errors import NotFound

blueprint = Blueprint("unsubscribing", __name__)
# a mail program knows no token of ours; the address itself is signed, and opting out harms nobody
blueprint.record(lambda setup: setup.app.extensions["csrf"].exempt(blueprint))


@page(blueprint, "/u/<token>", permission=Open.PUBLIC)
@limiter.limit("60 per minute")
def show(token: str) -> Any:
    """What the button will do, and for which address."""
    try:
        return _page(token, unsubscribing.look(session(), token))
    except NotFound:
        return _page(token, None), 404


@page(blueprint, "/u/<token>", permission=Open.PUBLIC, methods=("POST",))
@limiter.limit("120 per minute")
def leave(token: str) -> Any:
    """Off the list, from the page or from a mail program's own button."""
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    try:
        source = "one-click" if one_click else "page"
        return _page(token, unsubscribing.leave(session(), token, source=source))
    except NotFound:
        session().rollback()
        return _page(token, None), 404


@page(blueprint, "/unsubscribe", permission=Open.PUBLIC)
def without_link() -> Any:
    """Where a link without a recipient leads, as in a copy that nobody was sent."""
    return _page("", None)


def _page(token: str, leaving: Leaving | None) -> str:
    known = leaving is not None
    values = {
        "organisation": place().settings.company or "Clearcopy",
        "standing": "unknown" if leaving is None else ("done" if leaving.done else "asks"),
        "address": leaving.masked if leaving is not None else "",
        "leave_url": url_for("unsubscribing.leave", token=token) if known else None,
    }
    return render_template("pages/sending/unsubscribe.html", page=values)
