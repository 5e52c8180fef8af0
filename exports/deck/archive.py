"""A zip file with one spelling: sorted entries, fixed dates, and a last entry that is stored.

Everything before the last entry is hashed by the signed manifest, which is that last entry. What
follows the manifest (the directory) can be computed from what stands before it, so no byte of the
file is free, and verifying needs no compressor.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = (1 << 5) | 1  # 1 January 1980, the first day a zip file knows
_VERSION, _UNIX, _MODE = 20, 3 << 8, 0o600 << 16
_LEVEL = 6
_LARGEST_PART = 64_000_000
_MOST_PARTS = 4_000
# what reading a zip file that is none, or a damaged one, may raise
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    UnicodeDecodeError,
    struct.error,
)


class BadArchive(ValueError):
    """Bytes that are not one of our archives, or that unfold to too much."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def first_part(parts: Mapping[str, bytes]) -> bytes:
    """All parts, compressed, in the order in which readers expect them."""
    made = bytearray()
    for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
        made += _packed(name, parts[name], method=8)
    return bytes(made)


def finish(first: bytes, name: str, data: bytes) -> bytes:
    """The whole file: what ``first_part`` gave, one more entry that is stored, the directory."""
    body = first + _packed(name, data, method=0)
    directory = b"".join(map(_central, _entries(body)))
    count = sum(1 for _ in _entries(body))
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def whole(parts: Mapping[str, bytes]) -> bytes:
    """A file without a manifest: what is looked at, but not handed over."""
    last = max(parts)
    return finish(first_part({n: d for n, d in parts.items() if n != last}), last, parts[last])


def read(data: bytes) -> dict[str, bytes]:
    """The parts of any zip file, one saved by another program too; at most so large.

    Raises:
        BadArchive: it cannot be read, or holds two parts of one name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if len(set(names)) < len(names):
                raise BadArchive("two parts have one name")
            if sum(info.file_size for info in infos) > _LARGEST_PART:
                raise BadArchive("too much to unfold")
            return {info.filename: _read(archive, info) for info in infos}
    except _BROKEN as no:
        raise BadArchive(str(no)) from None


def salvage(data: bytes) -> dict[str, bytes | None]:
    """What can still be read of a damaged file, part by part; None for a part that cannot.

    Goes through the directory, or where that is damaged too, from one part to the next.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()[:_MOST_PARTS]
            if sum(info.file_size for info in infos) > _LARGEST_PART:
                return {}
            return {info.filename: _try(archive, info) for info in infos}
    except _BROKEN:
        return _scanned(data)


def _try(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    try:
        return _read(archive, info)
    except (*_BROKEN, BadArchive):
        return None


def _scanned(data: bytes) -> dict[str, bytes | None]:
    """Parts by their own heads, as far as one follows the other."""
    found: dict[str, bytes | None] = {}
    room = _LARGEST_PART
    try:
        for entry in islice(_entries(data), _MOST_PARTS):
            head = _LOCAL.unpack_from(data, entry.offset)
            start = entry.offset + _LOCAL.size + head[9] + head[10]
            part = _unpacked(entry, data[start : start + entry.packed], room)
            room -= len(part or b"")
            found[entry.name.decode("ascii", "replace")] = part
    except struct.error:
        pass
    return found


def _unpacked(entry: _Entry, packed: bytes, room: int) -> bytes | None:
    try:
        part = packed if entry.method == 0 else zlib.decompressobj(-15).decompress(packed, room)
    except (zlib.error, ValueError):
        return None
    return part if zlib.crc32(part) == entry.crc else None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as part:
        data = part.read(_LARGEST_PART + 1)
    if len(data) > _LARGEST_PART:
        raise BadArchive("too much to unfold")
    return data


def _packed(name: str, data: bytes, *, method: int) -> bytes:
    if method:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
    else:
        packed = data
    raw = name.encode("ascii")
    head = _LOCAL.pack(
        b"PK\x03\x04",
        _VERSION,
        0,
        method,
        0,
        _DATE,
        zlib.crc32(data),
        len(packed),
        len(data),
        len(raw),
        0,
    )
    return head + raw + packed


def _entries(body: bytes) -> Iterator[_Entry]:
    at = 0
    while at < len(body):
        fields = _LOCAL.unpack_from(body, at)
        if fields[0] != b"PK\x03\x04":
            return
        method, crc, packed, size, length, extra = fields[3], *fields[6:11]
        name = body[at + _LOCAL.size : at + _LOCAL.size + length]
        yield _Entry(name, method, crc, packed, size, at)
        at += _LOCAL.size + length + extra + packed


def _central(entry: _Entry) -> bytes:
    head = _CENTRAL.pack(
        b"PK\x01\x02",
        _UNIX | _VERSION,
        _VERSION,
        0,
        entry.method,
        0,
        _DATE,
        entry.crc,
        entry.packed,
        entry.size,
        len(entry.name),
        0,
        0,
        0,
        0,
        _MODE,
        entry.offset,
    )
    return head + entry.name
