"""Full-text search embedded in the program: Whoosh holds the words, this file keeps it honest.

Of Whoosh only the storage is used: terms, postings, columns, commits. Its traps are closed here
(``docs/decisions/0002-which-whoosh.md``): a reader is never refreshed but opened anew when the
index has moved on, one per thread; there is one writer at a time; a key is written once a commit.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from whoosh import index as whoosh_index

from modules.search import Hit, SearchDocument, SearchUnavailable
from modules.search_query import parse
from modules.search_spelling import corrected
from modules.search_whoosh_documents import (
    MEMORY_MB,
    merge,
    numbers_of,
    schema,
    stored,
    vocabulary,
)
from modules.search_whoosh_files import (
    PATIENCE_SECONDS,
    REBUILD_PATIENCE_SECONDS,
    IndexFolder,
)
from modules.search_whoosh_mapping import MappedStorage
from modules.search_whoosh_postings import Postings
from modules.search_whoosh_ranking import Ranking

ATTEMPTS = 3

T = TypeVar("T")
_score = itemgetter(1)
# as ``Hit(*found)``, in a third of the time: a common word has thousands of hits
_hit = tuple.__new__


@dataclass(frozen=True)
class _Snapshot:
    """A reader, and of what it is one."""

    of: tuple[int, Path, int]
    reader: Any
    ranking: Ranking


class WhooshSearch:
    """The embedded engine over one folder; threads and processes may share the folder."""

    def __init__(self, path: Path, *, patience: float = PATIENCE_SECONDS) -> None:
        self._folder = IndexFolder(path, patience=patience)
        self._own = threading.local()
        self._postings = Postings()

    def find(
        self, query: str, *, limit: int | None = None, among: Collection[int] | None = None
    ) -> list[Hit]:
        """See ``SearchEngine.find``."""
        asked = parse(query)
        if not asked:
            return []
        scores = self._reading(lambda snapshot: list(snapshot.ranking.scores(asked)))
        if among is not None:
            wanted = frozenset(among)
            scores = [(key, score) for key, score in scores if key in wanted]
        # by key, then by score: sorting keeps the order of equals
        scores.sort()
        scores.sort(key=_score, reverse=True)
        return [_hit(Hit, found) for found in scores[:limit]]

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """See ``SearchEngine.index``; documents are read with all other writers kept waiting."""
        with self._folder.writing():
            latest = {document.key: document for document in documents}
            if latest:
                self._replace(latest, latest.values())

    def remove(self, keys: Iterable[int]) -> None:
        """See ``SearchEngine.remove``."""
        unwanted = set(keys)
        if unwanted:
            with self._folder.writing():
                self._replace(unwanted, ())

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """See ``SearchEngine.rebuild``."""
        with self._folder.writing(patience=REBUILD_PATIENCE_SECONDS):
            folder = self._folder.next()
            writer = whoosh_index.create_in(str(folder), schema()).writer(limitmb=MEMORY_MB)
            seen: set[int] = set()
            with _cancelling(writer):
                for document in documents:
                    if document.key in seen:
                        raise ValueError(f"key {document.key} twice")
                    seen.add(document.key)
                    writer.add_document(**stored(document))
                writer.commit(mergetype=merge)
            self._folder.make_live(folder)
        return len(seen)

    def ready(self) -> bool:
        """See ``SearchEngine.ready``."""
        return self._folder.live() is not None

    def suggest(self, query: str) -> str | None:
        """See ``SearchEngine.suggest``."""
        return corrected(query, lambda: self._reading(lambda s: vocabulary(s.reader)))

    def _replace(self, keys: Collection[int], documents: Collection[SearchDocument]) -> None:
        """One commit in which keys are forgotten and documents added; hold the lock."""
        index = self._open(self._folder.expect_live())
        try:
            with index.reader() as reader:
                former = numbers_of(reader, keys)
            if not former and not documents:
                return
            writer = index.writer(limitmb=MEMORY_MB)
            with _cancelling(writer):
                for number in former:
                    writer.delete_document(number)
                for document in documents:
                    writer.add_document(**stored(document))
                writer.commit(mergetype=merge)
        except Exception as error:
            raise self._folder.broken(error) from error

    def _open(self, folder: Path) -> Any:
        try:
            return MappedStorage(folder).open_index()
        except Exception as error:
            # a damaged pickle can raise anything
            raise self._folder.broken(error) from error

    def _reading(self, answer: Callable[[_Snapshot], T]) -> T:
        """What ``answer`` makes of a reader of the index as it is now.

        A writer may delete a file just as it is being opened; that is tried again. What fails
        repeatedly is damage.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return answer(self._snapshot())
            except SearchUnavailable:
                raise
            except Exception as error:
                # a damaged pickle can raise anything
                self._own.__dict__.clear()
                if attempt == ATTEMPTS:
                    raise self._folder.broken(error) from error
        raise AssertionError("unreachable")

    def _snapshot(self) -> _Snapshot:
        """This thread's reader; a new one if the index has moved on or the process forked."""
        folder = self._folder.expect_live()
        opened = getattr(self._own, "opened", None)
        if opened is None or opened[0] != folder:
            opened = self._own.opened = (folder, self._open(folder))
        now = (os.getpid(), folder, opened[1].latest_generation())
        former: _Snapshot | None = getattr(self._own, "snapshot", None)
        if former is not None and former.of == now:
            return former
        reader = opened[1].reader()
        snapshot = self._own.snapshot = _Snapshot(now, reader, Ranking(reader, self._postings))
        if former is not None:
            former.reader.close()
        return snapshot


@contextmanager
def _cancelling(writer: Any) -> Iterator[None]:
    """Leave the index as it was if anything goes wrong before the commit."""
    try:
        yield
    except BaseException:
        with suppress(Exception):  # the first error is the one to tell
            writer.cancel()
        raise
