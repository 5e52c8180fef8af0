"""The manifest of a rendition: what is in it, who approved it, and a signature over all of that.

Plain JSON in a signed envelope, the same for every format. It is handed over with the file, so it
holds nothing the audience may not read (no tier, no journey phase, no library titles).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from exports.document import Block, Document, to_json
from exports.printed import PrintedPage
from records.canonical import canonical_json, sha256_bytes
from records.errors import DomainError
from records.keys import Keyring

FORMAT = "clearcopy-manifest/1"
FILE_NAME = "clearcopy-manifest.json"
PLACES = Mapping[str, tuple[int, int]]


class BrokenManifest(DomainError):
    """An envelope that is not one of ours, or not the one that was signed."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A manifest as it travels: its canonical JSON, the key that signed it, the signature."""

    manifest: str
    key: str
    signature: str

    def to_json(self) -> bytes:
        return canonical_json(
            {"envelope": FORMAT, "key": self.key, "signature": self.signature}
            | {"manifest": json.loads(self.manifest)}
        ).encode()


def build_manifest(
    document: Document,
    *,
    pages: Sequence[PrintedPage],
    places: PLACES,
    fingerprint: Mapping[str, Any],
    brand_sha256: str,
    printed: Sequence[Mapping[str, Any]] = (),
    certificate: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Everything a reader of the file can hold us to.

    Args:
        document: what was rendered.
        pages: text and content hash of each page, read back from the rendition.
        places: first and last page of each block by its place (``b1``, …, ``note a``, …, ``isi``).
        fingerprint: see ``exports.fingerprint``.
        brand_sha256: hash of the design tokens.
        printed: checks of the printed pages, with what was measured (``exports.truth``).
        certificate: the company's certificate that signs the file too, if there is one.
    """
    facts = asdict(document)
    return {
        **({"certificate": dict(certificate)} if certificate else {}),
        "format": FORMAT,
        "material": {
            "kind": document.kind,
            "code": document.code,
            "version": document.version,
            "title": document.title,
            "status": document.status,
            "content_sha256": document.content_sha256,
            "document_sha256": sha256_bytes(to_json(document).encode()),
        },
        "audience": document.audience,
        "market": document.market,
        "channel": document.channel,
        "language": document.language,
        "product": facts["product"],
        "account": {"name": document.account.name, "number": document.account.number},
        "role": document.role,
        "template": facts["template"],
        "prepared": document.prepared,
        "valid_until": document.valid_until,
        "validity": facts["validity"],
        "copy": facts["copy"],
        "approvals": facts["approvals"],
        "blocks": _blocks(document, places),
        "references": facts["references"],
        "tokens": {token.name: token.value for token in document.tokens},
        "checks": [*facts["checks"], *printed],
        "fingerprint": dict(fingerprint),
        "brand_sha256": brand_sha256,
        "pages": [
            {**asdict(page), "blocks": _on_page(page.number, places, document)} for page in pages
        ],
    }


def _on_page(number: int, places: PLACES, document: Document) -> list[dict[str, str]]:
    """The modules that a page holds, or a part of them."""
    return [
        {"place": place, "module": block.module, "version": block.version, "sha256": block.sha256}
        for place, block in _placed(document)
        if place in places and places[place][0] <= number <= places[place][1]
    ]


def _placed(document: Document) -> list[tuple[str, Block]]:
    """Every block with the name of its place: ``b1``, …, ``note a``, …, ``isi``."""
    named = [(f"b{place}", block) for place, block in enumerate(document.blocks, start=1)]
    notes = [(f"note {note.mark}", note.block) for note in document.footnotes]
    safety = [("isi", document.isi)] if document.isi else []
    return [*named, *notes, *safety]


def _blocks(document: Document, places: PLACES) -> list[dict[str, Any]]:
    return [_block(place, block, places.get(place)) for place, block in _placed(document)]


def _block(place: str, block: Block, pages: tuple[int, int] | None) -> dict[str, Any]:
    return {
        "place": place,
        "kind": block.kind,
        "module": block.module,
        "version": block.version,
        "sha256": block.sha256,
        "claims": [asdict(use) for use in block.claims],
        "approvals": [asdict(approval) for approval in block.approvals],
        "notes": block.notes,
        "pages": pages,
    }


def sign(manifest: Mapping[str, Any], *, keyring: Keyring) -> Envelope:
    """Put a manifest into a signed envelope."""
    text = canonical_json(manifest)
    return Envelope(text, keyring.key_id, keyring.seal(_spoken(text)).hex())


def open_envelope(data: bytes, *, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """The manifest of an envelope whose signature holds.

    Args:
        data: the envelope's bytes.
        keys: known public keys by ``public_key_id``.

    Raises:
        BrokenManifest: unreadable, signed by an unknown key, or changed after signing.
    """
    try:
        envelope = json.loads(data)
        manifest, key, signature = (envelope[name] for name in ("manifest", "key", "signature"))
        text, raw = canonical_json(manifest), bytes.fromhex(signature)
        known = keys.get(key)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BrokenManifest("The manifest cannot be read.") from None
    if known is None:
        raise BrokenManifest("The manifest was signed with a key that is not known here.")
    try:
        known.verify(raw, _spoken(text))
    except InvalidSignature:
        raise BrokenManifest("The manifest was changed after it was signed.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BrokenManifest("The manifest is of a format this version does not know.")
    return manifest


def public_key_id(public_key: bytes) -> str:
    """The short name of a public key (PEM or 32 raw bytes), as seals and manifests carry it."""
    raw = load_public_key(public_key).public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    return sha256_bytes(raw)[:16]


def load_public_key(public_key: bytes) -> Ed25519PublicKey:
    """A public key from PEM or from 32 raw bytes.

    Raises:
        BrokenManifest: the bytes are no Ed25519 public key.
    """
    try:
        if len(public_key) == 32:
            return Ed25519PublicKey.from_public_bytes(public_key)
        key = serialization.load_pem_public_key(public_key)
    except ValueError:
        raise BrokenManifest("The public key cannot be read.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BrokenManifest("The public key is not an Ed25519 key.")
    return key


def _spoken(text: str) -> bytes:
    """What a signature says: that this is a manifest, and its words."""
    return f"{FORMAT}\n{text}".encode()
