"""Where the real labels, products and accounts lie that some tests read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def shared() -> Path:
    """The folder beside the project, or the one ``CLEARCOPY_SHARED`` names; skips loudly."""
    path = Path(os.environ.get("CLEARCOPY_SHARED", BESIDE))
    if not path.is_dir():
        pytest.skip(f"the real data is not here: {path} does not exist (CLEARCOPY_SHARED)")
    return path
