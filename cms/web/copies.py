"""Controlled copies: issued with one tap, downloaded again, listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from cms import recalling
from cms.pages import acting, page, place, session, viewer
from exports import copies, copies_out, formats, queries
from exports.copies_out import Which
from exports.models import ControlledCopy, CopyState
from exports.policy import may_receive
from records import clock
from records.errors import Objection
from records.models import Person, StoredFile
from records.roles import Permission, may

blueprint = Blueprint("copies", __name__)
PAGE = 50
# after this long the page asks less often and says that one need not wait
PATIENCE = timedelta(seconds=15)


@page(blueprint, "/copies/<int:number>/issued", permission=Permission.RECEIVE_COPIES)
def issued(number: int) -> str:
    """The page after a copy was asked for: it is made, and then its download starts.

    The page asks for itself until the worker has made the copy; without a script it is loaded
    again by the browser.
    """
    copy = queries.get_copy(session(), number, person=acting())
    version = copy.material_version
    values = {
        "state": copy.state.value,
        "number": copy.number,
        "code": version.code,
        "title": version.title,
        "version": version.version,
        "valid_until": version.valid_until,
        "holder": copy.holder.name,
        "failure": copy.failure,
        "slow": copy.state is CopyState.MAKING and clock.now() - copy.issued_at > PATIENCE,
        "again_url": url_for("copies.issued", number=copy.number),
        "account_url": url_for("field.account", account_id=version.material.account_id),
        "file_name": _file_name(copy),
        "size": _size(copy),
    }
    return render_template("pages/field/issued.html", page=values)


def _size(copy: ControlledCopy) -> int | None:
    file = session().get(StoredFile, copy.file_sha256) if copy.file_sha256 else None
    return file.size if file is not None else None


def _file_name(copy: ControlledCopy) -> str:
    version = copy.material_version
    return f"{version.code}-{version.version}-copy-{copy.number:04d}.{copy.format}"


@page(blueprint, "/copies/<int:number>", permission=Permission.RECEIVE_COPIES)
def download(number: int) -> Response:
    """The bytes, as long as everything in the copy still holds; a download leaves its trace."""
    with place().sessions.write() as writing:
        me = writing.get_one(Person, viewer().id)
        data = copies.open_copy(writing, number, actor=me)
        copy = writing.get_one(ControlledCopy, number)
        name, media_type = _file_name(copy), formats.get(copy.format).media_type
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(blueprint, "/copies", permission=Permission.RECEIVE_COPIES)
def index() -> str:
    """One's own copies, newest first."""
    after = request.args.get("after", type=int)
    rows = queries.copies_held(session(), viewer(), after=after, limit=PAGE)
    full = len(rows) == PAGE
    values = {
        "mine": True,
        "recalled": recalling.held(session(), viewer()),
        "query": "",
        "show": "",
        "rows": [_row(copy) for copy in rows],
        "filters": [],
        "first": None,
        "last": None,
        "total": None,
        "back_url": None,
        "next_url": url_for("copies.index", after=rows[-1].number) if full else None,
    }
    return render_template("pages/field/copies.html", page=values)


_LABELS = {Which.OUT: "In use", Which.STOPPED: "Out, not to be used", Which.ALL: "All"}


@page(blueprint, "/copies/everywhere", permission=Permission.READ_ALL_TERRITORIES)
def everywhere() -> str:
    """Where every copy is: of which material, with whom, and whether it may still be used."""
    after, query = request.args.get("after", type=int), request.args.get("q", "").strip()[:100]
    wanted = request.args.get("show", "")
    show = Which(wanted) if wanted in list(Which) else Which.OUT
    rows = copies_out.copies_out(session(), show, text=query, after=after, limit=PAGE)
    counts = copies_out.count_copies_out(session())
    further: dict[str, Any] = {"show": show.value, **({"q": query} if query else {})}
    onward = rows[-1].number if len(rows) == PAGE else None
    values = {
        "mine": False,
        "recalled": [],
        "query": query,
        "show": show.value,
        "rows": [_row(copy) | {"may_download": False} for copy in rows],
        "filters": [
            {
                "label": label,
                "url": url_for("copies.everywhere", show=which.value, q=query or None),
                "count": counts[which],
                "chosen": which is show,
            }
            for which, label in _LABELS.items()
        ],
        "first": None,
        "last": None,
        "total": None,
        "back_url": url_for("copies.everywhere", **further) if after else None,
        "next_url": url_for("copies.everywhere", **further, after=onward) if onward else None,
    }
    return render_template("pages/field/copies.html", page=values)


def _row(copy: ControlledCopy) -> dict[str, Any]:
    version = copy.material_version
    reads = may(viewer(), Permission.READ_LIBRARY)
    objections = may_receive(session(), copy.holder, version, at=clock.now())
    return {
        "number": copy.number,
        "title": version.title,
        "code": version.code,
        "url": url_for("materials.show", code=version.code) if reads else None,
        "version": version.version,
        "account": version.facts["name"],
        "holder": copy.holder.name,
        "purpose": copy.purpose,
        "format": copy.format.upper(),
        "issued_at": copy.issued_at,
        "issued_by": copy.issued_by.name,
        "state": copy.state.value,
        "standing": "withdrawn" if objections else "valid",
        "until": version.valid_until,
        "may_download": copy.state is CopyState.ISSUED and not objections,
        "refusal": _refusal(copy, objections),
    }


def _refusal(copy: ControlledCopy, objections: Sequence[Objection]) -> str:
    if copy.state is CopyState.FAILED:
        return f"{copy.failure} Ask for a new copy."
    if copy.state in (CopyState.DESTROYED, CopyState.LOST):
        return ""
    return objections[0].sentence if objections else ""
