"""The seal of a PDF: one line that vouches for every other byte of the file.

It stands as a comment before ``startxref``; in a file that also carries the signature of a
certificate, as hexadecimal digits within the place of that signature (``exports.certifying``).

``%CLEARCOPY-SEAL-1 <payload, base64url> <signature, hex>``. The payload names how many bytes stand
before and after the line, their hash, the hash of the manifest, and the hash of each part of the
file, so that an alteration can be located. The signature covers the payload; the line has exactly
one spelling; so no byte of the file is free.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records.canonical import canonical_json, sha256_bytes
from records.keys import Keyring

MARK = b"%CLEARCOPY-SEAL-1 "
HIDDEN = MARK.hex().encode()
_LINE = re.compile(re.escape(MARK) + rb"([A-Za-z0-9_=-]+) ([0-9a-f]{128})\n")
_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the file: where it begins and ends, and what it is."""

    label: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says of the file it stands in."""

    key: str
    manifest: str
    before: int
    after: int
    sha256: str
    parts: tuple[Part, ...]


class SealBroken(Exception):
    """A seal that cannot be trusted; the text says why, ``code`` for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def put_seal(
    data: bytes, *, manifest_sha256: str, labels: Mapping[int, str], keyring: Keyring
) -> bytes:
    """Insert the seal line into finished bytes.

    Args:
        data: a PDF that will not change any more.
        manifest_sha256: hash of the attached envelope.
        labels: what each object is, by object number, for people.
        keyring: the installation's key.
    """
    cut = data.rindex(b"startxref\n")
    before, after = data[:cut], data[cut:]
    seal = Seal(
        key=keyring.key_id,
        manifest=manifest_sha256,
        before=len(before),
        after=len(after),
        sha256=sha256_bytes(data),
        parts=parts_of(data, labels),
    )
    return before + seal_line(seal, keyring=keyring) + after


def seal_line(seal: Seal, *, keyring: Keyring) -> bytes:
    """The line that says and signs what a seal says."""
    payload = {
        "key": seal.key,
        "manifest": seal.manifest,
        "before": seal.before,
        "after": seal.after,
        "sha256": seal.sha256,
        "parts": [[part.label, part.start, part.end, part.sha256] for part in seal.parts],
    }
    encoded = base64.urlsafe_b64encode(canonical_json(payload).encode())
    signature = keyring.seal(MARK + encoded).hex().encode()
    return MARK + encoded + b" " + signature + b"\n"


def find_seal(data: bytes) -> tuple[int, int] | None:
    """Where the seal of a file begins and ends; None without one, an end of 0 when it is cut off.

    Raises:
        SealBroken: there is more than one.
    """
    count = data.count(MARK) + data.count(HIDDEN)
    if count > 1:
        raise SealBroken(
            "two_seals", "The file carries more than one seal: something was added to it."
        )
    if count == 0:
        return None
    start, newline = data.find(MARK), b"\n"
    if start < 0:
        # the line is of ASCII, so these two digits are a byte of it and no halves of two
        start, newline = data.find(HIDDEN), b"0a"
    end = data.find(newline, start)
    return start, end + len(newline) if end >= 0 else 0


def read_seal(line: bytes, *, keys: Mapping[str, Ed25519PublicKey]) -> Seal:
    """The seal of one line, if it has the one right spelling and its signature holds.

    Raises:
        SealBroken: the line was changed, or was made with an unknown key.
    """
    if line.startswith(HIDDEN):
        line = _spelled(line)
    found = _LINE.fullmatch(line)
    if found is None:
        raise SealBroken("bad_seal", "The seal itself was altered.")
    encoded, signature = found.groups()
    try:
        payload = json.loads(base64.b64decode(encoded, altchars=b"-_", validate=True))
        seal = _seal(payload)
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise SealBroken("bad_seal", "The seal itself was altered.") from None
    key = keys.get(seal.key)
    if key is None:
        raise SealBroken(
            "unknown_key",
            f"The file was sealed with the key {seal.key[:16]}, which is none of the keys given.",
        )
    try:
        key.verify(bytes.fromhex(signature.decode()), MARK + encoded)
    except InvalidSignature:
        raise SealBroken("bad_signature", "The signature of the seal does not match.") from None
    return seal


def altered_parts(data: bytes, seal: Seal) -> tuple[str, ...]:
    """Which parts of a file of the right length are not as they were sealed."""
    cut = seal.before
    rest = data[:cut] + data[len(data) - seal.after :]
    return tuple(
        part.label
        for part in seal.parts
        if sha256_bytes(rest[part.start : part.end]) != part.sha256
    )


def hash_around(data: bytes, start: int, end: int) -> str:
    """Hash of all bytes but the seal line."""
    digest = hashlib.sha256(data[:start])
    digest.update(data[end:])
    return digest.hexdigest()


def parts_of(data: bytes, labels: Mapping[int, str]) -> tuple[Part, ...]:
    """Cut the file at its objects; equal neighbours become one part."""
    starts, expected = [(0, "the file header")], 0
    for found in _OBJECT.finditer(data):
        number = int(found[1])
        if number > expected:
            expected = number
            starts.append((found.start(1), labels.get(number, "the document structure")))
    ends = [start for start, _ in starts[1:]] + [len(data)]
    parts: list[Part] = []
    for (start, label), end in zip(starts, ends, strict=True):
        if parts and parts[-1].label == label:
            start = parts.pop().start  # noqa: PLW2901 - the part grows over its neighbour
        parts.append(Part(label, start, end, sha256_bytes(data[start:end])))
    return tuple(parts)


def _spelled(digits: bytes) -> bytes:
    """What hexadecimal digits say, if they say it in the one way that is right."""
    try:
        line = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""
    return line if line.hex().encode() == digits else b""


def _seal(payload: Mapping[str, Any]) -> Seal:
    return Seal(
        key=str(payload["key"]),
        manifest=str(payload["manifest"]),
        before=int(payload["before"]),
        after=int(payload["after"]),
        sha256=str(payload["sha256"]),
        parts=tuple(Part(str(a), int(b), int(c), str(d)) for a, b, c, d in payload["parts"]),
    )
