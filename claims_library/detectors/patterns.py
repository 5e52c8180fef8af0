"""A small language of word patterns, and a matcher that finds all of them in one pass.

A pattern is what a customer writes in a rule pack, words with a few signs::

    well tolerat*            a word that begins so
    no|without side effect*  one of several words
    first ..2 only           up to two words between
    twice? daily             a word that may be missing
    <pct> more               a word of a class (see ``rules/words/classes.yaml``)
    ^ new                    at the beginning of a sentence; $ at its end

Matching takes time in proportion to the text: a pattern is tried only where its first word stands,
and gaps are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

GAP = 4
LARGEST_GAP = 12
KEPT_WORDS = 20_000
_GAP = re.compile(r"\.\.(\d{0,2})\Z")
_WORD = re.compile(r"[\w'/#@.-]+\*?|<[a-z-]+>|[?<>=$€£%©®@!≥≤]")


class BadPattern(ValueError):
    """A pattern that is not in the language; says which and why."""


class Element(NamedTuple):
    """One place of a pattern: a word of ``exact``, of ``classes``, or beginning so; or a gap."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    optional: bool = False
    gap: int = 0

    def fits(self, word: str, classes: frozenset[str]) -> bool:
        return (
            word in self.exact
            or (bool(self.classes) and not self.classes.isdisjoint(classes))
            or (bool(self.prefixes) and word.startswith(self.prefixes))
        )


class Pattern(NamedTuple):
    """A pattern made ready; ``start`` and ``end`` say that it holds only at a sentence's edge."""

    group: str
    source: str
    elements: tuple[Element, ...]
    start: bool
    end: bool


class Hit(NamedTuple):
    """Words ``start``–``end`` of a line that a pattern of ``group`` fits."""

    group: str
    source: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """Of what kind of claim the words speak, where the group is one of claims."""
        return self.group.split(":")[1]

    @property
    def own(self) -> bool:
        """Whether a customer's pack has the pattern."""
        return ":own:" in self.group


@lru_cache(maxsize=32_768)
def parse(source: str, group: str = "") -> Pattern:
    """Read one pattern.

    Raises:
        BadPattern: it is empty, begins with a gap, or holds a sign that is not in the language.
    """
    parts = source.split()
    start, end = parts[:1] == ["^"], parts[-1:] == ["$"]
    parts = parts[start : len(parts) - end]
    elements = tuple(_element(part, source) for part in parts)
    solid = [element for element in elements if not element.gap and not element.optional]
    if not solid:
        raise BadPattern(f"The pattern “{source}” has no word that must stand there.")
    if elements[0].gap or elements[-1].gap:
        raise BadPattern(f"The pattern “{source}” may not begin or end with a gap.")
    return Pattern(group, source, elements, start, end)


def _element(part: str, source: str) -> Element:
    gap = _GAP.match(part)
    if gap:
        return Element(gap=min(int(gap[1] or GAP), LARGEST_GAP))
    optional = len(part) > 1 and part.endswith("?") and part[-2] != "|"
    words = (part[:-1] if optional else part).lower().split("|")
    for word in words:
        if not _WORD.fullmatch(word):
            raise BadPattern(f"“{word}” in the pattern “{source}” is no word, class or gap.")
    return Element(
        exact=frozenset(w for w in words if w[-1] != "*" and w[0] != "<"),
        prefixes=tuple(sorted(w[:-1] for w in words if w[-1] == "*")),
        classes=frozenset(w[1:-1] for w in words if w[0] == "<"),
        optional=optional,
    )


@dataclass(slots=True)
class PatternSet:
    """Many patterns, looked up by their first word."""

    patterns: tuple[Pattern, ...]
    _exact: Mapping[str, Sequence[int]]
    _prefix: Mapping[str, Sequence[int]]
    _class: Mapping[str, Sequence[int]]
    _lengths: tuple[int, ...]
    _seen: dict[tuple[str, frozenset[str]], tuple[int, ...]] = field(default_factory=dict)

    def find(self, words: Sequence[str], classes: Sequence[frozenset[str]]) -> list[Hit]:
        """Every pattern that fits somewhere, with the first place of each start."""
        hits: list[Hit] = []
        seen = self._seen
        for at, word in enumerate(words):
            key = (word, classes[at])
            candidates = seen.get(key)
            if candidates is None:
                candidates = self._candidates(word, classes[at])
            for index in candidates:
                pattern = self.patterns[index]
                if pattern.start and at:
                    continue
                end = _match(pattern, words, classes, at)
                if end >= 0:
                    hits.append(Hit(pattern.group, pattern.source, at, end))
        return hits

    def _candidates(self, word: str, classes: frozenset[str]) -> tuple[int, ...]:
        found = set(self._exact.get(word, ()))
        for length in self._lengths:
            found.update(self._prefix.get(word[:length], ()) if len(word) >= length else ())
        for name in classes:
            found.update(self._class.get(name, ()))
        if len(self._seen) >= KEPT_WORDS:
            self._seen.clear()
        answer = self._seen[word, classes] = tuple(sorted(found))
        return answer


def pattern_set(groups: Mapping[str, Iterable[str]]) -> PatternSet:
    """Compile the patterns of all groups together; the same ones give the same set.

    A library of every product has its own judges, and nearly always the rules of the others.

    Raises:
        BadPattern: one of them cannot be read.
    """
    return _compiled(
        tuple(parse(source, group) for group, sources in groups.items() for source in sources)
    )


@lru_cache(maxsize=8)
def _compiled(patterns: tuple[Pattern, ...]) -> PatternSet:
    exact: dict[str, list[int]] = {}
    prefixes: dict[str, list[int]] = {}
    classes: dict[str, list[int]] = {}
    for index, pattern in enumerate(patterns):
        for element in _openers(pattern.elements):
            for word in element.exact:
                exact.setdefault(word, []).append(index)
            for prefix in element.prefixes:
                prefixes.setdefault(prefix, []).append(index)
            for name in element.classes:
                classes.setdefault(name, []).append(index)
    lengths = tuple(sorted({len(prefix) for prefix in prefixes}))
    return PatternSet(patterns, exact, prefixes, classes, lengths)


def _openers(elements: Sequence[Element]) -> list[Element]:
    """The elements with which a match may begin: optional ones, and the first solid one."""
    found = []
    for element in elements:
        if not element.gap:
            found.append(element)
            if not element.optional:
                break
    return found


def _match(
    pattern: Pattern, words: Sequence[str], classes: Sequence[frozenset[str]], at: int
) -> int:
    """Where the shortest match of ``pattern`` from ``at`` ends, or -1.

    All places that a match can have reached are carried along together, so that several gaps cost
    their sum and not their product.
    """
    count, elements = len(words), pattern.elements
    # the first word was looked up, and fits, unless it may be missing
    solid = 0 if elements[0].optional else 1
    at += solid
    for element in elements[solid:]:
        if element.gap or element.optional:
            break
        if at >= count or not element.fits(words[at], classes[at]):
            return -1
        at += 1
        solid += 1
    places: Collection[int] = (at,)
    gap = 0
    for element in elements[solid:]:
        if element.gap:
            gap += element.gap
            continue
        after = _after(element, words, classes, places, gap)
        if element.optional:
            after |= {place + skip for place in places for skip in range(gap + 1)}
        if not after:
            return -1
        places, gap = after, 0
    if pattern.end:
        return count if count in places else -1
    return min(places)


def _after(
    element: Element,
    words: Sequence[str],
    classes: Sequence[frozenset[str]],
    places: Collection[int],
    gap: int,
) -> set[int]:
    """Where a match goes on after ``element``, up to ``gap`` words beyond each of ``places``."""
    count, exact = len(words), element.exact
    plain = not element.classes and not element.prefixes
    found = set()
    for place in places:
        for at in range(place, min(place + gap + 1, count)):
            word = words[at]
            if word in exact or (not plain and element.fits(word, classes[at])):
                found.add(at + 1)
    return found
