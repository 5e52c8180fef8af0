"""A company's own certificate with its key, from a PKCS#12 or PEM file: PDF readers know such.

Only keys that sign the same words with the same bytes are taken (RSA with PKCS#1 v1.5, Ed25519),
so that a document can be made again byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from records.canonical import sha256_bytes
from records.errors import DomainError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate, Name

    _Read = tuple[PrivateKeyTypes, Certificate, tuple[Certificate, ...]]

_SHORTEST = 2048  # bits of an RSA key
_PEM = b"-----BEGIN "


class CertificateUnusable(DomainError):
    """A certificate file that cannot be used; the text says why and what was expected."""


@dataclass(frozen=True)
class Certified:
    """A certificate, its private key, and the certificates of those who issued it."""

    own: Certificate
    key: RSAPrivateKey | Ed25519PrivateKey
    chain: tuple[Certificate, ...] = ()

    @property
    def subject(self) -> str:
        """Whose it is, as people say it."""
        return _spoken(self.own.subject)

    @property
    def issuer(self) -> str:
        """Who says so."""
        return _spoken(self.own.issuer)

    @property
    def sha256(self) -> str:
        """Its fingerprint."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return sha256_bytes(self.own.public_bytes(Encoding.DER))

    def holds(self, at: datetime) -> bool:
        """Whether it may be used at a moment."""
        return self.own.not_valid_before_utc <= at <= self.own.not_valid_after_utc


def read_certificate(path: Path, password: str = "") -> Certified:
    """The certificate of a file: PKCS#12, or PEM with the key and its certificates, own first.

    Raises:
        CertificateUnusable: it cannot be read, or is not one that signs documents.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CertificateUnusable(f"{path} cannot be read: {error.strerror}.") from None
    secret = password.encode() or None
    key, own, chain = _pem(path, data, secret) if _PEM in data else _pkcs12(path, data, secret)
    return Certified(own, _usable(path, key, own), chain)


def _pkcs12(path: Path, data: bytes, secret: bytes | None) -> _Read:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, own, further = pkcs12.load_key_and_certificates(data, secret)
    except ValueError:
        raise CertificateUnusable(
            f"{path} is no PKCS#12 or PEM file, or its password is another one."
        ) from None
    if key is None or own is None:
        raise CertificateUnusable(f"{path} must hold a private key and its certificate.")
    return key, own, tuple(further)


def _pem(path: Path, data: bytes, secret: bytes | None) -> _Read:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificates

    try:
        key = load_pem_private_key(data, secret if b"ENCRYPTED" in data else None)
        own, *further = load_pem_x509_certificates(data)
    except (ValueError, TypeError):
        raise CertificateUnusable(
            f"{path} must hold a private key and its certificate as PEM, and the password must be"
            " the one of the key."
        ) from None
    return key, own, tuple(further)


def _usable(
    path: Path, key: PrivateKeyTypes, own: Certificate
) -> RSAPrivateKey | Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if key.public_key() != own.public_key():
        raise CertificateUnusable(f"The certificate in {path} is not that of the private key.")
    if not _may_sign(own):
        raise CertificateUnusable(
            f"The certificate in {path} is not one for signing: its key usage must name digital"
            " signature or non-repudiation."
        )
    if isinstance(key, RSAPrivateKey) and key.key_size >= _SHORTEST:
        return key
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise CertificateUnusable(
        f"The key in {path} must be RSA of at least {_SHORTEST} bits, or Ed25519: with others the"
        " same document could not be made again byte for byte."
    )


def _may_sign(own: Certificate) -> bool:
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        usage = own.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _spoken(name: Name) -> str:
    """The common name with the organisation, or the whole name where there is neither."""
    from cryptography.x509.oid import NameOID

    common, house = (
        next((str(each.value) for each in name.get_attributes_for_oid(oid)), "")
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    )
    parts = dict.fromkeys(part for part in (common, house) if part)
    return ", ".join(parts) or name.rfc4514_string()
