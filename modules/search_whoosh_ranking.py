"""Ranking in a Whoosh index: sets of documents first, scores for what is left.

Whoosh's own matchers walk document by document through layers of Python. Here each word's postings
become a dictionary, the dictionaries are intersected, and only the documents that remain are scored
(BM25; Robertson and Zaragoza 2009, with the length norm folded into the stored weights). That is
several times faster, and it yields the full set of hits, which counts in SQL need anyway.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from modules.search_query import Phrase, Query
from modules.search_whoosh_postings import WORDS, Postings
from modules.search_words import inflects, neighbourhood, stem

LINE = "line"

SATURATION = 1.2
# A word that merely begins with what was typed says less than the word itself.
ONLY_BEGINS = 0.5
# Two letters can begin thousands of words; more than these would change nothing one can see.
MAXIMUM_EXPANSION = 2_000

Weights = dict[int, float]


class Ranking:
    """Answers queries from one reader; belongs to one thread like the reader itself."""

    def __init__(self, reader: Any, postings: Postings) -> None:
        self._leaves: Sequence[tuple[Any, int]] = reader.leaf_readers()
        self._total: int = reader.doc_count_all()
        self._postings = postings
        self._lines: dict[int, Mapping[int, bytes]] = {}
        self._dead = frozenset(
            offset + number
            for leaf, offset in self._leaves
            if leaf.has_deletions()
            for number in leaf.segment().deleted_docs()
        )

    def scores(self, query: Query) -> Iterator[tuple[int, float]]:
        """Key and score of every document that matches, in no order."""
        groups: list[Weights] = []
        for group in query.groups:
            found = self._group(group)
            if not found:
                return iter(())
            groups.append(found)
        groups.sort(key=len)
        matching = set(groups[0]).intersection(*groups[1:])
        matching -= self._dead
        for phrase in query.excluded:
            matching.difference_update(self._phrase(phrase))
        numbers = sorted(matching)
        return zip(self._keys(numbers), self._scores(groups, numbers), strict=True)

    def _scores(self, groups: Sequence[Weights], numbers: Sequence[int]) -> list[float]:
        columns = []
        for group in groups:
            rarity = math.log(1 + (self._total - len(group) + 0.5) / (len(group) + 0.5))
            factor = rarity * (SATURATION + 1)
            weights = map(group.__getitem__, numbers)
            columns.append([factor * weight / (weight + SATURATION) for weight in weights])
        return columns[0] if len(columns) == 1 else list(map(sum, zip(*columns, strict=True)))

    def _keys(self, numbers: Iterable[int]) -> list[int]:
        keys: list[int] = []
        ends = [offset + leaf.doc_count_all() for leaf, offset in self._leaves]
        for (leaf, offset), inside in zip(self._leaves, _split(numbers, ends), strict=True):
            if inside:
                known = self._postings.keys(leaf)
                keys += [known[number - offset] for number in inside]
        return keys

    def _group(self, group: Sequence[Phrase]) -> Weights:
        """Weights of one phrase, or of several that count as one word."""
        weights = self._phrase(group[0])
        for phrase in group[1:]:
            for number, weight in self._phrase(phrase).items():
                weights[number] = weights.get(number, 0.0) + weight
        return weights

    def _phrase(self, phrase: Phrase) -> Weights:
        if len(phrase.words) == 1:
            return self._word(self._terms(phrase, phrase.words[0]))
        terms = [self._terms(phrase, word) for word in _narrowing(phrase)]
        rarest = self._word(min(terms, key=self._documents))
        return {number: rarest[number] for number in self._standing(phrase, rarest)}

    def _terms(self, phrase: Phrase, word: str) -> list[tuple[int, bytes, float]]:
        """The index's own words for a word: in which leaf, which, and how much it counts."""
        return [
            (place, term, factor)
            for place, (leaf, _) in enumerate(self._leaves)
            for term, factor in _terms(leaf, phrase, word)
        ]

    def _documents(self, terms: Iterable[tuple[int, bytes, float]]) -> int:
        """In how many documents words occur, or a little more."""
        return sum(self._leaves[place][0].doc_frequency(WORDS, term) for place, term, _ in terms)

    def _word(self, terms: Iterable[tuple[int, bytes, float]]) -> Weights:
        """The weight of a word, in all its forms, by document."""
        total: Weights = {}
        for place, term, factor in terms:
            leaf, offset = self._leaves[place]
            numbers, weights = self._postings.of(leaf, term)
            if not total and not offset and factor == 1.0:
                total = dict(zip(numbers, weights, strict=True))
                continue
            already = total.get
            for number, weight in zip(numbers, weights, strict=True):
                document = number + offset
                total[document] = already(document, 0.0) + factor * weight
        return total

    def _standing(self, phrase: Phrase, numbers: Iterable[int]) -> Iterator[int]:
        """Those documents in which the words of a phrase stand together."""
        wanted = f" {' '.join(phrase.words)}{'' if phrase.prefix else ' '}".encode()
        ends = [offset + leaf.doc_count_all() for leaf, offset in self._leaves]
        for (leaf, offset), inside in zip(self._leaves, _split(sorted(numbers), ends), strict=True):
            if inside:
                lines = self._lines.get(offset)
                if lines is None:
                    lines = self._lines[offset] = leaf.column_reader(LINE, translate=False)
                yield from (number for number in inside if wanted in lines[number - offset])


def _split(numbers: Iterable[int], ends: Sequence[int]) -> Iterator[list[int]]:
    """Ascending numbers, cut at the ends of the leaves."""
    ordered = list(numbers)
    start = 0
    for end in ends:
        stop = bisect_left(ordered, end, start)
        yield ordered[start:stop]
        start = stop


def _narrowing(phrase: Phrase) -> tuple[str, ...]:
    """The words of a phrase worth asking the index for: a last letter alone is not."""
    sought = phrase.sought
    if phrase.prefix and len(sought) > 1 and len(sought[-1]) == 1:
        return sought[:-1]
    return sought


def _terms(leaf: Any, phrase: Phrase, word: str) -> Iterator[tuple[bytes, float]]:
    """A leaf's own words for a word, each with how much it counts."""
    forms = set(_forms(leaf, word) if not phrase.exact and inflects(word) else _itself(leaf, word))
    yield from ((form, 1.0) for form in sorted(forms))
    if phrase.prefix and word == phrase.words[-1]:
        for term in islice(leaf.expand_prefix(WORDS, word), MAXIMUM_EXPANSION):
            if term not in forms:
                yield term, ONLY_BEGINS


def _itself(leaf: Any, word: str) -> Iterator[bytes]:
    if (WORDS, word) in leaf:
        yield word.encode()


def _forms(leaf: Any, word: str) -> Iterator[bytes]:
    stemmed = stem(word)
    for term in leaf.expand_prefix(WORDS, neighbourhood(stemmed)):
        if stem(term.decode()) == stemmed:
            yield term
