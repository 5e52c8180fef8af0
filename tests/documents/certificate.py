"""A certificate authority and a company's certificate, made for the tests and for nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from records.certificates import Certified

PASSWORD = "only for tests"
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def authority() -> tuple[x509.Certificate, Ed25519PrivateKey | rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    return certificate(key, "Example Root", issuer="Example Root", by=key, signs=True), key


def certificate(key, name, *, issuer, by, signs=False, usage=True, first=FIRST, last=LAST):
    """An X.509 certificate; ``signs``: one of an authority."""
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(1 if signs else 4711)
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=usage and not signs, content_commitment=usage and not signs,
                key_encipherment=not usage, data_encipherment=False, key_agreement=False,
                key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    return made.sign(by, None if isinstance(by, Ed25519PrivateKey) else hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Northlight Therapeutics"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


@cache
def company(kind: str = "rsa", *, usage: bool = True, last: datetime = LAST) -> Certified:
    """A certificate for signing documents, issued by the authority."""
    root, root_key = authority()
    keys = {
        "rsa": rsa_key,
        "ed25519": lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))),
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
        "short": lambda: rsa_key(1024),
    }
    key = keys[kind]()
    own = certificate(
        key, "Medical Documents", issuer="Example Root", by=root_key, usage=usage, last=last
    )
    return Certified(own, key, (root,))


def as_pkcs12(held: Certified, path: Path, password: str = PASSWORD) -> Path:
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"clearcopy", held.key, held.own, held.chain, BestAvailableEncryption(password.encode())
        )
    )
    return path


def as_pem(held: Certified, path: Path, password: str = "") -> Path:
    secret = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    key = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)
    certificates = [each.public_bytes(Encoding.PEM) for each in (held.own, *held.chain)]
    path.write_bytes(b"".join([key, *certificates]))
    return path
