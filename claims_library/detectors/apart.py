"""Figures that stand apart from the words that say what they mean: rows of tables, large figures.

A cell says something only with the head of its column and the rest of its row; a large figure only
with the line below it. Such parts are put together and read as one sentence. R-110, R-118.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from claims_library.findings import Sentence

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-{2,}[-:| \t\r]*\Z")
_CAPTION = 14  # words; a longer line below a figure is a sentence of its own
_FIGURE_WORDS = frozenset(["of", "in", "to", "vs", "versus", "and", "x", "fold", "ci", "p", "up"])


@dataclass(frozen=True, slots=True)
class Apart:
    """Parts read as one: the ``sentence`` they make.

    ``own`` are the parts that a finding concerns and ``text`` is what stands there; ``heads``
    stand above their figures.
    """

    sentence: Sentence
    text: str
    own: tuple[Sentence, ...]
    heads: tuple[Sentence, ...] = ()

    @property
    def start(self) -> int:
        return self.own[0].start

    @property
    def end(self) -> int:
        return self.own[-1].end

    @property
    def figures(self) -> str:
        """The first part that holds a figure nobody approved, as it stands in the text."""
        parts = [part.text for part in self.own if has_figure(part)]
        return " ".join((parts[0] if parts else self.own[0].text).split())[:80]


def has_figure(sentence: Sentence) -> bool:
    """Whether a number stands there that is no approved wording."""
    approved = sentence.approved or [False] * len(sentence.words)
    return any(
        kind == "n" and not fine for kind, fine in zip(sentence.kinds, approved, strict=False)
    )


def rows(text: str, sentences: Sequence[Sentence]) -> Iterator[Apart]:
    """The rows of the tables in ``text``, each with the heads of its columns."""
    cells = [sentence for sentence in sentences if sentence.cell]
    head: list[tuple[int, Sentence]] = []
    before = -1
    for at, parts in groupby(cells, key=lambda cell: text.rfind("\n", 0, cell.start) + 1):
        row = [(len(_BAR.findall(text, at, cell.start)), cell) for cell in parts]
        between = text[before:at].splitlines()[1:] if before >= 0 else []
        goes_on = before >= 0 and all(_RULE.match(line) for line in between)
        before = row[-1][1].end
        open_cells = [(column, cell) for column, cell in row if not cell.cleared]
        if open_cells and not _is_head(text, before):
            yield _row(text, head if goes_on else (), open_cells)
        if not goes_on:
            head = row


def _is_head(text: str, end: int) -> bool:
    """Whether the line after the one at ``end`` rules off the head of a table."""
    start = text.find("\n", end) + 1
    stop = text.find("\n", start) if start else 0
    return bool(start) and _RULE.match(text, start, stop if stop >= 0 else len(text)) is not None


def _row(
    text: str, head: Sequence[tuple[int, Sentence]], row: Sequence[tuple[int, Sentence]]
) -> Apart:
    """Each cell after the head of its column, as ``Endpoint: MMR; Product: 44%``."""
    parts: list[Sentence] = []
    heads: list[Sentence] = []
    for column, cell in row:
        above = [named for at, named in head if at == column]
        parts += [*above, cell]
        if has_figure(cell):
            heads += above
    own = tuple(cell for _, cell in row)
    return Apart(_joined(text, parts), text[own[0].start : own[-1].end], own, tuple(heads))


def large_figures(text: str, sentences: Sequence[Sentence]) -> Iterator[Apart]:
    """Blocks of nothing but a figure (``44%``), each with the short line below it."""
    for at, sentence in enumerate(sentences):
        if sentence.cell or sentence.cleared or not _is_figure(sentence):
            continue
        below = sentences[at + 1 : at + 2]
        captions = [line for line in below if not line.cell and len(line.words) <= _CAPTION]
        yield Apart(_joined(text, [sentence, *captions]), sentence.text, (sentence,))


def _is_figure(sentence: Sentence) -> bool:
    """A share, multiple or count over total, with or without its interval."""
    words, kinds = sentence.words, sentence.kinds
    return (
        "n" in kinds
        and ("%" in words or "/" in words or not _FIGURE_WORDS.isdisjoint(words))
        and all(
            kind in "nus" or word in _FIGURE_WORDS for word, kind in zip(words, kinds, strict=False)
        )
    )


def _joined(text: str, parts: Sequence[Sentence]) -> Sentence:
    start = min(part.start for part in parts)
    end = max(part.end for part in parts)
    return Sentence(
        text=text[start:end],
        start=start,
        end=end,
        words=[word for part in parts for word in part.words],
        starts=[at for part in parts for at in part.starts],
        ends=[at for part in parts for at in part.ends],
        kinds="".join(part.kinds for part in parts),
        approved=[fine for part in parts for fine in _approved(part)],
    )


def _approved(part: Sentence) -> Sequence[bool]:
    return part.approved or [False] * len(part.words)
