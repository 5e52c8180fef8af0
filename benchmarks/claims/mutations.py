"""Altered versions of approved wordings, made by rule: each names the verdict it should get.

Every number, unit, bound, qualifier, hedge, negation, direction and arm of every wording in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims_library.compiling import ClaimText
from claims_library.findings import Verdict

_NUMBER = re.compile(r"(?<![A-Za-z0-9.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z0-9])(?!\.\d)")
_UNITS = {
    "mg": "mcg",
    "mL": "L",
    "msec": "sec",
    "ms": "s",
    "months": "weeks",
    "month": "week",
    "weeks": "days",
    "days": "weeks",
    "day": "week",
    "years": "months",
    "hours": "days",
    "%": "",
}
_UNIT = re.compile(r"(?<=\d)(?:[ \u00a0-]?)(mg|mL|msec|ms|months?|weeks|days?|years|hours|%)(?!\w)")
_HEDGES_GONE = (
    "may ", "up to ", "approximately ", "at least ", "about ", "only ", "generally ", "preferably ",
    "some ", "certain ", "median ", "estimated ", "potentially ", "usually ", "mainly ",
)  # fmt: skip
_HEDGES_UP = (
    ("may", "will"),
    ("should", "must"),
    ("can", "will always"),
    ("could", "will"),
    ("recommended", "mandatory"),
    ("demonstrated", "proven"),
    ("approximately", "exactly"),
    ("some", "all"),
)
_DIRECTIONS = (
    ("increased", "decreased"), ("increase", "decrease"), ("increases", "decreases"),
    ("reduced", "increased"), ("reduce", "increase"), ("before", "after"), ("prior to", "after"),
    ("greater", "less"), ("less", "greater"), ("more", "less"), ("most", "least"),
    ("higher", "lower"), ("lower", "higher"), ("above", "below"), ("below", "above"),
    ("improved", "worsened"), ("longer", "shorter"), ("discontinue", "continue"),
    ("withhold", "continue"), ("avoid", "consider"), ("positive", "negative"),
    ("inhibitors", "inducers"), ("inhibitor", "inducer"), ("superior", "inferior"),
)  # fmt: skip
_PRAISE = ("remarkable", "impressive", "unprecedented")


@dataclass(frozen=True, slots=True)
class Mutation:
    """One altered wording, what was done to it, and the verdict it deserves."""

    claim: str
    text: str
    kind: str
    detail: str
    verdict: Verdict


def mutations(claim: ClaimText) -> Iterator[Mutation]:
    """All alterations of a claim's wordings."""
    for number in range(len(claim.variations) + 1):
        wording = claim.wording(number)
        for kind, verdict, make in (
            ("number", Verdict.NUMBER_CHANGED, _numbers),
            ("unit", Verdict.NUMBER_CHANGED, _units),
            ("arms", Verdict.NUMBER_CHANGED, _arms),
            ("hedge dropped", Verdict.QUALIFIER_DROPPED, _hedges_gone),
            ("hedge replaced", Verdict.STRENGTHENED, _hedges_up),
            ("praise", Verdict.STRENGTHENED, _praise),
            ("negation", Verdict.POLARITY_FLIPPED, _negations),
            ("direction", Verdict.POLARITY_FLIPPED, _directions),
            ("turned", Verdict.POLARITY_FLIPPED, _turned),
        ):
            for text, detail in make(wording):
                yield Mutation(claim.code, text, kind, detail, verdict)
        for text, detail in _qualifiers(wording, claim):
            yield Mutation(claim.code, text, "qualifier", detail, Verdict.QUALIFIER_DROPPED)


def _numbers(wording: str) -> Iterator[tuple[str, str]]:
    for match in _NUMBER.finditer(wording):
        old = match.group()
        for new in sorted(_other_numbers(old)):
            yield _put(wording, match, new), f"{old} -> {new}"


def _other_numbers(old: str) -> set[str]:
    """Another last digit, digits transposed, rounded, the point moved."""
    new = {old[:-1] + str((int(old[-1]) + 1) % 10), "1" + old}
    digits = old.replace(".", "").replace(",", "")
    if len(digits) > 1 and digits[-1] != digits[-2] and "." in old[-3:-1]:
        new.add(old[:-1] + old[-1] + "0")
    for i in range(len(old) - 1):
        if old[i].isdigit() and old[i + 1].isdigit() and old[i] != old[i + 1]:
            new.add(old[:i] + old[i + 1] + old[i] + old[i + 2 :])
    if "." in old:
        new.add(f"{round(float(old.replace(',', '')))}")
        new.add(old.replace(".", ""))
    return {value for value in new if value != old and value.strip("0.") != ""} - {""}


def _units(wording: str) -> Iterator[tuple[str, str]]:
    for match in _UNIT.finditer(wording):
        old = match.group(1)
        start, end = match.span(1)
        yield wording[:start] + _UNITS[old] + wording[end:], f"{old} -> {_UNITS[old] or 'nothing'}"


def _arms(wording: str) -> Iterator[tuple[str, str]]:
    """The first figure before and the first after "vs." change places."""
    for match in re.finditer(r"\bvs\.?\s|\bversus\s|\bcompared (?:with|to)\s", wording):
        before = list(_NUMBER.finditer(wording, 0, match.start()))
        after = _NUMBER.search(wording, match.end())
        if not before or after is None:
            continue
        inside = [m for m in before if "(" not in wording[m.end() : match.start()]] or before
        first = inside[0] if len(inside) == len(before) else before[0]
        if first.group() == after.group():
            continue
        swapped = (
            wording[: first.start()]
            + after.group()
            + wording[first.end() : after.start()]
            + first.group()
            + wording[after.end() :]
        )
        yield swapped, f"{first.group()} <-> {after.group()}"


def _qualifiers(wording: str, claim: ClaimText) -> Iterator[tuple[str, str]]:
    for phrase in dict.fromkeys((*claim.qualifiers, claim.population)):
        at = wording.lower().find(phrase.lower()) if phrase else -1
        if at < 0:
            continue
        text = wording[:at] + wording[at + len(phrase) :]
        text = re.sub(r"\s+([,.;)])", r"\1", re.sub(r"\s{2,}", " ", text)).strip()
        if len(text.split()) >= 4:
            yield text, phrase


def _hedges_gone(wording: str) -> Iterator[tuple[str, str]]:
    for hedge in _HEDGES_GONE:
        for match in re.finditer(rf"\b{hedge}", wording):
            yield _put(wording, match, ""), hedge.strip()


def _hedges_up(wording: str) -> Iterator[tuple[str, str]]:
    for old, new in _HEDGES_UP:
        for match in re.finditer(rf"\b{old}\b", wording):
            yield _put(wording, match, new), f"{old} -> {new}"


def _praise(wording: str) -> Iterator[tuple[str, str]]:
    for match in list(_NUMBER.finditer(wording))[:2]:
        for word in _PRAISE:
            yield _put(wording, match, f"a {word} {match.group()}"), word
    yield "Significantly, " + wording[:1].lower() + wording[1:], "significantly"


def _negations(wording: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"\b(?:do not|not|No|no|never) ", wording):
        new = "A " if match.group() == "No " else ""
        yield _put(wording, match, new), f"without {match.group().strip()!r}"
    for match in list(
        re.finditer(r"\b(?:is|was|were|are|should be|should|can|may|will) ", wording)
    )[:3]:
        if not wording[match.end() :].startswith("not "):
            yield _put(wording, match, f"{match.group()}not "), f"{match.group()}not"


def _directions(wording: str) -> Iterator[tuple[str, str]]:
    for old, new in _DIRECTIONS:
        for match in re.finditer(rf"\b{old}\b", wording, re.IGNORECASE):
            yield _put(wording, match, new), f"{old} -> {new}"


def _turned(wording: str) -> Iterator[tuple[str, str]]:
    inner = wording[:1].lower() + wording[1:] if wording[1:2].islower() else wording
    yield f"It is not true that {inner}", "it is not true that"
    yield f"Contrary to what was thought, {inner}", "contrary to"


def _put(wording: str, match: re.Match[str], new: str) -> str:
    text = wording[: match.start()] + new + wording[match.end() :]
    return text[:1].upper() + text[1:]
