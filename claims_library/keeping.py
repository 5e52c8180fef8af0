"""Compiled libraries kept on disk, so that a new process need not judge and compile them.

A file is what one process had in memory: the library and when each claim was judged. Whoever reads
it compares that with the rows as they are now, as it would with its own memory, and judges what has
changed since. It is under the installation's seal and of one day and one version of the program;
anything else in its place is no library, and it is made anew. Only what somebody writes is checked
with it: what may be used is judged with its signatures, always.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from claims_library import shelving
from claims_library.compiling import ClaimText, Library
from records.keys import Keyring
from records.sealed_files import SealedFolder

KEPT = 64  # files; one of ten thousand claims has 2 MB


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim version as it was judged, and its text if it is effective.

    ``stamp`` is when its row had last changed, as the database writes it: it is only compared.
    """

    stamp: str
    text: ClaimText | None


@dataclass(frozen=True)
class LibraryStore:
    """A folder of the compiled libraries of one installation."""

    folder: Path
    keyring: Keyring

    @property
    def _files(self) -> SealedFolder:
        return SealedFolder(self.folder, self.keyring, "clearcopy-compiled/3", KEPT)

    def has(self, use: str, day: date) -> bool:
        """Whether there is one for a use on a day; it may turn out to be unreadable."""
        return self._files.has(_name(use, day))

    def get(self, use: str, day: date) -> tuple[Library, dict[int, Judged]] | None:
        """The library for a use on a day as it was last kept, with what was judged for it."""
        body = self._files.get(_name(use, day))
        if body is None:
            return None
        listed, _, compiled = body.partition(b"\n")
        try:
            library = shelving.load(compiled)
        except shelving.UnreadableLibrary:
            return None
        return library, {
            id: Judged(stamp, library.claims[code] if code else None)
            for id, stamp, code in json.loads(listed)
        }

    def put(self, use: str, day: date, library: Library, judged: Mapping[int, Judged]) -> None:
        """Keep a library."""
        listed = [
            [id, each.stamp, each.text.code if each.text else None] for id, each in judged.items()
        ]
        body = json.dumps(listed).encode() + b"\n" + shelving.dump(library)
        self._files.put(_name(use, day), body)


def _name(use: str, day: date) -> str:
    """A name for all that a library depends on besides the database."""
    return hashlib.sha256(f"{use}\n{day}\n{_program()}".encode()).hexdigest()


@cache
def _program() -> str:
    """A name for this version of what judges and compiles."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
