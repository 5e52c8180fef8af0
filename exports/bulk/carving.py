"""Finds the marks in the pages of a finished PDF and puts a slot in the place of each.

A run of text that is a mark becomes ``/Slot… Do``; its face, size and place are kept. The slot is
drawn in the page's own space, so that its text stands, and is read back, exactly where the renderer
would have set it. The dark runs of the QR code become a slot too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exports.bulk.faces import Unfit
from exports.bulk.slots import MARK

if TYPE_CHECKING:
    import pikepdf

QR = -1  # the number of the slot that is drawn, not written
_ENTRY = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")
_PATH = frozenset(["m", "l"])


@dataclass(frozen=True, slots=True)
class Placement:
    """One place of a slot: its number, face, size and origin in the page's space, text around."""

    number: int
    face: str = ""
    size: float = 0.0
    x: float = 0.0
    y: float = 0.0
    before: str = ""
    after: str = ""


@dataclass
class Carver:
    """Carves all pages of one document; equal placements share one slot object."""

    texts: Mapping[str, int]
    names: dict[Placement, str] = field(default_factory=dict)
    painting: str = "B"
    _tables: dict[Any, Mapping[int, str]] = field(default_factory=dict)

    def carve(self, pdf: pikepdf.Pdf, drawing: bytes) -> None:
        """Replace every mark, and the code drawn as ``drawing``, in place."""
        for page in pdf.pages:
            self._carve_page(pdf, page, drawing)

    def _carve_page(self, pdf: pikepdf.Pdf, page: pikepdf.Page, drawing: bytes) -> None:
        import pikepdf

        used: set[str] = set()
        out: list[Any] = []
        text: list[Any] = []
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator == "BT" or text:
                text.append(instruction)
                if operator == "ET":
                    out += self._text(page, text, used)
                    text = []
            else:
                out.append(instruction)
        out = self._code(out, drawing, used)
        if used:
            page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(out))
            self._list(pdf, page, used)

    def _text(self, page: pikepdf.Page, text: list[Any], used: set[str]) -> list[Any]:
        """The instructions of one text object, or a slot when it is a mark."""
        import pikepdf

        words = {str(each.operator): list(each.operands) for each in text}
        if "TJ" not in words or "Tf" not in words or "Tm" not in words:
            return text
        font = page.obj.Resources.Font[str(words["Tf"][0])]
        said = self._said(font, words["TJ"][0])
        found = MARK.match(said)
        number = int(found[2]) if found else self.texts.get(said.strip(), 0)
        if not number:
            return text
        matrix = [float(each) for each in words["Tm"]]
        if matrix[:4] != [1, 0, 0, -1] or sum(str(each.operator) == "TJ" for each in text) != 1:
            raise Unfit("a slot is not set in one upright line")
        placement = Placement(
            number=number,
            face=str(font.BaseFont).partition("+")[2],
            size=float(words["Tf"][1]),
            x=matrix[4],
            y=matrix[5],
            before=" " if said.startswith(" ") else "",
            after=" " if said.endswith(" ") else "",
        )
        kept = [e for e in text if str(e.operator) not in ("BT", "Tm", "Tf", "TJ", "ET")]
        name = self._name(placement, used)
        call = pikepdf.ContentStreamInstruction([pikepdf.Name(name)], pikepdf.Operator("Do"))
        return [*kept, call]

    def _said(self, font: Any, shown: Any) -> str:
        import pikepdf

        table = self._table(font)
        said = ""
        for piece in shown:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                pairs = (raw[at : at + 2] for at in range(0, len(raw), 2))
                said += "".join(table.get(int.from_bytes(pair), "\ufffd") for pair in pairs)
        return said

    def _table(self, font: Any) -> Mapping[int, str]:
        if font.objgen not in self._tables:
            entries = _ENTRY.findall(font.ToUnicode.read_bytes())
            self._tables[font.objgen] = {
                int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
                for glyph, text in entries
            }
        return self._tables[font.objgen]

    def _code(self, out: list[Any], drawing: bytes, used: set[str]) -> list[Any]:
        """The path that is ``drawing`` becomes a slot with its painting: paths end with a form."""
        import pikepdf

        wanted = drawing.decode().split()
        length = len(wanted) // 3
        start = 0
        while start < len(out):
            end = start
            while end < len(out) and str(out[end].operator) in _PATH:
                end += 1
            if end - start >= length and _drawn(out[end - length : end]) == wanted:
                self.painting = str(out[end].operator)
                name = pikepdf.Name(self._name(Placement(QR), used))
                call = pikepdf.ContentStreamInstruction([name], pikepdf.Operator("Do"))
                return [*out[:start], call, *out[end + 1 :]]
            start = max(end, start + 1)
        return out

    def _name(self, placement: Placement, used: set[str]) -> str:
        name = self.names.setdefault(placement, f"/Slot{len(self.names)}")
        used.add(name)
        return name

    def _list(self, pdf: pikepdf.Pdf, page: pikepdf.Page, used: set[str]) -> None:
        """Name the slots in the resources; what they are is written with each document."""
        import pikepdf

        resources = page.obj.Resources
        if "/XObject" not in resources:
            resources.XObject = pikepdf.Dictionary()
        for name in sorted(used):
            if name not in resources.XObject:
                form = pdf.make_stream(b"", SlotName=pikepdf.Name(name))
                resources.XObject[name] = form


def _drawn(path: list[Any]) -> list[str]:
    return [
        word
        for each in path
        for word in (*(f"{float(value):g}" for value in each.operands), str(each.operator))
    ]
