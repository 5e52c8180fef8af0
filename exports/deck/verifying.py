"""Offline verification of a PPTX: is every byte as it was sealed, and who approved what in it.

Everything before the manifest is hashed in it, and everything behind it can only be spelled in one
way; so the first question is answered without trusting the file. Only then, or to explain a no,
are its parts compared one by one and its slides word by word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.deck import archive
from exports.deck.archive import BadArchive
from exports.deck.contents import labels, read_slides
from exports.deck.sealing import ITEM, envelope_in, item
from exports.manifest import FORMAT, BrokenManifest, load_public_key, open_envelope, public_key_id
from exports.verification import MOST_DIFFERENCES, Verification, misplaced, reworded
from records.canonical import canonical_json, sha256_bytes

LARGEST = 100_000_000
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_SAME_WORDS = "The words on its slides and in their notes are still those that were sealed."
_COMPOUND = b"\xd0\xcf\x11\xe0"  # how Office begins what it encrypts, and its files before 2007
_ENCRYPTED = (
    "The file is encrypted, or in the format of PowerPoint before 2007: nothing we seal is either."
)
_DAMAGED = "The file is damaged: it cannot be opened as a presentation."
_UNREADABLE = "The file is damaged: programs cannot read all of it any more."
_NO_SEAL = (
    "The file carries no Clearcopy manifest: it was made elsewhere, or saved again by a program"
    " that dropped it."
)


def recognises(data: bytes) -> bool:
    """Whether a file looks like a presentation."""
    return data[:2] == b"PK" or data[:4] == _COMPOUND or b"ppt/presentation.xml" in data


def verify_pptx(data: bytes, *, public_keys: Sequence[bytes]) -> Verification:
    """Check a file against its manifest; see ``exports.verifying_pdf.verify_pdf``.

    Raises:
        BrokenManifest: one of the *keys* is no key; the file never raises.
    """
    keys = {public_key_id(key): load_public_key(key) for key in public_keys}
    if len(data) > LARGEST:
        return Verification(False, "too_large", "The file is larger than any sealed document.")
    if data[:4] == _COMPOUND:
        return Verification(False, "encrypted", _ENCRYPTED)
    try:
        return _verify(data, keys)
    except Exception:  # noqa: BLE001 - whatever a hostile file provokes, the answer is no
        return Verification(False, "unreadable", "The file cannot be read as a presentation.")


def _verify(data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Verification:
    parts, damaged = _parts(data)
    if not parts:
        return Verification(False, "unreadable", _DAMAGED)
    envelope = envelope_in(parts)
    if envelope is None:
        return Verification(False, "no_manifest", _NO_SEAL)
    try:
        manifest = open_envelope(envelope, keys=keys)
    except BrokenManifest as problem:
        return Verification(False, _code(envelope, keys), str(problem))
    sealed = manifest.get("package")
    if not isinstance(sealed, dict):
        reason = "The manifest belongs to another file."
        return Verification(False, "foreign_manifest", reason, manifest)
    if not damaged and _is_whole(data, envelope, sealed):
        return Verification(True, "valid", "The file is unaltered.", manifest)
    found = _differences(manifest, sealed["parts"], parts, damaged)
    differences = tuple(found)[:MOST_DIFFERENCES]
    reason = "The file was altered after it was sealed."
    return Verification(False, "altered", reason, manifest, differences)


def _parts(data: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """What can be read of a file, and the names of parts that cannot any more."""
    try:
        return archive.read(data), ()
    except BadArchive:
        found = archive.salvage(data)
        whole = {name: part for name, part in found.items() if part is not None}
        return whole, tuple(name for name, part in found.items() if part is None)


def _code(envelope: bytes, keys: Mapping[str, Ed25519PublicKey]) -> str:
    try:
        key = json.loads(envelope)["key"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "bad_manifest"
    return "bad_manifest" if key in keys else "unknown_key"


def _is_whole(data: bytes, envelope: bytes, sealed: Mapping[str, Any]) -> bool:
    """Whether a file is, byte for byte, the one file that this manifest speaks of."""
    told = json.loads(envelope)
    spelled = canonical_json(told).encode() == envelope and set(told) == {
        "envelope",
        "key",
        "signature",
        "manifest",
    }
    if not spelled or told["envelope"] != FORMAT or not _SIGNATURE.fullmatch(told["signature"]):
        return False
    first = data[: sealed["length"]]
    if sha256_bytes(first) != sealed["sha256"]:
        return False
    return archive.finish(first, ITEM, item(envelope)) == data


def _differences(
    manifest: Mapping[str, Any],
    sealed: Mapping[str, str],
    parts: Mapping[str, bytes],
    damaged: Sequence[str],
) -> list[str]:
    """Parts that changed and what the slides now say otherwise."""
    found = _words(manifest, parts) if not damaged else [_UNREADABLE]
    named = labels({**dict.fromkeys(damaged, b""), **parts})
    changed = [named[name] for name in damaged] + [
        named[name]
        for name, part in parts.items()
        if name in sealed and sha256_bytes(part) != sealed[name]
    ]
    added = [name for name in parts if name not in sealed and name != ITEM]
    gone = [name for name in sealed if name not in {*parts, *damaged}]
    lines = [f"{label[:1].upper()}{label[1:]} differs." for label in dict.fromkeys(changed)]
    if len(lines) > 6:
        lines = [*lines[:4], f"{len(lines) - 4} further parts differ."]
    lines += [f"The part {name} was added." for name in added[:3]]
    lines += [f"The part {name} is missing." for name in gone[:3]]
    if not (lines or found):
        return ["Its parts are those that were sealed, but the file around them was changed."]
    return [*(found or [_SAME_WORDS]), *lines]


def _words(manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> list[str]:
    try:
        printed = [slide.text for slide in read_slides(parts)]
    except ValueError:
        return ["Its slides cannot be read."]
    sealed = [page["text"] for page in manifest["pages"]]
    if sealed == printed:
        return []
    if len(sealed) != len(printed) or sorted(sealed) == sorted(printed):
        return list(misplaced(sealed, printed, what="Slide", whole="presentation"))
    both = enumerate(zip(sealed, printed, strict=True), start=1)
    return [line for number, (was, now) in both for line in reworded(f"Slide {number}", was, now)]
