"""The shelf of approved wordings: exact places by rare anchors, near ones by rare features.

Exact: each wording is anchored at its rarest pair of neighbouring keys; a text's pair that is an
anchor is compared key by key. Near: each wording keeps its rarest stems and pairs; those of a
text's sentence are counted, rarest first, within a budget, so that the time is bounded whatever
the library. Everything is arrays of integers and built without hashing that differs by process.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from claims_library.stems import STOP, stem
from claims_library.tokens import Tokens, tokenise

KEPT_SHARE = 0.4
KEPT_LEAST = 8
POSTINGS_MOST = 400
NUMBER_WEIGHT = 0.45
WEAK_WEIGHT = 0.04
STEMS_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Wording:
    """One approved wording: of a claim (variation 0 is its text) or of an approved passage."""

    claim: str
    variation: int
    text: str
    passage: bool = False


@dataclass(slots=True)
class Shelf:
    """Wordings with their index. ``flat[bounds[w]:bounds[w+1]]`` are the key ids of wording w."""

    wordings: list[Wording]
    keys: dict[str, int]
    stems: dict[str, int]
    stem_of: array[int]
    weights: array[float]
    flat: array[int]
    bounds: array[int]
    marks: dict[int, dict[int, str]]
    anchors: dict[int, tuple[int, int]]
    anchored: array[int]
    offsets: array[int]
    features: dict[int, int]
    starts: array[int]
    postings: array[int]
    masses: array[float]
    aligned: array[float]
    signs: bytes = field(init=False, repr=False)
    _stems: dict[int, frozenset[int]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.signs = bytes(not _is_word(key) for key in self.keys)

    def words_in(self, w: int) -> int:
        """How many words and numbers wording ``w`` has."""
        signs = self.signs
        return sum([not signs[key] for key in self.key_ids(w)])

    def key_ids(self, w: int) -> array[int]:
        """The key ids of wording ``w``."""
        return self.flat[self.bounds[w] : self.bounds[w + 1]]

    def stems_in(self, w: int) -> frozenset[int]:
        """The stem ids of wording ``w``; a text asks for those of the same few again and again."""
        found = self._stems.get(w)
        if found is None:
            if len(self._stems) >= STEMS_KEPT:
                self._stems.clear()
            stem_of = self.stem_of
            own = {stem_of[key] for key in self.flat[self.bounds[w] : self.bounds[w + 1]]}
            found = self._stems[w] = frozenset(own - {-1})
        return found

    @property
    def oov(self) -> float:
        """Weight of a word the shelf does not know."""
        return 0.6 * math.log(1 + len(self.wordings))


def content(tokens: Tokens) -> list[int]:
    """Indices of tokens without which a wording is still the wording: all but a closing stop."""
    count = len(tokens)
    while count and tokens.words[count - 1] == ".":
        count -= 1
    return list(range(count))


def build(wordings: Iterable[Wording], *, base: Shelf | None = None) -> Shelf:
    """Index wordings; the order given decides ties.

    Args:
        wordings: what to index.
        base: a larger shelf beside which this one stands; words it knows have its weights.
    """
    listed = list(wordings)
    keys: dict[str, int] = {}
    flat: array[int] = array("I")
    bounds: array[int] = array("I", [0])
    marks: dict[int, dict[int, str]] = {}
    for w, wording in enumerate(listed):
        tokens = tokenise(wording.text)
        for i in content(tokens):
            flat.append(keys.setdefault(tokens.keys[i], len(keys)))
        if tokens.marks:
            marks[w] = tokens.marks
        bounds.append(len(flat))
    stems, stem_of = _stems(keys)
    anchors, anchored, offsets = _anchors(flat, bounds, len(keys))
    weights = _weights(stem_of, stems, flat, bounds)
    if base is not None:
        for text, at in stems.items():
            weights[at] = base.weights[base.stems[text]] if text in base.stems else base.oov
    masses, aligned = _masses(flat, bounds, stem_of, weights)
    features, starts, postings = _features(flat, bounds, stem_of, len(stems), len(keys), listed)
    return Shelf(
        listed,
        keys,
        stems,
        stem_of,
        weights,
        flat,
        bounds,
        marks,
        anchors,
        anchored,
        offsets,
        features,
        starts,
        postings,
        masses,
        aligned,
    )


def _masses(
    flat: array[int], bounds: array[int], stem_of: array[int], weights: array[float]
) -> tuple[array[float], array[float]]:
    """Weight of each wording: of its different stems, and of all its keys in a row."""
    masses: array[float] = array("f")
    aligned: array[float] = array("f")
    for w in range(len(bounds) - 1):
        own = [stem_of[key] for key in flat[bounds[w] : bounds[w + 1]]]
        masses.append(sum(weights[s] for s in set(own) if s >= 0))
        aligned.append(sum(weights[s] if s >= 0 else WEAK_WEIGHT for s in own))
    return masses, aligned


def _stems(keys: dict[str, int]) -> tuple[dict[str, int], array[int]]:
    """Stem id of each key, -1 for signs, units and words without content."""
    stems: dict[str, int] = {}
    stem_of: array[int] = array("i", bytes(4 * len(keys)))
    for key, at in keys.items():
        stem_of[at] = -1 if weak(key) else stems.setdefault(stem_key(key), len(stems))
    return stems, stem_of


def weak(key: str) -> bool:
    """Whether a key carries no content: a sign, a unit, a function word."""
    return key in STOP or key.startswith("u:") or not (key[0].isalpha() or key[0] in "#[{")


def _is_word(key: str) -> bool:
    return key[0].isalnum() or key[0] in "#[{" or key.startswith("u:")


def stem_key(key: str) -> str:
    """The stem under which a key is looked up; numbers and placeholders are their own."""
    return key if key[0] in "#[{" or ":" in key else stem(key)


def _pairs(flat: Sequence[int], size: int) -> Iterator[int]:
    for a, b in pairwise(flat):
        yield (a + 1) * size + b


def _anchors(
    flat: array[int], bounds: array[int], size: int
) -> tuple[dict[int, tuple[int, int]], array[int], array[int]]:
    df: Counter[int] = Counter()
    for w in range(len(bounds) - 1):
        run = flat[bounds[w] : bounds[w + 1]]
        df.update(set(_pairs(run, size)) or {run[0]} if run else ())
    placed: dict[int, list[tuple[int, int]]] = {}
    for w in range(len(bounds) - 1):
        run = flat[bounds[w] : bounds[w + 1]]
        if not run:
            continue
        pairs = list(_pairs(run, size)) or [run[0]]
        best = min((df[pair], i) for i, pair in enumerate(pairs))[1]
        placed.setdefault(pairs[best], []).append((w, best))
    anchors: dict[int, tuple[int, int]] = {}
    anchored: array[int] = array("I")
    offsets: array[int] = array("I")
    for key in sorted(placed):
        start = len(anchored)
        for w, offset in placed[key]:
            anchored.append(w)
            offsets.append(offset)
        anchors[key] = (start, len(anchored))
    return anchors, anchored, offsets


def _weights(
    stem_of: array[int], stems: dict[str, int], flat: array[int], bounds: array[int]
) -> array[float]:
    """Inverse document frequency of each stem; numbers weigh less than names."""
    df = [0] * len(stems)
    count = len(bounds) - 1
    for w in range(count):
        for s in {stem_of[k] for k in flat[bounds[w] : bounds[w + 1]]}:
            if s >= 0:
                df[s] += 1
    weights: array[float] = array("f", bytes(4 * len(stems)))
    for text, s in stems.items():
        idf = math.log(1 + count / max(1, df[s]))
        weights[s] = idf * (NUMBER_WEIGHT if text[0] == "#" else 1.0)
    return weights


def _features(
    flat: array[int],
    bounds: array[int],
    stem_of: array[int],
    stem_count: int,
    size: int,
    wordings: list[Wording],
) -> tuple[dict[int, int], array[int], array[int]]:
    """Postings of the rarest features of each wording that is no passage."""
    df: Counter[int] = Counter()
    count = len(wordings)
    for w in range(count):
        if not wordings[w].passage:
            df.update(_features_of(flat[bounds[w] : bounds[w + 1]], stem_of, stem_count, size))
    lists: dict[int, list[int]] = {}
    for w in range(count):
        if wordings[w].passage:
            continue
        own = _features_of(flat[bounds[w] : bounds[w + 1]], stem_of, stem_count, size)
        ranked = sorted(own, key=lambda feature: (df[feature], feature))
        keep = max(KEPT_LEAST, math.ceil(KEPT_SHARE * len(ranked)))
        for rank, feature in enumerate(ranked):
            # in a small library every stem finds its claims
            if rank < keep or (feature < stem_count and df[feature] <= POSTINGS_MOST):
                lists.setdefault(feature, []).append(w)
    features: dict[int, int] = {}
    starts: array[int] = array("I", [0])
    postings: array[int] = array("I")
    for at, feature in enumerate(sorted(lists)):
        features[feature] = at
        postings.extend(lists[feature])
        starts.append(len(postings))
    return features, starts, postings


def _features_of(
    run: Sequence[int], stem_of: Sequence[int], stem_count: int, size: int
) -> set[int]:
    """Stems, and pairs of neighbouring keys of which one has content."""
    own = {stem_of[key] for key in run}
    own.discard(-1)
    for a, b in pairwise(run):
        if stem_of[a] >= 0 or stem_of[b] >= 0:
            own.add(stem_count + (a + 1) * size + b)
    return own
