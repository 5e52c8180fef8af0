"""The seal of an email: its first header vouches for every byte that follows it.

Servers put their own headers in front of a message (Received, DKIM-Signature); they stand before
the seal and are no part of what it covers. The payload names the length and the hash of what
follows, and the hash of each header and part, so that an alteration can be located. The header
has exactly one spelling; so no byte after the first of it is free.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.mail.anatomy import dissect
from exports.seal import SealBroken
from records.canonical import canonical_json, sha256_bytes
from records.keys import Keyring

NAME = b"X-Clearcopy-Seal"
_SPOKEN = b"clearcopy-mail-seal/1\n"
_WIDTH = 72


@dataclass(frozen=True, slots=True)
class MailSeal:
    """What a seal says of the message that follows it."""

    key: str
    manifest: str
    boundary: str
    length: int
    sha256: str
    parts: tuple[tuple[str, str], ...]


def put_seal(message: bytes, *, boundary: str, manifest_sha256: str, keyring: Keyring) -> bytes:
    """The sealed message: the seal's header, then the message as it is."""
    parts = [[name, sha256_bytes(data)] for name, data in dissect(message, boundary).pieces]
    payload = {
        "key": keyring.key_id,
        "manifest": manifest_sha256,
        "boundary": boundary,
        "length": len(message),
        "sha256": sha256_bytes(message),
        "parts": parts,
    }
    encoded = base64.urlsafe_b64encode(canonical_json(payload).encode())
    signature = base64.urlsafe_b64encode(keyring.seal(_SPOKEN + encoded))
    return _field(encoded, signature) + message


def read_seal(field: bytes, *, keys: Mapping[str, Ed25519PublicKey]) -> MailSeal:
    """The seal of one header field, if it is spelled as it must be and its signature holds.

    Raises:
        SealBroken: the field was changed, or was made with an unknown key.
    """
    value = b"".join(field.partition(b":")[2].split())
    encoded, _, signature = value.partition(b".")
    if _field(encoded, signature) != field:
        raise SealBroken("bad_seal", "The seal itself was altered.")
    try:
        seal = _seal(json.loads(base64.b64decode(encoded, altchars=b"-_", validate=True)))
        raw = base64.b64decode(signature, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise SealBroken("bad_seal", "The seal itself was altered.") from None
    if base64.urlsafe_b64encode(raw) != signature:
        raise SealBroken("bad_seal", "The seal itself was altered.")
    key = keys.get(seal.key)
    if key is None:
        raise SealBroken(
            "unknown_key",
            f"The email was sealed with the key {seal.key[:16]}, which is none of the keys given.",
        )
    try:
        key.verify(raw, _SPOKEN + encoded)
    except InvalidSignature:
        raise SealBroken("bad_signature", "The signature of the seal does not match.") from None
    return seal


def _field(encoded: bytes, signature: bytes) -> bytes:
    value = encoded + b"." + signature
    lines = [value[at : at + _WIDTH] for at in range(0, len(value), _WIDTH)]
    return NAME + b":\r\n " + b"\r\n ".join(lines) + b"\r\n"


def _seal(payload: Mapping[str, Any]) -> MailSeal:
    return MailSeal(
        key=str(payload["key"]),
        manifest=str(payload["manifest"]),
        boundary=str(payload["boundary"]),
        length=int(payload["length"]),
        sha256=str(payload["sha256"]),
        parts=tuple((str(name), str(digest)) for name, digest in payload["parts"]),
    )
