"""What the bytes of a PPTX depend on beside the document."""

from __future__ import annotations

import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from records.canonical import sha256_bytes

_DISTRIBUTIONS = ("python-pptx", "xlsxwriter", "lxml", "segno", "fonttools")


@cache
def _program() -> dict[str, str]:
    room = Path(__file__).parent
    files = sorted([*room.glob("*.py"), room / "widths.json"])
    return {path.name: sha256_bytes(path.read_bytes()) for path in files}


def fingerprint(_kind: str = "deck") -> dict[str, dict[str, str]]:
    """Versions of the libraries, and hashes of the program that draws slides."""
    versions = {name: version(name) for name in _DISTRIBUTIONS}
    return {
        "versions": {**versions, "zlib": zlib.ZLIB_RUNTIME_VERSION},
        "program": dict(_program()),
    }
