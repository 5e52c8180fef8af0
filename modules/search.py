"""The door to full-text search: what goes in, what comes out, and which promises hold.

An engine ranks texts and nothing else. Which modules exist, in which state, with which tags and
who may see them is decided in SQL on the keys it returns: an index that lags behind can make a hit
late, it cannot show what is withdrawn. ``mark`` and ``snippet`` work on texts from the database
for the same reason. How a query is read stands in ``modules.search_query``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from modules.search_marks import Segment, mark, snippet
from modules.search_query import parse
from records.errors import DomainError

__all__ = [
    "Hit",
    "SearchBusy",
    "SearchDocument",
    "SearchEngine",
    "SearchUnavailable",
    "Segment",
    "asks_something",
    "mark",
    "snippet",
]


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One text to be found: plain text without markup, references spelled out.

    ``key`` is what a hit carries (here: the id of a module version). ``code`` and ``title`` weigh
    more than ``body``; ``tags`` are words people search by that do not stand in the text.
    """

    key: int
    code: str
    title: str
    body: str
    tags: str = ""


class Hit(NamedTuple):
    """One found text; scores compare within one answer only."""

    key: int
    score: float


class SearchUnavailable(DomainError):
    """The index is missing or cannot be read; the text says what to do."""


class SearchBusy(SearchUnavailable):
    """Somebody else has been writing to the index for long; try again later."""


class SearchEngine(Protocol):
    """What both engines do; ``tests/unit/modules/test_search_contract.py`` holds them to it."""

    def find(
        self, query: str, *, limit: int | None = None, among: Collection[int] | None = None
    ) -> list[Hit]:
        """Texts that match, best first, of equals the lower key first.

        Any text is a query; one that asks for nothing finds nothing. Of a document that was
        indexed again only the newest text is found. ``among`` restricts to some keys, ``limit``
        cuts after ranking. Raises ``SearchUnavailable``.
        """

    def index(self, documents: Iterable[SearchDocument]) -> None:
        """Add texts or replace them by key, all or none; the last of equal keys counts."""

    def remove(self, keys: Iterable[int]) -> None:
        """Forget texts; unknown keys are no error."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Replace everything by ``documents`` (each key once) and return how many they were.

        Cures whatever is wrong with an index. Until it is done the former one answers.
        """

    def ready(self) -> bool:
        """Whether there is an index of this version of the program to add to."""

    def suggest(self, query: str) -> str | None:
        """The query with misspelled words replaced by words that occur, if there are such."""


def asks_something(query: str) -> bool:
    """Whether a query has any word to look for; if not, a list is better shown unfiltered."""
    return bool(parse(query))
