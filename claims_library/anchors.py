"""Anchors: the exact place of a quote in a label, found again in another version of it.

Offsets count in the section's text with white space folded to single spaces, so that a label's
line breaks and table layout do not matter; nothing else is forgiven.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Any

from claims_library.label_document import LabelDocument, LabelSection
from records.canonical import sha256_bytes

CONTEXT = 40
_LOCATOR = re.compile(r"\s*(?:(\d+(?:\.\d+)*)\s+)?([a-z][a-z0-9_]*)\s*")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """White space folded to single spaces, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Anchor:
    """One quote in one label version.

    ``section`` and ``number`` name the (sub)section, ``paragraph`` counts from 0 within it,
    ``start`` and ``end`` count in the folded text of what ``locator`` names.
    """

    locator: str
    section: str
    number: str
    paragraph: int
    start: int
    end: int
    prefix: str
    suffix: str
    sha256: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Anchor:
        return cls(**data)


class NotLocated(ValueError):
    """The quote is not where the locator says; the text is a sentence for people."""


def locate(document: LabelDocument, locator: str, excerpt: str) -> Anchor:
    """Find ``excerpt`` in the section that ``locator`` names, e.g. ``14.1 clinical_studies``.

    Raises:
        NotLocated: no such section, or the words are not in it.
    """
    match = _LOCATOR.fullmatch(locator)
    if match is None:
        raise NotLocated(
            f"{locator!r} does not name a section; expected for example '14.1 clinical_studies'."
        )
    number, name = match.group(1) or "", match.group(2)
    section = _section(document, name, number)
    if section is None:
        raise NotLocated(f"The label has no section {locator}.")
    quote = fold(excerpt)
    text = section.text
    start = text.find(quote)
    if start < 0:
        raise NotLocated(
            f"The excerpt is not in section {locator} of the label, word for word."
            + _elsewhere(document, quote)
        )
    end = start + len(quote)
    part, paragraph = _paragraph_at(section, start)
    return Anchor(
        locator=fold(locator),
        section=part.name,
        number=part.number,
        paragraph=paragraph,
        start=start,
        end=end,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        sha256=sha256_bytes(quote.encode()),
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """A section with its subsections: the folded text, and after which offset a paragraph ends."""

    text: str
    ends: tuple[tuple[int, LabelSection, int], ...]


@lru_cache(maxsize=256)
def _section(document: LabelDocument, name: str, number: str) -> _Section | None:
    """The named section as quotes are looked for in it; all claims of a label ask for few."""
    parts = document.parts_of(name, number)
    if not parts:
        return None
    at, ends = 0, []
    for part in parts:
        for index, paragraph in enumerate(part.paragraphs):
            if length := len(fold(paragraph)):
                at += length + 1
                ends.append((at, part, index))
    text = fold(" ".join(part.text for part in parts))
    return _Section(text, tuple(ends) or ((1, parts[0], 0),))


@lru_cache(maxsize=8)
def _texts(document: LabelDocument) -> tuple[str, ...]:
    """The folded text of every section by itself."""
    return tuple(fold(part.text) for part in document.sections)


def _elsewhere(document: LabelDocument, quote: str) -> str:
    for part, text in zip(document.sections, _texts(document), strict=True):
        if quote in text:
            return f" It stands in {part.number or ''} {part.name}.".replace("  ", " ")
    return ""


def _paragraph_at(section: _Section, start: int) -> tuple[LabelSection, int]:
    """The part and paragraph that hold the folded offset ``start``."""
    place = min(bisect_right(section.ends, start, key=itemgetter(0)), len(section.ends) - 1)
    _, part, paragraph = section.ends[place]
    return part, paragraph


class Fate(StrEnum):
    """What became of a quote in another version of its label."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Relocation:
    """Where a quote is in another label version, if anywhere."""

    fate: Fate
    anchor: Anchor | None


def relocate(anchor: Anchor, excerpt: str, document: LabelDocument) -> Relocation:
    """Look for an anchored quote in another version: same place, elsewhere, context only, gone."""
    try:
        found = locate(document, anchor.locator, excerpt)
    except NotLocated:
        found = None
    if found is not None:
        same = (found.section, found.number) == (anchor.section, anchor.number)
        return Relocation(Fate.UNCHANGED if same else Fate.MOVED, found)
    for part in document.sections:
        name = part.name if not part.number else f"{part.number} {part.name}"
        try:
            return Relocation(Fate.MOVED, locate(document, name, excerpt))
        except NotLocated:
            continue
    context = any(
        side and side in text
        for text in _texts(document)
        for side in (anchor.prefix, anchor.suffix)
    )
    return Relocation(Fate.CHANGED if context else Fate.GONE, None)
