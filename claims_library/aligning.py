"""Word-by-word alignment of a text with an approved wording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def align(
    wording: Sequence[str], text: Sequence[str], *, weak: Callable[[str], bool]
) -> list[Hunk]:
    """Align two sequences of keys; single weak words between two changes are part of the change."""
    codes: dict[str, str] = {}
    a = "".join([codes.setdefault(key, chr(_FIRST + len(codes))) for key in wording])
    b = "".join([codes.setdefault(key, chr(_FIRST + len(codes))) for key in text])
    hunks: list[Hunk] = []
    for op in Indel.opcodes(a, b):
        equal = op.tag == "equal"
        c0, c1, t0, t1 = op.src_start, op.src_end, op.dest_start, op.dest_end
        if hunks and hunks[-1].equal == equal:
            hunks[-1].c1, hunks[-1].t1 = c1, t1
        else:
            hunks.append(Hunk(equal, c0, c1, t0, t1))
    return _joined(hunks, wording, weak)


def _joined(hunks: list[Hunk], wording: Sequence[str], weak: Callable[[str], bool]) -> list[Hunk]:
    """Put changes together that only one weak word holds apart."""
    out: list[Hunk] = []
    for i, hunk in enumerate(hunks):
        island = (
            hunk.equal
            and 0 < i < len(hunks) - 1
            and hunk.c1 - hunk.c0 == 1
            and weak(wording[hunk.c0])
            and _replaces(out[-1])
            and _replaces(hunks[i + 1])
        )
        if out and (island or (not hunk.equal and not out[-1].equal)):
            out[-1].c1, out[-1].t1 = hunk.c1, hunk.t1
        else:
            out.append(Hunk(hunk.equal, hunk.c0, hunk.c1, hunk.t0, hunk.t1))
    return out


def _replaces(hunk: Hunk) -> bool:
    return not hunk.equal and hunk.c1 > hunk.c0 and hunk.t1 > hunk.t0
