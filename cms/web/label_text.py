"""Paragraphs of a label section cut where the quotes of claims begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from claims_library.anchors import fold


@dataclass(frozen=True)
class Piece:
    """A stretch of text, whether a claim rests on it, and the codes of the quotes it ends."""

    text: str
    marked: bool
    claims: tuple[str, ...]


def pieces_of(paragraphs: Sequence[str], quotes: Sequence[tuple[str, str]]) -> list[list[Piece]]:
    """Each paragraph, white space folded, as pieces; a quote may reach over several paragraphs.

    ``quotes`` are (claim code, excerpt). A code is written once, behind the last of its words.
    """
    folded = [fold(paragraph) for paragraph in paragraphs]
    text = " ".join(part for part in folded if part)
    spans = [
        (start, start + len(fold(words)), code)
        for code, words in quotes
        if (start := text.find(fold(words))) >= 0
    ]
    cuts = sorted({edge for start, end, _ in spans for edge in (start, end)})
    found, at = [], 0
    for part in folded:
        found.append(_pieces(part, at, spans, cuts))
        at += len(part) + 1 if part else 0
    return found


def _pieces(
    part: str, at: int, spans: Sequence[tuple[int, int, str]], cuts: Sequence[int]
) -> list[Piece]:
    end = at + len(part)
    edges = [at, *(cut for cut in cuts if at < cut < end), end]
    return [
        Piece(
            part[start - at : stop - at],
            any(first < stop and last > start for first, last, _ in spans),
            tuple(code for first, last, code in spans if first < stop and start < last <= stop),
        )
        for start, stop in pairwise(edges)
        if start < stop
    ]
