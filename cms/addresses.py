"""Where the page of a version is, for whatever kind it has."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from records.versions import Versioned


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page, or None where this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def version_url(version: Versioned) -> str:
    """The page that shows one version of a claim, module, template or material."""
    code, number = version.code, version.version
    match version.KIND:
        case "module_version":
            found = link("modules.version", code=code, number=number)
        case "claim_version":
            found = link("claims.version", claim_id=code, number=number)
        case "material_version":
            found = link("materials.show", code=code)
        case _:
            found = link("templates.index")
    return found or url_for("home.desk")
