"""What a difference between a text and an approved wording amounts to.

Each change is judged by what was left out, put in or exchanged: a number, a denial, a direction,
a strengthening word, a limit. What none of these explains is a rewording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from claims_library import strength
from claims_library.aligning import Hunk
from claims_library.arms import moved_between_arms
from claims_library.findings import VERDICT_RULES, Verdict
from claims_library.indexing import stem_key, weak
from claims_library.quantities import COMPARATORS, NUMBER_LIKE, UNITS
from claims_library.stems import STOP, stem
from claims_library.tokens import Tokens
from claims_library.wordlists import words

PARAPHRASED = 3  # changes in other words from which on a text is a paraphrase
_ROMAN = re.compile(r"[ivx]{1,4}[abc]?")
_AFTER_ONCE = words("daily weekly monthly yearly a per every each in -")
_ORDINALS = words(
    "first second third fourth fifth sixth once twice thrice daily weekly monthly yearly"
)


@dataclass(frozen=True, slots=True)
class Side:
    """A run of tokens of one side of a comparison."""

    keys: tuple[str, ...]
    words: tuple[str, ...]
    kinds: str
    amounts: tuple[bool, ...]

    @property
    def numbers(self) -> list[str]:
        """What says how much: numbers, units, comparators, and words that stand for them."""
        return [key for key, amount in zip(self.keys, self.amounts, strict=True) if amount]

    @property
    def content(self) -> list[str]:
        """Words with a meaning of their own that say no quantity."""
        return [
            word
            for (key, word, kind), amount in zip(self, self.amounts, strict=True)
            if kind in "wi" and not weak(key) and not amount
        ]

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        return iter(zip(self.keys, self.words, self.kinds, strict=True))


def side(tokens: Tokens, start: int, end: int) -> Side:
    """The tokens from ``start`` up to ``end`` as one side."""
    said = tuple(tokens.words[start:end])
    kinds = tokens.kinds[start:end]
    return Side(
        tuple(tokens.keys[start:end]),
        said,
        kinds,
        tuple(
            quantitative(word, kind, said[i + 1] if i + 1 < len(said) else "")
            for i, (word, kind) in enumerate(zip(said, kinds, strict=True))
        ),
    )


def quantitative(word: str, kind: str, following: str) -> bool:
    """Whether a token says a quantity; ``once`` before a verb and ``one`` alone say none."""
    if word == "once":
        return following in _AFTER_ONCE
    if word == "one":
        return following in UNITS or following == "-"
    return (
        kind in "nui"
        or word in COMPARATORS
        or word in NUMBER_LIKE
        or word in _ORDINALS
        or (word in UNITS and kind == "w")
        or (kind == "w" and _ROMAN.fullmatch(word) is not None)
    )


@dataclass(slots=True)
class Comparison:
    """A wording and a text, aligned. ``limits`` marks the wording's own qualifiers."""

    wording: Side
    text: Side
    hunks: list[Hunk]
    limits: Sequence[bool]
    qualifiers: Sequence[tuple[tuple[str, float], ...]]
    loose: bool
    known: Callable[[str], bool]
    names: Collection[str] = ()
    figures: Collection[str] = ()


def judge(comparison: Comparison) -> tuple[tuple[Verdict, ...], list[set[Verdict]]]:
    """Return all that the difference amounts to, gravest first, and what each change does."""
    moved = _moved(comparison)
    single = [
        set() if hunk.equal else _judge_hunk(comparison, hunk, moved) for hunk in comparison.hunks
    ]
    found: set[Verdict] = set().union(*single) if not comparison.loose else set()
    found |= _judge_places(comparison, moved)
    if comparison.loose:
        found |= _judge_whole(comparison)
    graver = found - {Verdict.REWORDED}
    verdicts = graver or {Verdict.REWORDED}
    return tuple(v for v in VERDICT_RULES if v in verdicts), single


def is_paraphrase(wording: Side, text: Side, hunks: Sequence[Hunk]) -> bool:
    """Whether a text says the same in other words, rather than the wording with an edit or two."""
    replaced = inserted = left_out = 0
    for hunk in hunks:
        if hunk.equal:
            continue
        gone = _textual(_part(wording, hunk.c0, hunk.c1))
        come = _textual(_part(text, hunk.t0, hunk.t1))
        replaced += gone and come
        inserted += come and not gone
        left_out += gone and not come
    return replaced + min(inserted, left_out) >= PARAPHRASED


def _textual(part: Side) -> bool:
    return bool(part.content) or any(word in strength.LIMITS for word in part.words)


def _part(whole: Side, start: int, end: int) -> Side:
    return Side(
        whole.keys[start:end],
        whole.words[start:end],
        whole.kinds[start:end],
        whole.amounts[start:end],
    )


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


def _judge_hunk(comparison: Comparison, hunk: Hunk, moved: Counter[str]) -> set[Verdict]:
    gone = _part(comparison.wording, hunk.c0, hunk.c1)
    come = _part(comparison.text, hunk.t0, hunk.t1)
    found = _numbers(gone, come, moved)
    if found and not gone.words and set(come.numbers) <= set(comparison.figures):
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
    if new and (lost or gone.words):
        return changed
    if new:
        return changed if len(come.content) <= 3 or _signed(come) else set()
    if lost and come.words:
        return changed if len(gone.content) <= len(come.content) + 2 else set()
    if lost and not gone.content and "(" not in gone.words:
        return set() if _only_words(gone) else changed
    return changed if _digits_differ(gone, come) else set()


def _only_words(gone: Side) -> bool:
    """Whether what was left out is no figure: ``first``, ``once``, an ordinal."""
    return all(kind in "ws" and word not in COMPARATORS for _, word, kind in gone)


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
            if strength.opposed(a, b) and not (p_value and a in COMPARATORS):
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


def _exclaims(part: Side) -> bool:
    return "!" in part.words


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


def _judge_whole(comparison: Comparison) -> set[Verdict]:
    """A paraphrase, judged by what it says as a whole."""
    wording, text = comparison.wording, comparison.text
    found: set[Verdict] = set()
    if _foreign_numbers(wording, text):
        found.add(Verdict.NUMBER_CHANGED)
    if _parity(wording, text) or any(
        word in strength.TURNING and word not in wording.words for word in text.words
    ):
        found.add(Verdict.POLARITY_FLIPPED)
    gone = [word for word in dict.fromkeys(wording.words) if word not in text.words]
    come = [word for word in dict.fromkeys(text.words) if word not in wording.words]
    if any(strength.opposed(a, b) for a in gone for b in come if len(a) > 4 and len(b) > 4):
        found.add(Verdict.POLARITY_FLIPPED)
    own = {stem(word) for word in wording.words}
    if strength.boosters([word for word in come if stem(word) not in own], loose=True):
        found.add(Verdict.STRENGTHENED)
    if any(_missing(phrase, text) for phrase in comparison.qualifiers):
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


def _missing(phrase: Sequence[tuple[str, float]], text: Side) -> bool:
    """Whether most of what a limiting phrase says is nowhere in the text."""
    present = set(text.words)
    stems = {stem_key(key) for key in text.keys}
    there = sum(
        weight
        for word, weight in phrase
        if word in present
        or stem(word) in stems
        or any(word in group and group & present for group in strength.SAME_HEDGE)
    )
    return there * 2 < sum(weight for _, weight in phrase)


def telling(words: Iterable[str]) -> list[str]:
    """The words of a qualifier without which it says nothing."""
    return [
        word
        for word in words
        if word in strength.LIMITS or (word[0].isalnum() and word not in STOP)
    ]
