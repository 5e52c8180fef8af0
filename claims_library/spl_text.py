"""The narrative text of an SPL section as paragraphs: lists, tables, captions and exponents."""

from __future__ import annotations

from xml.etree.ElementTree import Element

_BLOCKS = frozenset({"text", "paragraph", "item", "caption", "tr", "footnote", "list", "table"})
_SUPERSCRIPTS = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")


def squeeze(text: str) -> str:
    """Make every run of white space one space."""
    return " ".join(text.split())


def paragraphs_of(text: Element | None) -> tuple[str, ...]:
    """Return the paragraphs of a narrative block; a table row is one, its cells set by tabs."""
    if text is None:
        return ()
    writer = _Writer()
    writer.write(text)
    writer.end_paragraph()
    return tuple(writer.paragraphs)


class _Writer:
    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.cells: list[str] = []
        self.run: list[str] = []

    def write(self, element: Element) -> None:
        tag = element.tag.rpartition("}")[2]
        block = tag in _BLOCKS
        if block:
            self.end_paragraph()
        if tag == "sup":
            self.run.append(_superscript("".join(element.itertext())))
        else:
            self.run.append(element.text or "")
            for child in element:
                self.write(child)
                self.run.append(child.tail or "")
        if tag in ("td", "th"):
            self.end_cell()
        elif tag == "br":
            self.run.append(" ")
        if block:
            self.end_paragraph()

    def end_cell(self) -> None:
        self.cells.append(squeeze("".join(self.run)))
        self.run.clear()

    def end_paragraph(self) -> None:
        self.end_cell()
        line = "\t".join(cell for cell in self.cells if cell)
        self.cells.clear()
        if line:
            self.paragraphs.append(line)


def _superscript(text: str) -> str:
    """Keep an exponent one: 10<sup>9</sup> must never read 109."""
    plain = squeeze(text)
    digits = plain.translate(_SUPERSCRIPTS)
    return digits if not any(c.isdigit() and c.isascii() for c in digits) else plain
