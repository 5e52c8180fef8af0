"""What a sentence says about the use of a medicine, axis by axis.

Read in the same way from the label's indications and from a text, so that the two can be compared:
stage, severity, line, population, intent, purpose, combination, biomarker, age and disease.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from claims_library.detectors.ages import Ages, ages_of
from claims_library.detectors.biomarkers import biomarkers_of, shouts
from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line

CLOSED = ("stage", "severity", "line", "population", "intent", "purpose", "schedule")
GENERIC_HEADS = frozenset(
    [
        *("failure", "dysfunction", "deficiency", "risk", "event"),
        *("disease", "diseases", "disorder", "disorders", "syndrome", "infection", "infections"),
        *("virus", "illness", "condition", "conditions", "metastatic", "tumor", "tumors"),
        *("tumour", "tumours", "malignancy", "malignancies", "neoplasm", "neoplasms", "ulcer"),
    ]
)
_CANCER = frozenset(["cancer", "cancers", "carcinoma", "carcinomas", "adenocarcinoma"])
_ORGANS = {"renal": "kidney", "pulmonary": "lung", "hepatic": "liver", "hepatocellular": "liver"}
_ORGANS |= {"cardiac": "heart", "gastric": "stomach", "oesophageal": "esophageal", "colon": "bowel"}
_ORGANS |= {"colorectal": "bowel", "rectal": "bowel", "urothelial": "bladder", "uterine": "womb"}
_ORGANS |= {"endometrial": "womb", "cutaneous": "skin", "crohn's": "crohn", "ocular": "eye"}


class Fact(NamedTuple):
    """One thing said about a use: ``value`` on ``axis``, in words ``start``–``end`` of a line."""

    axis: str
    value: str
    start: int
    end: int


class Disease(NamedTuple):
    """A disease by its head and the words that tell it from others with this head."""

    head: str
    types: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Use:
    """Everything one sentence says about a use."""

    facts: tuple[Fact, ...] = ()
    ages: tuple[Ages, ...] = ()
    diseases: tuple[Disease, ...] = ()
    words: frozenset[str] = frozenset()
    text: str = ""
    by_axis: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def values(self, axis: str) -> frozenset[str]:
        """What is said on an axis."""
        return self.by_axis.get(axis, frozenset())


class UseReader:
    """Reads uses; made from ``rules/words/uses.yaml``."""

    def __init__(
        self,
        status: Mapping[str, frozenset[str]],
        types: frozenset[str],
        members: Mapping[str, frozenset[str]],
        short: Mapping[str, tuple[str, frozenset[str]]] | None = None,
    ) -> None:
        self._status = {word: name for name, words in status.items() for word in words}
        self._types = types
        self.members = members
        self.short = dict(short or {})

    def read(self, line: Line) -> Use:
        """Everything a line says about a use."""
        marks = biomarkers_of(line, self._status)
        facts = [*_closed(line), *self._partners(line), *(Fact(*mark) for mark in marks)]
        by_axis: dict[str, set[str]] = {}
        for fact in facts:
            by_axis.setdefault(fact.axis, set()).add(fact.value)
        return Use(
            facts=tuple(facts),
            ages=tuple(ages_of(line)),
            diseases=tuple(self._diseases(line)),
            words=frozenset(line.words),
            text=line.sentence.text,
            by_axis={axis: frozenset(values) for axis, values in by_axis.items()},
        )

    def _partners(self, line: Line) -> list[Fact]:
        """Medicines named after words of combination."""
        found: dict[tuple[str, int], Fact] = {}
        for hit in line.hits.get("use:partner", ()):
            if _compares(line, hit.start, hit.end) or not _of_product(line, hit):
                continue
            last = line.classes[hit.end - 1]
            at = hit.end - 1 if "drug" in last else hit.end
            for place in range(at, min(at + 7, len(line.words))):
                word = line.words[place]
                if word in _PARTNER_ENDS:
                    break
                name = self._medicine(line, place)
                if name:
                    found[name, place] = Fact("combination", name, place, place + 1)
        return list(found.values())

    def _medicine(self, line: Line, place: int) -> str:
        word = line.words[place]
        if "product" in line.classes[place] or line.words[place + 1 : place + 2] in _NO_MEDICINE:
            return ""
        if place and line.words[place - 1].startswith("cyp"):
            return ""
        if word in {"inhibitor", "inhibitors", "blocker", "blockers", "agonist", "agonists"}:
            return f"{line.words[place - 1]} {word.rstrip('s')}" if place else ""
        return word.rstrip("s") if "drug" in line.classes[place] else ""

    def _diseases(self, line: Line) -> list[Disease]:
        found = []
        for place, word in enumerate(line.words):
            if word in self.short:
                found.append(Disease(*self.short[word], place, place + 1))
                continue
            if "disease" not in line.classes[place]:
                continue
            if "product" in line.classes[place] or "drug" in line.classes[place]:
                continue
            types, start = self._kinds(line, place)
            head = head_of(word)
            if not types and head in GENERIC_HEADS and place:
                types, start = _named_after(line, place)
            if head == "depression":
                head, types = "disorder", {"depressive", *types}
            if types and head in {"tumor", "tumour", "malignancy", "neoplasm"}:
                head = "cancer"
            found.append(Disease(head, frozenset(types - {"type"}), start, place + 1))
        return found

    def _kinds(self, line: Line, place: int) -> tuple[set[str], int]:
        """The words before a disease's head that tell it from others, and where they begin."""
        types: set[str] = set()
        start = place
        for back in range(place - 1, max(place - 6, -1), -1):
            word = line.words[back]
            if word in {"cell", "and"}:
                continue
            if word not in self._types:
                break
            types.add(_ORGANS.get(word, word))
            start = back
        return types, start


def _of_product(line: Line, hit: Hit) -> bool:
    """Whether words of combination join a partner to the product, not two other medicines."""
    first = line.words[hit.start]
    before = line.classes[max(0, hit.start - 1) : hit.start]
    if first in {"plus", "with", "and"}:
        return not any("drug" in classes for classes in before)
    if first in _TREATED:
        near = line.classes[max(0, hit.start - 5) : hit.end + 7]
        return any("product" in classes for classes in near)
    return True


_TREATED = frozenset(["treated", "treat", "used"])
_NO_MEDICINE = (["receptor"], ["receptors"], ["levels"], ["deficiency"])
_PARTNER_ENDS = frozenset(
    [
        *("vs", "versus", "than", "compared", "who", "whose", "after", "following", "previously"),
        *(
            "in",
            "for",
            "until",
            "when",
            "while",
            "as",
            "had",
            "have",
            "showed",
            "is",
            "was",
            "were",
        ),
        *("has", "because", "to", "every", "on"),
    ]
)


def _named_after(line: Line, place: int) -> tuple[set[str], int]:
    """The name before ``syndrome`` or ``disease``, if it is written as a name (``Tourette``)."""
    before = place - 1
    first, last = line.span(before, before + 1)
    raw = line.sentence.text[first - line.sentence.start : last - line.sentence.start]
    is_name = raw[:1].isupper() and raw[1:2].islower() and before > 0
    if not is_name or line.classes[before] & {"product", "topic", "stop"} or shouts(line):
        return set(), place
    return {line.words[before].removesuffix("'s")}, before


def head_of(word: str) -> str:
    """A disease's head without number, with one word for all cancers."""
    if word in _CANCER:
        return "cancer"
    word = word.removesuffix("'s")
    if word.endswith("s") and not word.endswith(("ss", "is", "us")):
        word = word[:-1]
    return {"leukaemia": "leukemia", "anaemia": "anemia"}.get(word, word)


def _closed(line: Line) -> list[Fact]:
    found = []
    for group, hits in line.hits.items():
        if group.startswith("use:"):
            _, axis, *value = group.split(":")
            if axis in CLOSED:
                found += [
                    Fact(axis, value[0], hit.start, hit.end)
                    for hit in hits
                    if not (value[0] == "women" and _menopausal(line, hit.start))
                    and not (axis == "stage" and _was_before(line, hit.start))
                ]
            elif axis == "breadth":
                found += [Fact("breadth", value[0], hit.start, hit.end) for hit in hits]
            elif axis == "alone":
                found += [
                    Fact("combination", "alone", hit.start, hit.end)
                    for hit in hits
                    if not _compares(line, hit.start, hit.end)
                ]
    return found


def _menopausal(line: Line, place: int) -> bool:
    """Whether women are limited by the word before (``postmenopausal women``)."""
    return place > 0 and line.words[place - 1].endswith("menopausal")


def _was_before(line: Line, place: int) -> bool:
    """Whether a setting is that of an earlier treatment (``after neoadjuvant taxane``)."""
    return line.words[place].endswith("adjuvant") and bool(
        {"after", "following", "completing", "prior", "during"}
        & set(line.words[max(0, place - 2) : place])
    )


def _compares(line: Line, start: int, end: int) -> bool:
    """Whether the words belong to a comparison (``X plus Y vs placebo plus Y``)."""
    window = line.words[max(0, start - 3) : start]
    return any(word in {"placebo", "vs", "versus", "than", "against"} for word in window) or any(
        word in {"compared", "interaction", "interactions", "exposure"}
        for word in line.words[max(0, start - 4) : end + 1]
    )
