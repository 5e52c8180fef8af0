"""All figures of the page of measures as rows of one table, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exports.measures.reading import Measures
from exports.measures.reviewing import ALL, DISCIPLINE, KIND, MONTH, PRODUCT, Spread
from exports.measures.using import AHEAD, PHASE, ROLE, TIER
from records.vocabulary import Discipline, Phase, Role, Tier

_WORDS: Mapping[str, type[Any]] = {TIER: Tier, ROLE: Role, PHASE: Phase, DISCIPLINE: Discipline}
_UNKNOWN = {TIER: "No tier", PRODUCT: "Any product"}


@dataclass(frozen=True)
class Figure:
    """One row of the table of all figures; ``measure`` is a key of ``DEFINITIONS``."""

    measure: str
    by: str
    group: str
    figure: str
    value: float


def figures(measures: Measures, brands: Mapping[int, str]) -> Iterator[Figure]:
    """Every figure of the page, one a row."""
    yield from _spread("days in draft", measures.in_draft, brands)
    yield from _spread("days in review", measures.in_review, brands)
    yield from _spread("days to verdict", measures.by_discipline, brands)
    yield from _approvals(measures.in_review, brands)
    yield from _use(measures)
    for waits in measures.waiting:
        part = waits.discipline.label
        yield Figure("open", DISCIPLINE, part, "open", waits.open)
        yield Figure("open", DISCIPLINE, part, "overdue", waits.overdue)
        yield Figure("open", DISCIPLINE, part, "held", waits.held)
    for copies in measures.issued:
        group = group_of(copies.by, copies.group, brands)
        yield Figure("copies", copies.by, group, "issued", copies.copies)


def _spread(name: str, spreads: Iterable[Spread], brands: Mapping[int, str]) -> Iterator[Figure]:
    for each in spreads:
        group = group_of(each.by, each.group, brands)
        yield Figure(name, each.by, group, "cases", each.cases)
        yield Figure(name, each.by, group, "median", each.median)
        yield Figure(name, each.by, group, "90th percentile", each.ninetieth)


def _approvals(spreads: Iterable[Spread], brands: Mapping[int, str]) -> Iterator[Figure]:
    for each in spreads:
        if each.approved:
            group = group_of(each.by, each.group, brands)
            yield Figure("circulations", each.by, group, "approvals", each.approved)
            yield Figure("circulations", each.by, group, "mean", each.rounds / each.approved)
            yield Figure("first pass", each.by, group, "approvals", each.first)
            yield Figure("first pass", each.by, group, "share", each.first / each.approved)


def _use(measures: Measures) -> Iterator[Figure]:
    reuse = measures.reuse
    yield Figure("reuse", ALL, ALL, "modules used", reuse.modules)
    yield Figure("reuse", ALL, ALL, "uses", reuse.uses)
    yield Figure("reuse", ALL, ALL, "materials", reuse.materials)
    for used in reuse.most:
        yield Figure("reuse", "module", used.code, "materials", used.materials)
        yield Figure("reuse", "module", used.code, "copies", used.copies)
    unused = (("module", measures.unused_modules), ("material", measures.unissued_materials))
    for kind, never in unused:
        yield Figure("never used", KIND, kind, "never used", never.unused)
        yield Figure("never used", KIND, kind, "approved", never.approved)
    for ending in measures.expiring:
        for days, number in zip(AHEAD, ending.within, strict=True):
            yield Figure("expiring", KIND, ending.kind, f"within {days} days", number)


def group_of(by: str, group: str, brands: Mapping[int, str]) -> str:
    """A group as people name it."""
    if not group:
        return _UNKNOWN.get(by, "Other")
    if by == PRODUCT:
        return brands.get(int(group), group)
    if by in _WORDS:
        return str(_WORDS[by](group).label)
    return group if by in (ALL, MONTH) else group.capitalize()
