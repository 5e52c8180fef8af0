"""The installation's Ed25519 key: it seals signatures and signs manifests.

The private key lives outside the database (``var/keys``), so whoever can write SQL still cannot
make a valid signature. The public key is what ``clearcopy verify`` needs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.canonical import sha256_bytes
from records.certificates import Certified
from records.errors import NotReady

PRIVATE_NAME = "installation.key"
PUBLIC_NAME = "installation.pub"


class KeyMissing(NotReady):
    """There is no installation key where one is expected."""


@dataclass(frozen=True)
class Keyring:
    """The key pair of one installation; and the company's certificate, if it has given one."""

    private: Ed25519PrivateKey
    certificate: Certified | None = None

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    @property
    def public_pem(self) -> bytes:
        return self.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def key_id(self) -> str:
        """First 16 hex digits of the hash of the raw public key."""
        raw = self.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return sha256_bytes(raw)[:16]

    def seal(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 signature over ``data``."""
        return self.private.sign(data)

    def holds(self, seal: bytes, data: bytes) -> bool:
        """Whether ``seal`` is this installation's over exactly ``data``."""
        try:
            self.public.verify(seal, data)
        except InvalidSignature:
            return False
        return True


def create(folder: Path) -> Keyring:
    """Make the installation's key pair; refuses to replace one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyring = Keyring(Ed25519PrivateKey.generate())
    pem = keyring.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(folder / PRIVATE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    (folder / PUBLIC_NAME).write_bytes(keyring.public_pem)
    return keyring


def load(folder: Path) -> Keyring:
    """Read the installation's key pair; ``KeyMissing`` says what to do when there is none."""
    path = folder / PRIVATE_NAME
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise KeyMissing(f"There is no key at {path}: run `clearcopy init` first.") from None
    except ValueError:
        raise KeyMissing(f"{path} is not a private key: restore it from your backup.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{path} is not an Ed25519 key: restore it from your backup.")
    return Keyring(key)
