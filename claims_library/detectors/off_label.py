"""Does a sentence speak of a use, population or combination outside the label's indications?

Each use of the label is held against what the sentence says; the sentence is off-label when it goes
wider than every one of them, on the axis where the nearest use is exceeded. R-106, R-120, R-201.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from claims_library.detectors.ages import ADULT, Ages
from claims_library.detectors.biomarkers import stage_number_fits
from claims_library.detectors.diseases import disease_fits, may_be_same
from claims_library.detectors.limits import (
    PURPOSES,
    line_fits,
    population_fits,
    severity_fits,
    stage_fits,
)
from claims_library.detectors.reading import Line
from claims_library.detectors.uses import (
    GENERIC_HEADS,
    Fact,
    Use,
    UseReader,
)
from claims_library.findings import Evidence, Finding, Verdict, verdict_finding
from claims_library.indications import Indications

_AXES = {
    "age": "age",
    "biomarker": "biomarker",
    "combination": "combination",
    "disease": "disease",
    "intent": "purpose of treatment",
    "line": "line of treatment",
    "population": "population",
    "purpose": "purpose",
    "severity": "severity",
    "breadth": "limits of the indication",
    "stage": "stage or setting",
    "stage-number": "stage",
    "schedule": "schedule",
}
_PREVENTS = re.compile(
    r"prevent|prophyla|immuni[sz]|reduc\w+ (?:the )?(?:risk|incidence|occurrence|rate)",
    re.IGNORECASE,
)
# what was seen in whom, told as a fact of safety or exposure, is no use
_OBSERVED = frozenset(
    [
        *("incidence", "exposure", "auc", "cmax", "volunteers", "ineligible", "breastfed", "milk"),
        *("postmarketing", "overdose", "harm", "mortality", "randomized", "randomised"),
    ]
)
_ADULTS = frozenset(["adult", "adults", "women", "men"])
_EVENTS = frozenset(
    [
        *("progression", "relapse", "relapses", "recurrence", "flares", "attacks", "exacerbations"),
        *("hospitalization", "hospitalizations", "complications", "damage", "worsening", "death"),
        *("seizures", "bleeding", "bleeds", "resistance", "rebound", "infection", "episodes"),
        *("fractures", "errors", "confusion", "migraines", "headaches", "events"),
    ]
)


_PLAIN = {
    "stage": stage_fits,
    "severity": severity_fits,
    "line": line_fits,
    "population": population_fits,
    "stage-number": stage_number_fits,
}


class Wider(NamedTuple):
    """One way in which a sentence goes wider than a use of the label."""

    axis: str
    start: int
    end: int


class OffLabel:
    """The judge of uses, for one label."""

    def __init__(self, indications: Indications, reader: UseReader, brand: str) -> None:
        self._indications = indications
        self._reader = reader
        self._brand = brand

    def finding(self, line: Line) -> Finding | None:
        """The finding on a sentence that goes wider than the label, or None."""
        wider = self.wider(line)
        if not wider:
            return None
        sentence, first = line.sentence, wider[0]
        axes = ", ".join(dict.fromkeys(_AXES[w.axis] for w in wider))
        nearest = self._nearest(line)
        return verdict_finding(
            Verdict.OFF_LABEL,
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            message=(
                f"“{line.quote(first.start, first.end)}” goes beyond the indications in the label "
                f"of {self._brand} ({axes}). Take it out, or have the use judged by Medical and "
                "Regulatory first."
            ),
            evidence=Evidence("LABEL", "1 indications_and_usage", nearest) if nearest else None,
        )

    def wider(self, line: Line) -> list[Wider]:
        """The ways in which a sentence exceeds the nearest use of the label; empty if it fits."""
        if not self._indications.known or not _speaks_of_use(line):
            return []
        use = self._reader.read(line)
        if not (use.facts or use.ages or use.diseases or "regardless" in use.words):
            return []
        every = [self._against(use, allowed, line) for allowed in self._for(use)]
        best = min(every, key=len)
        return [w for w in best if _added(line, w)] if all(every) else []

    def _for(self, use: Use) -> Iterable[Use]:
        """The uses of the label for the diseases named; all of them when none fits."""
        uses = self._indications.uses
        named = [d for d in use.diseases if d.head not in GENERIC_HEADS or d.types]
        fitting = [
            allowed
            for allowed in uses
            if any(may_be_same(d, own) for d in named for own in allowed.diseases)
        ]
        return fitting or _with_exact_mutation(use, uses) or uses

    def _nearest(self, line: Line) -> str:
        use = self._reader.read(line)
        return min(self._for(use), key=lambda allowed: len(self._against(use, allowed, line))).text

    def _against(self, use: Use, allowed: Use, line: Line) -> list[Wider]:
        """What of ``use`` a use of the label does not allow."""
        found = [
            Wider(fact.axis, fact.start, fact.end)
            for fact in use.facts
            if not self._fits(fact, use, allowed, line)
        ]
        found += _any_gene(line, allowed)
        found += [
            Wider("age", age.start, age.end) for age in use.ages if not self._age_fits(age, allowed)
        ]
        found += [
            Wider("disease", disease.start, disease.end)
            for disease in use.diseases
            if not disease_fits(disease, line, self._indications)
        ]
        return found

    def _fits(self, fact: Fact, use: Use, allowed: Use, line: Line) -> bool:
        values, known = allowed.values(fact.axis), self._indications
        if fact.axis == "population" and fact.value in known.excluded:
            return fact.value in values
        plain = _PLAIN.get(fact.axis)
        if plain is not None:
            return plain(fact.value, values)
        match fact.axis:
            case "intent":
                fits = self._intent_fits(fact, allowed, line)
            case "breadth":
                fits = not self._is_limited(fact.value, use, allowed)
            case "schedule":
                fits = not known.regular_only
            case "purpose":
                fits = any(word in known.indication_words for word in PURPOSES[fact.value])
            case "combination":
                fits = self._partner_fits(fact.value, values, allowed)
            case _:
                fits = self._biomarker_fits(fact, use, allowed, line)
        return fits

    def _is_limited(self, axis: str, use: Use, allowed: Use) -> bool:
        """Whether the label limits what the sentence says holds for all."""
        if axis == "age":
            return bool(allowed.ages or _ADULTS & allowed.words or self._indications.adults_only)
        if axis == "everyone":
            return any(
                allowed.values(limit) and not use.values(limit)
                for limit in ("stage", "biomarker", "severity")
            )
        return bool(allowed.values(axis))

    def _intent_fits(self, fact: Fact, allowed: Use, line: Line) -> bool:
        if fact.value in allowed.values("intent") or _PREVENTS.search(allowed.text):
            return True
        around = line.words[fact.start : fact.end + 3]
        return bool(_EVENTS & set(around)) and "risk" not in around

    def _partner_fits(self, value: str, values: frozenset[str], allowed: Use) -> bool:
        if value == "alone":
            return (
                not values or "alone" in values or bool({"single", "monotherapy"} & allowed.words)
            )
        known = self._indications
        stem = value.split(maxsplit=1)[0]
        if stem in known.forbidden or value in known.forbidden:
            return False
        if value in values or stem in values:
            return True
        if any(value in use.values("combination") for use in known.uses):
            return False
        return value in known.partners or stem in known.partners

    def _biomarker_fits(self, fact: Fact, use: Use, allowed: Use, line: Line) -> bool:
        """A gene with the wrong status, or another gene where the label wants one."""
        values = allowed.values("biomarker")
        if fact.value in values or not values:
            return True
        gene, _, status = fact.value.partition(" ")
        if _any_status(line, fact.start):
            return True
        if gene in {"exon", "point"}:
            return not any(_is_exact(v) for v in values)
        own = {v.partition(" ")[2] for v in values if v.partition(" ")[0] == gene}
        if own:
            return status in own
        if gene == "triple":
            return False
        others = {v.partition(" ")[0] for v in use.values("biomarker")} - {gene}
        wanted = {v.partition(" ")[0] for v in values}
        return status != "positive" or bool(others & wanted) or gene in allowed.words

    def _age_fits(self, age: Ages, allowed: Use) -> bool:
        if not allowed.ages:
            minor = age.high < ADULT or (age.exact and age.low < ADULT)
            known = self._indications
            adults = _ADULTS & allowed.words or known.adults_only
            return not (minor and (adults or any(use.ages for use in known.uses)))
        if _ADULTS & allowed.words and age.low >= ADULT and age.exact:
            return True
        return any(
            (age.low >= own.low if age.exact else age.high >= own.low) and age.low <= own.high
            for own in _sharpest(allowed.ages)
        )


def _with_exact_mutation(use: Use, uses: Iterable[Use]) -> list[Use]:
    """If an exon or point mutation is named and no disease, the uses that name such ones."""
    if not any(_is_exact(value) for value in use.values("biomarker")):
        return []
    return [own for own in uses if any(_is_exact(value) for value in own.values("biomarker"))]


def _is_exact(value: str) -> bool:
    return value.startswith(("exon ", "point "))


def _sharpest(ages: tuple[Ages, ...]) -> list[Ages]:
    """The numbers of years where the label gives any, otherwise its age groups."""
    return [age for age in ages if age.exact] or list(ages)


def _speaks_of_use(line: Line) -> bool:
    """Whether a sentence says that the product is used, and neither asks nor advises against."""
    if line.question or "whole" in line.hits or "use:denied" in line.hits:
        return False
    if "frame" in line.hits and not line.has("product"):
        return False
    if not _OBSERVED.isdisjoint(line.words):
        return False
    if line.has("product"):
        return True
    return "use:use" in line.hits and line.has("treatment") and not line.has("organisation")


def _added(line: Line, wider: Wider) -> bool:
    """Near an approved claim only words that the claim has not count."""
    near = line.sentence.near
    if near is None:
        return True
    added = set(near.added)
    return any(word in added for word in line.words[wider.start : wider.end])


def _any_gene(line: Line, allowed: Use) -> list[Wider]:
    """``regardless of HER2 status`` where the label wants one status."""
    genes = {value.partition(" ")[0] for value in allowed.values("biomarker")}
    return [
        Wider("biomarker", place, place + 1)
        for place, word in enumerate(line.words)
        if word in genes
        and {"regardless", "irrespective"} & set(line.words[max(0, place - 3) : place])
    ]


def _any_status(line: Line, place: int) -> bool:
    window = line.words[max(0, place - 5) : place]
    return "regardless" in window or "irrespective" in window or "status" in line.words
