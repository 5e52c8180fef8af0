"""Templates: the approved frames that materials are assembled in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy.orm import Session

from cms.pages import page, session, viewer
from cms.web.tabs import library_tabs
from exports.templating import Framed, list_templates
from records import clock
from records.lifecycle import VersionState
from records.roles import Permission, may

blueprint = Blueprint("templates", __name__)


@page(blueprint, "/templates", permission=Permission.READ_LIBRARY)
def index() -> str:
    """Every template with its latest version and how many materials were made in it."""
    values = {"rows": [_row(each) for each in _templates(session())], "tabs": library_tabs()}
    return render_template("pages/templates/index.html", page=values)


def _templates(opened: Session) -> list[Framed]:
    return list_templates(opened, at=clock.now())


def _row(framed: Framed) -> dict[str, Any]:
    version = framed.version
    approved = version.state is VersionState.APPROVED
    return {
        "code": version.code,
        "title": version.title,
        "channel": framed.template.channel.label,
        "market": framed.template.market.label,
        "version": version.version,
        "state": version.state.value,
        "flag": framed.flag,
        "standing": f"valid until {version.valid_until.day} {version.valid_until:%b %Y}"
        if approved
        else f"by {version.author.name}",
        "slots": framed.slots,
        "materials": framed.materials,
        "objection": str(framed.objection) if framed.objection else "",
        "parts": framed.parts,
        "url": url_for("materials.start", template=version.code)
        if approved and may(viewer(), Permission.ASSEMBLE)
        else None,
    }
