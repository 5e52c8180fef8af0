"""What a user asked for, read without ever refusing it.

All words must be there. ``"quoted words"`` stand together exactly so, ``this OR that`` is either,
``-word`` and ``NOT word`` exclude. Words joined by anything but white space stand together too:
``KIS-M-003``, ``HER2-negative``, ``3/4``. The word still being typed matches what begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from modules.search_words import STOP_WORDS, folded_words

# What is longer than this is a page pasted by mistake; its beginning is looked for.
MAXIMUM_TEXT = 2_000
MAXIMUM_GROUPS = 24
MAXIMUM_WORDS = 24
# One letter begins too many words to mean any of them.
SHORTEST_PREFIX = 2

_QUOTES = '["“”„«»]'
_PART = re.compile(
    rf"(-?){_QUOTES}([^{_QUOTES[1:]}*)({_QUOTES}|\Z)"  # quoted, perhaps not closed yet
    rf"|(\S+?)(?=\s|{_QUOTES}|\Z)"
)
_STILL_TYPED = re.compile(r"[^\W_][.·/'’-]*\Z")


@dataclass(frozen=True)
class Phrase:
    """One word, or several that stand together in this order.

    ``exact`` asks for the very words; a word that is not ``exact`` stands for all with its stem.
    ``prefix`` means the last word may go on.
    """

    words: tuple[str, ...]
    exact: bool
    prefix: bool = False

    @property
    def sought(self) -> tuple[str, ...]:
        """The words an index can be asked for, which stop words are not."""
        return tuple(
            word
            for place, word in enumerate(self.words, start=1)
            if word not in STOP_WORDS or (self.prefix and place == len(self.words))
        )


@dataclass(frozen=True)
class Query:
    """Every group must match, by one of its phrases; no excluded phrase may."""

    groups: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All phrases that are looked for."""
        return tuple(phrase for group in self.groups for phrase in group)

    @property
    def has_phrases(self) -> bool:
        """Whether any words are asked to stand together."""
        return any(len(phrase.words) > 1 for phrase in self.phrases)

    def __bool__(self) -> bool:
        return bool(self.groups)


@dataclass(frozen=True)
class _Part:
    phrase: Phrase
    excluded: bool


def parse(text: str) -> Query:
    """Read what a user typed; any text is a query, if only an empty one."""
    text = text[:MAXIMUM_TEXT]
    groups: list[tuple[Phrase, ...]] = []
    excluded: list[Phrase] = []
    either = False
    for part in _parts(text):
        if part is None:
            either = bool(groups)
        elif part.excluded:
            excluded.append(part.phrase)
            either = False
        elif either:
            groups[-1] = (*groups[-1], part.phrase)
            either = False
        else:
            groups.append((part.phrase,))
    searchable = (tuple(phrase for phrase in group if phrase.sought) for group in groups)
    meant = [group for group in searchable if group]
    if len(meant) > 1 and _is_stop_word(meant[-1]):
        meant.pop()  # "survival in": the last word may still become one, but asks for nothing yet
    return Query(
        tuple(meant[:MAXIMUM_GROUPS]),
        tuple(phrase for phrase in excluded if phrase.sought)[:MAXIMUM_GROUPS],
    )


def _is_stop_word(group: tuple[Phrase, ...]) -> bool:
    return all(len(phrase.words) == 1 and phrase.words[0] in STOP_WORDS for phrase in group)


def _parts(text: str) -> Iterator[_Part | None]:
    """The parts of a query in order; None stands for OR."""
    negated = False
    typing = _STILL_TYPED.search(text)
    for match in _PART.finditer(text):
        minus, quoted, closing, chunk = match.groups()
        if chunk == "OR":
            yield None
        elif chunk == "NOT":
            negated = True
        elif chunk != "AND":
            last = typing is not None and match.end() == len(text) and not closing
            less = bool(minus) or _has_minus(chunk or "")
            excluded, negated = less or negated, False
            phrase = _phrase(quoted if chunk is None else chunk, quoted=chunk is None)
            if phrase is not None:
                yield _Part(_open(phrase) if last and not excluded else phrase, excluded)


def _has_minus(chunk: str) -> bool:
    """Whether a chunk is excluded; "-0.5" is a number, a dash alone is a dash."""
    return chunk[:1] == "-" and chunk[1:2].isalpha()


def _phrase(text: str, *, quoted: bool) -> Phrase | None:
    words = tuple(folded_words(text)[:MAXIMUM_WORDS])
    return Phrase(words, exact=quoted or len(words) > 1) if words else None


def _open(phrase: Phrase) -> Phrase:
    """Let the last word go on, unless it alone would mean nothing yet."""
    shortest = SHORTEST_PREFIX if len(phrase.words) == 1 else 1
    return replace(phrase, prefix=len(phrase.words[-1]) >= shortest)
