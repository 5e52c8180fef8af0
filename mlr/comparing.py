"""What changed between two texts, word by word: pure, and the same for every kind of version.

A version reads as blocks (headings, paragraphs, list items, table rows) and facts (tags, rules,
dates). Blocks are paired first, so that a moved or added paragraph does not smear over its
neighbours, then compared word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Literal, TypeAlias

from mlr.blocks import Block, count_words, is_word, tokens
from mlr.pairing import Pair, paired

Kind: TypeAlias = Literal["same", "ins", "del"]
Shape: TypeAlias = Literal["", "parted", "joined"]
Segment: TypeAlias = tuple[Kind, str]
Delta: TypeAlias = tuple[Segment, ...]

__all__ = [
    "Block",
    "ComparedBlock",
    "Delta",
    "Difference",
    "FactChange",
    "Reading",
    "Segment",
    "compare",
    "compare_readings",
    "compare_words",
    "count_words",
]


@dataclass(frozen=True)
class Reading:
    """A version as a reviewer reads it: blocks in order, and facts as (name, words)."""

    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ComparedBlock:
    """One block with its delta; ``changed`` when anything in it differs.

    ``shape`` says that its words stood in one block with those of its neighbours, or in several.
    """

    kind: str
    delta: Delta
    claims: tuple[str, ...]
    changed: bool
    shape: Shape = ""


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
    return tuple(each for pair in paired(before, after) for each in _compared(pair))


def _compared(pair: Pair) -> Iterator[ComparedBlock]:
    if not pair.after:
        for gone in pair.before:
            yield ComparedBlock(gone.kind, (("del", gone.text),), (), True)
        return
    if not pair.before:
        for new in pair.after:
            yield ComparedBlock(new.kind, (("ins", new.text),), new.claims, not new.approved)
        return
    # what was parted or joined is compared as one text, and the answer cut where the blocks end
    texts = ["\n".join(block.text for block in side) for side in (pair.before, pair.after)]
    deltas = _cut(compare_words(*texts), [block.text for block in pair.after])
    shape: Shape = "parted" if len(pair.after) > 1 else "joined" if len(pair.before) > 1 else ""
    for new, delta in zip(pair.after, deltas, strict=True):
        worded = any(kind != "same" for kind, _ in delta)
        changed = worded or bool(shape) or pair.before[0].kind != new.kind
        yield ComparedBlock(new.kind, delta, new.claims, changed, shape)


def _cut(delta: Delta, texts: Sequence[str]) -> list[Delta]:
    """A delta to several texts, joined by one character each, as one delta for each of them."""
    if len(texts) == 1:
        return [delta]
    ends = list(accumulate(len(text) + 1 for text in texts))
    cut: list[list[Segment]] = [[] for _ in texts]
    at = place = 0
    for kind, words in delta:
        if kind == "del":
            cut[place].append((kind, words))
            continue
        left = words
        while left:
            part = left[: ends[place] - at]
            left, at = left[len(part) :], at + len(part)
            ended = at == ends[place] and place < len(texts) - 1
            cut[place].append((kind, part[:-1] if ended else part))
            place += ended
    return [tuple(_merged(runs)) for runs in cut]


@lru_cache(maxsize=512)
def compare_words(before: str, after: str) -> Delta:
    """The way from ``before`` to ``after`` in words.

    "same" and "ins" together are ``after``, character by character; "same" and "del" together
    are ``before`` but for white space, which never counts as a change.
    """
    if before == after:
        return (("same", after),) if after else ()
    old, new = tokens(before), tokens(after)
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
        lone = tag == "equal" and not any(is_word(core) for core, _ in new[j1:j2])
        step = "replace" if tag != "equal" or (inside and lone) else "equal"
        if found and step == "replace" == found[-1][0]:
            found[-1] = ("replace", found[-1][1], i2, found[-1][3], j2)
        else:
            found.append((step, i1, i2, j1, j2))
    return found


def _words_changed(delta: Delta) -> int:
    """A word put in another's place is one change, not two."""
    put = sum(count_words(text) for kind, text in delta if kind == "ins")
    taken = sum(count_words(text) for kind, text in delta if kind == "del")
    return max(put, taken)
