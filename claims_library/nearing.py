"""Approved wordings near a run of a text, compared word by word."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from claims_library import aligning, differences, indexing
from claims_library.aligning import Hunk
from claims_library.compiling import Library, View
from claims_library.differences import Comparison, side
from claims_library.findings import Verdict
from claims_library.indexing import Wording, stem_key, weak
from claims_library.segmenting import Sentence as Run
from claims_library.tokens import Tokens

COMPARED = 6
REACH = 3  # neighbouring sentences a wording may be spread over
LIKE = 0.58  # aligned share of both that makes a wording near
PARAPHRASE = 0.5  # shared share of both, in any order
PART_OF_TEXT, PART_OF_WORDING = 0.8, 0.3
WHOLE_WORDING = 0.8
SPLIT_CONTENT = 4
TIGHT = 0.78


class Span(Protocol):
    """Tokens ``start``–``end``."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Explained:
    """A run of a text (tokens ``start``–``end``) and how it differs from an approved wording."""

    start: int
    end: int
    wording: Wording
    view: View
    hunks: tuple[Hunk, ...]
    verdicts: tuple[Verdict, ...]
    single: tuple[frozenset[Verdict], ...]
    likeness: float
    added: tuple[str, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Spans:
    """What was found from one sentence on; ``last`` is the last sentence it covers."""

    last: int
    explained: list[Explained] = field(default_factory=list)


@dataclass(slots=True)
class _Near:
    """One wording held against one window of the text."""

    shelf: int
    w: int
    view: View
    start: int
    end: int
    first: int
    last: int
    hunks: list[Hunk]
    likeness: float
    rank: float
    whole: float
    tight: bool


class Reader:
    """A text, ready to be compared with the wordings of a library."""

    def __init__(self, tokens: Tokens, library: Library) -> None:
        self.tokens = tokens
        self.library = library
        self.ids = [self._ids(shelf.keys) for shelf in library.shelves]
        self.stems = [None if weak(key) else stem_key(key) for key in tokens.keys]

    def _ids(self, keys: dict[str, int]) -> array[int]:
        unknown = len(keys)
        return array("q", [keys.get(key, unknown) for key in self.tokens.keys])

    def mass(self, start: int, end: int) -> float:
        weight = self.library.weight
        return sum(weight(stem) for stem in self.stems[start:end])

    def explain(self, runs: Sequence[Run], at: int, approved: bytearray) -> Spans:
        """Compare sentence ``at`` (with those after it, if a wording is spread over them)."""
        run = runs[at]
        if any(approved[run.start : run.end]):
            spans = Spans(at)
            for start, end in _gaps(run, approved):
                near = self._nearest(start, end)
                if near is not None:
                    spans.explained.append(self._explained(near))
            return spans
        near = self._nearest(run.start, run.end, runs=runs, at=at, approved=approved)
        if near is None:
            return Spans(at)
        found = self._split(near)
        if any(entry.verdicts for entry in found):
            return Spans(max(near.last, at), found)
        # the words are those of an approved wording, in order, but something in them is not
        return Spans(max(near.last, at), [replace(found[0], verdicts=(Verdict.REWORDED,))])

    def forced(self, wording: tuple[int, int], start: int, end: int) -> list[Explained]:
        """Compare a run with a wording that stands in it, or with a nearer one."""
        near = self._nearest(start, end)
        own = self._held(wording[0], wording[1], start, end, 0, 0)
        best = own if near is None or near.rank < own.rank else near
        return self._split(best)

    def turned(self, shelf: int, w: int, span: Span, reason: str) -> Explained:
        """An approved wording that another sentence takes back."""
        near = self._held(shelf, w, span.start, span.end, 0, 0)
        return replace(self._explained(near), verdicts=(Verdict.POLARITY_FLIPPED,), reason=reason)

    def embedded(self, shelf: int, w: int, start: int, end: int) -> Explained:
        """An approved wording in a sentence that says more."""
        near = self._held(shelf, w, start, end, 0, 0)
        return replace(self._explained(near), verdicts=(Verdict.REWORDED,))

    def _split(self, near: _Near) -> list[Explained]:
        """A second claim in the same window gets its own comparison."""
        out: list[Explained] = []
        content = [
            hunk
            for hunk in near.hunks
            if hunk.equal and any(self.stems[near.start + t] for t in range(hunk.t0, hunk.t1))
        ]
        if content:
            first = near.start + content[0].t0
            last = near.start + content[-1].t1
            for start, end in ((near.start, first), (last, near.end)):
                other = self._other_claim(near, start, end)
                if other is None:
                    continue
                near = self._held(
                    near.shelf,
                    near.w,
                    *((end, near.end) if start == near.start else (near.start, start)),
                    near.first,
                    near.last,
                )
                out += self._split(other)
        out.append(self._explained(near))
        return sorted(out, key=lambda entry: entry.start)

    def _other_claim(self, near: _Near, start: int, end: int) -> _Near | None:
        if sum(stem is not None for stem in self.stems[start:end]) < SPLIT_CONTENT:
            return None
        other = self._nearest(start, end)
        if other is None or other.likeness < LIKE or other.view.wording == near.view.wording:
            return None
        return other

    def _nearest(
        self,
        start: int,
        end: int,
        *,
        runs: Sequence[Run] = (),
        at: int = 0,
        approved: bytearray | None = None,
    ) -> _Near | None:
        bag = Counter(stem for stem in self.stems[start:end] if stem is not None)
        if not bag:
            return None
        ranked: list[tuple[float, int, int]] = []
        mass = self._bag_mass(bag)
        for at_shelf, shelf in enumerate(self.library.shelves):
            dead = self.library.dead if at_shelf == 0 else frozenset()
            for w in indexing.candidates(shelf, self.ids[at_shelf][start:end], dead):
                view = self.library.view(at_shelf, w)
                ranked.append((-self._reach(bag, mass, view), at_shelf, w))
        ranked.sort()
        best: _Near | None = None
        for _, at_shelf, w in ranked[:COMPARED]:
            window = self._window(at_shelf, w, start, end, runs, at, approved)
            near = self._held(at_shelf, w, *window)
            if self._accepts(near) and (best is None or near.rank > best.rank + 1e-9):
                best = near
        return best

    def _bag_mass(self, bag: Counter[str]) -> float:
        weight = self.library.weight
        return sum(weight(stem) * count for stem, count in bag.items())

    def _common(self, bag: Counter[str], view: View) -> float:
        weight = self.library.weight
        own = view.bag
        return sum(weight(s) * min(count, own[s]) for s, count in bag.items() if s in own)

    def _reach(self, bag: Counter[str], mass: float, view: View) -> float:
        """How promising a wording is: shared share of both, or of the shorter one."""
        common = self._common(bag, view)
        dice = 2 * common / (mass + view.mass)
        return max(dice, 0.8 * common / max(1e-9, min(mass, view.mass)))

    def _window(
        self,
        at_shelf: int,
        w: int,
        start: int,
        end: int,
        runs: Sequence[Run],
        at: int,
        approved: bytearray | None,
    ) -> tuple[int, int, int, int]:
        """Take in following sentences as long as the wording is better covered with them."""
        first = last = at
        if not runs or approved is None:
            return start, end, first, last
        view = self.library.view(at_shelf, w)
        bag = Counter(stem for stem in self.stems[start:end] if stem is not None)
        score = self._dice(bag, view)
        for index in range(at + 1, min(at + 1 + REACH, len(runs))):
            run = runs[index]
            if run.heading or any(approved[run.start : run.end]):
                break
            wider = bag + Counter(s for s in self.stems[run.start : run.end] if s is not None)
            better = self._dice(wider, view)
            if better < score + 0.02:
                break
            bag, score, end, last = wider, better, run.end, index
        return start, end, first, last

    def _dice(self, bag: Counter[str], view: View) -> float:
        return 2 * self._common(bag, view) / (self._bag_mass(bag) + view.mass)

    def _held(self, at_shelf: int, w: int, start: int, end: int, first: int, last: int) -> _Near:
        """Hold a wording against tokens ``start``–``end``."""
        view = self.library.view(at_shelf, w)
        tokens = self.tokens
        stop = end
        while stop > start and tokens.words[stop - 1] in ".:;,":
            stop -= 1
        hunks = aligning.align(view.keys, tokens.keys[start:stop], weak=weak)
        weight = self.library.weight
        equal = sum(
            weight(stem)
            for hunk in hunks
            if hunk.equal
            for stem in self.stems[start + hunk.t0 : start + hunk.t1]
        )
        mass = self.mass(start, stop)
        bag = Counter(stem for stem in self.stems[start:stop] if stem is not None)
        dice = self._dice(bag, view) if bag else 0.0
        aligned = 2 * equal / max(1e-9, mass + view.aligned_mass)
        shorter = equal / max(1e-9, min(mass, view.aligned_mass))
        likeness = max(aligned, dice)
        return _Near(
            at_shelf,
            w,
            view,
            start,
            stop,
            first,
            last,
            hunks,
            likeness,
            0.7 * aligned + 0.3 * dice,
            equal / max(1e-9, view.aligned_mass),
            aligned >= TIGHT or shorter >= 0.85,
        )

    def _accepts(self, near: _Near) -> bool:
        """Whether a wording is near enough that the text is taken for a version of it."""
        stems = {s for s in self.stems[near.start : near.end] if s is not None}
        shared = [stem for stem in stems if stem in near.view.bag]
        words = [stem for stem in shared if stem[0] != "#"]
        if len(shared) < 3 or len(words) < 2:
            return len(near.view.bag) <= 3 and near.likeness >= 0.85 and bool(words)
        if near.likeness >= PARAPHRASE:
            return True
        if near.whole >= WHOLE_WORDING:
            return True
        return near.tight and (
            (near.whole >= PART_OF_WORDING and len(words) >= 4)
            or (len(words) >= 5 and _one_run(near.hunks))
        )

    def _explained(self, near: _Near) -> Explained:
        view, tokens = near.view, self.tokens
        text = side(tokens, near.start, near.end)
        loose = not near.tight or differences.is_paraphrase(view.side, text, near.hunks)
        comparison = Comparison(view.side, text, near.hunks, view.limits, view.qualifiers, loose)
        if all(hunk.equal for hunk in near.hunks):
            verdicts: tuple[Verdict, ...] = ()
            single: list[set[Verdict]] = [set() for _ in near.hunks]
        else:
            verdicts, single = differences.judge(comparison)
        added = tuple(
            word
            for hunk in near.hunks
            if not hunk.equal
            for word in tokens.words[near.start + hunk.t0 : near.start + hunk.t1]
        )
        return Explained(
            near.start,
            near.end,
            view.wording,
            view,
            tuple(near.hunks),
            verdicts,
            tuple(frozenset(entry) for entry in single),
            near.likeness,
            added,
        )


def _one_run(hunks: Sequence[Hunk]) -> bool:
    """Whether a text is a piece cut out of a wording, word for word."""
    return sum(hunk.equal for hunk in hunks) == 1 and all(
        hunk.equal or hunk.t0 == hunk.t1 for hunk in hunks
    )


def _gaps(run: Run, approved: bytearray) -> list[tuple[int, int]]:
    """The runs of a sentence that are no approved wording."""
    gaps: list[tuple[int, int]] = []
    start = -1
    for i in range(run.start, run.end + 1):
        free = i < run.end and not approved[i]
        if free and start < 0:
            start = i
        elif not free and start >= 0:
            gaps.append((start, i))
            start = -1
    return gaps
