"""Marks what a query found in a text, and cuts the part of a long text worth showing.

Independent of the engine: texts come from the database as they are now, so a mark can never show
a text that is no longer there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from modules.search_query import Phrase, Query, parse
from modules.search_words import Word, stem, words

# Characters of a snippet, about three lines of a card.
SNIPPET = 240


class Segment(NamedTuple):
    """A stretch of text, and whether it is what was looked for."""

    text: str
    hit: bool


Span = tuple[int, int]


def mark(query: str, text: str) -> list[Segment]:
    """The whole of ``text`` in segments; joined they are ``text`` again."""
    return _segments(text, _spans(_parsed(query), words(text)), 0, len(text))


def snippet(query: str, text: str, *, length: int = SNIPPET) -> list[Segment]:
    """The stretch of about ``length`` characters with the most different hits, else the beginning.

    Cut between words, with "…" where something was left out, white space as single spaces.
    """
    text = " ".join(text.split())
    found = words(text)
    spans = _spans(_parsed(query), found)
    start, end = _window(text, found, spans, length)
    segments = _segments(text, spans, start, end)
    if start > 0:
        segments.insert(0, Segment("… ", hit=False))
    if end < len(text):
        segments.append(Segment(" …", hit=False))
    return segments


@lru_cache(maxsize=256)
def _parsed(query: str) -> Query:
    return parse(query)


def _spans(query: Query, found: Sequence[Word]) -> list[Span]:
    """Where the phrases of a query stand, merged where they overlap."""
    spans = sorted({span for phrase in query.phrases for span in _standing(phrase, found)})
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _standing(phrase: Phrase, found: Sequence[Word]) -> Iterator[Span]:
    length = len(phrase.words)
    if length == 1:
        meant = _meant(phrase, {text for text, _, _ in found})
        yield from ((start, end) for text, start, end in found if text in meant)
        return
    for place in range(len(found) - length + 1):
        if found[place][0] == phrase.words[0]:
            run = found[place : place + length]
            if _follows(phrase, [text for text, _, _ in run]):
                yield (run[0][1], run[-1][2])


def _follows(phrase: Phrase, run: Sequence[str]) -> bool:
    *middle, last = run
    *wanted, end = phrase.words
    return middle == wanted and (last.startswith(end) if phrase.prefix else last == end)


def _meant(phrase: Phrase, texts: set[str]) -> set[str]:
    """Those words of a text that a phrase of one word stands for."""
    wanted = phrase.words[0]
    meant = {wanted}
    if not phrase.exact:
        stemmed = stem(wanted)
        meant |= {text for text in texts if stem(text) == stemmed}
    if phrase.prefix:
        meant |= {text for text in texts if text.startswith(wanted)}
    return meant


def _window(text: str, found: Sequence[Word], spans: Sequence[Span], length: int) -> Span:
    """The best stretch to show: the most different hits, and of equals the first."""
    if len(text) <= length:
        return (0, len(text))
    best, most = 0, 0
    for start, _ in spans:
        inside = {text[s:e].casefold() for s, e in spans if start <= s and e <= start + length}
        if len(inside) > most:
            best, most = start, len(inside)
    wish = min(max(0, best - length // 4), len(text) - length)
    start = next((first for _, first, _ in found if first >= wish), wish) if wish else 0
    if spans:
        start = min(start, best)
    if start + length >= len(text):
        return (start, len(text))
    ends = (last for _, _, last in found if start < last <= start + length)
    return (start, max(ends, default=start + length))


def _segments(text: str, spans: Sequence[Span], start: int, end: int) -> list[Segment]:
    segments: list[Segment] = []
    position = start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > position:
            segments.append(Segment(text[position:first], hit=False))
        position = max(first, position)
        segments.append(Segment(text[position : min(last, end)], hit=True))
        position = min(last, end)
    if position < end:
        segments.append(Segment(text[position:end], hit=False))
    return segments
