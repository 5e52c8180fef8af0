"""What clears a sentence: it tells of the document, of a trial's design, of how things are counted.

Words of that kind clear only what they speak of. ``This slide shows the dosing table`` passes;
``This slide shows that PRODUCT reduces the risk of death`` does not, nor does a second half that
says what came of it (``… was assessed every six weeks, and improved``).
"""

from __future__ import annotations

from claims_library.detectors import kinds
from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.wordlists import words

_JOINING = words("and but which so because while whereas yet since as that")
_PRINTED = words(
    """
    listed shown described given presented printed summarized summarised displayed explained
    covered discussed found defined provided reproduced
    """
)
_WHERE = words("in on at below above overleaf separately here under")
_PLACES = words(
    """
    table tables figure figures section sections slide slides page pages appendix footnote label
    document brief deck module information column columns guide card sheet
    below above overleaf separately here
    """
)
_OF_USE = words("only more less")  # for these readers only
_STATING = words("effect evaluative result pct num comparative product drug")
_SUMS = (["total", "score"], ["total", "scores"], ["total", "number"], ["total", "of"])
_SAYING = words("is are can may will do does must should need needs works helps")
_DENYING = words("no not without never hardly")
_SINCE = words("or at least ≥ >")
_AMOUNTS = words("reduction reductions increase increases interruption interruptions")


def tells_of(line: Line, strong: list[Hit]) -> bool:
    """Whether a sentence tells of the document, a trial's design or how something is counted."""
    if not _clearing(line) or (line.has("pct") and not defines(line)):
        return False
    if _judges(line):
        return False
    if defines(line):
        return True
    if goes_on(line, min(hit.end for hit in _clearing(line))):
        return False
    if _beside(line, strong, _clearing(line), least=1 if line.has("product") else 2):
        return False
    measures = kinds.MEASURES & set(line.words)
    return not any(
        hit.kind in kinds.TELLING and not (measures and hit.kind == "quality-of-life")
        for hit in strong
    )


def _clearing(line: Line) -> list[Hit]:
    """What clears it; whom a trial took clears no sentence that names the product."""
    design = () if line.has("product") else line.hits.get("design", ())
    return [*line.hits.get("about", ()), *design]


def _judges(line: Line) -> bool:
    """Whether it says how good something is, or who took how much of the product in which study."""
    judges = any(
        "effect" not in line.classes[at]
        and line.words[at : at + 2] not in _SUMS
        and not any(hit.start <= at < hit.end for hit in _clearing(line))
        for at in line.places("evaluative")
    )
    if judges and (line.has("effect") or line.has("safety")):
        return True
    if not line.has("product"):
        return False
    compares = any({"comparative", "effect"} <= own for own in line.classes)
    return compares or (line.has("num") and not kinds.DESIGN.isdisjoint(line.words))


def is_set(line: Line, strong: list[Hit]) -> bool:
    """Whether it is a set phrase of pieces (who reports side effects where, whose trade mark)."""
    if "whole" not in line.hits:
        return False
    praised = line.has("product") and any(
        line.words[at] not in _OF_USE and not any(h.start <= at < h.end for h in line.hits["whole"])
        for at in line.places("evaluative")
    )
    if praised:
        return False
    cited = "et" in line.words and line.has("num") and not line.has("product")
    return cited or not _beside(line, strong, line.hits["whole"], least=1)


def points(line: Line, strong: list[Hit]) -> bool:
    """Whether it only says where something stands (``Adverse reactions are listed in Table 6``)."""
    if _sees(line, strong):
        return True
    at = next(
        (
            i
            for i, word in enumerate(line.words[:-1])
            if i and word in _PRINTED and line.words[i - 1] in {"is", "are", "was", "were"}
        ),
        None,
    )
    if at is None or line.words[at + 1] not in _WHERE:
        return False
    if _PLACES.isdisjoint(line.words[at + 1 :]) or any(hit.end > at for hit in strong):
        return False
    if any(hit.kind in kinds.TELLING for hit in strong):
        return False
    return not any(_tells(line, place) for place in range(at - 1))


def _sees(line: Line, strong: list[Hit]) -> bool:
    """A subject and where to read of it: ``Anticoagulants: see section 7``."""
    at = next((i for i, word in enumerate(line.words) if i and word == "see"), 0)
    if not at or _PLACES.isdisjoint(line.words[at + 1 : at + 6]):
        return False
    before = [hit for hit in strong if hit.start < at]
    if any(hit.kind in kinds.TELLING or states(line, hit) for hit in before):
        return False
    return not any(
        _tells(line, place) or line.words[place] in _SAYING or "result" in line.classes[place]
        for place in range(at)
    )


def _tells(line: Line, place: int) -> bool:
    """Whether a word of the subject states something: a figure, a judgement, an effect."""
    own, before = line.classes[place], line.words[max(0, place - 1)]
    if "pct" in own or "num" in own:
        return not _is_threshold(line, place) and before not in _PLACES and before != "study"
    if "effect" in own:
        near = line.classes[max(0, place - 3) : place]
        return line.words[place] not in _AMOUNTS or not any("treatment" in own for own in near)
    return "evaluative" in own and before != "or"


def _is_threshold(line: Line, place: int) -> bool:
    """``2% or more``, ``at least 5%``: who is counted, not how many there were."""
    return line.words[place - 1] in _SINCE or "or" in line.words[place + 1 : place + 4]


def defines(line: Line) -> bool:
    """Whether it says what a word means (``MMR was defined as 0.1% or less``), and no more."""
    at = next((i for i, word in enumerate(line.words) if word == "defined"), 0)
    if not at or line.words[at + 1 : at + 2] not in (["as"], ["by"]) or line.has("product"):
        return False
    return not any("result" in classes for classes in line.classes[at + 2 :])


def _beside(line: Line, strong: list[Hit], among: list[Hit], least: int) -> bool:
    """Whether words that speak for a claim stand beside those that clear it, not among them."""
    clearing = [range(hit.start, hit.end) for hit in among]
    measures = not kinds.MEASURES.isdisjoint(line.words)
    return any(
        hit.end - hit.start >= least
        and "who" not in line.words[hit.start : hit.end]
        and not (measures and hit.kind == "quality-of-life")
        and not any(_is_among(line, hit, span) for span in clearing)
        for hit in strong
    )


def _is_among(line: Line, hit: Hit, span: range) -> bool:
    """Whether words are among those that clear; ``endpoint was met`` says more than they do."""
    if hit.end > span.stop and "result" in line.classes[hit.end - 1]:
        return False
    if not states(line, hit) and hit.kind not in kinds.TELLING:
        return True  # a mere name, such as ``interactions by dose``
    return hit.start < span.stop and span.start < hit.end


def states(line: Line, hit: Hit) -> bool:
    """Whether words that speak for a claim do more than name something."""
    return any(_is_stated(line, at) for at in range(hit.start, hit.end))


def _is_stated(line: Line, at: int) -> bool:
    if line.words[at] == "free":
        return line.words[at + 1 : at + 2] != ["survival"]
    return line.words[at] in _DENYING or not _STATING.isdisjoint(line.classes[at])


def goes_on(line: Line, start: int) -> bool:
    """Whether a further clause says what came of it: an outcome and that it changed or occurred.

    Args:
        line: what is read.
        start: the word from which a further clause is looked for.
    """
    for place in range(start, len(line.words)):
        if line.words[place] not in _JOINING:
            continue
        near = range(place + 1, min(place + 6, len(line.words)))
        if any(_is_verb_of_effect(line, at) for at in near[:2]):
            return True
        named = next((at for at in near if {"outcome", "safety"} & line.classes[at]), None)
        if named is not None and any(_happens(line, at) for at in near if at > named):
            return True
    return False


def _is_verb_of_effect(line: Line, at: int) -> bool:
    return "effect" in line.classes[at] and line.words[at].endswith(("ed", "s"))


def _happens(line: Line, at: int) -> bool:
    own = line.classes[at]
    return ("result" in own or "effect" in own) and line.words[at] not in {"was", "were", "has"}
