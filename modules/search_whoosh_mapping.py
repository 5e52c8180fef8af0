"""Reading a Whoosh index through one mapping of each segment, shared by threads and processes.

Whoosh maps a segment too, and then copies every file in it into memory, for each reader, and so for
each thread: ten megabytes at 10,000 modules, several times over. Here nothing is copied but what is
asked for.
"""

from __future__ import annotations

import io
import mmap
import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile

_SEGMENT = ".seg"


class MappedStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's folder of files, whose segments are mapped."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False)

    def open_file(self, name: str, **options: Any) -> Any:
        """See ``FileStorage.open_file``."""
        if not name.endswith(_SEGMENT):
            return super().open_file(name, **options)
        with Path(self.folder, name).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _Mapped(memoryview(mapped), name)


class _Mapped(BufferFile):  # type: ignore[misc]
    """A file, or a file within a segment, as a stretch of the mapping."""

    def __init__(self, view: memoryview, name: str) -> None:
        # not BufferFile's own: that is where the copy is made
        self._buf = view
        self._name = name
        self.file = _Cursor(view)
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    def subset(self, position: int, length: int, name: str | None = None) -> _Mapped:
        """A file within this one."""
        return _Mapped(self._buf[position : position + length], name or self._name)


class _Cursor(io.RawIOBase):
    """A place in a stretch of memory, to read from there on."""

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._view = view
        self._place = 0

    def readable(self) -> bool:
        """See ``io.IOBase``."""
        return True

    def seekable(self) -> bool:
        """See ``io.IOBase``."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes, or all that are left."""
        start = self._place
        end = len(self._view) if size is None or size < 0 else start + size
        data = bytes(self._view[start:end])
        self._place = start + len(data)
        return data

    def readinto(self, buffer: Any, /) -> int:
        """See ``io.RawIOBase``."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """See ``io.IOBase``."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: len(self._view)}[whence]
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        """See ``io.IOBase``."""
        return self._place
