"""References and lists of abbreviations: the apparatus of a piece, which claims nothing."""

from __future__ import annotations

from claims_library.detectors.reading import Line


def is_reference(line: Line) -> bool:
    """A reference entry: ``[prescribing information]``, a year after a semicolon, volume(issue)."""
    text = line.sentence.text
    if "[prescribing information]" in text.lower() or "[package insert]" in text.lower():
        return True
    words = line.sentence.words
    for i, word in enumerate(words):
        if len(word) == 4 and word.isdigit() and word[:2] in {"19", "20"}:
            before = words[i - 1] if i else ""
            after = words[i + 1] if i + 1 < len(words) else ""
            if before == ";" or (after == ";" and i + 2 < len(words) and words[i + 2].isdigit()):
                return True
    return False


def is_glossary(line: Line) -> bool:
    """A list of abbreviations: ``CI, confidence interval; HR, hazard ratio``."""
    text = line.sentence.text
    parts = [part.strip() for part in text.rstrip(". ").split(";")]
    if len(parts) < 2:
        parts = parts if ("=" in text or "," in text) and len(line.words) <= 8 else []
    names = {
        word
        for word, own in zip(line.words, line.classes, strict=True)
        if "product" in own or "drug" in own
    }
    told = [_abbreviation(part, names) for part in parts]
    # of several, one or two may be Latin (QD, once daily); one alone has to spell its words
    return bool(told) and None not in told and sum(map(bool, told)) * 2 >= len(told)


def _abbreviation(part: str, names: set[str]) -> bool | None:
    """Whether a part spells the abbreviation it begins with; None if it begins with none."""
    head, sign, told = part.replace("=", ",").replace(":", ",").partition(",")
    head = head.strip()
    if not sign or not _is_short(head) or head.lower() in names:
        return None
    letters = iter(told.lower())
    return all(letter in letters for letter in head.lower() if letter.isalpha())


def _is_short(head: str) -> bool:
    return 1 < len(head) <= 9 and " " not in head and sum(c.isupper() for c in head) >= 2
