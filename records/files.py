"""The content-addressed file store: bytes lie under their SHA-256 and are verified when read."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from records import clock
from records.canonical import sha256_bytes
from records.errors import DomainError, NotFound
from records.models import StoredFile


class FileAltered(DomainError):
    """The bytes in the store are no longer those they were stored as."""


@dataclass(frozen=True)
class FileStore:
    """A folder of files by hash; writing is atomic, and only a damaged file is ever replaced."""

    root: Path

    def put(self, session: Session, data: bytes, media_type: str) -> str:
        """Store bytes and return their SHA-256; storing the same bytes again changes nothing.

        A file that was damaged or cut short meanwhile is whole again afterwards.
        """
        sha256 = self.lay(data)
        if session.get(StoredFile, sha256) is None:
            session.add(
                StoredFile(
                    sha256=sha256, size=len(data), media_type=media_type, created_at=clock.now()
                )
            )
            session.flush()
        return sha256

    def lay(self, data: bytes) -> str:
        """Put bytes in their place on disk, without the row that lists them."""
        sha256 = sha256_bytes(data)
        path = self._path(sha256)
        if not self._holds(path, data):
            self._write(path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes; ``NotFound`` if missing, ``FileAltered`` if they have changed."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The file {sha256[:12]}… is not in the store.") from None
        if sha256_bytes(data) != sha256:
            raise FileAltered(f"The file {sha256[:12]}… in the store has been altered.")
        return data

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256[2:]

    @staticmethod
    def _holds(path: Path, data: bytes) -> bool:
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:
            return False

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)  # a full disk leaves no half files behind
            raise


def store_of(session: Session) -> FileStore:
    """The file store a session was opened with."""
    store = session.info.get("files")
    if not isinstance(store, FileStore):
        raise LookupError("this session was opened without a file store")
    return store
