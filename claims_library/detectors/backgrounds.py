"""Sentences that tell of a disease or a class of medicines, and of nothing that changes it.

``Asthma affects the airways``, ``Agitation is common in people with dementia`` and ``Methotrexate
is a conventional DMARD`` say nothing about the product. A judgement, an effect, a denial of a risk
or a second clause with an outcome makes a claim of them again.
"""

from __future__ import annotations

from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.wordlists import words

ADVERBS = words(
    """
    usually often commonly typically generally sometimes still also frequently mainly mostly may can
    """
)
_BEING = words(
    """
    is are affects affect causes cause remains remain accounts account occurs occur begins begin
    develops develop strikes has have can may places put puts means mean starts needs need requires
    require calls differ differs varies vary includes include
    """
)
_LISTS = words("factor factors cause causes symptom symptoms sign signs type types form forms")
_FREQUENT = words("common frequent seen part symptom symptoms feature features")
_RAISING = words("raises raise increases increase doubles")
_RAISED = words("cholesterol pressure sugar triglycerides")
_PLAIN = words(
    "conventional oral injectable intravenous topical systemic inhaled biologic targeted"
)
_HEADS = ("treatment", "drug")
_SMALL = ("stop", "treatment", "drug", "topic")


def is_background(line: Line, verb: int | None, strong: list[Hit]) -> bool:
    """Whether it tells of a disease, and of nothing that changes it.

    Args:
        line: what is read.
        verb: the place of its first verb.
        strong: words that speak for a claim; that it concerns millions is none here.
    """
    if any(line.has(name) for name in ("treatment", "drug", "product", "evaluative")):
        return False
    if not verb or any(hit.kind != "testimonial" for hit in strong):
        return False
    raises = line.words[verb] in _RAISING
    if raises and "risk" in line.words[verb + 1 : verb + 4]:
        return "disease" in line.classes[verb - 1]
    if line.words[verb] not in _BEING or not _of_disease(line, verb):
        return False
    return not any("effect" in classes for classes in line.classes[verb + 1 :])


def _of_disease(line: Line, verb: int) -> bool:
    """Whether the subject is a disease, or something that people with a disease often have."""
    head = verb - 1
    while head > 0 and line.words[head] in ADVERBS:
        head -= 1
    own = line.classes[head]
    if ("disease" in own and "safety" not in own) or _is_raised(line, head):
        return True
    said = line.words[verb + 1 :]
    if any("disease" in line.classes[at] or _is_raised(line, at) for at in range(head + 1)):
        return not _LISTS.isdisjoint(said)
    often = any(word in _FREQUENT for word in said[:3]) and "safety" in own
    return often and is_of_people(line, verb)


def _is_raised(line: Line, at: int) -> bool:
    """High cholesterol, high blood pressure: a level that is a disease."""
    return line.words[at] in _RAISED and "high" in line.words[max(0, at - 2) : at]


def is_of_people(line: Line, start: int) -> bool:
    """Whether ``in people with <disease>`` follows a word."""
    return any(
        "human" in line.classes[at]
        and line.words[at - 1] in {"in", "among", "of"}
        and line.words[at + 1 : at + 2] in (["with"], ["living"])
        and any("disease" in classes for classes in line.classes[at + 2 : at + 6])
        for at in range(start + 1, len(line.words))
    )


def is_classed(line: Line, verb: int) -> bool:
    """Whether medicines are said to be of a class and nothing else (``… are oral DMARDs``)."""
    if line.words[verb] not in {"is", "are"} or verb + 1 >= len(line.words):
        return False
    return any(name in line.classes[-1] for name in _HEADS) and all(
        line.words[at] in _PLAIN
        or (line.classes[at] & set(_SMALL) and line.words[at] not in {"no", "not"})
        for at in range(verb + 1, len(line.words))
    )
