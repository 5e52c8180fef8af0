"""Spelling: the query with words that occur nowhere replaced by their nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from modules.search_query import MAXIMUM_TEXT
from modules.search_words import STOP_WORDS, inflects, stem, words

# Shorter words have too many neighbours. Words with digits are not looked at at all: 63.9 is no
# slip for 63.8.
SHORTEST = 4
LONG = 8
MOST_WORDS = 8


def corrected(query: str, vocabulary: Callable[[], AbstractSet[str]]) -> str | None:
    """``query`` with unknown words replaced, or None if there is nothing to replace.

    ``vocabulary`` gives every folded word that occurs; it is asked for only when needed.
    """
    query = query[:MAXIMUM_TEXT]
    candidates = [
        word
        for word in words(query)
        if len(word[0]) >= SHORTEST and inflects(word[0]) and word[0] not in STOP_WORDS
    ]
    if not candidates:
        return None
    known = vocabulary()
    stems = {stem(word) for word in known}
    better = query
    changed = False
    for word, start, end in reversed(candidates[:MOST_WORDS]):
        if word in known or stem(word) in stems:
            continue
        if end == len(query) and any(other.startswith(word) for other in known):
            continue
        nearest = _nearest(word, known)
        if nearest is not None:
            better = f"{better[:start]}{nearest}{better[end:]}"
            changed = True
    return better if changed else None


def _nearest(word: str, known: AbstractSet[str]) -> str | None:
    """The most alike word within one slip, or two in a long word; of equals the first by letters.

    A slip is a letter too many, missing, wrong or changed places with the next.
    """
    slips = 2 if len(word) >= LONG else 1
    found = extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
    likely = [
        (slips_, other[0] != word[0], other)
        for other, slips_, _ in found
        if inflects(other) and len(other) >= SHORTEST
    ]
    return min(likely)[2] if likely else None
