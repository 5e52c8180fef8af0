"""The rules of the checker: what each looks for, where it comes from, its examples."""

from __future__ import annotations

from flask import Blueprint, render_template

from cms.pages import page, session
from cms.web.tabs import library_tabs
from records.roles import Permission

blueprint = Blueprint("rules", __name__)


@page(blueprint, "/rules", permission=Permission.READ_LIBRARY)
def index() -> str:
    """All rules, by pack; the company's own come last."""
    from cms.rules_values import rules_page  # the checker is read in only when it is asked for

    values = rules_page(session().info.get("rules", ()))
    return render_template("pages/rules/index.html", page=values, tabs=library_tabs())
