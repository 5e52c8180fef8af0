"""A folder of files that can be made again, each under the installation's seal.

For what takes long to work out and is wanted by other processes. What is damaged, was put there by
somebody else or bears another name is no file: whoever asks makes it anew.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from records.canonical import sha256_bytes
from records.keys import Keyring

_SEAL = 64  # bytes of an Ed25519 signature


@dataclass(frozen=True)
class SealedFolder:
    """Files of one kind; ``kind`` is part of what is sealed, the newest ``most`` are kept."""

    folder: Path
    keyring: Keyring
    kind: str
    most: int

    def has(self, name: str) -> bool:
        """Whether there is a file; it may turn out to be none."""
        return (self.folder / name).exists()

    def get(self, name: str) -> bytes | None:
        """What this installation wrote under a name, or None."""
        try:
            held = (self.folder / name).read_bytes()
        except OSError:
            return None
        seal, body = held[:_SEAL], held[_SEAL:]
        return body if self.keyring.holds(seal, self._sealed(name, body)) else None

    def put(self, name: str, body: bytes) -> None:
        """Keep a file; a folder that cannot be written costs time and nothing else."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(self.keyring.seal(self._sealed(name, body)) + body)
            Path(file.name).replace(self.folder / name)
            self._make_room()

    def _sealed(self, name: str, body: bytes) -> bytes:
        return f"{self.kind}\n{name}\n{sha256_bytes(body)}".encode()

    def _make_room(self) -> None:
        held = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in held[: max(0, len(held) - self.most)]:
            path.unlink(missing_ok=True)
