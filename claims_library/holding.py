"""Holding approved wordings against a run of a text: which is nearest, and is it near enough."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from claims_library import aligning, searching
from claims_library.aligning import Hunk
from claims_library.compiling import Library
from claims_library.indexing import Shelf, stem_key, weak
from claims_library.segmenting import Sentence as Run
from claims_library.stems import STOP
from claims_library.tokens import Tokens

COMPARED = 6
REACH = 3  # neighbouring sentences a wording may be spread over
PARAPHRASE = 0.5  # shared share of both, in any order
UNNAMED = 0.58  # so near must be what does not name the product as the wording does
ASKED = 0.75  # a question has to be nearer
PART_OF_WORDING = 0.3
WHOLE_WORDING = 0.8
TIGHT = 0.78
SAME_WORDS = 0.75
ALL_OF_TEXT, CUT_LEAST, CUT_BONUS = 0.98, 0.4, 0.2
REPORTED = 0.6  # share of a text that stands in a wording, if a result of it is among it


@dataclass(slots=True)
class Held:
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


class Holder:
    """A text, ready to be held against the wordings of a library."""

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

    def nearest(
        self,
        start: int,
        end: int,
        *,
        runs: Sequence[Run] = (),
        at: int = 0,
        approved: bytearray | None = None,
    ) -> Held | None:
        """The wording nearest to a run, if any is near enough.

        Args:
            start: first token.
            end: end of the run.
            runs: the sentences of the text, if the run is one and may be joined by those after it.
            at: which of them the run is.
            approved: which tokens are approved wording already.
        """
        mass = self._mass(start, end)
        if not mass:
            return None
        best: Held | None = None
        for at_shelf, w in self._promising(start, end, mass):
            stop, last = end, at
            if approved is not None:
                stop, last = self._window(at_shelf, w, start, end, runs, at, approved)
            near = self.held(at_shelf, w, start, stop, last)
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
            for w in searching.candidates(shelf, sight.ids[start:end], dead):
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
        score = self.dice(at_shelf, w, start, end)
        for index in range(at + 1, min(at + 1 + REACH, len(runs))):
            run = runs[index]
            parted = run.begins and not (run.item or run.cell)
            if parted or run.heading or any(approved[run.start : run.end]):
                break
            better = self.dice(at_shelf, w, start, run.end)
            if better < score + 0.02:
                break
            score, end, last = better, run.end, index
        return end, last

    def dice(self, at_shelf: int, w: int, start: int, end: int) -> float:
        """Share of the different stems that a wording and a run have in common."""
        shelf = self.library.shelves[at_shelf]
        weights = shelf.weights
        shared = shelf.stems_in(w).intersection(self.sights[at_shelf].stems[start:end])
        common = sum([weights[s] for s in shared])
        return 2 * common / max(1e-9, self._mass(start, end) + shelf.masses[w])

    def held(self, at_shelf: int, w: int, start: int, end: int, last: int) -> Held:
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
        dice = self.dice(at_shelf, w, start, end)
        whole, share = equal / max(1e-9, own), equal / max(1e-9, mass)
        # a text that only leaves out is a version of what it leaves out from
        cut = CUT_BONUS if share > ALL_OF_TEXT and whole >= CUT_LEAST else 0.0
        return Held(
            at_shelf,
            w,
            start,
            end,
            last,
            hunks,
            max(aligned, dice),
            0.7 * aligned + 0.3 * dice + cut,
            whole,
            share,
            aligned >= TIGHT or equal >= 0.85 * min(mass, own),
        )

    def _accepts(self, near: Held) -> bool:
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
        least = ASKED if asks else PARAPHRASE if self._as_named(near) else UNNAMED
        if near.whole >= WHOLE_WORDING or near.likeness >= least:
            return True
        if asks or self._is_title(near.start, near.end):
            return False
        if near.share >= REPORTED and any(stem is not None and _is_result(stem) for stem in stems):
            return near.tight or len(words) >= 3
        return near.tight and (
            (near.whole >= PART_OF_WORDING and len(words) >= 4)
            or (len(words) >= 5 and _one_run(near.hunks))
        )

    def _as_named(self, near: Held) -> bool:
        """Whether the text names the product, or shares a figure, or the wording has neither."""
        names = {name for name in self.library.names if name.isalnum()}
        if not names.isdisjoint(self.tokens.words[near.start : near.end]):
            return True
        if any(
            self.tokens.kinds[near.start + t] == "n"
            for h in near.hunks
            if h.equal
            for t in range(h.t0, h.t1)
        ):
            return True
        return names.isdisjoint(self.library.view(near.shelf, near.w).side.words)

    def _word_for_word(self, near: Held) -> float:
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


def _is_result(stem: str) -> bool:
    """A figure that is hardly met by chance: with decimals or a percent sign."""
    return stem[0] == "#" and ("." in stem or "%" in stem) and not stem.startswith("#95%")


def _one_run(hunks: Sequence[Hunk]) -> bool:
    """Whether a text is a piece cut out of a wording, word for word."""
    return sum(hunk.equal for hunk in hunks) == 1 and all(
        hunk.equal or hunk.t0 == hunk.t1 for hunk in hunks
    )
