"""The content-addressed file store: bytes lie under their SHA-256 and are verified when read."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
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
        return self.lay_all([data])[0]

    def lay_all(self, found: Sequence[bytes]) -> list[str]:
        """``lay`` of many at once; the disk is waited for twice, not once for each file.

        When it returns, bytes and names are on the disk. A file takes its name only when its
        bytes are there: what bears a name of the store is never half a file.
        """
        hashes = [sha256_bytes(data) for data in found]
        places = [
            (self._path(sha), data) for sha, data in dict(zip(hashes, found, strict=True)).items()
        ]
        self._write([each for each in places if not self._holds(*each)])
        return hashes

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

    def _write(self, wanted: Sequence[tuple[Path, bytes]]) -> None:
        parts: list[tuple[int, str, Path]] = []
        folders = {path.parent for path, _ in wanted}
        if any(not folder.exists() for folder in folders):
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
            folders.add(self.root)
        try:
            for path, data in wanted:
                descriptor, name = tempfile.mkstemp(dir=path.parent)
                parts.append((descriptor, name, path))
                with os.fdopen(descriptor, "wb", closefd=False) as file:
                    file.write(data)
            _reach_disk([descriptor for descriptor, _, _ in parts])
            for _, name, path in parts:
                Path(name).replace(path)
            with contextlib.ExitStack() as opened:
                _reach_disk([opened.enter_context(_folder(each)) for each in sorted(folders)])
        except OSError:
            for _, name, _ in parts:
                Path(name).unlink(missing_ok=True)  # a full disk leaves no half files behind
            raise
        finally:
            for descriptor, _, _ in parts:
                os.close(descriptor)


_FEW = 3  # files that are waited for one by one: others may be writing much


def _reach_disk(descriptors: Sequence[int]) -> None:
    """Wait until files or folders of one file system are on the disk."""
    together = _syncfs()
    if together is not None and len(descriptors) > _FEW:
        together(descriptors[0])
        return
    for each in descriptors:
        os.fsync(each)


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@cache
def _syncfs() -> Callable[[int], None] | None:
    """Linux's call for a whole file system: one wait where each file would cost one.

    Before Linux 5.8 it did not say when a write had failed, so there each file is waited for.
    """
    kernel = os.uname()
    version = tuple(int(each) for each in re.findall(r"\d+", kernel.release)[:2])
    if kernel.sysname != "Linux" or version < (5, 8):
        return None
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return None

    def together(descriptor: int) -> None:
        if call(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return together


def store_of(session: Session) -> FileStore:
    """The file store a session was opened with."""
    store = session.info.get("files")
    if not isinstance(store, FileStore):
        raise LookupError("this session was opened without a file store")
    return store
