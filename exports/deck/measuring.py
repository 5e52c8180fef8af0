"""How much room words take: measured with the fonts of both formats, the wider one decides.

A slide that fits here fits in the PDF (IBM Plex, bundled, or the faces a company brings) and in the
PPTX (Arial and Georgia, which every PowerPoint has). PowerPoint's fonts cannot be bundled:
``widths.json`` holds their advance widths, taken from the metrically compatible Liberation Sans and
Gelasio.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, Literal

from exports.body import (
    Citation,
    Emphasis,
    FootnoteMark,
    Inline,
    LineBreak,
    Link,
    Strong,
    adjoins,
    words,
)
from exports.engine import FONTS, own_fonts
from exports.markup import HELD, unbroken

Face = Literal["text", "bold", "head"]
# what draws each face: in the PDF, and in the PPTX
_PAIRS: Mapping[Face, tuple[str, str]] = {
    "text": ("IBMPlexSans-Regular", "Arial"),
    "bold": ("IBMPlexSans-SemiBold", "Arial Bold"),
    "head": ("IBMPlexSerif-Medium", "Georgia"),
}
_HEAVY = 550  # from this weight on a face is a bold one
_SPARE = 1.015  # kerning and hinting differ a little between programs
_MARK = 0.68  # a raised mark against its line
_UNKNOWN = 900  # thousandths of an em for a character no table has
_WORD = re.compile(rf"{HELD.pattern}|[^ \t\n]*?[-–—/]+(?=\w)|[^ \t\n]+|\n|[ \t]+")


@cache
def _bundled(face: str) -> Mapping[str, int]:
    from fontTools.ttLib import TTFont

    return _advances(TTFont(FONTS / f"{face}.ttf", lazy=True))


def _advances(font: Any) -> Mapping[str, int]:
    unit, advances = font["head"].unitsPerEm, font["hmtx"]
    return {
        chr(code): round(advances[name][0] * 1000 / unit)
        for code, name in font.getBestCmap().items()
    }


@cache
def _own(folder: Path | None, face: Face) -> tuple[Mapping[str, int], ...]:
    """What a company's faces of this weight take; which of them is used decides the stylesheet."""
    if folder is None:
        return ()
    from fontTools.ttLib import TTFont

    files = [*folder.glob("*.ttf"), *folder.glob("*.otf")]
    fonts = [TTFont(path, lazy=True) for path in sorted(files)]
    heavy = [font["OS/2"].usWeightClass >= _HEAVY for font in fonts]
    return tuple(
        _advances(font)
        for font, is_heavy in zip(fonts, heavy, strict=True)
        if face == "head" or is_heavy == (face == "bold")
    )


@cache
def _tables() -> Mapping[str, Mapping[str, int]]:
    data = json.loads(Path(__file__).with_name("widths.json").read_text("utf-8"))
    return {
        face: {sign: int(width) for width, signs in rows.items() for sign in signs}
        for face, rows in data.items()
    }


def _word_width(word: str, face: Face) -> int:
    """Thousandths of an em of a word, in the widest of the fonts."""
    return _width_in(word, face, own_fonts())


@cache
def _width_in(word: str, face: Face, folder: Path | None) -> int:
    bundled, other = _PAIRS[face]
    return max(
        sum(table.get(sign, _UNKNOWN) for sign in word)
        for table in (_bundled(bundled), _tables()[other], *_own(folder, face))
    )


def text_width(text: str, size: float, face: Face = "text") -> float:
    """Points one line of a text takes."""
    return _word_width(text, face) * size / 1000 * _SPARE


def pieces(run: Sequence[Inline], face: Face = "text") -> Iterable[tuple[str, Face, bool]]:
    """A run as stretches of text with their face; the last value says that it is a raised mark."""
    before: Inline | None = None
    for inline in run:
        comma = "," if adjoins(before, inline) else ""
        match inline:
            case Strong(children=children):
                yield from pieces(children, "bold" if face == "text" else face)
            case Emphasis(children=children) | Link(children=children):
                yield from pieces(children, face)
            case Citation() | FootnoteMark():
                yield comma + words([inline]), face, True
            case LineBreak():
                yield "\n", face, False
            case _:
                yield unbroken(words([inline])), face, False
        before = inline


def lines(run: Sequence[Inline], width: float, size: float, face: Face = "text") -> int:
    """How many lines of ``width`` points a run fills, broken between words."""
    count, used, word = 1, 0.0, 0.0
    room = width * 1000 / (size * _SPARE)

    def close() -> None:
        nonlocal count, used, word
        if used and used + word > room:
            count, used = count + 1, 0.0
        if word > room:
            # a word longer than the line is broken anywhere
            count += ceil(word / room) - 1
            word %= room
        used, word = used + word, 0.0

    for text, own, raised in pieces(run, face):
        for part in _WORD.findall(text):
            if part == "\n":
                close()
                count, used = count + 1, 0.0
            elif part.isspace():
                close()
                used += _word_width(" ", own)
            else:
                word += _word_width(part, own) * (_MARK if raised else 1)
                if part[-1] in "-–—/":
                    close()
    close()
    return count


def height(run: Sequence[Inline], width: float, size: float, leading: float) -> float:
    """Points a run takes, as whole lines."""
    return lines(run, width, size) * size * leading
