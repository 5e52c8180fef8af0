"""Questions: those that leave the answer open, and those that carry a claim all the same."""

from __future__ import annotations

from claims_library.detectors import kinds
from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.detectors.subjects import ASKING, TELLING
from claims_library.wordlists import words

_LEADING = words("isn't aren't wasn't wouldn't don't doesn't didn't")
_OPEN_KINDS = words("dosing safety efficacy mechanism adherence")
_PRAISE = ("evaluative", "comparative")
_JUDGING = ("evaluative", "effect", "pct")


def asks_openly(line: Line, kinds: frozenset[str]) -> bool:
    """Whether a question only asks for what the label says (``What is the recommended dose of``).

    Args:
        line: a question.
        kinds: of the words in it that would speak for a claim.
    """
    return (
        line.words[0] in ASKING
        and kinds <= _OPEN_KINDS
        and not any(line.has(name) for name in _JUDGING)
        and not any(word in TELLING for word in line.words)
    )


def only_asks(line: Line, strong: list[Hit]) -> bool:
    """Whether a question leaves the answer open."""
    return line.question and not asserts(strong) and not _presumes(line, strong)


def asserts(strong: list[Hit]) -> bool:
    """Whether a question or request carries a claim all the same (``Did you know that …``)."""
    return len({hit.source for hit in strong}) >= 2 or any(
        hit.end - hit.start >= kinds.ENOUGH for hit in strong
    )


def _presumes(line: Line, strong: list[Hit]) -> bool:
    """Whether a question takes for granted what it claims (``Isn't it time for what works?``)."""
    leading = line.words[0] in _LEADING
    if not strong:
        return leading and line.has("product") and line.has("evaluative")
    compares = "than" in line.words and line.has("product") and line.has("comparative")
    return compares or leading


def praises(line: Line, strong: list[Hit]) -> bool:
    """Whether words for a claim judge what they name, so that no request or pointer excuses it."""
    return any(
        not line.classes[at].isdisjoint(_PRAISE)
        for hit in strong
        for at in range(hit.start, hit.end)
    )
