"""What changed between two texts, word by word: pure, and the same for every kind of version.

A version reads as blocks (headings, paragraphs, list items, table rows) and facts (tags, rules,
dates). Blocks are paired first, so that a moved or added paragraph does not smear over its
neighbours, then compared word by word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["same", "ins", "del"]
Segment: TypeAlias = tuple[Kind, str]
Delta: TypeAlias = tuple[Segment, ...]

# a number keeps its decimals and its percent sign, so that 57% against 75% is one change
_TOKEN = re.compile(r"(\d+(?:[.,]\d+)*%?|\w+(?:[-'’]\w+)*|[^\w\s])(\s*)|(\s+)")
_ALIKE = 0.35
_PAIRS_MOST = 2500


@dataclass(frozen=True)
class Block:
    """One block of text; ``claims`` are the codes of the claims placed in it.

    ``approved`` says that it was signed before, as part of something else: whoever reads it here
    for the first time may read it, and need not.
    """

    kind: str
    text: str
    claims: tuple[str, ...] = ()
    approved: bool = False


@dataclass(frozen=True)
class Reading:
    """A version as a reviewer reads it: blocks in order, and facts as (name, words)."""

    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ComparedBlock:
    """One block with its delta; ``changed`` when anything in it differs."""

    kind: str
    delta: Delta
    claims: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class FactChange:
    """One fact that differs; empty words mean there was, or is, none."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two readings; ``first`` when there was none before."""

    blocks: tuple[ComparedBlock, ...]
    facts: tuple[FactChange, ...]
    words_changed: int
    words_total: int
    first: bool = False

    @property
    def changes(self) -> int:
        """How many places a reader must look at."""
        return sum(block.changed for block in self.blocks) + len(self.facts)


def compare_readings(before: Reading | None, after: Reading) -> Difference:
    """What is new in ``after``; without a ``before`` all that nobody approved is, and unmarked."""
    total = sum(count_words(block.text) for block in after.blocks)
    if before is None:
        blocks = tuple(
            ComparedBlock(block.kind, (("same", block.text),), block.claims, not block.approved)
            for block in after.blocks
        )
        facts = tuple(FactChange(name, "", words) for name, words in after.facts if words)
        new = sum(count_words(block.text) for block in after.blocks if not block.approved)
        return Difference(blocks, facts, new, total, first=True)
    compared = compare(before.blocks, after.blocks)
    changed = sum(_words_changed(block.delta) for block in compared)
    facts = tuple(_facts(dict(before.facts), dict(after.facts)))
    return Difference(compared, facts, changed, max(total, changed))


def _facts(before: dict[str, str], after: dict[str, str]) -> Iterator[FactChange]:
    for name in dict.fromkeys((*before, *after)):
        former, now = before.get(name, ""), after.get(name, "")
        if former != now:
            yield FactChange(name, former, now)


def compare(before: Sequence[Block], after: Sequence[Block]) -> tuple[ComparedBlock, ...]:
    """Pair the blocks of two texts and compare each pair; unpaired ones are whole changes."""
    return tuple(_compared(old, new) for old, new in _paired(before, after))


def _compared(old: Block | None, new: Block | None) -> ComparedBlock:
    if new is None:
        gone = old or Block("p", "")
        return ComparedBlock(gone.kind, (("del", gone.text),), (), True)
    if old is None:
        return ComparedBlock(new.kind, (("ins", new.text),), new.claims, not new.approved)
    delta = compare_words(old.text, new.text)
    changed = old.kind != new.kind or any(kind != "same" for kind, _ in delta)
    return ComparedBlock(new.kind, delta, new.claims, changed)


def _paired(
    before: Sequence[Block], after: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    texts = [[(block.kind, block.text) for block in side] for side in (before, after)]
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[i1:i2], after[j1:j2], strict=True)
        else:
            yield from _likely(before[i1:i2], after[j1:j2])


def _likely(
    before: Sequence[Block], after: Sequence[Block]
) -> Iterator[tuple[Block | None, Block | None]]:
    """Pair blocks in order so that the likeness of all pairs together is greatest."""
    if len(before) * len(after) > _PAIRS_MOST:
        yield from ((block, None) for block in before)
        yield from ((None, block) for block in after)
        return
    alike = [[_likeness(old, new) for new in after] for old in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            pair = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    i = j = 0
    while i < len(before) or j < len(after):
        if i < len(before) and best[i][j] == best[i + 1][j]:
            yield before[i], None
            i += 1
        elif j < len(after) and best[i][j] == best[i][j + 1]:
            yield None, after[j]
            j += 1
        else:
            yield before[i], after[j]
            i, j = i + 1, j + 1


def _likeness(old: Block, new: Block) -> float:
    """Words in common over all words; a heading is never the successor of a paragraph."""
    if (old.kind in ("h2", "h3")) != (new.kind in ("h2", "h3")):
        return 0.0
    left, right = Counter(_cores(old.text)), Counter(_cores(new.text))
    size = left.total() + right.total()
    return 2 * (left & right).total() / size if size else 1.0


@lru_cache(maxsize=512)
def compare_words(before: str, after: str) -> Delta:
    """The way from ``before`` to ``after`` in words.

    "same" and "ins" together are ``after``, character by character; "same" and "del" together
    are ``before`` but for white space, which never counts as a change.
    """
    if before == after:
        return (("same", after),) if after else ()
    old, new = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(
        None, [core for core, _ in old], [core for core, _ in new], autojunk=False
    )
    runs: list[Segment] = []
    for tag, i1, i2, j1, j2 in _steadied(matcher.get_opcodes(), new):
        put = "".join(word + space for word, space in new[j1:j2])
        if tag == "equal":
            runs.append(("same", put))
            continue
        taken = "".join(word + space for word, space in old[i1:i2])
        bare = put.rstrip()
        runs += [("del", taken.rstrip() if put else taken), ("ins", bare)]
        # the space after a change is nobody's: a mark that ends with its last letter reads better
        runs.append(("same", put[len(bare) :]))
    return tuple(_merged(runs))


def _merged(runs: Iterable[Segment]) -> Iterator[Segment]:
    """Runs without empty ones, neighbours of one kind as one."""
    filled = (run for run in runs if run[1])
    for kind, group in groupby(filled, key=lambda run: run[0]):
        yield kind, "".join(text for _, text in group)


Opcode: TypeAlias = tuple[str, int, int, int, int]


def _steadied(opcodes: Sequence[Opcode], new: Sequence[tuple[str, str]]) -> list[Opcode]:
    """A lone mark of punctuation between two changes belongs to them: less to jump over."""
    found: list[Opcode] = []
    for at, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        inside = 0 < at < len(opcodes) - 1
        lone = tag == "equal" and not any(_is_word(core) for core, _ in new[j1:j2])
        step = "replace" if tag != "equal" or (inside and lone) else "equal"
        if found and step == "replace" == found[-1][0]:
            found[-1] = ("replace", found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((step, i1, i2, j1, j2))
    return found


def count_words(text: str) -> int:
    """Words and numbers of a text; punctuation does not count."""
    return sum(_is_word(found[1] or "") for found in _TOKEN.finditer(text))


def _words_changed(delta: Delta) -> int:
    """A word put in another's place is one change, not two."""
    put = sum(count_words(text) for kind, text in delta if kind == "ins")
    taken = sum(count_words(text) for kind, text in delta if kind == "del")
    return max(put, taken)


def _is_word(core: str) -> bool:
    return bool(core) and (core[0].isalnum() or core[0] == "_")


def _cores(text: str) -> Iterator[str]:
    return (core for core, _ in _tokens(text) if core)


@lru_cache(maxsize=64)  # one comparison asks for its blocks again and again
def _tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Words with the white space after them; leading white space has an empty word."""
    return tuple((found[1] or "", found[2] or found[3] or "") for found in _TOKEN.finditer(text))
