"""A result told without the product's name: an outcome, or people, and a verb of getting there."""

from __future__ import annotations

from claims_library.detectors import kinds
from claims_library.detectors.asserting import Assertion, is_procedural
from claims_library.detectors.clearing import goes_on
from claims_library.detectors.reading import Line


def result(line: Line) -> Assertion | None:
    """What a sentence says came of a treatment; None if it tells of no result."""
    if not _tells(line):
        return None
    places = next(
        places for name in ("outcome", "safety", "unit", "human") if (places := line.places(name))
    )
    kind = "safety" if line.has("safety") and not line.has("outcome") else "efficacy"
    return Assertion(kind, places[0], len(line.words))


def _tells(line: Line) -> bool:
    """Whether an outcome and a verb of result, or people with a measured change, stand together."""
    if not line.has("effect") and _is_of_level(line):
        return False
    said = next((i for i, word in enumerate(line.words) if word in {"is", "are", "was", "were"}), 0)
    procedural = said and not line.has("pct") and is_procedural(line, said, 3)
    if procedural and not goes_on(line, said):
        return False
    named = [line.words[at] for name in ("outcome", "safety") for at in line.places(name)]
    if named:
        return any(word != "disease" for word in named)
    if not line.has("human"):
        return False
    if line.has("disease"):
        return line.has("result") or (line.has("unit") and line.has("num"))
    weakly = all(line.words[at] in kinds.WEAK_RESULTS for at in line.places("result"))
    return line.has("unit") and line.has("num") and (line.has("effect") or not weakly)


def _is_of_level(line: Line) -> bool:
    """Whether nothing but a level that is a disease is named (``high cholesterol``)."""
    return all(
        line.words[at] == "high" and line.words[at + 1 : at + 2] in kinds.RAISED
        for at in line.places("result")
    )
