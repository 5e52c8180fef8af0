"""The layout files of each kind of material: templates, stylesheets and their hashes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

import jinja2

from exports.brand import Brand, lightened
from exports.document import PageSize
from exports.kinds import PRINTED
from records.canonical import sha256, sha256_bytes

LAYOUTS = Path(__file__).parent.parent / "templates" / "documents"
_BASE = "base"  # what all printed kinds share
# page size of the stylesheet, and the width of both columns together, in millimetres
_SHEETS: dict[PageSize, tuple[str, float]] = {"letter": ("letter", 177.9), "a4": ("A4", 172)}

_HEAD_LEADING = 1.36  # of the tightest sheet; elsewhere the space below an item makes it up
_DARK_PANEL = "#22303b"  # the lightest ground of an email in dark mode
_SIZES: dict[str, PageSize] = {"letter": "letter", "a4": "a4"}


@cache
def environment() -> jinja2.Environment:
    """Templates escape everything and fail on a name that does not exist."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(LAYOUTS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(kind: str) -> jinja2.Template:
    """The page frame of a kind of material."""
    return environment().get_template(f"{kind}/{kind}.html.jinja")


@cache
def stylesheet(kind: str, brand: Brand, page_size: PageSize, *more: str) -> str:
    """The stylesheet of a kind in a company's colours: what all kinds share, then its own.

    ``more`` names further sheets: ``screen`` for the preview, ``tight`` for less air, ``dense`` for
    the least.
    """
    sheets = [path for name in (kind, *more) for path in _sheets(kind, name)]
    text = "\n".join(path.read_text("utf-8") for path in sheets)
    sheet, width = _SHEETS[_SIZES.get(brand.page_size, page_size)]
    columns = "".join(f".w{share} {{ width: {share}% }}\n" for share in range(1, 101))
    # a head beside its text: room for all of its lines, on the page where the text begins
    heads = "".join(
        f".isi .h{lines} {{ min-height: {lines * _HEAD_LEADING:g}em; orphans: {max(lines, 3)} }}\n"
        for lines in range(1, 10)
    )
    # a company's own families stand wherever the bundled ones do
    text = text.replace("IBM Plex Sans", brand.sans).replace("IBM Plex Serif", brand.serif)
    return Template(text).substitute(
        dict(brand.colours()),
        page_size=sheet,
        both_columns=f"{width:g}mm",
        cards_width=f"{width + 8:g}mm",
        column_widths=columns,
        head_lines=heads,
        dark_accent=lightened(brand.accent, _DARK_PANEL),
        dark_caution=lightened(brand.caution, _DARK_PANEL),
        dark_panel=_DARK_PANEL,
    )


def _sheets(kind: str, name: str) -> list[Path]:
    shared = LAYOUTS / _BASE / f"{_BASE if name == kind else name}.css"
    own = LAYOUTS / kind / f"{name}.css"
    return [path for path in (shared, own) if path.exists() and path.parent in _folders(kind)]


def has_sheet(kind: str, name: str) -> bool:
    """Whether a kind has a further sheet of this name."""
    return bool(_sheets(kind, name))


def _folders(kind: str) -> tuple[Path, ...]:
    """Where the layout of a kind lies: an email shares nothing with what is printed."""
    return (LAYOUTS / _BASE, LAYOUTS / kind) if kind in PRINTED else (LAYOUTS / kind,)


@cache
def layout_files(kind: str) -> dict[str, str]:
    """SHA-256 of every file that draws a kind of material, by name (not those of its preview)."""
    return {
        path.name: sha256_bytes(path.read_bytes())
        for folder in _folders(kind)
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix in (".css", ".jinja") and path.name != "screen.css"
    }


def layout_sha256(kind: str) -> str:
    """One hash over the layout of a kind: what a template version is bound to."""
    return sha256(layout_files(kind))
