"""Approved wordings near a run of a text, compared word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from claims_library import differences
from claims_library.aligning import Hunk
from claims_library.compiling import View
from claims_library.findings import Verdict
from claims_library.holding import Held, Holder
from claims_library.indexing import Wording
from claims_library.paraphrases import is_paraphrase
from claims_library.segmenting import Sentence as Run
from claims_library.sides import Comparison, side

LIKE = 0.58  # aligned share of both that makes a wording near
SPLIT_CONTENT = 4
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


class Reader(Holder):
    """A text, ready to be compared with the wordings of a library."""

    def explain(self, runs: Sequence[Run], at: int, approved: bytearray) -> Spans:
        """Compare sentence ``at`` (with those after it, if a wording is spread over them)."""
        run = runs[at]
        if any(approved[run.start : run.end]):
            spans = Spans(at)
            for start, end in _gaps(run, approved):
                near = self.nearest(*self._trimmed(start, end))
                if near is not None:
                    explained = self._explained(near)
                    verdicts = explained.verdicts or (Verdict.REWORDED,)
                    spans.explained.append(replace(explained, verdicts=verdicts))
            return spans
        near = self.nearest(run.start, run.end, runs=runs, at=at, approved=approved)
        if near is not None and self._better_later(near, runs, at):
            near = self.nearest(run.start, run.end)  # by itself it may be near all the same
            near = near and replace(near, last=at)
        if near is None:
            return Spans(at)
        found = self._split(near)
        if any(entry.verdicts for entry in found):
            return Spans(max(near.last, at), found)
        # the words are those of an approved wording, in order, but something in them is not
        return Spans(max(near.last, at), [replace(found[0], verdicts=(Verdict.REWORDED,))])

    def _better_later(self, near: Held, runs: Sequence[Run], at: int) -> bool:
        """Whether a wording is nearer without the first of several sentences."""
        if near.last == at:
            return False
        shelf, w, start = near.shelf, near.w, runs[at + 1].start
        return self.dice(shelf, w, start, near.end) > self.dice(shelf, w, near.start, near.end)

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
        near = self.nearest(start, end)
        own = self.held(wording[0], wording[1], start, end, 0)
        best = own if near is None or near.rank < own.rank else near
        return self._split(best)

    def another(self, start: int, end: int) -> bool:
        """Whether a clause is near an approved wording by itself."""
        if sum(stem is not None for stem in self.stems[start:end]) < SPLIT_CONTENT:
            return False
        near = self.nearest(start, end)
        return near is not None and near.likeness >= LIKE

    def turned(self, shelf: int, w: int, span: Span, reason: str) -> Explained:
        """An approved wording that another sentence takes back."""
        near = self.held(shelf, w, span.start, span.end, 0)
        return replace(self._explained(near), verdicts=(Verdict.POLARITY_FLIPPED,), reason=reason)

    def embedded(self, shelf: int, w: int, start: int, end: int) -> Explained:
        """An approved wording in a sentence that says more."""
        near = self.held(shelf, w, start, end, 0)
        return replace(self._explained(near), verdicts=(Verdict.REWORDED,))

    def _split(self, near: Held) -> list[Explained]:
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
                near = self.held(
                    near.shelf,
                    near.w,
                    *((end, near.end) if start == near.start else (near.start, start)),
                    near.last,
                )
                out += self._split(other)
        out.append(self._explained(near))
        return sorted(out, key=lambda entry: entry.start)

    def _other_claim(self, near: Held, start: int, end: int) -> Held | None:
        if sum(stem is not None for stem in self.stems[start:end]) < SPLIT_CONTENT:
            return None
        other = self.nearest(start, end)
        if other is None or other.likeness < LIKE or (other.shelf, other.w) == (near.shelf, near.w):
            return None
        return other

    def _explained(self, near: Held) -> Explained:
        tokens = self.tokens
        view = self.library.view(near.shelf, near.w)
        text = side(tokens, near.start, near.end)
        loose = not near.tight or is_paraphrase(view.side, text, near.hunks)
        comparison = Comparison(
            view.side,
            text,
            near.hunks,
            view.limits,
            view.qualifiers,
            loose,
            self.library.knows,
            self.library.names,
            lambda: self.library.figures(view.wording.claim),
        )
        if all(hunk.equal for hunk in near.hunks):
            verdicts: tuple[Verdict, ...] = ()
            single: list[set[Verdict]] = [set() for _ in near.hunks]
        else:
            verdicts, single = differences.judge(comparison)
        added = _added(view.tokens.words, tokens.words[near.start : near.end], near.hunks)
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


def _added(wording: Sequence[str], text: Sequence[str], hunks: Sequence[Hunk]) -> tuple[str, ...]:
    """The words that only the text has; what merely changed its place is not added."""
    changed = [hunk for hunk in hunks if not hunk.equal]
    gone = Counter(word for hunk in changed for word in wording[hunk.c0 : hunk.c1])
    come = Counter(word for hunk in changed for word in text[hunk.t0 : hunk.t1])
    return tuple((come - gone).elements())


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
