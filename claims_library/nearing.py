"""Approved wordings near a run of a text, compared word by word."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

from claims_library import aligning, differences, indexing
from claims_library.aligning import Hunk
from claims_library.compiling import Library, View
from claims_library.differences import Comparison, side
from claims_library.findings import Verdict
from claims_library.indexing import Shelf, Wording, stem_key, weak
from claims_library.segmenting import Sentence as Run
from claims_library.stems import STOP
from claims_library.tokens import Tokens

COMPARED = 6
REACH = 3  # neighbouring sentences a wording may be spread over
LIKE = 0.58  # aligned share of both that makes a wording near
PARAPHRASE = 0.5  # shared share of both, in any order
ASKED = 0.75  # a question has to be nearer
PART_OF_WORDING = 0.3
WHOLE_WORDING = 0.8
SPLIT_CONTENT = 4
TIGHT = 0.78
SAME_WORDS = 0.75
REPORTED = 0.6  # share of a text that stands in a wording, if a result of it is among it
_CONNECTIVES = frozenset([",", ";", ":", ".", "and", "(", ")", "-", "while", "whereas"])


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
    """One wording held against tokens ``start``–``end`` of the text.

    ``likeness`` is what both share, ``whole`` the share of the wording that stands in order.
    """

    shelf: int
    w: int
    start: int
    end: int
    last: int
    hunks: list[Hunk]
    likeness: float
    rank: float
    whole: float
    share: float
    tight: bool


@dataclass(slots=True)
class _Sight:
    """The text as one shelf sees it."""

    ids: array[int]
    codes: str
    stems: list[int]


class Reader:
    """A text, ready to be compared with the wordings of a library."""

    def __init__(self, tokens: Tokens, library: Library) -> None:
        self.tokens = tokens
        self.library = library
        self.stems = [None if weak(key) else stem_key(key) for key in tokens.keys]
        weights = {stem: library.weight(stem) for stem in dict.fromkeys(self.stems)}
        self.weights = weights
        self.prefix = [0.0, *accumulate(weights[stem] for stem in self.stems)]
        self.sights = [self._sight(shelf) for shelf in library.shelves]

    def _sight(self, shelf: Shelf) -> _Sight:
        keys = shelf.keys
        unknown: dict[str, int] = {}
        ids: array[int] = array("q")
        for key in self.tokens.keys:
            at = keys.get(key)
            ids.append(unknown.setdefault(key, len(keys) + len(unknown)) if at is None else at)
        known = shelf.stems
        stems = [-1 if stem is None else known.get(stem, -1) for stem in self.stems]
        return _Sight(ids, aligning.codes(ids), stems)

    def explain(self, runs: Sequence[Run], at: int, approved: bytearray) -> Spans:
        """Compare sentence ``at`` (with those after it, if a wording is spread over them)."""
        run = runs[at]
        if any(approved[run.start : run.end]):
            spans = Spans(at)
            for start, end in _gaps(run, approved):
                near = self._nearest(*self._trimmed(start, end))
                if near is not None:
                    explained = self._explained(near)
                    verdicts = explained.verdicts or (Verdict.REWORDED,)
                    spans.explained.append(replace(explained, verdicts=verdicts))
            return spans
        near = self._nearest(run.start, run.end, runs=runs, at=at, approved=approved)
        if near is None or self._better_later(near, runs, at):
            return Spans(at)
        found = self._split(near)
        if any(entry.verdicts for entry in found):
            return Spans(max(near.last, at), found)
        # the words are those of an approved wording, in order, but something in them is not
        return Spans(max(near.last, at), [replace(found[0], verdicts=(Verdict.REWORDED,))])

    def _better_later(self, near: _Near, runs: Sequence[Run], at: int) -> bool:
        """Whether a wording is nearer without the first of several sentences."""
        if near.last == at:
            return False
        shelf, w, start = near.shelf, near.w, runs[at + 1].start
        return self._dice(shelf, w, start, near.end) > self._dice(shelf, w, near.start, near.end)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Without the connectives at both ends."""
        words = self.tokens.words
        while start < end and words[start] in _CONNECTIVES:
            start += 1
        while end > start and words[end - 1] in _CONNECTIVES:
            end -= 1
        return start, end

    def forced(self, wording: tuple[int, int], start: int, end: int) -> list[Explained]:
        """Compare a run with a wording that stands in it, or with a nearer one."""
        near = self._nearest(start, end)
        own = self._held(wording[0], wording[1], start, end, 0)
        best = own if near is None or near.rank < own.rank else near
        return self._split(best)

    def another(self, start: int, end: int) -> bool:
        """Whether a clause is near an approved wording by itself."""
        if sum(stem is not None for stem in self.stems[start:end]) < SPLIT_CONTENT:
            return False
        near = self._nearest(start, end)
        return near is not None and near.likeness >= LIKE

    def turned(self, shelf: int, w: int, span: Span, reason: str) -> Explained:
        """An approved wording that another sentence takes back."""
        near = self._held(shelf, w, span.start, span.end, 0)
        return replace(self._explained(near), verdicts=(Verdict.POLARITY_FLIPPED,), reason=reason)

    def embedded(self, shelf: int, w: int, start: int, end: int) -> Explained:
        """An approved wording in a sentence that says more."""
        near = self._held(shelf, w, start, end, 0)
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
                    near.last,
                )
                out += self._split(other)
        out.append(self._explained(near))
        return sorted(out, key=lambda entry: entry.start)

    def _other_claim(self, near: _Near, start: int, end: int) -> _Near | None:
        if sum(stem is not None for stem in self.stems[start:end]) < SPLIT_CONTENT:
            return None
        other = self._nearest(start, end)
        if other is None or other.likeness < LIKE or (other.shelf, other.w) == (near.shelf, near.w):
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
        mass = self._mass(start, end)
        if not mass:
            return None
        best: _Near | None = None
        for at_shelf, w in self._promising(start, end, mass):
            stop, last = end, at
            if approved is not None:
                stop, last = self._window(at_shelf, w, start, end, runs, at, approved)
            near = self._held(at_shelf, w, start, stop, last)
            if self._accepts(near) and (best is None or near.rank > best.rank + 1e-9):
                best = near
        return best

    def _mass(self, start: int, end: int) -> float:
        """Weight of the different stems of a run."""
        weights = self.weights
        return sum([weights[s] for s in set(self.stems[start:end]) if s is not None])

    def _promising(self, start: int, end: int, mass: float) -> list[tuple[int, int]]:
        """The few wordings worth comparing: by the shared share of both, or of the shorter one."""
        ranked: list[tuple[float, int, int]] = []
        for at_shelf, shelf in enumerate(self.library.shelves):
            dead = self.library.dead if at_shelf == 0 else frozenset()
            sight = self.sights[at_shelf]
            stems = set(sight.stems[start:end])
            weights = shelf.weights
            for w in indexing.candidates(shelf, sight.ids[start:end], dead):
                common = sum([weights[s] for s in shelf.stems_in(w) & stems])
                own = shelf.masses[w]
                reach = max(2 * common / (mass + own), 0.8 * common / max(1e-9, min(mass, own)))
                ranked.append((-reach, at_shelf, w))
        ranked.sort()
        return [(at_shelf, w) for _, at_shelf, w in ranked[:COMPARED]]

    def _window(
        self,
        at_shelf: int,
        w: int,
        start: int,
        end: int,
        runs: Sequence[Run],
        at: int,
        approved: bytearray,
    ) -> tuple[int, int]:
        """Take in following sentences as long as the wording is better covered with them."""
        last = at
        if runs[at].heading:
            return end, last
        score = self._dice(at_shelf, w, start, end)
        for index in range(at + 1, min(at + 1 + REACH, len(runs))):
            run = runs[index]
            parted = run.begins and not (run.item or run.cell)
            if parted or run.heading or any(approved[run.start : run.end]):
                break
            better = self._dice(at_shelf, w, start, run.end)
            if better < score + 0.02:
                break
            score, end, last = better, run.end, index
        return end, last

    def _dice(self, at_shelf: int, w: int, start: int, end: int) -> float:
        shelf = self.library.shelves[at_shelf]
        weights = shelf.weights
        shared = shelf.stems_in(w).intersection(self.sights[at_shelf].stems[start:end])
        common = sum([weights[s] for s in shared])
        return 2 * common / max(1e-9, self._mass(start, end) + shelf.masses[w])

    def _held(self, at_shelf: int, w: int, start: int, end: int, last: int) -> _Near:
        """Hold a wording against tokens ``start``–``end``."""
        words = self.tokens.words
        while end > start and words[end - 1] in ".:;,":
            end -= 1
        shelf = self.library.shelves[at_shelf]
        ids = shelf.key_ids(w)
        weak_keys = [shelf.stem_of[key] < 0 for key in ids]
        hunks = aligning.align(
            aligning.codes(ids), self.sights[at_shelf].codes[start:end], weak=weak_keys
        )
        prefix = self.prefix
        equal = sum([prefix[start + h.t1] - prefix[start + h.t0] for h in hunks if h.equal], 0.0)
        mass, own = prefix[end] - prefix[start], shelf.aligned[w]
        aligned = 2 * equal / max(1e-9, mass + own)
        dice = self._dice(at_shelf, w, start, end)
        return _Near(
            at_shelf,
            w,
            start,
            end,
            last,
            hunks,
            max(aligned, dice),
            0.7 * aligned + 0.3 * dice,
            equal / max(1e-9, own),
            equal / max(1e-9, mass),
            aligned >= TIGHT or equal >= 0.85 * min(mass, own),
        )

    def _accepts(self, near: _Near) -> bool:
        """Whether a wording is near enough that the text is taken for a version of it."""
        shelf = self.library.shelves[near.shelf]
        own = shelf.stems_in(near.w)
        sight = self.sights[near.shelf].stems
        shared = {i for i in range(near.start, near.end) if sight[i] in own}
        stems = {self.stems[i] for i in shared}
        words = [stem for stem in stems if stem is not None and stem[0] != "#"]
        if len(stems) < 3 or len(words) < 2:
            return bool(words) and self._word_for_word(near) >= SAME_WORDS
        asks = self.tokens.words[near.end - 1] == "?"
        if near.whole >= WHOLE_WORDING or near.likeness >= (ASKED if asks else PARAPHRASE):
            return True
        if asks or self._is_title(near.start, near.end):
            return False
        if near.share >= REPORTED and any(stem is not None and _is_result(stem) for stem in stems):
            return near.tight or len(words) >= 3
        return near.tight and (
            (near.whole >= PART_OF_WORDING and len(words) >= 4)
            or (len(words) >= 5 and _one_run(near.hunks))
        )

    def _word_for_word(self, near: _Near) -> float:
        """Share of all words, small ones too, that stand in order; nothing for a few words."""
        kinds = self.tokens.kinds
        same = sum(
            kinds[near.start + t] != "s" for h in near.hunks if h.equal for t in range(h.t0, h.t1)
        )
        count = sum(kind != "s" for kind in kinds[near.start : near.end])
        own = self.library.shelves[near.shelf].words_in(near.w)
        return 2 * same / max(1, count + own) if same >= 3 else 0.0

    def _is_title(self, start: int, end: int) -> bool:
        """A run without figures and hardly a function word: a title, that states nothing."""
        said = self.tokens.words[start:end]
        return "n" not in self.tokens.kinds[start:end] and sum(w in STOP for w in said) < 2

    def _explained(self, near: _Near) -> Explained:
        tokens = self.tokens
        view = self.library.view(near.shelf, near.w)
        text = side(tokens, near.start, near.end)
        loose = not near.tight or differences.is_paraphrase(view.side, text, near.hunks)
        comparison = Comparison(
            view.side,
            text,
            near.hunks,
            view.limits,
            view.qualifiers,
            loose,
            self.library.knows,
            self.library.names,
            view.figures,
        )
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


def _is_result(stem: str) -> bool:
    """A figure that is hardly met by chance: with decimals or a percent sign."""
    return stem[0] == "#" and ("." in stem or "%" in stem) and not stem.startswith("#95%")


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
