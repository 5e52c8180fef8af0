"""Which number belongs to which arm: results that changed places are found in any wording.

A wording is cut where arms are set against each other ("vs.", semicolons, "compared with", "and");
a number belongs to the distinguishing words of its part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from claims_library.indexing import stem_key, weak

_STRONG = frozenset(["vs", "versus", ";", "compared", "whereas", "while", "against", "than"])
_WEAK = frozenset(["and", ",", "but", "on"])
_IGNORED = frozenset(["#95%", "#95"])


def moved_between_arms(
    wording: Sequence[str], text: Sequence[str], *, kinds: tuple[str, str]
) -> bool:
    """Whether a number of the wording stands with another arm's words in the text.

    Args:
        wording: keys of the approved wording.
        text: keys of the text.
        kinds: the kinds of both (``n`` number, ``w`` word …).
    """
    for separators in (_STRONG, _STRONG | _WEAK):
        parts = _parts(wording, kinds[0], separators)
        if len(parts) < 2:
            continue
        own = _own_words(parts)
        found = _conflict(parts, own, _parts(text, kinds[1], separators))
        if found is None:
            found = _conflict(parts, own, _parts(text, kinds[1], _STRONG | _WEAK))
        if found:
            return True
    return False


Part = tuple[set[str], set[str]]  # its numbers, its words


def _parts(keys: Sequence[str], kinds: str, separators: frozenset[str]) -> list[Part]:
    """Cut at separators outside brackets; parts without a number or a word join the next."""
    parts: list[Part] = []
    numbers: set[str] = set()
    words: set[str] = set()
    depth = 0
    for key, kind in zip(keys, kinds, strict=True):
        depth += (key == "(") - (key == ")")
        if key in separators and depth <= 0:
            if numbers and words:
                parts.append((numbers, words))
                numbers, words = set(), set()
            continue
        if kind == "n" and key not in _IGNORED:
            numbers.add(key)
        elif not weak(key):
            words.add(stem_key(key))
    if numbers and words:
        parts.append((numbers, words))
    elif words and parts:
        parts[-1][1].update(words)
    elif numbers and parts:
        parts[-1][0].update(numbers)
    return parts


def _own_words(parts: list[Part]) -> list[set[str]]:
    """The words that stand in one part only."""
    counts = Counter(word for _, words in parts for word in words)
    return [{word for word in words if counts[word] == 1} for _, words in parts]


def _conflict(parts: list[Part], own: list[set[str]], text: list[Part]) -> bool | None:
    """True if a number moved, False if some stand where they belong, None if nothing shows."""
    where: dict[str, int] = {}
    for i, (numbers, _) in enumerate(parts):
        for number in numbers:
            where[number] = -1 if number in where else i
    seen = None
    counts = Counter(number for numbers, _ in text for number in numbers)
    for numbers, words in text:
        near = {i for i, mine in enumerate(own) if mine & words}
        for number in numbers:
            home = where.get(number, -1)
            if home < 0 or counts[number] > 1 or len(near) != 1:
                continue
            if home not in near:
                return True
            seen = False
    return seen
