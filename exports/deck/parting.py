"""A paragraph too tall for any slide, in parts that end where its sentences end.

An approved wording is never parted: only text that stands around claims has places to part at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from exports.body import Cell, Inline, Node, Paragraph, Text, words

# a space behind a sentence and before the next one
_BETWEEN = re.compile(r"(?<=[a-z\d%)][.!?]) +(?=[A-Z\"“(])")


def parted(nodes: Sequence[Node], count: int) -> list[Node]:
    """The nodes, each paragraph in up to ``count`` parts of about the same length."""
    return [part for node in nodes for part in _parts(node, count)]


def _parts(node: Node, count: int) -> list[Node]:
    if not isinstance(node, Paragraph):
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
        joined += [Text(" "), *sentence] if joined else sentence
    return tuple(joined)
