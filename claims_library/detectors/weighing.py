"""How much the words of a sentence weigh for or against a claim, summed over all of them.

Rules say what a claim is; weights say how a sentence with such words is mostly meant. Each word,
pair of words and class of words has a weight that ``tools/weights.py`` learned from sentences
written for it. Names, numbers, medicines and diseases count as what they are, whatever they are
called, so that a product nobody has seen is read like any other. R-110, R-118.

A claim may stand in one clause of a sentence that is about something else (``The dossier, which you
asked for, proves ...``): each clause is weighed by itself as well. Where a part of a sentence is
approved wording, the other parts are weighed as clauses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from typing import NamedTuple

from claims_library.detectors.reading import Line
from claims_library.stems import stem
from claims_library.wordlists import words

UNIT = 100  # of weights, which are whole numbers so that sums are the same everywhere
CLAUSE = 150  # what a clause must weigh more than a sentence
SHORTEST = 3  # words of a sentence or clause that is weighed; rules judge what is shorter
QUOTED = 6  # words at most that are named as those that spoke, and SHORTEST at least
FILE = "weights.tsv"
_NAMES = (
    ("product", "<product>"),
    ("num", "<number>"),
    ("slot", "<slot>"),
    ("drug", "<drug>"),
    ("disease", "<disease>"),
)
_ONCE = words("<product> <drug>")
_MARKS = frozenset([",", ";", ":", "(", ")", "—", "–", ".", "!", "?", '"', "“", "”"])
_JOINING = words(
    """
    because since which who that as while though although yet but and so if when where after until
    """
)
_ENDS = ".!?:"


class View(NamedTuple):
    """Words ``start``–``end`` of a line, read as a sentence; ``closing`` is the mark after it."""

    start: int
    end: int
    closing: str
    clause: bool


class Weighed(NamedTuple):
    """What a sentence weighs for a claim, and which part of it weighs most."""

    score: int
    view: View


class Weights:
    """The weight of every feature, in hundredths of a unit of log odds.

    Args:
        bias: what a sentence without any word weighs.
        weights: by feature (see ``features``).
        version: says which sentences they were learned from.
    """

    def __init__(self, bias: int, weights: Mapping[str, int], version: str) -> None:
        self._bias = bias
        self._weights = weights
        self.version = version

    def weigh(self, line: Line) -> Weighed | None:
        """What speaks for a claim in a line against all else; None if nothing is to be weighed."""
        best: Weighed | None = None
        for view in views(line):
            said = {feature for feature, _, _ in features(line, view)}
            score = self._bias - (CLAUSE if view.clause else 0) + sum(map(self._weight, said))
            if best is None or score > best.score:
                best = Weighed(score, view)
        return best

    def _weight(self, feature: str) -> int:
        return self._weights.get(feature, 0)

    def loudest(self, line: Line, view: View) -> tuple[int, int]:
        """First word and end of the few in a row that weigh most for a claim."""
        own = [0.0] * len(line.words)
        for feature, first, last in features(line, view):
            for at in range(first, last):
                own[at] += self._weight(feature) / (last - first)
        spans = (
            (start, end)
            for start in range(view.start, view.end)
            for end in range(start + SHORTEST, min(view.end, start + QUOTED) + 1)
        )
        return max(
            spans, key=lambda span: (sum(own[span[0] : span[1]]), span[0] - span[1], -span[0])
        )


@cache
def learned() -> Weights:
    """The weights that the program ships."""
    text = files("claims_library.rules").joinpath(FILE).read_text("utf-8")
    return read_weights(text)


def read_weights(text: str) -> Weights:
    """Weights from their file: one line of version and bias, then a feature to a line."""
    head, *rows = text.splitlines()
    version, bias = head.split("\t")
    weights = {feature: int(weight) for feature, weight in (row.split("\t") for row in rows)}
    return Weights(int(bias), weights, version)


def views(line: Line) -> Iterator[View]:
    """The whole line, then each of its clauses; those that are long enough."""
    count = len(line.words)
    if count < SHORTEST:
        return
    last = line.sentence.text.rstrip()[-1:]
    closing = last if last in _ENDS else ""
    whole = not any(line.sentence.approved)
    if whole:
        yield View(0, count, closing, clause=False)
    cuts = [0, *_cuts(line), count]
    if whole and len(cuts) == 2:
        return
    for start, end in pairwise(cuts):
        if end - start >= SHORTEST and not _is_approved(line, start):
            yield View(start, end, closing if end == count else ",", clause=True)


def _cuts(line: Line) -> list[int]:
    """Where a clause begins: after a mark or a word that joins two, and beside approved wording."""
    given, at = line.sentence.words, line.at
    return [
        place
        for place in range(1, len(line.words))
        if line.words[place - 1] in _JOINING
        or not _MARKS.isdisjoint(given[at[place - 1] + 1 : at[place]])
        or _is_approved(line, place) != _is_approved(line, place - 1)
    ]


def _is_approved(line: Line, place: int) -> bool:
    approved = line.sentence.approved
    return bool(approved) and bool(approved[line.at[place]])


def features(line: Line, view: View) -> Iterator[tuple[str, int, int]]:
    """What is weighed of a view, each with the words ``first``–``last`` that it is made of."""
    named = list(_terms(line.words, line.classes, view))
    yield f"length:{min(6, len(named) // 3)}", 0, 0
    yield f"end:{view.closing}", 0, 0
    for name in sorted(frozenset[str]().union(*line.classes[view.start : view.end])):
        yield f"class:{name}", 0, 0
    before, at = "^", view.start
    for term, place in named:
        yield term, place, place + 1
        yield f"{before} {term}", at, place + 1
        before, at = term, place
    yield f"{before} $", at, at + 1


def _terms(
    given: Sequence[str], classes: Sequence[frozenset[str]], view: View
) -> Iterator[tuple[str, int]]:
    """The words of a view as they are weighed, and where each stands; a name of two words once."""
    read = ((_term(given[place], classes[place]), place) for place in range(view.start, view.end))
    for term, places in groupby(read, key=lambda each: each[0]):
        if term in _ONCE:
            yield next(places)
        else:
            yield from places


def _term(word: str, own: frozenset[str]) -> str:
    for name, term in _NAMES:
        if name in own:
            return term
    return stem(word)
