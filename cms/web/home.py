"""The desk: what waits for the person who signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from cms.pages import Open, acting, page, session
from cms.web.desk_values import desk_page
from records.roles import StaffRole

blueprint = Blueprint("home", __name__)


@page(blueprint, "/", permission=Open.SIGNED_IN)
def desk() -> Any:
    """A rep's accounts; for everybody else the work that waits."""
    person = acting()
    if person.roles == {StaffRole.REP}:
        return redirect(url_for("field.accounts"))
    return render_template("pages/home/desk.html", page=desk_page(session(), person))
