"""What the bytes of a rendition depend on beside the document: the render fingerprint.

Promise: same document, brand and key, and same fingerprint, same bytes.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from exports.deck.fingerprint import program as slides
from exports.engine import FONTS, VARIANT, engine
from exports.kinds import DECKS
from exports.layouts import layout_files
from records.canonical import sha256, sha256_bytes

_DISTRIBUTIONS = ("weasyprint", "pydyf", "fonttools", "pikepdf", "jinja2", "segno", "tinycss2")
# files of this room that decide what is drawn
_DRAWING = (
    "engine.py",
    "finishing.py",
    "layouts.py",
    "markup.py",
    "presentation.py",
    "rendering.py",
)
# and those that measure and seal what was drawn: their answers stand in the manifest
_PROVING = (
    "certifying.py",
    "finding.py",
    "manifest.py",
    "printed.py",
    "proofing.py",
    "seal.py",
    "sealing.py",
    "truth.py",
    "typeset.py",
)


def fingerprint(kind: str = "brief") -> dict[str, dict[str, str]]:
    """Versions of the libraries, and hashes of fonts, program and layout files of a kind."""
    return {
        "versions": dict(_versions()),
        "fonts": dict(_fonts()),
        "program": {**_program(), **(slides() if kind in DECKS else {})},
        "layout": {"sha256": sha256(layout_files(kind)), **layout_files(kind)},
    }


@cache
def _fonts() -> dict[str, str]:
    return {path.name: sha256_bytes(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))}


@cache
def _program() -> dict[str, str]:
    room = Path(__file__).parent
    return {name: sha256_bytes((room / name).read_bytes()) for name in (*_DRAWING, *_PROVING)}


@cache
def _versions() -> dict[str, str]:
    import pikepdf

    engine()
    found = {name: version(name) for name in _DISTRIBUTIONS}
    found["qpdf"] = pikepdf.__libqpdf_version__
    found["harfbuzz"] = _spoken("harfbuzz", "libharfbuzz.so.0", "hb_version_string")
    found["pango"] = _spoken("pango-1.0", "libpango-1.0.so.0", "pango_version_string")
    found["fontconfig"] = _fontconfig()
    found["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    found["variant"] = VARIANT
    return dict(sorted(found.items()))


def _library(name: str, file: str) -> ctypes.CDLL:
    """A system library that WeasyPrint has loaded already."""
    try:
        return ctypes.CDLL(file)
    except OSError:
        return ctypes.CDLL(ctypes.util.find_library(name) or file)


def _spoken(name: str, file: str, function: str) -> str:
    """What a library's own version function says."""
    call = getattr(_library(name, file), function)
    call.restype = ctypes.c_char_p
    return str(call().decode())


def _fontconfig() -> str:
    """21501 → 2.15.1."""
    number = int(_library("fontconfig", "libfontconfig.so.1").FcGetVersion())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
