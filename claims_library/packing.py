"""A pack: everything a check needs in one file, for people without the database.

``CLEARCOPY-PACK``, a header of JSON, the compiled library (``shelving``), a digest of all of it,
and an Ed25519 signature where the builder has a key. A pack with hashes instead of wordings
(``hashed``) recognises approved text and nothing else: whoever holds it cannot read what is
approved.

The header tells the program and the rules it was built with, so that an answer can be repeated.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from claims_library import hashed, shelving
from claims_library.compiling import ClaimText, Library, Scope, updated_library
from claims_library.hashed import HashedLibrary
from claims_library.rules.loading import fingerprint
from records.keys import Keyring

MAGIC = b"CLEARCOPY-PACK\n"
FORMAT = 1
LARGEST = 512 * 1024 * 1024
_SIZES = struct.Struct("<HQQ")
_DIGEST = 32
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

    library: Library | HashedLibrary
    windows: Mapping[str, Window]
    digest: str
    program: str
    rules: str = ""
    key: str = ""
    sealed: bool = False

    @property
    def version(self) -> str:
        """A short name of exactly this pack, the same wherever it was built."""
        return self.digest[:12]

    def note(self, program: str) -> str:
        """What a reader of an answer has to know of this pack, if anything.

        Args:
            program: the version that checks.
        """
        told = []
        if isinstance(self.library, HashedLibrary):
            told.append("The pack holds hashes: altered wording is not explained.")
        if self.rules != fingerprint():
            told.append(
                f"The pack was built by clearcopy {self.program} with other rules than those of "
                f"{program}: answers can differ from those given then."
            )
        return " ".join(told)

    def effective(self, *, on: date, scope: Scope) -> Effective:
        """The library for one use on one day: what does not fit is not approved."""
        claims = [
            claim
            for code, claim in self.library.claims.items()
            if self.windows[code].holds(on) and fits(claim, scope)
        ]
        if isinstance(self.library, HashedLibrary):
            own = self.library.restricted(claims, scope)
            return Effective(len(claims), own.read)
        library = replace(self.library, scope=scope, detectors=None)
        if len(claims) < len(library.claims):
            library = updated_library(library, claims)
        library = replace(library, scope=scope, detectors=None)
        return Effective(len(claims), lambda _text: library)


@dataclass(frozen=True, slots=True)
class Effective:
    """What a pack approves for one use on one day: ``read`` gives the library for a text."""

    claims: int
    read: Callable[[str], Library]


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
    hashes: bool = False,
) -> bytes:
    """A pack as bytes: the same library gives the same bytes, signed or not.

    Args:
        library: compiled from every claim, whatever its use.
        windows: when each claim may be used, by code.
        program: the version that builds it, told when another one reads it.
        keyring: signs the pack.
        hashes: put hashes in place of all wordings.
    """
    body = hashed.dump(hashed.hashed(library)) if hashes else shelving.dump(library)
    header = {
        "program": program,
        "rules": fingerprint(),
        "hashes": hashes,
        "windows": {
            code: [w.since.isoformat(), w.until.isoformat()] for code, w in windows.items()
        },
    }
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    content = MAGIC + _SIZES.pack(FORMAT, len(head), len(body)) + head + body
    sealed = content + hashlib.sha256(content).digest()
    return sealed + (keyring.seal(sealed) + keyring.key_id.encode() if keyring else b"")


def read_pack(data: bytes, *, trusted: Sequence[Ed25519PublicKey] = ()) -> PackedLibrary:
    """Read a pack and check that nobody changed it.

    Args:
        data: the file.
        trusted: keys whose signature is believed; without one a signature is not checked, only
            the digest, and the answer says so.

    Raises:
        UnreadablePack: it is something else, altered, or of another version.
    """
    head, body, digest, tail = _parts(data)
    sealed = bool(tail) and bool(trusted)
    covered = data[: len(data) - len(tail)]
    if sealed and not any(_holds(key, tail[:_SEAL], covered) for key in trusted):
        raise UnreadablePack(
            "This pack was altered, or signed with a key that is not trusted here."
        )
    try:
        header = json.loads(head)
        library = hashed.load(body) if header["hashes"] else shelving.load(body)
        windows = {
            code: Window(date.fromisoformat(since), date.fromisoformat(until))
            for code, (since, until) in header["windows"].items()
        }
        program, rules = str(header["program"]), str(header["rules"])
    except shelving.UnreadableLibrary as error:
        raise UnreadablePack(str(error)) from error
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadablePack("This pack cannot be read; build it again.") from error
    if set(windows) != set(library.claims):
        raise UnreadablePack("This pack does not say of each claim when it may be used.")
    key = tail[_SEAL:].decode("ascii", "replace")
    return PackedLibrary(library, windows, digest.hex(), program, rules, key, sealed)


def _parts(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Header, library, digest, and signature with the name of its key, if there is one."""
    start = len(MAGIC) + _SIZES.size
    if not data.startswith(MAGIC) or len(data) < start:
        raise UnreadablePack("This is not a pack. `clearcopy pack build` makes one.")
    if len(data) > LARGEST:
        raise UnreadablePack("This pack is too large to be one.")
    version, head, body = _SIZES.unpack_from(data, len(MAGIC))
    if version != FORMAT:
        message = f"This pack has format {version}; this program reads format {FORMAT}."
        raise UnreadablePack(f"{message} Build it again.")
    middle, end = start + head, start + head + body
    digest, tail = data[end : end + _DIGEST], data[end + _DIGEST :]
    whole = len(digest) == _DIGEST and (not tail or len(tail) > _SEAL)
    if not whole or hashlib.sha256(data[:end]).digest() != digest:
        raise UnreadablePack("This pack was altered or is damaged. Ask for it again.")
    return data[start:middle], data[middle:end], digest, tail


def _holds(key: Ed25519PublicKey, seal: bytes, covered: bytes) -> bool:
    try:
        key.verify(seal, covered)
    except InvalidSignature:
        return False
    return True
