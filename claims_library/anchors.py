"""Anchors: the exact place of a quote in a label, found again in another version of it.

Offsets count in the section's text with white space folded to single spaces, so that a label's
line breaks and table layout do not matter; nothing else is forgiven.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
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
    parts = document.parts_of(name, number)
    if not parts:
        raise NotLocated(f"The label has no section {locator}.")
    quote = fold(excerpt)
    text = fold(" ".join(part.text for part in parts))
    start = text.find(quote)
    if start < 0:
        raise NotLocated(
            f"The excerpt is not in section {locator} of the label, word for word."
            + _elsewhere(document, quote)
        )
    end = start + len(quote)
    part, paragraph = _paragraph_at(parts, start)
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


def _elsewhere(document: LabelDocument, quote: str) -> str:
    for part in document.sections:
        if quote in fold(part.text):
            return f" It stands in {part.number or ''} {part.name}.".replace("  ", " ")
    return ""


def _paragraph_at(parts: tuple[LabelSection, ...], start: int) -> tuple[LabelSection, int]:
    """The part and paragraph that hold the folded offset ``start``."""
    at = 0
    last = (parts[0], 0)
    for part in parts:
        for index, paragraph in enumerate(part.paragraphs):
            length = len(fold(paragraph))
            if length == 0:
                continue
            last = (part, index)
            if start < at + length + 1:
                return last
            at += length + 1
    return last


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
        side and side in fold(part.text)
        for part in document.sections
        for side in (anchor.prefix, anchor.suffix)
    )
    return Relocation(Fate.CHANGED if context else Fate.GONE, None)
