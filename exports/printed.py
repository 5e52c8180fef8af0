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
_MOST_PAGES = 1_000
_MOST_BYTES = 8_000_000  # drawing instructions read in one file: a hostile one may not eat memory


class TooMuch(ValueError):
    """A file with more pages or drawing instructions than any document of ours."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page: its text in the order it is drawn, and the hash of its drawing instructions."""

    number: int
    text: str
    sha256: str


def read_pages(pdf: pikepdf.Pdf) -> tuple[PrintedPage, ...]:
    """Text and hash of each page; text of unreadable fonts comes out as U+FFFD.

    Raises:
        TooMuch: the file is not one of ours and too large to be read.
    """
    if len(pdf.pages) > _MOST_PAGES:
        raise TooMuch("too many pages")
    budget, fonts = _Budget(_MOST_BYTES), _Fonts()
    return tuple(
        PrintedPage(number, _Reader(fonts, budget).read(page.obj), _content_hash(page.obj))
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
    texts = (*(words(run) for run in wanted), *frame_texts(document))
    return tuple(text for text in texts if not _found(text, printed, pages))


def frame_texts(document: Document) -> Iterator[str]:
    """What a document says beside its blocks: names, codes, agenda, references (R-402)."""
    yield from (document.title, document.product.name, document.account.name, document.role)
    yield from (document.code, document.version, *document.agenda, *document.checklist)
    for person in document.people:
        yield from (person.role, person.name, person.title)
    yield from (reference.text for reference in document.references)
    if document.copy:
        yield document.copy.number
    if document.validity:
        yield document.validity.url


def _found(text: str, printed: str, pages: Sequence[PrintedPage]) -> bool:
    """Whole, or broken at the end of a line of one page and gone on with on the next."""
    sought = letters(text)
    return sought in printed or any(
        _continued(sought, before, after) for before, after in pairwise(pages)
    )


def _continued(sought: str, before: PrintedPage, after: PrintedPage) -> bool:
    body, rest = letters(before.text), letters(after.text)
    ends = {letters(line) for line in before.text.splitlines()} - {""}
    starts = {letters(line) for line in after.text.splitlines()} - {""}
    return any(
        sought[:cut] in body
        and sought[cut:] in rest
        and any(sought[:cut].endswith(line) or line.endswith(sought[:cut]) for line in ends)
        and any(sought[cut:].startswith(line) or line.startswith(sought[cut:]) for line in starts)
        for cut in range(1, len(sought))
    )


def glyph_texts(font: Any) -> Mapping[int, str]:
    """The characters each glyph of a font stands for, as its ToUnicode table says."""
    return _entries(font["/ToUnicode"].read_bytes()) if "/ToUnicode" in font else {}


def _entries(table: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for glyph, text in _ENTRY.findall(table)
    }


@dataclass
class _Budget:
    left: int

    def spend(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise TooMuch("too much to read")
        return data


@dataclass
class _Fonts:
    """Glyph number → characters for each font of a file, from its ToUnicode table."""

    known: dict[Any, Mapping[int, str]] = field(default_factory=dict)

    def map_of(self, font: Any, budget: _Budget) -> Mapping[int, str]:
        if font is None or "/ToUnicode" not in font:
            return {}
        key = font.objgen
        if key not in self.known or key == (0, 0):
            self.known[key] = _entries(budget.spend(font["/ToUnicode"].read_bytes()))
        return self.known[key]


@dataclass
class _Reader:
    """Follows the text operators of one page."""

    fonts: _Fonts
    budget: _Budget
    parts: list[str] = field(default_factory=list)
    font: Mapping[int, str] = field(default_factory=dict)
    size: float = 1.0
    height: float | None = None

    def read(self, page: pikepdf.Object) -> str:
        for stream in _streams(page):
            self.budget.spend(stream.read_bytes())
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
        self.font = self.fonts.map_of(font, self.budget)

    def _move(self, height: float) -> None:
        """A step down by more than half a letter begins a new line; a mark does not."""
        if self.height is not None:
            self.parts.append("\n" if abs(height - self.height) > self.size * 0.55 else " ")
        self.height = height

    def _show(self, shown: Any) -> None:
        import pikepdf

        for piece in list(shown) if isinstance(shown, pikepdf.Array) else [shown]:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                glyphs = (raw[at : at + 2] for at in range(0, len(raw), 2))
                self.parts += (self.font.get(int.from_bytes(glyph), "\ufffd") for glyph in glyphs)

    def _enter(self, resources: Any, name: str, depth: int) -> None:
        form = resources["/XObject"][name] if resources is not None else None
        if form is not None and form.get("/Subtype") == "/Form":
            self.budget.spend(form.read_bytes())
            self._follow(form, form.get("/Resources", resources), depth + 1)


def _streams(page: Any) -> list[Any]:
    import pikepdf

    contents = page.get("/Contents")
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents] if contents else []


def _content_hash(page: Any) -> str:
    return sha256_bytes(b"\n".join(stream.read_bytes() for stream in _streams(page)))
