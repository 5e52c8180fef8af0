"""A plate: one layout rendered once (``casting``), and every account's sealed PDF from it.

Each document is the plate's constant bytes and a tail of its own: the texts of its slots,
metadata, manifest, seal. What a slot cannot hold raises ``Unfit``: that document is rendered in
full.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

from exports.bulk.carving import QR, Placement
from exports.bulk.faces import Unfit, face
from exports.bulk.proof import Proof
from exports.bulk.slots import (
    KEYWORD,
    Slots,
    blank,
    mark,
    slots_of,
)
from exports.bulk.writing import Prefix
from exports.document import Document
from exports.fingerprint import fingerprint
from exports.qr import Drawer
from exports.sealing import made_at
from records.canonical import sha256_bytes
from records.keys import Keyring

_BEYOND = 4  # CSS pixels that a slot's box goes beyond its text
_PROGRAM = (
    *("carving.py", "casting.py", "faces.py", "flowing.py", "measures.py"),
    *("plate.py", "proof.py", "slots.py", "writing.py"),
)


@dataclass(frozen=True)
class Metadata:
    """Document information with marks, by key; XMP with marks."""

    info: Mapping[str, str]
    xmp: str
    marked_title: str


@dataclass(frozen=True)
class Tail:
    """Numbers of the objects that each document has of its own."""

    slots: Mapping[int, Placement]
    figure: int
    spoken: str
    figure_body: bytes
    info: int
    xmp: int
    file: int
    painting: str


@dataclass(frozen=True)
class Plate:
    """One layout, ready to be filled."""

    exemplar: Document
    shape: tuple[object, ...]
    prefix: Prefix
    tail: Tail
    fonts: Mapping[str, int]
    metadata: Metadata
    proof: Proof
    drawer: Drawer
    longest: int

    def fill(self, document: Document, *, keyring: Keyring) -> bytes:
        """The sealed PDF of a document of this layout; ``Unfit`` if it is of another."""
        slots = slots_of(document, str(self.shape[0]))
        if slots.shape != self.shape or blank(document) != self.exemplar:
            raise Unfit("the document is of another layout")
        return self.filled(document, slots, keyring=keyring)

    def filled(self, document: Document, slots: Slots, *, keyring: Keyring) -> bytes:
        """As ``fill``, of a document that is known to be of this layout, with its slots."""
        _check_signs(slots)
        running = (sum(map(len, line)) for line in slots.pieces.values())
        if max(running, default=0) > self.longest:
            raise Unfit("a line of the account would be the longest that is measured")
        envelope = self.proof.envelope(document, slots, keyring=keyring)
        return self.prefix.file(
            self.varying(document, slots, envelope),
            manifest_sha256=sha256_bytes(envelope),
            keyring=keyring,
        )

    def varying(
        self, document: Document, slots: Slots, envelope: bytes
    ) -> Iterator[tuple[int, str, bytes]]:
        """What a document has of its own, object by object: number, label and body."""
        for number, placement in self.tail.slots.items():
            yield number, "a text of the account", self._slot(placement, slots)
        spoken = self.tail.figure_body.replace(pdf_text(self.tail.spoken), self._spoken(slots))
        yield self.tail.figure, "the document structure", spoken
        yield self.tail.info, "the metadata", self._info(slots)
        yield self.tail.xmp, "the metadata", self._xmp(slots)
        yield self.tail.file, "the attached manifest", _file(envelope, document)

    def _slot(self, placement: Placement, slots: Slots) -> bytes:
        if placement.number == QR:
            drawing = self.drawer.drawing(slots.url)
            if drawing is None:
                raise Unfit("the address of the validity page is of another kind")
            side = self.drawer.size + 2 * Drawer.BORDER
            packed = zlib.compress(drawing + self.tail.painting.encode(), 1)
            return (
                b"<</Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Filter/FlateDecode/Length %d>>\n"
                b"stream\n%b\nendstream" % (side, side, len(packed), packed)
            )
        number = placement.number
        pieces = slots.pieces.get(number, (slots.lines[number],))
        content, width = _run(placement, pieces)
        room, head = self._frame(placement, slots)
        if width > room - _BEYOND:
            raise Unfit(f"“{slots.lines[number][:60]}” is too long for its place")
        return b"%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)

    def _frame(self, placement: Placement, slots: Slots) -> tuple[float, bytes]:
        """How much room a slot has, in CSS pixels, and how its object begins."""
        # the page is drawn in CSS pixels, of which 96 make an inch
        room = slots.room(placement.number, placement.size) * 96 / 72 + _BEYOND
        known = self._frames.get((placement, room))
        if known is None:
            box = (placement.x - 1, placement.y - 1.3 * placement.size)
            far = (placement.x + room, placement.y + 0.5 * placement.size)
            known = b"<</Type/XObject/Subtype/Form/BBox[%b]/Resources<</Font<</F %d 0 R>>>>" % (
                b" ".join(map(_number, (*box, *far))),
                self.fonts[placement.face],
            )
            self._frames[placement, room] = known
        return room, known

    @cached_property
    def _frames(self) -> dict[tuple[Placement, float], bytes]:
        return {}

    def _spoken(self, slots: Slots) -> bytes:
        return pdf_text(self.tail.spoken.replace(self.drawer_url, slots.url))

    @property
    def drawer_url(self) -> str:
        """The address the plate was rendered with."""
        return self.metadata.info["/exemplar-url"]

    def _info(self, slots: Slots) -> bytes:
        pairs = (
            f"{name} ".encode() + pdf_text(self._put(value, slots))
            for name, value in sorted(self.metadata.info.items())
            if name != "/exemplar-url"
        )
        return b"<<" + b" ".join(pairs) + b">>"

    def _xmp(self, slots: Slots) -> bytes:
        text = self.metadata.xmp
        for old, new in self._texts(slots):
            text = text.replace(escape(old), escape(new))
        data = text.encode()
        return b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (
            len(data),
            data,
        )

    def _put(self, value: str, slots: Slots) -> str:
        for old, new in self._texts(slots):
            value = value.replace(old, new)
        return value

    def _texts(self, slots: Slots) -> tuple[tuple[str, str], ...]:
        return (
            (self.metadata.marked_title, slots.title),
            (KEYWORD, slots.code),
            (mark(20), slots.name),
        )


def _run(placement: Placement, pieces: Sequence[str]) -> tuple[bytes, float]:
    """Texts set one after the other, and their width in CSS pixels."""
    font, drawn, width = face(placement.face), [], 0.0
    texts = [*pieces]
    texts[0] = placement.before + texts[0]
    texts[-1] += placement.after
    for text in texts:
        shaped = font.shape(text, placement.size)
        drawn.append(
            b"BT\n1 0 0 -1 %b %b Tm\n/F %b Tf\n[%b] TJ\nET"
            % (
                *(_number(placement.x + width), _number(placement.y), _number(placement.size)),
                shaped.operand,
            )
        )
        width += shaped.advance * placement.size / 1000
    return b"\n".join(drawn), width


def plate_fingerprint(kind: str) -> dict[str, dict[str, str]]:
    """What the bytes of a document from a plate depend on beside document, brand and key."""
    return {**fingerprint(kind), "plate": dict(_program())}


@cache
def _program() -> dict[str, str]:
    room = Path(__file__).parent
    files = {name: sha256_bytes((room / name).read_bytes()) for name in _PROGRAM}
    return {**files, "uharfbuzz": version("uharfbuzz")}


def _check_signs(slots: Slots) -> None:
    """Nothing that could be taken for a mark, and no sign that cannot be seen, gets into a slot."""
    for line in slots.lines.values():
        if "§" in line or not line.isprintable():
            raise Unfit("a text has a sign that slots do not take")


def _file(envelope: bytes, document: Document) -> bytes:
    """The embedded file, as ``exports.sealing.attach`` describes it."""
    stamp = f"D:{made_at(document):%Y%m%d%H%M%S}Z".encode()
    packed = zlib.compress(envelope, 1)
    check = hashlib.md5(envelope, usedforsecurity=False).hexdigest().encode()
    return (
        b"<</Type/EmbeddedFile/Subtype/application#2fjson/Params<</CheckSum<%b>/Size %d"
        b"/CreationDate(%b)/ModDate(%b)>>/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
        % (check, len(envelope), stamp, stamp, len(packed), packed)
    )


def pdf_text(text: str) -> bytes:
    """A text string in UTF-16, as hexadecimal digits: no sign of it can end the string."""
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"


@lru_cache(maxsize=10_000)
def _number(value: float) -> bytes:
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()
