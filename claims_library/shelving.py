"""A compiled library as bytes, and back: what a pack holds and a worker loads.

A header of JSON (product, claims, label, words) and the index as little-endian arrays, compressed,
with a digest. Nothing in it is executed when it is read.
"""

from __future__ import annotations

import codecs
import dataclasses
import hashlib
import json
import struct
import sys
import zlib
from array import array
from datetime import date
from typing import Any

from claims_library import compiling
from claims_library.compiling import ClaimText, Library, Passage, ProductFacts, Scope
from claims_library.indexing import Shelf
from claims_library.label_document import LabelDocument, LabelSection

MAGIC = b"CLEARCOPY-LIBRARY\n"
FORMAT = 2
LARGEST = 1 << 30
_PIECE = 1 << 18  # bytes
_NAMES = [field.name for field in dataclasses.fields(ClaimText)]
_CLAIMS = ',"claims":['
_OWN = _NAMES.index("variations") + 1
_ARRAYS = (
    ("stem_of", "i"),
    ("weights", "f"),
    ("flat", "I"),
    ("bounds", "I"),
    ("anchored", "I"),
    ("offsets", "I"),
    ("starts", "I"),
    ("postings", "I"),
    ("masses", "f"),
    ("aligned", "f"),
)


class UnreadableLibrary(ValueError):
    """The bytes are no compiled library, are damaged, or were made by another version."""


def dump(library: Library) -> bytes:
    """The library as bytes: the same library gives the same bytes in any process."""
    if len(library.shelves) > 1 or library.dead:
        library = compiling.compile_library(
            library.product,
            list(library.claims.values()),
            label=library.label,
            passages=library.passages,
            scope=library.scope,
            packs=library.packs,
        )
    shelf = library.shelves[0]
    header = json.dumps(_header(library, shelf), separators=(",", ":"))
    parts = [header.encode()]
    parts += [_bytes(getattr(shelf, name)) for name, _ in _ARRAYS]
    parts += [
        _bytes(array("Q", shelf.anchors)),
        _bytes(array("I", [start for start, _ in shelf.anchors.values()])),
        _bytes(array("Q", shelf.features)),
    ]
    body = b"".join(struct.pack("<Q", len(part)) + part for part in parts)
    packed = zlib.compress(body, 3)
    head = MAGIC + struct.pack("<HQ", FORMAT, len(body))
    return head + hashlib.sha256(packed).digest() + packed


def load(data: bytes) -> Library:
    """Read what :func:`dump` wrote.

    Raises:
        UnreadableLibrary: it is something else, damaged, or of another version.
    """
    start = len(MAGIC)
    if not data.startswith(MAGIC) or len(data) < start + 42:
        raise UnreadableLibrary("This is not a compiled claims library.")
    version, size = struct.unpack_from("<HQ", data, start)
    if version != FORMAT:
        message = f"This library has format {version}; this program reads format {FORMAT}."
        raise UnreadableLibrary(f"{message} Build it again.")
    digest, packed = data[start + 10 : start + 42], memoryview(data)[start + 42 :]
    if size > LARGEST or hashlib.sha256(packed).digest() != digest:
        raise UnreadableLibrary("This library is damaged: its digest is not that of its content.")
    try:
        return _read(_Parts(packed, size))
    except (ValueError, LookupError, TypeError, struct.error, zlib.error) as error:
        raise UnreadableLibrary("This library cannot be read; build it again.") from error


def _header(library: Library, shelf: Shelf) -> dict[str, Any]:
    label = library.label
    return {
        "product": dataclasses.asdict(library.product),
        "scope": dataclasses.asdict(library.scope),
        "claims": [_fields(claim) for claim in library.claims.values()],
        "passages": [[passage.code, passage.text] for passage in library.passages],
        "label": label and {**dataclasses.asdict(label), "effective": label.effective.isoformat()},
        "packs": list(library.packs),
        "keys": list(shelf.keys),
        "stems": list(shelf.stems),
        "marks": {str(w): {str(i): m for i, m in own.items()} for w, own in shelf.marks.items()},
    }


def _fields(claim: ClaimText) -> list[Any]:
    return [getattr(claim, name) for name in _NAMES]


def _claim(values: list[Any]) -> ClaimText:
    plain = [tuple(value) if isinstance(value, list) else value for value in values]
    # its code and wordings are its own
    plain[_OWN:] = map(compiling.shared, plain[_OWN:])
    fields: dict[str, Any] = dict(zip(_NAMES, plain, strict=True))
    return ClaimText(**fields)


class _Parts:
    """The parts of a library, unpacked piece by piece.

    All at once they would leave a process twice as large as the library of ten thousand claims.
    """

    def __init__(self, packed: memoryview, size: int) -> None:
        self._zip = zlib.decompressobj()
        self._packed: bytes | memoryview = packed
        self._left = size

    def next(self) -> int:
        """The length of the part that follows in bytes."""
        return int(struct.unpack("<Q", self.read(8))[0])

    def read(self, length: int) -> bytes:
        """The next bytes: just as many."""
        if length > self._left:
            raise ValueError("cut short")
        self._left -= length
        pieces: list[bytes] = []
        while length:
            piece = self._zip.decompress(self._packed, length)
            if not piece and not self._zip.unconsumed_tail:
                raise ValueError("cut short")
            self._packed = self._zip.unconsumed_tail
            length -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def array(self, code: str) -> array[Any]:
        """The next part as numbers."""
        values: array[Any] = array(code)
        values.frombytes(self.read(self.next()))
        if sys.byteorder == "big":
            values.byteswap()
        return values


def _read(parts: _Parts) -> Library:
    header, claims = _read_header(parts)
    arrays = {name: parts.array(code) for name, code in _ARRAYS}
    anchor_keys, anchor_starts, feature_keys = (parts.array(code) for code in "QIQ")
    passages = tuple(Passage(code, text) for code, text in header["passages"])
    starts = anchor_starts.tolist()
    ends = [*starts[1:], len(arrays["anchored"])]
    shelf = Shelf(
        wordings=compiling.wordings_of(claims, passages),
        keys={key: i for i, key in enumerate(header["keys"])},
        stems={stem: i for i, stem in enumerate(header["stems"])},
        marks={
            int(w): {int(i): mark for i, mark in own.items()} for w, own in header["marks"].items()
        },
        anchors=dict(zip(anchor_keys, zip(starts, ends, strict=True), strict=True)),
        features={feature: row for row, feature in enumerate(feature_keys)},
        **arrays,
    )
    return compiling.assembled(
        ProductFacts(**header["product"]),
        claims,
        shelf,
        label=label_of(header["label"]),
        passages=passages,
        scope=Scope(**header["scope"]),
        packs=header["packs"],
    )


def _read_header(parts: _Parts) -> tuple[dict[str, Any], list[ClaimText]]:
    """The header and its claims, one after the other.

    The plain lists of ten thousand claims at once would leave a process 20 MiB larger for good.
    """
    text = _Text(parts)
    decoder, claims = json.JSONDecoder(), []
    # within a text of JSON its quotes are escaped
    before = text.until(_CLAIMS)
    while not text.at("]"):
        claims.append(_claim(text.value(decoder)))
        text.at(",")
    return decoder.decode(f"{before}]{text.rest()}"), claims


class _Text:
    """A part as text, of which a piece is held at a time."""

    def __init__(self, parts: _Parts) -> None:
        self._parts, self._left = parts, parts.next()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held, self._from = "", 0

    def _more(self) -> None:
        if not self._left:
            raise ValueError("cut short")
        size = min(self._left, _PIECE)
        self._left -= size
        read = self._decoder.decode(self._parts.read(size), final=not self._left)
        self._held, self._from = self._held[self._from :] + read, 0

    def until(self, mark: str) -> str:
        """All up to the end of a mark."""
        while (found := self._held.find(mark, self._from)) < 0:
            self._more()
        found += len(mark)
        read, self._from = self._held[self._from : found], found
        return read

    def at(self, sign: str) -> bool:
        """Whether a character comes next, which is then read."""
        if self._from == len(self._held):
            self._more()
        found = self._held[self._from] == sign
        self._from += found
        return found

    def value(self, decoder: json.JSONDecoder) -> Any:
        """The next value; lists and objects only, whose end shows."""
        while True:
            try:
                value, self._from = decoder.raw_decode(self._held, self._from)
            except json.JSONDecodeError:
                self._more()
            else:
                return value

    def rest(self) -> str:
        """All that is left."""
        while self._left:
            self._more()
        return self._held[self._from :]


def label_of(values: dict[str, Any] | None) -> LabelDocument | None:
    """A label from its plain fields."""
    if values is None:
        return None
    sections = tuple(
        LabelSection(**{**section, "paragraphs": tuple(section["paragraphs"])})
        for section in values["sections"]
    )
    effective = date.fromisoformat(values["effective"])
    return LabelDocument(**{**values, "effective": effective, "sections": sections})


def _bytes(values: array[Any]) -> bytes:
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()
