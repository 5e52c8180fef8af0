"""The library: every module with its latest version."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, or_, select

from cms.pages import page, session
from modules.models import Module, ModuleVersion
from records.roles import Permission

blueprint = Blueprint("library", __name__)
PAGE = 25


@page(blueprint, "/library", permission=Permission.READ_LIBRARY)
def index() -> str:
    """Modules by code, narrowed by words in code or title."""
    words = request.args.get("q", "").strip()
    after, before = request.args.get("after", ""), request.args.get("n", 0, type=int)
    query = select(ModuleVersion).join(Module, Module.latest_id == ModuleVersion.id)
    for word in words.split()[:8]:
        query = query.where(
            or_(
                ModuleVersion.title.icontains(word, autoescape=True),
                ModuleVersion.code.icontains(word, autoescape=True),
            )
        )
    total = session().scalar(select(func.count()).select_from(query.subquery()))
    rows = (
        session()
        .scalars(query.where(ModuleVersion.code > after).order_by(ModuleVersion.code).limit(PAGE))
        .all()
    )
    full = len(rows) == PAGE
    values = {
        "query": words,
        "sort": "title",
        "sorts": [],
        "views": [],
        "facets": [],
        "pills": [],
        "quick": [],
        "rows": [_row(row) for row in rows],
        "total": total,
        "first": before + 1,
        "last": before + len(rows),
        "back_url": None,
        "next_url": url_for("library.index", q=words or None, after=rows[-1].code, n=before + PAGE)
        if full
        else None,
        "clear_url": url_for("library.index"),
        "advice": [],
        "may_write": False,
        "tabs": [],
    }
    return render_template("pages/library/index.html", page=values)


def _row(version: ModuleVersion) -> dict[str, Any]:
    return {
        "code": version.code,
        "title": [(version.title, False)],
        "line": [],
        "state": version.state.value,
        "version": version.version,
        "flag": None,
        "standing": "",
        "tags": [version.pillar.label, *(word.capitalize() for word in version.phases)],
        "materials": 0,
        "owner": version.module.owner.name,
        "updated_at": version.updated_at,
    }
