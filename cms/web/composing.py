"""Materials: started, composed, looked at, submitted; htmx replaces the composer as one part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cms.pages import page, place, session, viewer
from cms.typed import text
from cms.web.composer_values import COUNT_TRIES, Answer, composer, extent_values
from cms.web.materials import blueprint
from cms.web.starting import page_of, read, resolved
from exports import operations, queries, undoing
from exports.brand import Brand
from exports.extent import count_when_rested
from exports.frame import of_json
from exports.models import Material, MaterialVersion
from exports.personalising import read_date
from exports.review import MATERIALS
from exports.validity import part_versions
from records.errors import NotFound, Objection, Refused, Stale
from records.lifecycle import EDITABLE
from records.roles import Permission

MOVES = ("add", "remove", "up", "down", "move", "undo", "redo")


@page(blueprint, "/materials/new", permission=Permission.ASSEMBLE, methods=("GET", "POST"))
def start() -> Any:
    """Choose for whom; GET shows what would be proposed, POST makes the draft."""
    typed, objections = read(request.values), []
    order, errors = resolved(typed)
    if "look" in request.form:
        shown: dict[str, Any] = {name: value for name, value in typed.items() if value}
        return redirect(url_for("materials.start", look=1, **shown), code=303)
    if request.method == "GET" or order is None:
        posted = request.method == "POST"
        said = errors if posted or "look" in request.args else {}
        return page_of(typed, said, (), order), 422 if posted else 200
    try:
        version = operations.assemble(session(), order, actor=viewer())
        count_when_rested(session(), version)
    except Refused as refusal:
        session().rollback()
        objections = list(refusal.objections)
    except NotFound as missing:
        session().rollback()
        objections = [Objection("not-found", str(missing))]
    else:
        flash(f"{version.code} is assembled from {len(version.parts)} modules.", "ok")
        return redirect(url_for("materials.compose", code=version.code), code=303)
    return page_of(typed, {}, objections, None), 422


@page(blueprint, "/materials/<code>/compose", permission=Permission.ASSEMBLE)
def compose(code: str) -> Any:
    """The composer, for as long as the latest version is no final one."""
    material, version = _open(code)
    if version.state not in EDITABLE:
        return redirect(url_for("materials.show", code=material.code))
    return _composer(version, Answer())


@page(blueprint, "/materials/<code>/change", permission=Permission.ASSEMBLE, methods=("POST",))
def change(code: str) -> Any:
    """One move, addition or value; refused with the reason, and nothing is changed then."""
    _, version = _open(code)
    tried = _Tried()
    try:
        _apply(version, tried)
    except (Refused, Stale) as error:
        session().rollback()
        return _refused(code, error, tried)
    if request.headers.get("HX-Request") != "true":
        return redirect(url_for("materials.compose", code=code), code=303)
    return _composer(version, Answer(moved=tried.moved, saved=True))


@dataclass
class _Tried:
    """What was asked for, so that a refusal can give it back."""

    moved: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)


def _apply(version: MaterialVersion, tried: _Tried) -> None:
    form = request.form
    revision = form.get("revision", type=int)
    if revision is None:
        abort(400, "The form is not complete: reload the page.")
    asked = [name for name in MOVES if name in form]
    common: dict[str, Any] = {"actor": viewer(), "revision": revision}
    if not asked:
        _set_tokens(version, tried, common)
        return
    opened = session()
    if asked[0] in ("undo", "redo"):
        step = form.get(asked[0], 0, type=int)
        (undoing.undo if asked[0] == "undo" else undoing.redo)(opened, version, step=step, **common)
        return
    tried.moved = code = form[asked[0]]
    match asked[0]:
        case "add":
            to = form.get("to", type=int)
            operations.add_part(opened, version, code, to=to, **common)
        case "remove":
            operations.remove_part(opened, version, code, **common)
        case "up":
            operations.move_part(opened, version, code, by=-1, **common)
        case "down":
            operations.move_part(opened, version, code, by=1, **common)
        case _:
            to = form.get("to", 0, type=int)
            over = form.get("over", "")[:60]
            operations.move_part(opened, version, code, to=to, over=over, **common)


def _set_tokens(version: MaterialVersion, tried: _Tried, common: dict[str, Any]) -> None:
    written = text("token.meeting.date")
    chosen = request.form.getlist("token.agenda")
    tried.tokens = {"meeting.date": written, "agenda": chosen}
    day = read_date(written)
    if written and day is None:
        wrong = Objection(
            "date", f"{written[:40]} is not a date.", "meeting.date", "Write it as 2026-12-04."
        )
        raise Refused([wrong])
    known = of_json(version.template_version.frame).agenda
    # in the template's order, whatever the order of the boxes in the request
    lines = [line for line in known if line in chosen]
    lines += [line for line in chosen if line not in known]
    operations.set_tokens(session(), version, meeting_date=day, agenda=lines, **common)


def _refused(code: str, error: Refused | Stale, tried: _Tried) -> Any:
    if isinstance(error, Stale):
        objections: Sequence[Objection] = [
            Objection("stale", str(error), instead="This is how it stands now; try again.")
        ]
        status = 409
    else:
        objections, status = error.objections, 422
    _, version = _open(code)
    return _composer(version, Answer(objections=objections, tokens=tried.tokens)), status


@page(blueprint, "/materials/<code>/extent", permission=Permission.ASSEMBLE)
def extent(code: str) -> Any:
    """Pages or slides as a part of the composer; nothing once its screen is an older one."""
    _, version = _open(code)
    if request.args.get("revision", type=int) != version.revision:
        return "", 204
    tries = min(request.args.get("tries", 0, type=int), COUNT_TRIES)
    found = extent_values(session(), version, part_versions(session(), version), tries)
    return render_template("pages/materials/_extent.html", page={"extent": found})


@page(blueprint, "/materials/<code>/submit", permission=Permission.SUBMIT, methods=("POST",))
def submit(code: str) -> Any:
    """Send the draft to the review that its content needs."""
    _, version = _open(code)
    note, revision = text("note")[:2000], request.form.get("revision", type=int)
    if revision is None:
        abort(400, "The form is not complete: reload the page.")
    try:
        job = MATERIALS.submit(session(), version, actor=viewer(), note=note, revision=revision)
    except (Refused, Stale) as error:
        session().rollback()
        return _refused(code, error, _Tried())
    parts = ", ".join(task.discipline.value for task in job.tasks)
    flash(f"{version.label} is in review. It waits for: {parts}.", "ok")
    return redirect(url_for("materials.show", code=code, tab="reviews"), code=303)


@page(blueprint, "/materials/<code>/preview", permission=Permission.READ_LIBRARY)
def preview(code: str) -> Response:
    """The document as a page, in a sandbox of its own; nothing on it can run or send anything."""
    from exports.building import build
    from exports.rendering import render_html

    material = queries.get_material(session(), code, person=viewer())
    version = _version(material, request.args.get("version"))
    press = place().press
    document = build(session(), version, base_url=press.base_url, preview=True)
    sheet = url_for(
        "materials.preview_stylesheet", kind=document.kind, page_size=document.page_size
    )
    fonts = url_for("static", filename="css/fonts.css")
    answer = make_response(render_html(document, brand=press.brand, stylesheets=[fonts, sheet]))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
    )
    return answer


@page(blueprint, "/materials/preview/<kind>-<page_size>.css", permission=Permission.READ_LIBRARY)
def preview_stylesheet(kind: str, page_size: str) -> Response:
    """The document's own stylesheet in the company's colours."""
    from exports.kinds import DECKS, MAILED, PRINTED
    from exports.layouts import stylesheet

    if kind not in PRINTED | DECKS | MAILED or page_size not in ("letter", "a4"):
        raise NotFound("There is no such stylesheet.")
    brand: Brand = place().press.brand
    answer = make_response(stylesheet(kind, brand, page_size, "screen"))
    answer.mimetype = "text/css"
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _open(code: str) -> tuple[Material, MaterialVersion]:
    """The material and its latest version, for a person who may see its account."""
    material = queries.get_material(session(), code, person=viewer())
    return material, _version(material, None)


def _version(material: Material, number: str | None) -> MaterialVersion:
    for version in material.versions if number else [material.latest]:
        if version is not None and number in (None, version.version):
            return version
    raise NotFound(f"{material.code} has no version {number or 'yet'}.")


def _composer(version: MaterialVersion, answer: Answer) -> str:
    values = composer(session(), version, answer, viewer(), query=request.args.get("q", ""))
    part = request.headers.get("HX-Request") == "true"
    name = "_panes" if part else "compose"
    return render_template(f"pages/materials/{name}.html", page=values)
