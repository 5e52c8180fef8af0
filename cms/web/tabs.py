"""The tabs of the library's rooms."""

from __future__ import annotations

from typing import Any

from flask import url_for

TABS = (
    ("modules", "Modules", "library.index"),
    ("coverage", "Coverage map", "library.coverage"),
    ("templates", "Templates", "templates.index"),
    ("rules", "Rules", "rules.index"),
)


def library_tabs(modules: int | None = None) -> list[dict[str, Any]]:
    """The pages of the library; ``modules`` is how many there are, where that is known."""
    counts = {"modules": modules}
    return [
        {"key": key, "label": label, "url": url_for(endpoint), "count": counts.get(key)}
        for key, label, endpoint in TABS
    ]
