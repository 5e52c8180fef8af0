"""The library: modules found by words and facets, and the map of what is covered."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from cms.pages import acting, page, session, viewer
from cms.typed import text
from cms.web.coverage_values import coverage_page
from cms.web.library_choice import Choice
from cms.web.library_values import library_page
from modules import views
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


@page(blueprint, "/library/views", permission=Permission.READ_LIBRARY, methods=("POST",))
def keep() -> WerkzeugResponse:
    """Keep what is chosen now under a name."""
    choice = Choice.read(MultiDict(parse_qsl(text("query"))))
    address = choice.url()
    view = views.keep_view(session(), text("name"), urlsplit(address).query, actor=acting())
    flash(f"Kept: “{view.name}” stands among your views.", "ok")
    return redirect(address, 303)


@page(
    blueprint,
    "/library/views/<int:view_id>/forget",
    permission=Permission.READ_LIBRARY,
    methods=("POST",),
)
def forget(view_id: int) -> WerkzeugResponse:
    """Drop a view of one's own."""
    name = views.forget_view(session(), view_id, actor=acting())
    flash(f"“{name}” is no longer among your views.", "ok")
    return redirect(url_for("library.index"), 303)


@page(blueprint, "/library/coverage", permission=Permission.READ_LIBRARY)
def coverage() -> str:
    """Pillars by phases: how many modules there are to say something with, and where none is."""
    values = coverage_page(session(), request.args, viewer())
    return render_template("pages/library/coverage.html", page=values)
