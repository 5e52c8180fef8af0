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
    marks = 0
    for part in parts:
        head = part.replace("=", ",").replace(":", ",").split(",")[0].strip()
        marks += "," in part.replace("=", ",").replace(":", ",") and _is_short(head)
    return bool(parts) and marks == len(parts)


def _is_short(head: str) -> bool:
    return 1 < len(head) <= 9 and " " not in head and sum(c.isupper() for c in head) >= 2
