"""Print-truth in the file: measured when a document is printed, kept in it, judged when sealed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from exports.brand import Brand
from exports.document import Document
from exports.engine import FONTS
from exports.truth import VERSION, Measured, measure
from exports.typeset import read_runs
from records.canonical import canonical_json
from records.errors import Objection

if TYPE_CHECKING:
    import pikepdf

_KEY = "/clearcopyprint"
PREFIX = "print: "


def faces(brand: Brand) -> tuple[str, ...]:
    """The families that may be used, as a PDF names them."""
    return tuple(family.replace(" ", "-") for family in dict.fromkeys((brand.sans, brand.serif)))


def note(pdf: pikepdf.Pdf, document: Document, brand: Brand) -> None:
    """Measure the pages of a document and write the results into its information."""
    found = measure(read_runs(pdf), document, brand=brand, x_height=_x_height(), faces=faces(brand))
    pdf.docinfo[_KEY] = canonical_json([_plain(each) for each in found])


def results_of(data: bytes) -> list[dict[str, Any]]:
    """What was measured when a PDF was printed; empty where nothing was."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return noted(pdf)


def noted(pdf: pikepdf.Pdf) -> list[dict[str, Any]]:
    """The results in an open file, as the manifest lists checks."""
    found: list[dict[str, Any]] = json.loads(str(pdf.docinfo.get(_KEY, "[]")))
    return found


def objections(results: Sequence[Mapping[str, Any]]) -> Iterator[Objection]:
    """Why a document may not be handed over as it is printed."""
    for each in results:
        if each["severity"] == "block":
            name = str(each["name"]).removeprefix(PREFIX)
            yield Objection(f"print-{name.replace(' ', '-')}", _sentence(each), where="the pages")


def _sentence(result: Mapping[str, Any]) -> str:
    return str(result["result"]).partition(": ")[2]


def _plain(each: Measured) -> dict[str, Any]:
    return {
        "name": f"{PREFIX}{each.name}",
        "version": VERSION,
        "result": each.result,
        "severity": each.severity,
        "measured": dict(each.numbers),
    }


@cache
def _x_height() -> float:
    """The lowest letter x of the bundled faces, as a share of their size."""
    from fontTools.ttLib import TTFont

    found = []
    for path in FONTS.glob("*.ttf"):
        font = TTFont(path, lazy=True)
        found.append(font["OS/2"].sxHeight / font["head"].unitsPerEm)
    return float(min(found))
