"""What the bytes of a PPTX depend on beside the document."""

from __future__ import annotations

import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from records.canonical import sha256_bytes

_DISTRIBUTIONS = ("python-pptx", "xlsxwriter", "lxml", "segno", "fonttools")


# files of the room above that decide what stands on a slide
_SHARED = ("markup.py", "presentation.py", "spoken.py")


@cache
def program() -> dict[str, str]:
    """Hash of every file that decides what stands on a slide, and where."""
    room = Path(__file__).parent
    own = sorted([*room.glob("*.py"), room / "widths.json"])
    shared = [room.parent / name for name in _SHARED]
    return {
        **{f"deck/{path.name}": sha256_bytes(path.read_bytes()) for path in own},
        **{path.name: sha256_bytes(path.read_bytes()) for path in shared},
    }


def fingerprint(_kind: str = "deck") -> dict[str, dict[str, str]]:
    """Versions of the libraries, and hashes of the program that draws slides."""
    versions = {name: version(name) for name in _DISTRIBUTIONS}
    return {
        "versions": {**versions, "zlib": zlib.ZLIB_RUNTIME_VERSION},
        "program": dict(program()),
    }
