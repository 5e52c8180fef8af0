"""Which number belongs to which arm: results that changed places are found in any wording.

A wording is cut where arms are set against each other ("vs.", "compared with", parallel results
between semicolons or commas). A number belongs to the words that only its part has. If numbers of
two parts each stand with the other's words in the text, they changed places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from claims_library.indexing import stem_key, weak

_AGAINST = frozenset(["vs", "versus", "compared", "whereas", "while", "against", "than"])
_LISTED = frozenset([";", "and", ",", "but", ":"])
_IGNORED = frozenset(["#95%", "#95"])


@dataclass(slots=True)
class Part:
    """A stretch between separators: its numbers and its words."""

    numbers: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


def moved_between_arms(
    wording: Sequence[str],
    text: Sequence[str],
    *,
    kinds: tuple[str, str],
    names: Collection[str] = (),
    moved: Collection[str] = (),
) -> bool:
    """Whether numbers of two arms of the wording changed places in the text.

    Args:
        wording: keys of the approved wording.
        text: keys of the text.
        kinds: the kinds of both (``n`` number, ``w`` word …).
        names: keys of the product's names: the arm that has one is the product's.
        moved: keys that left one place and came in another.
    """
    products = {stem_key(name) for name in names}
    for separators in (_AGAINST, _AGAINST | {";"}, _AGAINST | _LISTED):
        parts = _parts(wording, kinds[0], separators)
        if len(parts) < 2 or not (separators is _AGAINST or _parallel(parts)):
            continue
        compared = "," not in separators
        labels = _labels(parts, {stem_key(key) for key in moved if not weak(key)})
        for cut in (separators, _AGAINST | _LISTED):
            found = _parts(text, kinds[1], cut)
            if (
                _crossed(parts, found)
                or (labels and _crossed(labels, found))
                or (compared and _left_the_product(parts, found, products))
            ):
                return True
    return False


def _labels(parts: Sequence[Part], moved: set[str]) -> list[Part]:
    """The parts with only those of their own words that moved."""
    counts = Counter(word for part in parts for word in part.words)
    labels = [
        Part(part.numbers, {word for word in part.words & moved if counts[word] == 1})
        for part in parts
    ]
    return labels if sum(bool(part.words) for part in labels) > 1 else []


def _left_the_product(parts: Sequence[Part], text: Sequence[Part], names: set[str]) -> bool:
    """Whether figures of the product's arm and of the other one changed sides."""
    own = {n for part in parts if part.words & names for n in part.numbers}
    other = {n for part in parts if not part.words & names for n in part.numbers}
    if not own - other or not other - own:
        return False
    here = {n for part in text if part.words & names for n in part.numbers}
    there = {n for part in text if not part.words & names for n in part.numbers}
    lost = (own - other) & (there - here)
    gained = (other - own) & (here - there)
    kept = (own - other) & here
    return bool(lost) and bool(gained) and not kept - lost


def _parts(keys: Sequence[str], kinds: str, separators: frozenset[str]) -> list[Part]:
    """Cut at separators outside brackets; what has no number or no word joins its neighbour."""
    parts: list[Part] = []
    part = Part()
    depth = 0
    for key, kind in zip(keys, kinds, strict=True):
        depth += (key == "(") - (key == ")")
        if key in separators and depth <= 0:
            if part.numbers and part.words:
                parts.append(part)
                part = Part()
        elif kind == "n":
            if key not in _IGNORED:
                part.numbers.append(key)
        elif not weak(key):
            part.words.add(stem_key(key))
    if part.numbers and part.words:
        parts.append(part)
    elif parts:
        parts[-1].words |= part.words
        parts[-1].numbers += part.numbers
    return parts


def _parallel(parts: Sequence[Part]) -> bool:
    """Whether parts report the same kind of thing: equally many figures each."""
    counts = [len(part.numbers) for part in parts]
    return any(a == b for a, b in pairwise(counts))


def _crossed(parts: Sequence[Part], text: Sequence[Part]) -> bool:
    """Whether a figure of one part stands with another's own words, and the other way round."""
    counts = Counter(word for part in parts for word in part.words)
    homes = Counter(number for part in parts for number in set(part.numbers))
    seen = Counter(number for part in text for number in part.numbers)
    moves: set[tuple[int, int]] = set()
    for found in text:
        near = {
            i
            for i, part in enumerate(parts)
            if any(counts[word] == 1 for word in part.words & found.words)
        }
        if len(near) != 1:
            continue
        there = near.pop()
        for number in found.numbers:
            if seen[number] == 1 and homes[number] == 1:
                home = next(i for i, part in enumerate(parts) if number in part.numbers)
                moves.add((home, there))
    return any((b, a) in moves for a, b in moves if a != b)
