"""What the bytes of a rendition depend on beside the document: the render fingerprint.

Promise: same document, brand and key, and same fingerprint, same bytes.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.metadata import version

from exports.engine import FONTS, VARIANT, engine
from exports.layouts import layout_files
from records.canonical import sha256, sha256_bytes

_DISTRIBUTIONS = ("weasyprint", "pydyf", "fonttools", "pikepdf", "jinja2", "segno", "tinycss2")


def fingerprint(kind: str = "brief") -> dict[str, dict[str, str]]:
    """Versions of everything that draws, and hashes of fonts and layout files of a kind."""
    return {
        "versions": dict(_versions()),
        "fonts": dict(_fonts()),
        "layout": {"sha256": sha256(layout_files(kind)), **layout_files(kind)},
    }


@cache
def _fonts() -> dict[str, str]:
    return {path.name: sha256_bytes(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))}


@cache
def _versions() -> dict[str, str]:
    engine()
    import pikepdf
    from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, pango

    found = {name: version(name) for name in _DISTRIBUTIONS}
    found["qpdf"] = pikepdf.__libqpdf_version__
    found["harfbuzz"] = ffi.string(harfbuzz.hb_version_string()).decode()
    found["pango"] = ffi.string(pango.pango_version_string()).decode()
    found["fontconfig"] = _fontconfig(fontconfig.FcGetVersion())
    found["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    found["variant"] = VARIANT
    return dict(sorted(found.items()))


def _fontconfig(number: int) -> str:
    """21501 → 2.15.1."""
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
