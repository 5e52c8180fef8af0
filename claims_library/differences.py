"""What a difference between a text and an approved wording amounts to.

Each change is judged by what was left out, put in or exchanged: a number, a denial, a direction,
a strengthening word, a limit. What none of these explains is a rewording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from claims_library import strength
from claims_library.aligning import Hunk
from claims_library.arms import moved_between_arms
from claims_library.findings import VERDICT_RULES, Verdict
from claims_library.indexing import weak
from claims_library.opposites import opposed
from claims_library.paraphrases import judge_whole
from claims_library.quantities import COMPARATORS, NUMBER_LIKE, UNITS
from claims_library.sides import Comparison, Side, part
from claims_library.stems import STOP, stem

_PLUS_MINUS = frozenset("+-")
_ORDER = frozenset(["first", "second", "third"])


def judge(comparison: Comparison) -> tuple[tuple[Verdict, ...], list[set[Verdict]]]:
    """Return all that the difference amounts to, gravest first, and what each change does."""
    moved = _moved(comparison)
    single = [
        set() if hunk.equal else _judge_hunk(comparison, hunk, moved) for hunk in comparison.hunks
    ]
    found: set[Verdict] = set().union(*single) if not comparison.loose else set()
    found |= _judge_places(comparison, moved) | _turned_round(comparison, moved)
    found |= _allows(comparison)
    if comparison.loose:
        found |= judge_whole(comparison)
    graver = found - {Verdict.REWORDED}
    verdicts = graver or {Verdict.REWORDED}
    if comparison.loose:
        single = [does & verdicts for does in single]  # other words alone explain the rest
    return tuple(v for v in VERDICT_RULES if v in verdicts), single


def _allows(comparison: Comparison) -> set[Verdict]:
    """Whether a prohibition was left out and what it speaks of stayed."""
    text = comparison.text.words
    if not strength.SOFT_NEGATORS.isdisjoint(text):
        return set()
    for hunk in comparison.hunks:
        gone = part(comparison.wording, hunk.c0, hunk.c1)
        if not hunk.equal and not strength.PROHIBITING.isdisjoint(gone.words):
            return {Verdict.POLARITY_FLIPPED} if len(gone.content) <= 2 else set()
    return set()


def _moved(comparison: Comparison) -> Counter[str]:
    """Keys that were left out in one place and put in at another."""
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    for hunk in comparison.hunks:
        if not hunk.equal:
            gone.update(comparison.wording.keys[hunk.c0 : hunk.c1])
            come.update(comparison.text.keys[hunk.t0 : hunk.t1])
    return gone & come


def _judge_places(comparison: Comparison, moved: Counter[str]) -> set[Verdict]:
    """Numbers and arms that changed places."""
    wording, text = comparison.wording, comparison.text
    if not moved or "n" not in wording.kinds:
        return set()
    numbers = [key for key in moved if key[0] == "#" or key in NUMBER_LIKE]
    labels = [key for key in moved if not weak(key) and key not in numbers]
    if (numbers and not labels and not comparison.loose) or moved_between_arms(
        wording.keys,
        text.keys,
        kinds=(wording.kinds, text.kinds),
        names=comparison.names,
        moved=moved,
    ):
        return {Verdict.NUMBER_CHANGED}
    return set()


def _turned_round(comparison: Comparison, moved: Counter[str]) -> set[Verdict]:
    """Whether two opposites stand in each other's place (``the risks outweigh the benefits``)."""
    for hunk in comparison.hunks:
        gone = [key for key in comparison.wording.keys[hunk.c0 : hunk.c1] if key in moved]
        come = [key for key in comparison.text.keys[hunk.t0 : hunk.t1] if key in moved]
        if not hunk.equal and len(gone) == len(come) == 1 and opposed(gone[0], come[0]):
            return {Verdict.POLARITY_FLIPPED}
    return set()


def _judge_hunk(comparison: Comparison, hunk: Hunk, moved: Counter[str]) -> set[Verdict]:
    gone = part(comparison.wording, hunk.c0, hunk.c1)
    come = part(comparison.text, hunk.t0, hunk.t1)
    if _sign_changed(comparison, hunk, gone, come):
        return {Verdict.NUMBER_CHANGED}
    found = _numbers(gone, come, moved)
    if found and not gone.words and set(come.numbers) <= set(comparison.figures()):
        found = set()  # a figure that another wording of the same claim has
    counted = hunk.t1 < len(comparison.text.kinds) and comparison.text.kinds[hunk.t1] == "n"
    if not gone.words and _insists(come, counted=counted):
        return found | {Verdict.STRENGTHENED}
    found |= _denial(gone, come)
    found |= _direction(gone, come)
    found |= _strength(gone, come, comparison.known)
    if not found or not come.words:
        limited = any(comparison.limits[hunk.c0 : hunk.c1])
        found |= _limits(gone, come, moved, limited=limited, graver=bool(found))
    return found or {Verdict.REWORDED}


def _numbers(gone: Side, come: Side, moved: Counter[str]) -> set[Verdict]:
    lost = Counter(gone.numbers)
    new = Counter(come.numbers)
    same = lost & new
    lost, new = lost - same - moved, new - same - moved
    changed = {Verdict.NUMBER_CHANGED}
    if new and not lost and all(word in _ORDER for word in new):
        praises = not gone.words or strength.boosters(list(come.words))
        return set() if praises else changed
    if new and (lost or gone.words):
        return changed
    if new:
        return changed if len(come.content) <= 3 or _signed(come) else set()
    if lost and come.words:
        return changed if len(gone.content) <= len(come.content) + 2 else set()
    if lost and not gone.content and "(" not in gone.words:
        return set() if _only_words(gone) or _whole_quantity(gone) else changed
    return changed if _digits_differ(gone, come) else set()


def _only_words(gone: Side) -> bool:
    """Whether what was left out is no figure: ``first``, ``once``, an ordinal."""
    return all(
        kind in "ws" and word not in COMPARATORS and word not in UNITS and word != "other"
        for _, word, kind in gone
    )


def _whole_quantity(gone: Side) -> bool:
    """Whether a number was left out together with its unit: a dose or a time, not a figure."""
    words = [word for word in gone.words if word not in {",", "-"}]
    if not words or (words[0] in UNITS and gone.kinds[-1] != "n"):
        return False
    pairs = zip(gone.words, gone.kinds, gone.words[1:], gone.kinds[1:], strict=False)
    return any(
        (kind == "n" and after in UNITS) or (word in UNITS and counted == "n")
        for word, kind, after, counted in pairs
    )


def _sign_changed(comparison: Comparison, hunk: Hunk, gone: Side, come: Side) -> bool:
    """Whether a figure lost, gained or changed its sign (``-4.9`` and ``4.9``)."""
    if not {*gone.words, *come.words} <= _PLUS_MINUS or gone.words == come.words:
        return False
    after = comparison.wording.kinds[hunk.c1 : hunk.c1 + 1]
    return after == "n" or comparison.text.kinds[hunk.t1 : hunk.t1 + 1] == "n"


def _signed(come: Side) -> bool:
    return any(word in COMPARATORS for word in come.words)


def _digits_differ(gone: Side, come: Side) -> bool:
    """Names that differ in their digits only: HER2 and HER3."""
    if len(gone.words) != len(come.words):
        return False
    differ = [(a, b) for a, b in zip(gone.words, come.words, strict=True) if a != b]
    return bool(differ) and all(
        re.sub(r"\d", "", a) == re.sub(r"\d", "", b) and any(c.isdigit() for c in a + b)
        for a, b in differ
    )


def _denial(gone: Side, come: Side) -> set[Verdict]:
    flipped = {Verdict.POLARITY_FLIPPED}
    if not strength.NEEDLESS.isdisjoint(come.words) and not strength.denies(list(gone.words)):
        return flipped
    if any(word in strength.TURNING and word not in gone.words for word in come.words):
        return flipped
    lost, new = strength.denies(list(gone.words)), strength.denies(list(come.words))
    if lost == new:
        return set()
    if new > lost:
        return flipped if len(come.content) <= 6 or not gone.words else set()
    substance = [word for word in gone.content if word not in strength.NEGATORS]
    if not come.words:
        # a denying clause left out as a whole leaves something out; it turns nothing
        return flipped if len(substance) <= 1 and not _compound(gone) else set()
    return flipped if len(substance) <= len(come.content) + 1 else set()


def _compound(gone: Side) -> bool:
    """``non-carbonated`` left out as a whole."""
    return len(gone.words) > 2 and gone.words[0] == "non" and bool(gone.content)


def _direction(gone: Side, come: Side) -> set[Verdict]:
    only_gone = [word for word in gone.words if word not in come.words]
    only_come = [word for word in come.words if word not in gone.words]
    if len(only_gone) > 12 or len(only_come) > 12:
        return set()
    p_value = "p" in gone.words
    for a in only_gone:
        for b in only_come:
            if opposed(a, b) and not (p_value and a in COMPARATORS):
                return {Verdict.POLARITY_FLIPPED}
    return set()


def _strength(gone: Side, come: Side, known: Callable[[str], bool]) -> set[Verdict]:
    new = [word for word in come.words if word not in gone.words]
    if not new:
        return set()
    stronger = {Verdict.STRENGTHENED}
    if strength.boosters(new) or (_exclaims(come) and not _exclaims(gone)):
        return stronger
    before = [strength.LADDER[word] for word in gone.words if word in strength.LADDER]
    after = [strength.LADDER[word] for word in new if word in strength.LADDER]
    if before and after and max(after) > max(before):
        return stronger
    if gone.words:
        return set()
    # a short insertion of a describing word that the library does not use
    describing = [word for word in come.content if strength.describes(word) and not known(word)]
    return stronger if describing and len(come.content) <= 3 else set()


def _exclaims(run: Side) -> bool:
    return "!" in run.words


def _insists(come: Side, *, counted: bool) -> bool:
    """Whether words put in insist (``no less than``) or colour the figure they stand before."""
    said = list(come.words)
    if any(strength.contains(said, phrase) for phrase in strength.INSISTING):
        return True
    if not counted:
        return False
    return (
        tuple(said) in strength.RAISING
        or all(word in strength.BELITTLING for word in said)
        or (said[0] in {"a", "an"} and 1 < len(said) <= 6 and not strength.HEDGES & set(said))
    )


def _limits(
    gone: Side, come: Side, moved: Counter[str], *, limited: bool, graver: bool
) -> set[Verdict]:
    """Words left out that limit what is said."""
    if not gone.words:
        return set()
    dropped = {Verdict.QUALIFIER_DROPPED}
    lost = [word for word in gone.words if word not in come.words and word not in moved]
    meaning = [
        word
        for word in lost
        if word in strength.LIMITS or (word not in STOP and (word[0].isalnum()))
    ]
    if not come.words:
        return dropped if meaning and not (graver and not gone.content) else set()
    if not come.content and not come.numbers and meaning and len(lost) > len(come.words):
        return dropped
    fewer = len(gone.content) >= len(come.content) + 3
    if limited and meaning and not _equivalent(meaning, come.words):
        return dropped
    return dropped if fewer and meaning else set()


def _equivalent(lost: Iterable[str], come: Sequence[str]) -> bool:
    """Whether each word left out has a word of the same limiting sense in its place."""
    stems = {stem(word) for word in come}
    return all(
        stem(word) in stems
        or any(word in group and group & set(come) for group in strength.SAME_HEDGE)
        for word in lost
    )
