"""Offline verification of a PDF: is every byte as it was sealed, and who approved what in it.

Needs the file and public keys, nothing else: no database, no network, no clock. A hostile file
gets an answer, never an exception.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.manifest import BrokenManifest, load_public_key, open_envelope, public_key_id
from exports.printed import PrintedPage, read_pages
from exports.seal import Seal, SealBroken, altered_parts, find_seal, hash_around, read_seal
from exports.verification import MOST_DIFFERENCES, Verification, misplaced, reworded
from records.canonical import sha256_bytes

if TYPE_CHECKING:
    import pikepdf

LARGEST = 100_000_000  # bytes; a brief has less than one hundredth of this
_STREAM = 64_000_000  # bytes one compressed stream may unfold to
_ENCRYPTED = "The file was encrypted after it was sealed; without its password nothing can be read."
_SAME_WORDS = "The words on its pages are still those that were sealed."


class _No(Exception):
    """The file is not what was sealed."""

    def __init__(self, code: str, reason: str, *parts: str, seal: Seal | None = None) -> None:
        super().__init__(reason)
        self.code, self.reason, self.parts = code, reason, parts
        self.manifest = seal.manifest if seal else None


def verify_pdf(data: bytes, *, public_keys: Sequence[bytes]) -> Verification:
    """Check a file against its seal and manifest.

    Args:
        data: the file.
        public_keys: PEM or raw Ed25519 keys of the installations one trusts.

    Raises:
        BrokenManifest: one of the *keys* is no key; the file never raises.
    """
    keys = {public_key_id(key): load_public_key(key) for key in public_keys}
    if len(data) > LARGEST:
        return Verification(False, "too_large", "The file is larger than any sealed document.")
    try:
        seal = _check_bytes(data, keys)
        with _opened(data) as pdf:
            manifest = _manifest(pdf, keys, seal.manifest)
            differences = _compare(manifest, read_pages(pdf))
    except _No as no:
        return _refusal(no, data, keys)
    except Exception:  # noqa: BLE001 - whatever a hostile file provokes, the answer is no
        return Verification(False, "unreadable", "The file cannot be read as a PDF.")
    if differences:
        reason = "The text of the file is not that of its manifest."
        return Verification(False, "altered", reason, manifest, differences)
    return Verification(True, "valid", "The file is unaltered.", manifest)


def _check_bytes(data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Seal:
    """The seal, if the file is byte for byte what it was put on."""
    start, end = _seal_line(data)
    try:
        seal = read_seal(data[start:end], keys=keys)
    except SealBroken as problem:
        raise _No(problem.code, str(problem)) from None
    moved, missing = start - seal.before, seal.before + (end - start) + seal.after - len(data)
    if moved:
        word = "put in" if moved > 0 else "taken out"
        place = _first_difference(data, seal)
        raise _No("moved", f"{_bytes(moved)} {word} before the seal.", *place, seal=seal)
    if missing < 0:
        raise _No("appended", f"{_bytes(missing)} added after the sealed document.", seal=seal)
    if missing > 0:
        raise _No("truncated", f"{_bytes(missing)} missing at the end.", seal=seal)
    if hash_around(data, start, end) != seal.sha256:
        changed = _sentences(altered_parts(data, seal))
        raise _No("altered", "The file was altered after it was sealed.", *changed, seal=seal)
    return seal


def _bytes(count: int) -> str:
    return "1 byte was" if abs(count) == 1 else f"{abs(count)} bytes were"


def _seal_line(data: bytes) -> tuple[int, int]:
    if b"%PDF-" not in data[:1024]:
        raise _No("not_pdf", "This is not a PDF file.")
    try:
        found = find_seal(data)
    except SealBroken as problem:
        raise _No(problem.code, str(problem)) from None
    if found is None:
        if not data.rstrip().endswith(b"%%EOF"):
            raise _No("truncated", "The end of the file, with its seal, is missing.")
        raise _No(
            "no_seal",
            "The file carries no Clearcopy seal: it was made elsewhere, or saved again by another"
            " program.",
        )
    if not found[1]:
        raise _No("truncated", "The end of the file is missing.")
    return found


def _first_difference(data: bytes, seal: Seal) -> tuple[str, ...]:
    """Where the first difference of a file of another length lies."""
    for part in seal.parts:
        if sha256_bytes(data[part.start : part.end]) != part.sha256:
            return _sentences([part.label])
    return ()


def _sentences(labels: Sequence[str]) -> tuple[str, ...]:
    """Each label once; of many, the first three and a count, as when everything moved."""
    once = list(dict.fromkeys(labels))
    more = [f"{len(once) - 3} further parts differ."] if len(once) > 4 else []
    shown = once[:3] if more else once
    return (*(f"{label[:1].upper()}{label[1:]} differs." for label in shown), *more)


def _refusal(no: _No, data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Verification:
    """A no, with what the signed manifest can still tell of the altered file."""
    manifest: Mapping[str, Any] | None = None
    found = list(no.parts)
    try:
        with _opened(data) as pdf:
            manifest = _manifest(pdf, keys, no.manifest)
            found += _compare(manifest, read_pages(pdf)) or [_SAME_WORDS]
    except _No as further:
        if no.code != "not_pdf":
            found.append(further.reason)
    except Exception:  # noqa: BLE001 - as above: the first reason stands
        found.append("Its pages cannot be read.")
    return Verification(False, no.code, no.reason, manifest, tuple(found[:MOST_DIFFERENCES]))


def _opened(data: bytes) -> pikepdf.Pdf:
    import pikepdf

    _limit_qpdf()
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise _No("encrypted", _ENCRYPTED) from None


def _manifest(
    pdf: pikepdf.Pdf, keys: Mapping[str, Ed25519PublicKey], expected: str | None
) -> Mapping[str, Any]:
    """The signed manifest of a file, if it is the one the seal speaks of."""
    files = list(pdf.Root.get("/AF", []))
    if len(files) != 1:
        raise _No("no_manifest", "The file carries no manifest.")
    envelope = files[0].EF.F.read_bytes()
    try:
        manifest = open_envelope(envelope, keys=keys)
    except BrokenManifest as problem:
        raise _No("bad_manifest", str(problem)) from None
    if expected is not None and sha256_bytes(envelope) != expected:
        raise _No("foreign_manifest", "The manifest belongs to another file.")
    return manifest


@cache
def _limit_qpdf() -> None:
    """No stream of a hostile file may unfold without end."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(flate_max_memory=_STREAM, doc_max_warnings=200)


def _compare(manifest: Mapping[str, Any], pages: Sequence[PrintedPage]) -> tuple[str, ...]:
    """What the pages say differently from the manifest, in words."""
    sealed, printed = [was["text"] for was in manifest["pages"]], [now.text for now in pages]
    if sealed == printed:
        drawn = zip(manifest["pages"], pages, strict=True)
        return tuple(
            f"Page {now.number}: the same words, but drawn differently."
            for was, now in drawn
            if was["sha256"] != now.sha256
        )
    if len(sealed) != len(printed) or sorted(sealed) == sorted(printed):
        return misplaced(sealed, printed)
    both = enumerate(zip(sealed, printed, strict=True), start=1)
    return tuple(
        line for number, (was, now) in both for line in reworded(f"Page {number}", was, now)
    )
