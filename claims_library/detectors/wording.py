"""Findings from rules: by their words, and by the judges of figures that words cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from claims_library.compiling import Library
from claims_library.detectors.reading import Line
from claims_library.findings import Finding
from claims_library.indications import Indications
from claims_library.rules.model import Rule, Rulebook

_COMPARED = frozenset(
    [
        *("vs", "versus", "placebo", "compared", "than", "against", "comparator", "control"),
        *("respectively", "difference", "hr", "hazard", "over", "baseline"),
    ]
)
_RELATIVE = frozenset(
    [
        *("more", "less", "fewer", "reduced", "reduces", "reduction", "lower", "lowers", "lowered"),
        *("cut", "cuts", "decrease", "decreased", "decreases", "higher", "increase", "increased"),
        *("increases", "improvement", "greater", "relative"),
    ]
)
_MEASURES = frozenset(["median", "mean", "rate", "rates", "proportion"])
_MASSES = frozenset(["mg", "mcg", "µg", "g", "units", "iu", "ml", "mg/kg"])
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}"
_PERSONAL = re.compile(
    r"\bSSN\b\W{0,3}\d|\b\d{3}-\d{2}-\d{4}\b"
    r"|\b(?:MRN|medical record number)\W{0,4}\d{4,}"
    rf"|\b(?:DOB|date of birth|born)\b\W{{0,6}}{_DATE}|\bNHS (?:no|number)\W{{0,3}}\d{{3}}"
    # a named patient with something of the case
    r"|\b(?-i:Mrs?|Ms|Miss|[Pp]atient)\.? (?-i:[A-Z][a-z]{1,20}),? "
    r"(?:\(?\d{2}\b|aged \d|was diagnosed|has been (?:diagnosed|treated)|is (?:on|taking)\b)",
    re.IGNORECASE,
)
_DOSES = re.compile(
    r"(?<!\d)(\d[\d,]{0,12}(?:\.\d{1,6})?)\s{0,3}-?\s{0,3}(mg|mcg|µg|g|units|iu|ml)\b",
    re.IGNORECASE,
)

Judge = Callable[[Rule, Line], tuple[int, int] | None]


class Rules:
    """Applies the rules of sentences; those of the piece are in ``claims_library.piece``."""

    def __init__(self, book: Rulebook, library: Library, indications: Indications) -> None:
        scope, product = library.scope, library.product
        self._rules = [
            rule
            for rule in book.rules.values()
            if _in_scope(rule, scope.audience, scope.channel) and _has_facts(rule, product)
        ]
        self._studies = indications.studies
        self._doses = _doses(library)
        self._judges: Mapping[str, Judge] = {
            "words": _by_words,
            "relative": _relative,
            "comparator": _comparator,
            "endpoint": self._endpoint,
            "dose": self._dose,
            "personal": _personal,
        }

    @property
    def applied(self) -> tuple[Rule, ...]:
        """The rules that hold for this product and use."""
        return tuple(self._rules)

    def findings(self, line: Line) -> Iterable[Finding]:
        """What the rules find in one sentence that is not all approved wording."""
        near = line.sentence.near
        for rule in self._rules:
            judge = self._judges.get(rule.judge)
            if near and rule.judge not in {"words", "personal"}:
                continue  # the difference from the approved claim says it already
            place = judge(rule, line) if judge else None
            if place is not None:
                yield finding_of(rule, line, *place)

    def _endpoint(self, rule: Rule, line: Line) -> tuple[int, int] | None:
        """An endpoint by a name that the label's clinical studies do not hold."""
        if not self._studies or "about" in line.hits or line.question or line.has("organisation"):
            return None
        if not (line.has("effect") or line.has("result") or line.has("num")):
            return None
        for role in rule.words:
            for hit in line.hits.get(f"rule:{rule.id}:{role}", ()):
                words = line.words[hit.start : hit.end]
                named = " ".join(words) in self._studies or "-".join(words) in self._studies
                spelled = role.replace("-", " ").replace(" free", "-free")
                if line.fresh(hit) and not named and spelled not in self._studies:
                    return hit.start, hit.end
        return None

    def _dose(self, rule: Rule, line: Line) -> tuple[int, int] | None:
        """A strength of the product that the label does not give."""
        if not self._doses or line.has("drug") or not line.has("product"):
            return None
        for place in line.places("num"):
            unit = line.words[place + 1] if place + 1 < len(line.words) else ""
            after = line.words[place + 2] if place + 2 < len(line.words) else ""
            amount = line.words[place].replace(",", "")
            is_dose = unit in _MASSES and after not in {"dl", "l", "kg", "ml"}
            if is_dose and _fresh(line, place) and (_plain(amount), unit) not in self._doses:
                return place, place + 2
        return None


def finding_of(rule: Rule, line: Line, start: int, end: int) -> Finding:
    """A finding on words ``start``–``end`` of a line."""
    first, last = line.span(start, end)
    base = line.sentence.start
    return Finding(
        rule=rule.id,
        name=rule.name,
        severity=rule.severity,
        start=first,
        end=last,
        text=line.sentence.text[first - base : last - base],
        message=rule.message or rule.sentence,
        regulation=rule.regulation,
    )


def groups_of(book: Rulebook) -> dict[str, tuple[str, ...]]:
    """The patterns of all rules, by rule and role."""
    return {
        f"rule:{rule.id}:{role}": patterns
        for rule in book.rules.values()
        for role, patterns in rule.words.items()
    }


def _by_words(rule: Rule, line: Line) -> tuple[int, int] | None:
    hits = [hit for hit in line.hits.get(f"rule:{rule.id}:find", ()) if line.fresh(hit)]
    near = line.sentence.near
    if near:
        added = set(near.added)
        hits = [hit for hit in hits if added & set(line.words[hit.start : hit.end])]
    if not hits or f"rule:{rule.id}:unless" in line.hits:
        return None
    best = max(hits, key=lambda hit: (hit.end - hit.start, -hit.start))
    return best.start, best.end


def _relative(_rule: Rule, line: Line) -> tuple[int, int] | None:
    """One percentage with a word of more or less, and no second value beside it."""
    places = line.places("pct")
    if len(places) != 1 or line.has("organisation") or not _RELATIVE & set(line.words):
        return None
    if not (line.has("product") or line.has("outcome") or line.has("safety") or line.has("human")):
        return None
    return (places[0], places[0] + 2) if _fresh(line, places[0]) else None


def _comparator(_rule: Rule, line: Line) -> tuple[int, int] | None:
    """A measured result of the product without that of another arm."""
    if not (line.has("product") or line.has("treatment")) or line.has("organisation"):
        return None
    measures = [place for place, word in enumerate(line.words) if word in _MEASURES]
    if not measures or not line.has("num") or not line.has("outcome"):
        return None
    if _COMPARED & set(line.words) or not _fresh(line, measures[0]):
        return None
    return measures[0], min(len(line.words), line.places("num")[0] + 1)


def _personal(_rule: Rule, line: Line) -> tuple[int, int] | None:
    found = _PERSONAL.search(line.sentence.text)
    if found is None:
        return None
    base = line.sentence.start
    inside = [
        i
        for i, at in enumerate(line.at)
        if line.sentence.ends[at] > base + found.start()
        and line.sentence.starts[at] < base + found.end()
    ]
    return (inside[0], inside[-1] + 1) if inside else None


def _fresh(line: Line, place: int) -> bool:
    approved = line.sentence.approved
    return not approved or not approved[line.at[place]]


def _in_scope(rule: Rule, audience: str, channel: str) -> bool:
    if rule.audiences and audience and audience not in rule.audiences:
        return False
    return not (rule.channels and channel and channel not in rule.channels)


def _has_facts(rule: Rule, product: object) -> bool:
    return all(getattr(product, fact, False) for fact in rule.facts)


def _doses(library: Library) -> frozenset[tuple[str, str]]:
    """Every strength that the label gives anywhere, with its unit; daily sums included."""
    if library.label is None:
        return frozenset()
    text = "\n".join(section.text for section in library.label.sections)
    return frozenset(
        (_plain(match[1].replace(",", "")), match[2].lower()) for match in _DOSES.finditer(text)
    )


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
