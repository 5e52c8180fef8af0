"""A pack: everything a check needs in one file, for people without the database.

``CLEARCOPY-PACK``, a header of JSON, the compiled library (``shelving``), an Ed25519 signature over
all of it where the builder has a key. A pack with hashes instead of wordings recognises approved
text and nothing else: whoever holds it cannot read what is approved.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from claims_library import shelving
from claims_library.compiling import ClaimText, Library, Scope, updated_library
from records.keys import Keyring

MAGIC = b"CLEARCOPY-PACK\n"
FORMAT = 1
LARGEST = 512 * 1024 * 1024
_SEAL = 64


class UnreadablePack(ValueError):
    """The file is no pack, is damaged or altered, or was made by another version."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a claim may be used: from its first day, until the day it no longer may."""

    since: date
    until: date

    def holds(self, on: date) -> bool:
        return self.since <= on < self.until


@dataclass(frozen=True, slots=True)
class PackedLibrary:
    """A pack as it was read.

    ``key`` names the key that signed it, empty without a signature; ``sealed`` says whether the
    signature was checked against a key the reader trusts.
    """

    library: Library
    windows: Mapping[str, Window]
    digest: str
    program: str
    key: str = ""
    sealed: bool = False

    @property
    def version(self) -> str:
        """A short name of exactly this pack, the same wherever it was built."""
        return self.digest[:12]

    def effective(self, *, on: date, scope: Scope) -> Library:
        """The library for one use on one day: what does not fit is not approved."""
        claims = [
            claim
            for code, claim in self.library.claims.items()
            if self.windows[code].holds(on) and fits(claim, scope)
        ]
        library = replace(self.library, scope=scope, detectors=None)
        if len(claims) < len(library.claims):
            library = updated_library(library, claims)
        return replace(library, scope=scope, detectors=None)


def fits(claim: ClaimText, scope: Scope) -> bool:
    """Whether a claim may be used in a market, for an audience, in a channel."""
    asked = (
        (scope.market, claim.markets),
        (scope.audience, claim.audiences),
        (scope.channel, claim.channels),
    )
    return all(not word or word in allowed for word, allowed in asked)


def write_pack(
    library: Library,
    windows: Mapping[str, Window],
    *,
    program: str,
    keyring: Keyring | None = None,
) -> bytes:
    """A pack as bytes: the same library gives the same bytes, signed or not.

    Args:
        library: compiled from every claim, whatever its use.
        windows: when each claim may be used, by code.
        program: the version that builds it, told when another one reads it.
        keyring: signs the pack.
    """
    body = shelving.dump(library)
    header = {
        "program": program,
        "windows": {
            code: [w.since.isoformat(), w.until.isoformat()] for code, w in windows.items()
        },
        "key": keyring.key_id if keyring else "",
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    sealed = MAGIC + struct.pack("<HQ", FORMAT, len(head)) + head + body
    return sealed + (keyring.seal(sealed) if keyring else b"")


def read_pack(data: bytes, *, trusted: Sequence[Ed25519PublicKey] = ()) -> PackedLibrary:
    """Read a pack and check that nobody changed it.

    Args:
        data: the file.
        trusted: keys whose signature is believed; without one a signature is not checked, only
            the digest, and the answer says so.

    Raises:
        UnreadablePack: it is something else, altered, or of another version.
    """
    header, start = _header(data)
    signed = bool(header["key"])
    end = len(data) - _SEAL if signed else len(data)
    body = data[start:end]
    if hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise UnreadablePack("This pack was altered or is damaged. Ask for it again.")
    sealed = signed and bool(trusted)
    if sealed and not any(_holds(key, data[end:], data[:end]) for key in trusted):
        raise UnreadablePack(
            "This pack was altered, or signed with a key that is not trusted here."
        )
    try:
        library = shelving.load(body)
        windows = {
            code: Window(date.fromisoformat(since), date.fromisoformat(until))
            for code, (since, until) in header["windows"].items()
        }
    except (shelving.UnreadableLibrary, ValueError, TypeError) as error:
        raise UnreadablePack(str(error)) from error
    if set(windows) != set(library.claims):
        raise UnreadablePack("This pack does not say of each claim when it may be used.")
    return PackedLibrary(
        library, windows, str(header["sha256"]), str(header["program"]), str(header["key"]), sealed
    )


def _header(data: bytes) -> tuple[dict[str, Any], int]:
    start = len(MAGIC) + 10
    if not data.startswith(MAGIC) or len(data) < start:
        raise UnreadablePack("This is not a pack. `clearcopy pack build` makes one.")
    if len(data) > LARGEST:
        raise UnreadablePack("This pack is too large to be one.")
    version, length = struct.unpack_from("<HQ", data, len(MAGIC))
    if version != FORMAT:
        message = f"This pack has format {version}; this program reads format {FORMAT}."
        raise UnreadablePack(f"{message} Build it again.")
    try:
        header = json.loads(data[start : start + length])
        missing = {"program", "windows", "key", "sha256"} - set(header)
    except (ValueError, TypeError) as error:
        raise UnreadablePack("This pack was altered or is damaged. Ask for it again.") from error
    if missing:
        raise UnreadablePack("This pack was altered or is damaged. Ask for it again.")
    return header, start + length


def _holds(key: Ed25519PublicKey, seal: bytes, sealed: bytes) -> bool:
    try:
        key.verify(seal, sealed)
    except InvalidSignature:
        return False
    return True
