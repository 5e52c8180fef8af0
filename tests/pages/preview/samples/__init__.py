"""Sample values, one file per room: ``PAGES`` maps a page's name to its template and values."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

Sample = tuple[str, dict[str, Any]]


def load() -> dict[str, Sample]:
    """All pages of all rooms."""
    pages: dict[str, Sample] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        pages.update(import_module(f"{__name__}.{path.stem}").PAGES)
    return pages
