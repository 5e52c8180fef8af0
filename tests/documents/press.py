"""The invented brief, rendered and sealed once for all tests that look at the result."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exports.brand import Brand
from exports.document import Document
from exports.rendering import render_pdf
from exports.sealing import seal_pdf
from records.keys import Keyring
from tests.documents.halvoryn import brief

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><title>Northlight</title>'
    '<path d="M13 1 16 10 25 13 16 16 13 25 10 16 1 13 10 10Z" fill="#7fe0d4"/></svg>'
)
BRAND = Brand("Northlight Therapeutics", LOGO, ("Northlight Therapeutics, 1 Example Way.",))
KEYRING = Keyring(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = Keyring(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@cache
def rendered(document: Document | None = None) -> bytes:
    return render_pdf(document or brief(), brand=BRAND)


@cache
def sealed(document: Document | None = None) -> bytes:
    return seal_pdf(rendered(document), document or brief(), keyring=KEYRING)
