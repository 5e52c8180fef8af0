"""The desk: what waits for the person who signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import func, select

from cms.pages import Open, page, session, viewer
from mlr.engine import PERMISSION
from mlr.models import ReviewTask
from records.roles import StaffRole, may

blueprint = Blueprint("home", __name__)


@page(blueprint, "/", permission=Open.SIGNED_IN)
def desk() -> Any:
    """A rep's accounts; for everybody else the work that waits."""
    if viewer().roles == {StaffRole.REP}:
        return redirect(url_for("field.accounts"))
    disciplines = [part for part, permission in PERMISSION.items() if may(viewer(), permission)]
    waiting = session().scalar(
        select(func.count())
        .select_from(ReviewTask)
        .where(ReviewTask.open, ReviewTask.discipline.in_(disciplines))
    )
    headline = "Nothing waits for you"
    if waiting:
        headline = f"{waiting} reviews need your signature"
    values: dict[str, Any] = {
        "headline": headline,
        "lede": "",
        "start": None,
        "more": [],
        "groups": None,
        "empty": "Nothing waits for you.",
        "total": waiting or 0,
        "figures": [],
        "lists": [],
        "outro": None,
    }
    return render_template("pages/home/desk.html", page=values)
