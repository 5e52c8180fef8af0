"""What is too tall for any slide, in parts; those that share a slide after all are one again.

A paragraph is parted where its sentences end. An approved wording is never parted: only text that
stands around claims has places to part at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from exports.body import Cell, Inline, ListNode, Node, Paragraph, Quote, Text, words
from exports.deck.slides import Panel
from exports.deck.units import pieces_of

# a space behind a sentence and before the next one
_BETWEEN = re.compile(r"(?<=[a-z\d%)][.!?]) +(?=[A-Z\"“(])")

STEPS = (0, 1, 2, 3, 4, 6, 9)  # rows whole, then as paragraphs and items, then parts of paragraphs


@dataclass(frozen=True, slots=True)
class Part:
    """What may stand on a slide by itself: a row, or a piece of it, or a part of a piece."""

    row: int
    piece: int
    panel: Panel


def parts_of(rows: Sequence[Panel], step: int, fits: Callable[[int], bool]) -> list[Part]:
    """All rows, those that do not fit a slide in parts that repeat their head.

    Args:
        rows: what is to be shown.
        step: how small the parts become, one of ``STEPS``.
        fits: whether the row of a number can stand on a slide whole.
    """
    found = []
    for number, row in enumerate(rows):
        if step == 0 or fits(number):
            found.append(Part(number, 0, row))
            continue
        for place, piece in enumerate(pieces_of(row.nodes)):
            cut = _parts(piece, step)
            found += [Part(number, place, replace(row, nodes=(part,))) for part in cut]
    return found


def rejoined(parts: Iterable[Part]) -> list[Panel]:
    """The rows of one slide: neighbouring parts of a row are one row, of a paragraph one text."""
    joined = []
    for _, members in groupby(parts, key=lambda part: part.row):
        row = list(members)
        if len(row) == 1:
            joined.append(row[0].panel)
            continue
        nodes = [
            node
            for _, piece in groupby(row, key=lambda part: part.piece)
            for node in _whole([part.panel.nodes for part in piece])
        ]
        joined.append(replace(row[0].panel, nodes=tuple(_lists_joined(nodes))))
    return joined


def _whole(parts: Sequence[tuple[Node, ...]]) -> tuple[Node, ...]:
    """What was one piece; only a paragraph has several parts."""
    if len(parts) == 1:
        return parts[0]
    texts = [node.children for (node,) in parts if isinstance(node, Paragraph)]
    return (Paragraph(_joined(texts)),)


def _lists_joined(nodes: Sequence[Node]) -> Iterator[Node]:
    """Neighbouring items of a list, and neighbouring parts of a quotation, as one."""
    last: Node | None = None
    for node in nodes:
        if isinstance(last, ListNode) and isinstance(node, ListNode) and _follows(last, node):
            last = replace(last, items=(*last.items, *node.items))
        elif isinstance(last, Quote) and isinstance(node, Quote):
            last = replace(last, children=(*last.children, *node.children))
        else:
            if last is not None:
                yield last
            last = node
    if last is not None:
        yield last


def _follows(first: ListNode, second: ListNode) -> bool:
    return first.ordered == second.ordered and second.start == first.start + len(first.items)


def parted(nodes: Sequence[Node], count: int) -> list[Node]:
    """The nodes, each paragraph in up to ``count`` parts of about the same length."""
    return [part for node in nodes for part in _parts(node, count)]


def _parts(node: Node, count: int) -> list[Node]:
    if not isinstance(node, Paragraph) or count == 1:
        return [node]
    sentences = list(_sentences(node.children))
    total = sum(len(words(sentence)) for sentence in sentences)
    parts: list[list[Cell]] = [[]]
    said = 0
    for sentence in sentences:
        if parts[-1] and said >= len(parts) * total / count:
            parts.append([])
        parts[-1].append(sentence)
        said += len(words(sentence))
    return [replace(node, children=_joined(part)) for part in parts]


def _sentences(run: Cell) -> Iterator[Cell]:
    """The sentences of a run, without the spaces between them."""
    sentence: list[Inline] = []
    for inline in run:
        if not isinstance(inline, Text):
            sentence.append(inline)
            continue
        first, *others = _BETWEEN.split(inline.text)
        sentence.append(replace(inline, text=first))
        for other in others:
            yield tuple(sentence)
            sentence = [replace(inline, text=other)]
    yield tuple(sentence)


def _joined(sentences: Sequence[Cell]) -> Cell:
    joined: list[Inline] = []
    for sentence in sentences:
        for inline in (Text(" "), *sentence) if joined else sentence:
            last = joined[-1] if joined else None
            if isinstance(last, Text) and isinstance(inline, Text):
                joined[-1] = replace(last, text=last.text + inline.text)
            else:
                joined.append(inline)
    return tuple(joined)
