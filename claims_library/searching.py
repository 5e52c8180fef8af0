"""Looking a text up on a shelf: where wordings stand exactly, and which ones are near."""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Sequence

from claims_library.indexing import Shelf

BUDGET = 2400  # postings read for one run of a text


def exact(shelf: Shelf, ids: Sequence[int], marks: dict[int, str]) -> list[tuple[int, int, int]]:
    """Where wordings stand in a text: (first token, end, wording), in text order."""
    size = len(shelf.keys)
    run = array("q", ids)
    # unknown tokens have ids beyond the shelf's; they are part of no wording
    flat64 = shelf.flat
    found: list[tuple[int, int, int]] = []
    anchors = shelf.anchors
    for i, a in enumerate(run):
        if a >= size:
            continue
        hits = []
        if i + 1 < len(run) and run[i + 1] < size:
            hits.append(anchors.get((a + 1) * size + run[i + 1]))
        hits.append(anchors.get(a))
        for hit in hits:
            if hit is None:
                continue
            for at in range(*hit):
                w = shelf.anchored[at]
                start = i - shelf.offsets[at]
                low, high = shelf.bounds[w], shelf.bounds[w + 1]
                end = start + high - low
                if start < 0 or end > len(run) or run[start] != flat64[low]:
                    continue
                if run[start:end].tolist() != flat64[low:high].tolist():
                    continue
                if _same_marks(shelf.marks.get(w, {}), marks, start):
                    found.append((start, end, w))
    return found


def _same_marks(own: dict[int, str], marks: dict[int, str], start: int) -> bool:
    """A wording with marks that may be more than citations needs the same marks in the text."""
    return all(marks.get(start + at) == text for at, text in own.items())


def candidates(
    shelf: Shelf, ids: Sequence[int], dead: frozenset[str], *, most: int = 24
) -> list[int]:
    """Wordings that share rare features with a run of a text, the likeliest first."""
    rows = []
    starts = shelf.starts
    for feature in _features_in(shelf, ids):
        row = shelf.features.get(feature)
        if row is not None:
            rows.append((starts[row + 1] - starts[row], row))
    rows.sort()
    count = len(shelf.wordings)
    scores: dict[int, float] = {}
    spent = 0
    for length, row in rows:
        if spent and spent + length > BUDGET:
            break
        spent += length
        weight = math.log(1 + count / length)
        for w in shelf.postings[starts[row] : starts[row + 1]]:
            scores[w] = scores.get(w, 0.0) + weight
    alive = scores
    if dead:
        alive = {w: s for w, s in scores.items() if shelf.wordings[w].claim not in dead}
    # the rows are in order, so ties are too
    return heapq.nlargest(most, alive, key=alive.__getitem__)


def _features_in(shelf: Shelf, ids: Sequence[int]) -> set[int]:
    """The features of a run of a text."""
    size, stem_count = len(shelf.keys), len(shelf.stems)
    own: set[int] = set()
    previous, before = -1, -1
    for key in ids:
        known = key < size
        here = shelf.stem_of[key] if known else -1
        if here >= 0:
            own.add(here)
        if known and previous >= 0 and (here >= 0 or before >= 0):
            own.add(stem_count + (previous + 1) * size + key)
        previous, before = (key if known else -1), here
    return own
