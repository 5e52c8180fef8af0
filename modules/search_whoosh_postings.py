"""What a Whoosh index says about single words, read once and remembered.

Segments never change, only which of their documents are deleted; so what was read from one stays
true across commits, and a search after a commit reads the new segment alone.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

# About 8 bytes each: 16 MB, enough for the common words of 10,000 modules several times over.
MOST_POSTINGS = 2_000_000

WORDS = "words"
KEY = "key"

Columns = tuple["array[int]", "array[float]"]


class Postings:
    """Postings and keys of segments; shared by all threads of a process."""

    def __init__(self, most: int = MOST_POSTINGS) -> None:
        self._most = most
        self._held = 0
        self._known: OrderedDict[tuple[str, bytes | None], Columns] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, leaf: Any, term: bytes) -> Columns:
        """Document numbers in the segment, ascending, and weights of one of its words.

        Documents deleted since it was read are still among them.
        """
        return self._get(leaf, term, lambda: _read(leaf.postings(WORDS, term)))

    def keys(self, leaf: Any) -> array[int]:
        """The keys of a segment's documents by document number."""

        def read() -> Columns:
            column = leaf.column_reader(KEY, translate=False)
            return array("q", [column[n] for n in range(leaf.doc_count_all())]), array("f")

        return self._get(leaf, None, read)[0]

    def _get(self, leaf: Any, term: bytes | None, read: Callable[[], Columns]) -> Columns:
        name = (leaf.segment().segment_id(), term)
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        found = read()
        with self._lock:
            if name not in self._known:
                self._known[name] = found
                self._held += len(found[0])
            while self._held > self._most:
                _, (numbers, _) = self._known.popitem(last=False)
                self._held -= len(numbers)
        return found


def _read(matcher: Any) -> Columns:
    """All of one word's postings; bound methods, as this is the loop everything waits for."""
    numbers, weights = array("I"), array("f")
    number, weight, step, active = matcher.id, matcher.weight, matcher.next, matcher.is_active
    add_number, add_weight = numbers.append, weights.append
    while active():
        add_number(number())
        add_weight(weight())
        step()
    return numbers, weights
