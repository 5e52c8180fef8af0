"""Word-by-word alignment of a text with an approved wording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_FIRST = 0x10000  # code points from here on are no surrogates


@dataclass(slots=True)
class Hunk:
    """A run of the alignment: wording tokens ``c0:c1`` against text tokens ``t0:t1``."""

    equal: bool
    c0: int
    c1: int
    t0: int
    t1: int


def codes(ids: Iterable[int]) -> str:
    """One character for each key id, so that sequences are compared as strings."""
    return "".join([chr(_FIRST + at) for at in ids])


def align(wording: str, text: str, *, weak: Sequence[bool]) -> list[Hunk]:
    """Align two runs of codes; a weak word alone between two changes is part of the change.

    Args:
        wording: codes of the approved wording.
        text: codes of the text.
        weak: which keys of the wording have no content of their own.
    """
    hunks: list[Hunk] = []
    for op in Indel.opcodes(wording, text):
        equal = op.tag == "equal"
        c0, c1, t0, t1 = op.src_start, op.src_end, op.dest_start, op.dest_end
        if hunks and hunks[-1].equal == equal:
            hunks[-1].c1, hunks[-1].t1 = c1, t1
        else:
            hunks.append(Hunk(equal, c0, c1, t0, t1))
    return _joined(hunks, weak)


def _joined(hunks: list[Hunk], weak: Sequence[bool]) -> list[Hunk]:
    """Put changes together that only one weak word holds apart."""
    out: list[Hunk] = []
    for i, hunk in enumerate(hunks):
        island = (
            hunk.equal
            and 0 < i < len(hunks) - 1
            and hunk.c1 - hunk.c0 == 1
            and weak[hunk.c0]
            and _replaces(out[-1])
            and _replaces(hunks[i + 1])
        )
        if out and (island or (not hunk.equal and not out[-1].equal)):
            out[-1].c1, out[-1].t1 = hunk.c1, hunk.t1
        else:
            out.append(hunk)
    return out


def _replaces(hunk: Hunk) -> bool:
    return not hunk.equal and hunk.c1 > hunk.c0 and hunk.t1 > hunk.t0
