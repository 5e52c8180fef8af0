"""A text that says in other words what an approved wording says, judged as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims_library import strength
from claims_library.aligning import Hunk
from claims_library.findings import Verdict
from claims_library.indexing import stem_key
from claims_library.opposites import opposed
from claims_library.sides import Comparison, Side, part
from claims_library.stems import STOP, stem

HALF, QUARTER = 0.5, 0.25  # shares of a limiting phrase
_INTRODUCING = frozenset(["including", "include", "includes", "defined", "such", "namely"])
_MODAL = frozenset(["may", "might", "could"])
_LEAST = (("no", "less", "than"), ("not", "less", "than"), ("no", "fewer", "than"))
PARAPHRASED = 3  # changes in other words from which on a text is a paraphrase


def is_paraphrase(wording: Side, text: Side, hunks: Sequence[Hunk]) -> bool:
    """Whether a text says the same in other words, rather than the wording with an edit or two."""
    replaced = inserted = left_out = 0
    for hunk in hunks:
        if hunk.equal:
            continue
        gone = _is_textual(part(wording, hunk.c0, hunk.c1))
        come = _is_textual(part(text, hunk.t0, hunk.t1))
        replaced += gone and come
        inserted += come and not gone
        left_out += gone and not come
    return replaced + min(inserted, left_out) >= PARAPHRASED


def _is_textual(run: Side) -> bool:
    return bool(run.content) or any(word in strength.LIMITS for word in run.words)


def judge_whole(comparison: Comparison) -> set[Verdict]:
    """A paraphrase, judged by what it says as a whole."""
    wording, text = comparison.wording, comparison.text
    found: set[Verdict] = set()
    foreign = _foreign_numbers(wording, text)
    if foreign and set(foreign) - set(comparison.figures()):
        found.add(Verdict.NUMBER_CHANGED)
    if _parity(wording, text) or any(
        word in strength.TURNING and word not in wording.words for word in text.words
    ):
        found.add(Verdict.POLARITY_FLIPPED)
    gone = [word for word in dict.fromkeys(wording.words) if word not in text.words]
    come = [word for word in dict.fromkeys(text.words) if word not in wording.words]
    if any(opposed(a, b) for a in gone for b in come if len(a) > 4 and len(b) > 4):
        found.add(Verdict.POLARITY_FLIPPED)
    own = {stem(word) for word in wording.words}
    if strength.boosters([word for word in come if stem(word) not in own], loose=True):
        found.add(Verdict.STRENGTHENED)
    if any(
        (said := _share(phrase, text)) < HALF and said + QUARTER <= _share(phrase, wording)
        for phrase in comparison.qualifiers
    ):
        found.add(Verdict.QUALIFIER_DROPPED)
    return found


def _foreign_numbers(wording: Side, text: Side) -> list[str]:
    """Figures of the text that the wording has not; ``one`` and its like are mere words."""
    own = set(wording.keys)
    values = {key.rstrip("%abcdefghijklmnopqrstuvwxyz") for key in own if key[0] == "#"}
    return [
        key
        for key, word, kind in text
        if kind == "n"
        and key not in own
        and (word[0].isdigit() or word[0] == ".")
        and key.rstrip("%abcdefghijklmnopqrstuvwxyz") not in values
    ]


def _parity(wording: Side, text: Side) -> bool:
    """Whether one of the two denies and the other does not, not even softly."""
    own, other = strength.denies(list(wording.words)), strength.denies(list(text.words))
    if own and not other:
        return not any(word in strength.SOFT_NEGATORS for word in text.words)
    if other and not own:
        return not any(word in strength.SOFT_NEGATORS for word in wording.words)
    return False


def _share(phrase: Sequence[tuple[str, float]], text: Side) -> float:
    """How much of what a limiting phrase says is somewhere in the text.

    Of a hedge and one word (``may be indicative``) the hedge limits: the word may be another.
    """
    present = set(text.words)
    if any(strength.contains(list(text.words), bound) for bound in _LEAST):
        present.add("least")
    hedges = [word for word, _ in phrase if word in _MODAL]
    if hedges and len(phrase) == len(hedges) + 1 and _MODAL & present:
        return 1.0
    stems = {stem_key(key) for key in text.keys} | {stem(word) for word in text.words}
    there = sum(
        weight
        for word, weight in phrase
        if word in present
        or stem(word) in stems
        or any(word in group and group & present for group in strength.SAME_HEDGE)
    )
    return there / max(1e-9, sum(weight for _, weight in phrase))


def telling(words: Iterable[str]) -> list[str]:
    """The words of a qualifier without which it says nothing."""
    return [
        word
        for word in words
        if word in strength.LIMITS
        or (word[0].isalnum() and word not in STOP and word not in _INTRODUCING)
    ]
