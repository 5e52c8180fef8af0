"""What a PDF really says: the text of each page, read back from the file's own bytes.

The same reader serves the manifest when a file is sealed, the comparison when an altered file is
verified, and the check that no word of a document was lost on the way to the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exports.body import runs, words
from exports.document import Document
from records.canonical import sha256_bytes

if TYPE_CHECKING:
    import pikepdf

_ENTRY = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")
_SHOWS = frozenset(["Tj", "TJ", "'", '"'])
_DEEPEST = 6  # forms within forms that are read


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page: its text in the order it is drawn, and the hash of its drawing instructions."""

    number: int
    text: str
    sha256: str


def read_pages(pdf: pikepdf.Pdf) -> tuple[PrintedPage, ...]:
    """Text and hash of each page; text of unreadable fonts comes out as U+FFFD."""
    fonts: dict[Any, Mapping[int, str]] = {}
    return tuple(
        PrintedPage(number, _Reader(fonts).read(page.obj), _content_hash(page.obj))
        for number, page in enumerate(pdf.pages, start=1)
    )


def letters(text: str) -> str:
    """Text without white space and compatibility forms: what must survive line breaking."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def lost_words(document: Document, pages: Sequence[PrintedPage]) -> tuple[str, ...]:
    """Every run of text of the document that is not found again in the printed pages.

    Runs are compared letter by letter, white space aside, so that a missing, added or changed
    word within a heading, paragraph, list item or cell is noticed.
    """
    printed = letters("".join(page.text for page in pages))
    wanted = (run for block in document.parts for run in runs(block.body))
    texts = (*(words(run) for run in wanted), *_frame(document))
    return tuple(text for text in texts if not _found(text, printed, pages))


def _frame(document: Document) -> Iterator[str]:
    """What a document says beside its blocks: names, codes, agenda, references (R-402)."""
    yield from (document.title, document.product.name, document.account.name, document.role)
    yield from (document.code, document.version, *document.agenda)
    yield from (reference.text for reference in document.references)
    if document.copy:
        yield document.copy.number
    if document.validity:
        yield document.validity.url


def _found(text: str, printed: str, pages: Sequence[PrintedPage]) -> bool:
    """Whole, or as the end of one page's text and the rest of it further on."""
    sought = letters(text)
    if sought in printed:
        return True
    bodies = [letters(page.text) for page in pages]
    return any(
        sought[:cut] in body and sought[cut:] in after
        for body, after in pairwise(bodies)
        for cut in range(1, len(sought))
    )


@dataclass
class _Reader:
    """Follows the text operators of one page."""

    fonts: dict[Any, Mapping[int, str]]
    parts: list[str] = field(default_factory=list)
    font: Mapping[int, str] = field(default_factory=dict)
    size: float = 1.0
    height: float | None = None

    def read(self, page: pikepdf.Object) -> str:
        self._follow(page, page.get("/Resources"), 0)
        return "".join(self.parts).strip()

    def _follow(self, stream: pikepdf.Object, resources: Any, depth: int) -> None:
        import pikepdf

        for instruction in pikepdf.parse_content_stream(stream):
            operator, operands = str(instruction.operator), list(instruction.operands)
            if operator == "Tf":
                self._select(resources, str(operands[0]), float(operands[1]))
            elif operator == "Tm":
                self._move(float(operands[5]))
            elif operator in _SHOWS:
                self._show(operands[-1])
            elif operator == "Do" and depth < _DEEPEST:
                self._enter(resources, str(operands[0]), depth)

    def _select(self, resources: Any, name: str, size: float) -> None:
        self.size = abs(size) or 1.0
        font = resources["/Font"][name] if resources is not None else None
        key = (font.objgen if font is not None else None) or name
        if key not in self.fonts:
            self.fonts[key] = _unicode_map(font)
        self.font = self.fonts[key]

    def _move(self, height: float) -> None:
        """A step down by more than half a letter begins a new line; a mark does not."""
        if self.height is not None:
            self.parts.append("\n" if abs(height - self.height) > self.size * 0.55 else " ")
        self.height = height

    def _show(self, shown: Any) -> None:
        import pikepdf

        pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                glyphs = (raw[at : at + 2] for at in range(0, len(raw), 2))
                self.parts.extend(
                    self.font.get(int.from_bytes(glyph), "\ufffd") for glyph in glyphs
                )

    def _enter(self, resources: Any, name: str, depth: int) -> None:
        form = resources["/XObject"][name] if resources is not None else None
        if form is not None and form.get("/Subtype") == "/Form":
            self._follow(form, form.get("/Resources", resources), depth + 1)


def _unicode_map(font: Any) -> Mapping[int, str]:
    """Glyph number → characters, from the font's ToUnicode table."""
    if font is None or "/ToUnicode" not in font:
        return {}
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for glyph, text in _ENTRY.findall(font["/ToUnicode"].read_bytes())
    }


def _content_hash(page: Any) -> str:
    import pikepdf

    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return sha256_bytes(b"\n".join(stream.read_bytes() for stream in streams if stream is not None))
