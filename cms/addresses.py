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
    found = {
        "module_version": lambda: link(
            "modules.version", code=version.code, number=version.version
        ),
        "claim_version": lambda: link("claims.show", code=version.code),
        "material_version": lambda: link("materials.show", code=version.code),
        "template_version": lambda: link("templates.index"),
    }[version.KIND]()
    return found or url_for("home.desk")
