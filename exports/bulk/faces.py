"""The bundled faces for the texts of slots: shaped as the renderer does, embedded once.

One subset of an alphabet that never changes, so that the bytes of a document do not depend on the
other documents of its run. A text with a sign beyond the alphabet is rendered in full.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import uharfbuzz

from exports.engine import FONTS

# names as the renderer writes them after the subset's mark, and the files of the faces
FILES = {
    "IBM-Plex-Sans": "IBMPlexSans-Regular",
    "IBM-Plex-Sans-Medium": "IBMPlexSans-Medium",
    "IBM-Plex-Sans-Semi-Bold": "IBMPlexSans-SemiBold",
    "IBM-Plex-Sans-Bold": "IBMPlexSans-Bold",
    "IBM-Plex-Serif-Medium": "IBMPlexSerif-Medium",
}
ALPHABET = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xC0, 0x180)), *"®™©·–—‘’“”…&§°ªº¡¿"]
)
_KERNED = 100  # thousandths: more than any pair of the faces is moved apart
UNITS = 1024  # of the renderer's layout in a CSS pixel
_NOT_DRAWN = ("GSUB", "GPOS", "GDEF", "DSIG", "OS/2", "STAT")  # tables that pages do not need
_FEATURES = {"kern": True, "liga": True}


class Unfit(Exception):
    """What a slot cannot hold; the text says why the document is rendered in full."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """One line of glyphs: the operand of ``TJ``, and the advance in thousandths of the size."""

    operand: bytes
    advance: float


class Face:
    """One bundled face."""

    def __init__(self, name: str) -> None:
        if name not in FILES:
            raise Unfit(f"no slot is set in {name}")
        self.name = name
        self.path = FONTS / f"{FILES[name]}.ttf"
        self.face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.path)))
        self.scale = 1000 / self.face.upem
        self._fonts: dict[float, uharfbuzz.Font] = {}
        self._shaped: dict[tuple[str, float], Shaped] = {}

    def shape(self, text: str, size: float) -> Shaped:
        """Glyphs of a text at a size in CSS pixels; ``Unfit`` if one is not of the alphabet.

        Advances are rounded at the size, in the units of the renderer's layout, so that each glyph
        stands where the renderer would have put it.
        """
        known = self._shaped.get((text, size))
        if known is None:
            if len(self._shaped) > 5_000:
                self._shaped.clear()
            known = self._shaped[text, size] = self._shape(text, size)
        return known

    def _font(self, size: float) -> uharfbuzz.Font:
        if size not in self._fonts:
            font = self._fonts[size] = uharfbuzz.Font(self.face)
            font.scale = (round(size * UNITS), round(size * UNITS))
        return self._fonts[size]

    def _shape(self, text: str, size: float) -> Shaped:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._font(size), buffer, _FEATURES)
        unit = 1000 / UNITS / size
        glyphs, said, advance, pieces = self.said, "", 0.0, ["<"]
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if info.codepoint not in glyphs or position.x_offset or position.y_offset:
                raise Unfit(f"the slots have no sign for a part of “{text[:60]}”")
            said += glyphs[info.codepoint]
            moved = position.x_advance * unit
            pieces.append(f"{info.codepoint:04x}")
            kerning = self.widths[info.codepoint] - moved
            if kerning:
                pieces.append(f">{int(kerning)}<")
            advance += moved
        if said != text:
            raise Unfit(f"the slots cannot set “{text[:60]}” letter by letter")
        return Shaped("".join(pieces).encode() + b">", advance)

    def advance(self, text: str, size: float) -> float:
        """Width of a text at a size in CSS pixels, in thousandths of the size."""
        return self.shape(text, size).advance

    @cached_property
    def _source(self) -> Any:
        from fontTools.ttLib import TTFont

        return TTFont(self.path)

    @cached_property
    def said(self) -> dict[int, str]:
        """What each glyph says: letters of the alphabet, and ligatures of them."""
        numbers, letters = self._source.getReverseGlyphMap(), self._source.getBestCmap()
        held = sorted(ord(sign) for sign in ALPHABET if ord(sign) in letters)
        said = {numbers[letters[sign]]: chr(sign) for sign in reversed(held)}
        for glyph, parts in _ligatures(self._source):
            codes = [numbers[part] for part in parts]
            if all(code in said for code in codes):
                said.setdefault(numbers[glyph], "".join(said[code] for code in codes))
        return said

    @cached_property
    def widths(self) -> dict[int, int]:
        """Rounded widths of the glyphs, as the font object of the file declares them."""
        order, metrics = self._source.getGlyphOrder(), self._source["hmtx"]
        return {glyph: round(metrics[order[glyph]][0] * self.scale) for glyph in self.said}

    @cached_property
    def widest(self) -> float:
        """More than any letter takes with its kerning, in thousandths of the size."""
        return max(self.widths.values()) + _KERNED

    @cached_property
    def subset(self) -> bytes:
        """The font program with the alphabet's glyphs alone, at their own numbers."""
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = (
            uharfbuzz.SubsetFlags.RETAIN_GIDS
            | uharfbuzz.SubsetFlags.NO_HINTING
            | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        )
        wanted.glyph_set.update(self.said)
        dropped = wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG)
        dropped.update(int.from_bytes(tag.encode()) for tag in _NOT_DRAWN)
        return bytes(uharfbuzz.subset(self.face, wanted).blob.data)

    @cached_property
    def _packed(self) -> tuple[bytes, bytes]:
        """The font program and its ToUnicode table, compressed."""
        return zlib.compress(self.subset, 9), zlib.compress(_table(self.said), 9)

    def write(self, add: Callable[[bytes], int]) -> int:
        """Add the objects of a composite font; ``add`` gives each its number."""
        source, scale = self._source, self.scale
        head, rows = source["head"], source["hhea"]
        packed, table = self._packed
        program = add(
            b"<</Length1 %d/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
            % (len(self.subset), len(packed), packed)
        )
        tag = b"SLOTAA+" + self.name.encode()
        box = [round(getattr(head, side) * scale) for side in ("xMin", "yMin", "xMax", "yMax")]
        described = add(
            b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0"
            b"/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>"
            % (tag, *box, rows.ascent * scale, rows.descent * scale, 698, program)
        )
        widths = b"".join(b"%d[%d]" % pair for pair in sorted(self.widths.items()))
        descendant = add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)"
            b"/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/W[%b]"
            b"/CIDToGIDMap/Identity>>" % (tag, described, widths)
        )
        unicode = add(
            b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(table), table)
        )
        return add(
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]"
            b"/ToUnicode %d 0 R>>" % (tag, descendant, unicode)
        )


@cache
def face(name: str) -> Face:
    """The face of a name, read once in each process."""
    return Face(name)


def _ligatures(font: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Ligature glyphs with their parts, of the feature that is on by default."""
    table = font["GSUB"].table
    used = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "liga"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(used):
        for subtable in table.LookupList.Lookup[index].SubTable:
            inner = getattr(subtable, "ExtSubTable", subtable)
            for first, ligatures in getattr(inner, "ligatures", {}).items():
                for ligature in ligatures:
                    yield ligature.LigGlyph, (first, *ligature.Component)


def _table(said: dict[int, str]) -> bytes:
    """A ToUnicode table."""
    pairs = sorted(said.items())
    blocks = []
    for at in range(0, len(pairs), 100):
        rows = b"".join(
            b"<%04x> <%b>\n" % (glyph, text.encode("utf-16-be").hex().encode())
            for glyph, text in pairs[at : at + 100]
        )
        blocks.append(b"%d beginbfchar\n%bendbfchar\n" % (len(pairs[at : at + 100]), rows))
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo"
        b" <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName/Adobe-Identity-UCS def\n"
        b"/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + b"".join(blocks)
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
