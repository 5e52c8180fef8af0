"""Which blocks of two texts belong together, before their words are compared.

Blocks are paired in order so that the likeness of all pairs together is greatest. A block may have
one successor or several (it was parted), or share one with its neighbours (they were joined).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from mlr.blocks import Block, cores

_ALIKE = 0.35
_JOINED_ALIKE = 0.6  # likeness of what was parted or joined with all its parts together
_WITHIN = 0.6  # share of each part's words that must stand in the whole
_MOST_PARTS = 4
_PAIRS_MOST = 2500
_HEADINGS = ("h2", "h3")
_RUNNING = frozenset(["p", "li"])

Words = Counter[str]


@dataclass(frozen=True)
class Pair:
    """Blocks that belong together; one side is empty for what is new or gone."""

    before: tuple[Block, ...]
    after: tuple[Block, ...]


def paired(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Pair]:
    """All blocks of both sides in order, each in one pair; at most one side has several."""
    texts = [[(block.kind, block.text) for block in side] for side in (before, after)]
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            equal = zip(before[i1:i2], after[j1:j2], strict=True)
            yield from (Pair((old,), (new,)) for old, new in equal)
        elif (i2 - i1) * (j2 - j1) > _PAIRS_MOST:
            yield from (Pair((block,), ()) for block in before[i1:i2])
            yield from (Pair((), (block,)) for block in after[j1:j2])
        else:
            yield from _Likely(before[i1:i2], after[j1:j2]).pairs()


class _Likely:
    """The way through two runs of blocks along which they are most alike."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self.before, self.after = before, after
        self.words = [[Counter(cores(block.text)) for block in side] for side in (before, after)]
        # by place in both: how alike all that follows is, and how many blocks to take on each side
        rows, columns = len(before) + 1, len(after) + 1
        self.best = [[0.0] * columns for _ in range(rows)]
        self.step = [[(0, 0)] * columns for _ in range(rows)]
        for i in reversed(range(rows)):
            for j in reversed(range(columns)):
                self.best[i][j], self.step[i][j] = self._choose(i, j)

    def pairs(self) -> Iterator[Pair]:
        i = j = 0
        while i < len(self.before) or j < len(self.after):
            old, new = self.step[i][j]
            yield Pair(tuple(self.before[i : i + old]), tuple(self.after[j : j + new]))
            i, j = i + old, j + new

    def _choose(self, i: int, j: int) -> tuple[float, tuple[int, int]]:
        """The best step from here; what is gone stands before what is new."""
        more_old, more_new = i < len(self.before), j < len(self.after)
        found = 0.0, (1, 0) if more_old else (0, 1)
        if more_new:
            found = self.best[i][j + 1], (0, 1)
        if more_old and self.best[i + 1][j] >= found[0]:
            found = self.best[i + 1][j], (1, 0)
        if more_old and more_new:
            for alike, (old, new) in self._together(i, j):
                if alike + self.best[i + old][j + new] > found[0]:
                    found = alike + self.best[i + old][j + new], (old, new)
        return found

    def _together(self, i: int, j: int) -> Iterator[tuple[float, tuple[int, int]]]:
        """How alike what stands here is: block with block, or one with several of the other."""
        (olds, news), old, new = self.words, self.before[i], self.after[j]
        if (old.kind in _HEADINGS) != (new.kind in _HEADINGS):
            return  # a heading is never the successor of a paragraph
        alike = _likeness(olds[i], news[j])
        if alike >= _ALIKE:
            yield alike, (1, 1)
        if not 0.0 < alike < 1.0 or {old.kind, new.kind} - _RUNNING:
            return
        ends = i + _MOST_PARTS, j + _MOST_PARTS
        for count, joined in _joined(olds[i], news[j : ends[1]], self.after[j : ends[1]]):
            if joined > alike:
                yield joined, (1, count)
        for count, joined in _joined(news[j], olds[i : ends[0]], self.before[i : ends[0]]):
            if joined > alike:
                yield joined, (count, 1)


def _joined(
    whole: Words, parts: Sequence[Words], blocks: Sequence[Block]
) -> Iterator[tuple[int, float]]:
    """How alike one block is to the first two, three … of several, each of them a part of it."""
    left, together = whole, 0
    for count, (part, block) in enumerate(zip(parts, blocks, strict=True), start=1):
        # words that an earlier part has taken are not in the whole a second time
        within = (part & left).total()
        if not part or block.kind not in _RUNNING or within < _WITHIN * part.total():
            return
        left, together = left - part, together + part.total()
        alike = 2 * (whole.total() - left.total()) / (whole.total() + together)
        if count > 1 and alike >= _JOINED_ALIKE:
            yield count, alike


def _likeness(left: Words, right: Words) -> float:
    """Words in common over all words."""
    size = left.total() + right.total()
    return 2 * (left & right).total() / size if size else 1.0
