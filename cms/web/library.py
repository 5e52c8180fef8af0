"""The library: modules found by words and facets, and the map of what is covered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request

from cms.pages import page, session, viewer
from cms.web.coverage_values import coverage_page
from cms.web.library_choice import Choice
from cms.web.library_values import library_page
from records.roles import Permission

blueprint = Blueprint("library", __name__)
NO_INDEX = (
    "The search index cannot be read, so only titles and codes were searched. "
    "An administrator can cure it with `clearcopy reindex`."
)


@page(blueprint, "/library", permission=Permission.READ_LIBRARY)
def index() -> Response:
    """Modules by words and facets; while somebody types or ticks, the list alone."""
    choice = Choice.read(request.args)
    values: dict[str, Any] = library_page(session(), choice, choice.wanted(request.args), viewer())
    if not values["full_text"]:
        flash(NO_INDEX, "error")
    part = request.headers.get("HX-Request") == "true" and not _whole()
    name = "_library" if part else "index"
    answer = make_response(render_template(f"pages/library/{name}.html", page=values))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def _whole() -> bool:
    """Whether htmx asks for a page of its history, which is always a whole one."""
    return request.headers.get("HX-History-Restore-Request") == "true"


@page(blueprint, "/library/coverage", permission=Permission.READ_LIBRARY)
def coverage() -> str:
    """Pillars by phases: how many modules there are to say something with, and where none is."""
    values = coverage_page(session(), request.args, viewer())
    return render_template("pages/library/coverage.html", page=values)
