"""Writing many PDFs that begin with the same bytes: a constant part once, a short tail for each.

Only files of our own making are written here: one revision, a cross-reference stream, no encryption
(ISO 32000-1, 7.5). What is constant is hashed once; each document hashes its tail alone.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exports.seal import Part, Seal, seal_line
from records.canonical import sha256_bytes
from records.keys import Keyring

if TYPE_CHECKING:
    import pikepdf

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ROW = struct.Struct(">BIH")
_FREE, _PLAIN, _PACKED = 0, 1, 2


@dataclass(frozen=True)
class Prefix:
    """The constant part of a family of files."""

    data: bytes
    rows: bytes
    parts: tuple[Part, ...]
    root: int
    info: int
    table: int
    size: int
    ident: bytes
    # SHA-256 of ``data``, to go on from
    hashed: Any

    def file(
        self,
        tail: Iterable[tuple[int, str, bytes]],
        *,
        manifest_sha256: str,
        keyring: Keyring,
    ) -> bytes:
        """A whole sealed file: the tail's objects are (number, label, body)."""
        rows, at = bytearray(self.rows), len(self.data)
        pieces: list[bytes] = []
        parts = list(self.parts)
        marks = hashlib.md5(self.ident, usedforsecurity=False)
        for number, label, body in tail:
            piece = _object(number, body)
            _ROW.pack_into(rows, _ROW.size * number, _PLAIN, at, 0)
            _lengthen(parts, label, at, piece)
            pieces.append(piece)
            marks.update(piece)
            at += len(piece)
        _ROW.pack_into(rows, _ROW.size * self.table, _PLAIN, at, 0)
        table = self._table(bytes(rows), marks.hexdigest().encode())
        end = b"startxref\n%d\n%%%%EOF\n" % at
        _lengthen(parts, "the document structure", at, table + end)
        before = b"".join([*pieces, table])
        digest = self.hashed.copy()
        digest.update(before)
        digest.update(end)
        seal = Seal(
            key=keyring.key_id,
            manifest=manifest_sha256,
            before=len(self.data) + len(before),
            after=len(end),
            sha256=digest.hexdigest(),
            parts=tuple(parts),
        )
        return b"".join([self.data, before, seal_line(seal, keyring=keyring), end])

    def _table(self, rows: bytes, ident: bytes) -> bytes:
        packed = zlib.compress(rows, 1)
        body = (
            b"<</Type/XRef/W[1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]"
            b"/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
            % (self.size, self.root, self.info, ident, ident, len(packed), packed)
        )
        return _object(self.table, body)


def prefix_of(
    pdf: pikepdf.Pdf,
    *,
    without: Iterable[int],
    labels: Mapping[int, str],
    further: Callable[[Callable[[bytes], int]], None],
) -> Prefix:
    """Everything of a document but the objects of the tail.

    ``further`` is called with a function that adds an object and answers with its number.
    """
    left_out = set(without)
    numbers = [each.objgen[0] for each in pdf.objects]
    maker = _Maker(max(numbers) + 1)
    for each in pdf.objects:
        number = each.objgen[0]
        if number not in left_out and not _is_null(each):
            maker.put(number, _body(each), labels.get(number, "the document structure"))
    further(lambda body: maker.add(body, "a font"))
    maker.pack()
    table, size = maker.next, maker.next + 1
    rows = b"".join(_ROW.pack(*maker.rows.get(number, (_FREE, 0, 0))) for number in range(size))
    data = b"".join(maker.pieces)
    return Prefix(
        data=data,
        rows=_ROW.pack(_FREE, 0, 65535) + rows[_ROW.size :],
        parts=tuple(maker.parts),
        root=pdf.Root.objgen[0],
        info=pdf.trailer.Info.objgen[0],
        table=table,
        size=size,
        ident=hashlib.md5(data, usedforsecurity=False).digest(),
        hashed=hashlib.sha256(data),
    )


class _Maker:
    """Collects objects: streams as they are, all others together in one packed stream."""

    def __init__(self, following: int) -> None:
        self.next = following
        self.pieces = [_HEAD]
        self.at = len(_HEAD)
        self.parts = [Part("the file header", 0, len(_HEAD), sha256_bytes(_HEAD))]
        self.rows: dict[int, tuple[int, int, int]] = {}
        self._packed: list[tuple[int, bytes]] = []

    def add(self, body: bytes, label: str) -> int:
        number, self.next = self.next, self.next + 1
        self.put(number, body, label)
        return number

    def put(self, number: int, body: bytes, label: str) -> None:
        if not body.endswith(b"endstream"):
            self._packed.append((number, body))
            return
        piece = _object(number, body)
        self.rows[number] = (_PLAIN, self.at, 0)
        self.parts.append(Part(label, self.at, self.at + len(piece), sha256_bytes(piece)))
        self.pieces.append(piece)
        self.at += len(piece)

    def pack(self) -> None:
        held, self._packed = self._packed, []
        places, at = [], 0
        for place, (number, body) in enumerate(held):
            places += [number, at]
            at += len(body) + 1
            self.rows[number] = (_PACKED, self.next, place)
        index = " ".join(map(str, places)).encode() + b"\n"
        packed = zlib.compress(index + b"\n".join(body for _, body in held), 9)
        head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (
            *(len(held), len(index)),
            len(packed),
        )
        self.add(head + b"\nstream\n" + packed + b"\nendstream", "the document structure")


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _lengthen(parts: list[Part], label: str, at: int, piece: bytes) -> None:
    parts.append(Part(label, at, at + len(piece), sha256_bytes(piece)))


def _is_null(value: Any) -> bool:
    return value is None or value.unparse(resolved=True) == b"null"


def _body(value: Any) -> bytes:
    """An object as it is written; a stream with the bytes it has."""
    import pikepdf

    if not isinstance(value, pikepdf.Stream):
        plain: bytes = value.unparse(resolved=True)
        return plain
    raw = value.read_raw_bytes()
    head = value.stream_dict.unparse(resolved=True)
    return bytes(head) + b"\nstream\n" + raw + b"\nendstream"
