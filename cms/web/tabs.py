"""The tabs of the library's rooms."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

TABS = (
    ("modules", "Modules", "library.index"),
    ("coverage", "Coverage map", "library.coverage"),
    ("claims", "Claims", "claims.index"),
    ("labels", "Labels", "labels.index"),
    ("templates", "Templates", "templates.index"),
)


def library_tabs() -> list[dict[str, Any]]:
    """Those of the library's rooms that exist."""
    return [
        {"key": key, "label": label, "url": url_for(endpoint), "count": None}
        for key, label, endpoint in TABS
        if endpoint in current_app.view_functions
    ]
