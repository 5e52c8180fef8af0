"""The text of PDF pages as paragraphs.

A PDF holds lines at places, no paragraphs. What begins a new one is read from the page: another
size or weight of letters, a larger distance, a line that ended although the next word would have
fitted, another column or cell. Lines of one paragraph stay lines, so that broken words can be put
together again.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_OTHER_SIZE = 0.08  # difference, as a share of the larger size
_OTHER_WEIGHT = 150
_CELL_GAP = 1.5  # blank between two cells of a row, in letter heights
_MORE_DISTANCE = 1.3  # between paragraphs, as a multiple of the page's smallest line distance
_SAME_EDGE = 2.0  # points
_BROKEN = "\x02"  # what the reader of PDFs gives for a hyphen at a line's end
_BULLETS = frozenset("•▪◦‣·●○■□–-")


@dataclass(frozen=True, slots=True)
class _Letter:
    char: str
    left: float
    right: float
    bottom: float
    size: float
    weight: int


@dataclass(frozen=True, slots=True)
class _Line:
    letters: Sequence[_Letter]

    @property
    def text(self) -> str:
        return "".join(letter.char for letter in self.letters).strip()

    @property
    def left(self) -> float:
        return self.letters[0].left

    @property
    def right(self) -> float:
        return self.letters[-1].right

    @property
    def bottom(self) -> float:
        return self.letters[0].bottom

    @property
    def size(self) -> float:
        return self.letters[0].size

    @property
    def first_word(self) -> float:
        """How wide the first word is."""
        end = self.left
        for letter in self.letters:
            if letter.char.isspace():
                break
            end = letter.right
        return end - self.left


def page_texts(data: bytes) -> list[str]:
    """The text of every page.

    Raises:
        pypdfium2.PdfiumError: it is no PDF, is damaged, or has a password.
    """
    with pypdfium2.PdfDocument(data) as document:
        return [_joined(list(_lines(page.get_textpage()))) for page in document]


def _joined(lines: list[_Line]) -> str:
    """Lines with one line end inside a paragraph and two between paragraphs."""
    marked = [line for line in lines if line.text in _BULLETS]
    lines = [line for line in lines if line.text not in _BULLETS]
    pitch = _pitch(lines)
    out: list[str] = []
    for at, line in enumerate(lines):
        if at:
            new = _begins(lines[at - 1], line, pitch, _edge(lines, lines[at - 1]))
            new = new or any(_beside(bullet, line) for bullet in marked)
            out.append("\n\n" if new else "\n")
        out.append(line.text.replace(_BROKEN, "-"))
    return "".join(out)


def _begins(before: _Line, line: _Line, pitch: float, edge: float) -> bool:
    """Whether ``line`` begins a paragraph."""
    if before.text.endswith(_BROKEN):
        return False
    last, first = before.letters[-1], line.letters[0]
    if abs(last.size - first.size) > _OTHER_SIZE * max(last.size, first.size):
        return True
    if abs(last.weight - first.weight) > _OTHER_WEIGHT:
        return True
    down = before.bottom - line.bottom
    if down < 0.5 * line.size or down > _MORE_DISTANCE * pitch * line.size:
        return True
    return before.right + 0.4 * line.size + line.first_word < edge - _SAME_EDGE


def _beside(bullet: _Line, line: _Line) -> bool:
    """Whether a bullet stands before a line."""
    return abs(bullet.bottom - line.bottom) < _SAME_EDGE and bullet.left < line.left


def _pitch(lines: Sequence[_Line]) -> float:
    """The smallest distance of two lines below each other, in letter heights."""
    found = [
        (one.bottom - two.bottom) / two.size
        for one, two in itertools.pairwise(lines)
        if two.size
        and abs(one.left - two.left) < _SAME_EDGE
        and one.bottom - two.bottom > 0.5 * two.size
    ]
    return min(found, default=1.2)


def _edge(lines: Sequence[_Line], line: _Line) -> float:
    """Where the lines that begin at the same place end at most."""
    return max(each.right for each in lines if abs(each.left - line.left) < _SAME_EDGE)


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    """The lines of a page in the order of the file; each cell of a row is one."""
    letters: list[_Letter] = []
    for letter in _letters(page):
        ends = letter.char in "\r\n"
        apart = letters and letter.left - letters[-1].right > _CELL_GAP * letter.size > 0
        if ends or (apart and not letter.char.isspace()):
            yield from _line(letters)
            letters = []
        if not ends:
            letters.append(letter)
        if letter.char == _BROKEN:
            yield from _line(letters)
            letters = []
    yield from _line(letters)


def _line(letters: Sequence[_Letter]) -> Iterator[_Line]:
    """The line without blanks at its ends, whose places say nothing."""
    inked = [at for at, letter in enumerate(letters) if not letter.char.isspace()]
    if inked:
        yield _Line(letters[inked[0] : inked[-1] + 1])


def _letters(page: pypdfium2.PdfTextPage) -> Iterator[_Letter]:
    raw: Any = page.raw
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    left = right = size = 0.0
    for at in range(page.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(raw, at) or 0xFFFD)
        # the box of the font, not of the ink: its height is the size as printed
        if not char.isspace() and pdfium.FPDFText_GetLooseCharBox(raw, at, box):
            left, right, size = box.left, box.right, abs(box.top - box.bottom)
        pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
        yield _Letter(char, left, right, y.value, size, pdfium.FPDFText_GetFontWeight(raw, at))
