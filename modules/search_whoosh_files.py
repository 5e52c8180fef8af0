"""The files of a Whoosh index: a private folder, a pointer to the live index, one writer.

Whoosh's files are pickles, so whoever can write them can run code: the folder is closed to others.
A rebuilt index grows in a folder of its own beside the live one and takes its place in one step.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.util.filelock import FileLock, try_for

from modules.search import SearchBusy, SearchUnavailable

# Changes whenever words are cut or stored differently: an index of another form is not read.
FORM = "words1"
# A job that has to wait longer is tried again later; on SQLite it keeps others from writing.
PATIENCE_SECONDS = 1.0
REBUILD_PATIENCE_SECONDS = 60.0
_POINTER = "current"
_CURE = "An administrator can make a new one with `clearcopy reindex`."


class IndexFolder:
    """A folder that holds one live index and, while it is rebuilt, the next one."""

    def __init__(self, path: Path, *, patience: float = PATIENCE_SECONDS) -> None:
        self.path = path
        self._patience = patience

    def live(self) -> Path | None:
        """The folder of the live index; None if there is none of this form."""
        try:
            name = (self.path / _POINTER).read_text("ascii")
        except (OSError, ValueError):
            return None
        form, _, number = name.partition("-")
        return self.path / name if form == FORM and number.isdecimal() else None

    def expect_live(self) -> Path:
        """The folder of the live index, or ``SearchUnavailable`` with what to do."""
        found = self.live()
        if found is None:
            raise SearchUnavailable(f"There is no search index yet. {_CURE}")
        self._expect_private()
        return found

    def broken(self, error: BaseException) -> SearchUnavailable:
        """What to say when the live index cannot be read or written."""
        return SearchUnavailable(
            f"The search index in {self.path} cannot be used "
            f"({type(error).__name__}: {str(error)[:200]}). {_CURE}"
        )

    def next(self) -> Path:
        """A new, empty folder for an index that is not live yet; hold the lock."""
        numbers = [int(path.name.rpartition("-")[2]) for path in self._indexes()]
        found = self.path / f"{FORM}-{max(numbers, default=0) + 1}"
        found.mkdir(mode=0o700)
        return found

    def make_live(self, folder: Path) -> None:
        """Point to ``folder`` in one step; hold the lock.

        The former index stays until the next time, for readers that are just opening it.
        """
        former = self.live()
        pointer = self.path / f"{_POINTER}.new"
        with pointer.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.path / _POINTER)
        for path in self._indexes():
            if path not in (folder, former):
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writing(self, *, patience: float | None = None) -> Iterator[None]:
        """Be the only writer, or raise ``SearchBusy`` after some patience."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        lock = FileLock(str(self.path / "writer.lock"))
        if not try_for(
            lock.acquire, timeout=self._patience if patience is None else patience, delay=0.05
        ):
            raise SearchBusy(
                f"The search index in {self.path} is being written by another process. "
                "Nothing was changed; try again in a minute."
            )
        try:
            yield
        finally:
            lock.release()

    def _expect_private(self) -> None:
        if self.path.stat().st_mode & 0o022:
            raise SearchUnavailable(
                f"The search index in {self.path} can be written by other users of this machine, "
                f"so it was not opened. {_CURE}"
            )

    def _indexes(self) -> list[Path]:
        return [
            path
            for path in self.path.iterdir()
            if path.is_dir() and path.name.rpartition("-")[2].isdecimal()
        ]
