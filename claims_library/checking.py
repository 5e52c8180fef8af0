"""The check of one text against a compiled library: what every sentence is, and why.

Pure: the same text and library give the same answer in any process on any day. The core finds
approved wording and what is near it (``matching``); the detectors judge what is left (``detecting``
for one sentence, ``piece`` for the whole).
"""

from __future__ import annotations

from claims_library import detecting, matching
from claims_library.compiling import Detectors, Library
from claims_library.findings import Result

MAXIMUM_CHARACTERS = 1_000_000


class TextTooLong(ValueError):
    """A text larger than a check reads; the message says what to do."""


def check(text: str, library: Library, *, whole: bool = True) -> Result:
    """Check ``text``.

    Args:
        text: Markdown or plain text, as written.
        library: the compiled claims, label and rule packs of a product.
        whole: whether ``text`` is a whole piece; a paragraph checked while one types is not,
            and rules on the piece (fair balance, companions) are left out.

    Raises:
        TextTooLong: more than a million characters.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise TextTooLong(
            f"This text has {len(text):,} characters; a check reads up to "
            f"{MAXIMUM_CHARACTERS:,}. Split it into parts."
        )
    reading = matching.read(text, library)
    findings = list(reading.findings)
    detectors = _detectors(library)
    for sentence in reading.sentences:
        findings += detectors.sentence(sentence)
    findings += list(detectors.apart(reading.piece, findings))
    if whole:
        findings += detectors.piece(reading.piece)
    return Result(
        findings=tuple(sorted(findings, key=lambda finding: finding.order)),
        matches=tuple(reading.matches),
        sentences=tuple(reading.sentences),
    )


def _detectors(library: Library) -> Detectors:
    """What judges the text that is not in the library, built at the first check."""
    if library.detectors is None:
        library.detectors = detecting.build(library)
    return library.detectors
