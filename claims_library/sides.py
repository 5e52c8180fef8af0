"""The two sides of a comparison: an approved wording and a text, as runs of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from claims_library.aligning import Hunk
from claims_library.indexing import weak
from claims_library.quantities import COMPARATORS, NUMBER_LIKE, UNITS
from claims_library.tokens import Tokens
from claims_library.wordlists import words

_ROMAN = re.compile(r"[ivx]{1,4}[abc]?")
_AFTER_ONCE = words("daily weekly monthly yearly a per every each in -")
_ORDINALS = words(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth once twice thrice daily nightly
    weekly biweekly fortnightly monthly bimonthly quarterly yearly annually half halves quarter
    quarters thirds fifths dozen twofold threefold fourfold fivefold tenfold
    """
)
_PARTS = words("half quarter third double")  # with a hyphen they belong to a name: ``half-life``


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
            quantitative(
                word,
                kind,
                said[i + 1] if i + 1 < len(said) else "",
                said[i - 1] if i else "",
            )
            for i, (word, kind) in enumerate(zip(said, kinds, strict=True))
        ),
    )


def quantitative(word: str, kind: str, following: str, before: str = "") -> bool:
    """Whether a token says a quantity; ``once`` before a verb and ``one`` alone say none."""
    if word == "other":
        return before == "every"  # every other week is every second one
    if word in _PARTS and following == "-":
        return False
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
    figures: Callable[[], Collection[str]] = tuple


def part(whole: Side, start: int, end: int) -> Side:
    """The tokens ``start`` up to ``end`` of a side."""
    return Side(
        whole.keys[start:end],
        whole.words[start:end],
        whole.kinds[start:end],
        whole.amounts[start:end],
    )
