"""The answer of an offline verification, and differences put into words; the same for all files."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

MOST_DIFFERENCES = 12  # reported at most


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer; ``code`` is stable, ``reason`` one sentence, ``manifest`` what was signed.

    ``manifest`` is present in a failed verification too, if its own signature holds: it then says
    what the file should be. ``differences`` name parts and pages and what now reads otherwise.
    """

    ok: bool
    code: str
    reason: str
    manifest: Mapping[str, Any] | None = None
    differences: tuple[str, ...] = ()


def misplaced(
    sealed: Sequence[str], found: Sequence[str], *, what: str = "Page", whole: str = "document"
) -> tuple[str, ...]:
    """Pages or slides that were taken out, put in or reordered, known by their texts.

    What only moved up because another was taken out is not told.
    """
    lines = []
    if len(sealed) != len(found):
        many = f"{what.lower()}s"
        lines.append(f"The {whole} has {len(found)} {many}; {len(sealed)} were sealed.")
    left = [number for number, text in enumerate(sealed) if text in found]
    here = [number for number, text in enumerate(found) if text in sealed]
    gone = (number for number, text in enumerate(sealed, start=1) if text not in found)
    lines += [f"{what} {number} of the sealed {whole} is missing." for number in gone]
    lines += [
        f"{what} {number} is not as any {what.lower()} that was sealed."
        for number, text in enumerate(found, start=1)
        if text not in sealed
    ]
    pairs = zip_longest(here, left)
    lines += [
        f"{what} {now + 1} was {what.lower()} {sealed.index(found[now]) + 1}."
        for now, was in pairs
        if now is not None and (was is None or found[now] != sealed[was])
    ]
    return tuple(lines)


def reworded(place: str, was: str, now: str) -> list[str]:
    """The words of one place that changed; a place that shares little is only named."""
    before, after = was.split(), now.split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if len(after) > 3 * len(before) + 200 or matcher.quick_ratio() < 0.6:
        return [f"{place} has another text than was sealed."]
    return [
        f"{place}: {_change(' '.join(before[a:b]), ' '.join(after[c:d]))}"
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _change(before: str, after: str) -> str:
    if not after:
        return f"“{before[:80]}” is missing."
    if not before:
        return f"“{after[:80]}” was added."
    return f"“{before[:80]}” now reads “{after[:80]}”."
