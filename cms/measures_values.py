"""Measures as plain data: charts with their sentences and tables, and all figures as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from cms.charts import Point, bars, over_time
from cms.formatting import in_words, plural
from cms.measures_table import group_of
from cms.measures_words import DEFINITIONS
from exports.measures.reading import Measures, Never
from exports.measures.reviewing import ALL, KIND, MONTH, PRODUCT, Spread
from exports.measures.using import AHEAD, PHASE, ROLE, TIER, Issued

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# a month with fewer cases says little: it is left blank in a chart, and stands in the table
FEWEST = 3
MOST_MONTHS = 13


def page_values(measures: Measures, brands: Mapping[int, str], today: date) -> dict[str, Any]:
    """What the page shows, without its filters."""
    return {
        "kpis": _kpis(measures),
        "months": _months(measures.in_review, today),
        "first_pass": _first_pass(measures.in_review, today),
        "draft": _spread_tables(measures.in_draft, brands, "draft"),
        "review": _spread_tables(measures.in_review, brands, "review"),
        "disciplines": _disciplines(measures),
        "reuse": _reuse(measures),
        "never": [
            _never("Modules", "modules.show", measures.unused_modules),
            _never("Materials", "materials.show", measures.unissued_materials),
        ],
        "expiring": _expiring(measures),
        "issued": [_issued(by, measures.issued, brands) for by in (TIER, ROLE, PHASE)],
        "definitions": list(DEFINITIONS.values()),
    }


def _all(spreads: Sequence[Spread]) -> Spread | None:
    return next((each for each in spreads if each.by == ALL), None)


def _kpis(measures: Measures) -> list[dict[str, str]]:
    draft, review = _all(measures.in_draft), _all(measures.in_review)
    overdue = sum(each.overdue for each in measures.waiting)
    waits = sum(each.open for each in measures.waiting)
    approved = review.approved if review else 0
    return [
        _kpi("In draft, median", draft, "first submissions"),
        _kpi("In review, median", review, "reviews"),
        {
            "head": "Approved on the first circulation",
            "big": f"{round(100 * review.first / approved)}%" if review and approved else "none",
            "words": f"{review.first:,} of {plural(approved, 'approval')}, "
            f"{review.rounds / approved:.1f} circulations each on average."
            if review and approved
            else "Nothing was approved in this period.",
        },
        {
            "head": "Overdue now",
            "big": f"{overdue:,}",
            "words": f"of {plural(waits, 'part')} of reviews that wait for a verdict.",
        },
    ]


def _kpi(head: str, spread: Spread | None, what: str) -> dict[str, str]:
    if spread is None:
        return {"head": head, "big": "none", "words": f"There were no {what} in this period."}
    return {
        "head": head,
        "big": _days(spread.median),
        "words": f"{spread.cases:,} {what}; nine of ten took {_days(spread.ninetieth)} or less.",
    }


def _days(number: float) -> str:
    return f"{number:g} day" if number == 1 else f"{number:g} days"


def _by_month(spreads: Sequence[Spread], today: date) -> list[tuple[str, bool, Spread | None]]:
    """Each month from the first with cases to the last, and whether it is not over yet."""
    known = {each.group: each for each in spreads if each.by == MONTH}
    if not known:
        return []
    year, month = map(int, max(known).split("-"))
    found: list[tuple[str, bool, Spread | None]] = []
    while len(found) < MOST_MONTHS and f"{year}-{month:02}" >= min(known):
        name = f"{year}-{month:02}"
        found.append((name, name == f"{today:%Y-%m}", known.get(name)))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found[::-1]


def _month(name: str) -> str:
    return f"{_MONTHS[int(name[5:]) - 1]} {name[:4]}"


def _months(spreads: Sequence[Spread], today: date) -> dict[str, Any]:
    rows = _by_month(spreads, today)
    told = [(name, each) for name, _, each in rows if each and each.cases >= FEWEST]
    points = [
        Point(
            _MONTHS[int(name[5:]) - 1],
            each.median if each and each.cases >= FEWEST else None,
            each.ninetieth if each and each.cases >= FEWEST else None,
            below=f"{each.cases:,}" if each else "0",
        )
        for name, _, each in rows
    ]
    return {
        "chart": over_time(points) if told else None,
        "sentence": _told("Median days in review", told, lambda each: _days(each.median)),
        "head": ("Month", "Reviews", "Median days", "90th percentile"),
        "rows": [
            (_month(name) + (", not over" if now else ""), each.cases, each.median, each.ninetieth)
            for name, now, each in rows
            if each
        ],
    }


def _first_pass(spreads: Sequence[Spread], today: date) -> dict[str, Any]:
    rows = _by_month(spreads, today)
    told = [(name, each) for name, _, each in rows if each and each.approved >= FEWEST]
    points = [
        Point(
            _MONTHS[int(name[5:]) - 1],
            _share(each) if each and each.approved >= FEWEST else None,
            below=f"{each.approved:,}" if each else "0",
        )
        for name, _, each in rows
    ]
    return {
        "chart": over_time(points, unit="%", top=100) if told else None,
        "sentence": _told(
            "Share approved on the first circulation", told, lambda each: f"{_share(each)}%"
        ),
        "head": ("Month", "Approved", "On the first circulation", "Share", "Circulations each"),
        "rows": [
            (
                _month(name) + (", not over" if now else ""),
                each.approved,
                each.first,
                f"{_share(each)}%",
                f"{each.rounds / each.approved:.1f}",
            )
            for name, now, each in rows
            if each and each.approved
        ],
    }


def _share(spread: Spread) -> int:
    return round(100 * spread.first / spread.approved)


def _told(what: str, told: Sequence[tuple[str, Spread]], say: Any) -> str:
    """The chart as one sentence, for whoever does not look at it."""
    if not told:
        return f"No month of this period has {in_words(FEWEST)} cases or more."
    (first, start), (last, end) = told[0], told[-1]
    if first == last:
        return f"{what}: {say(end)} in {_month(last)}."
    return f"{what}: {say(start)} in {_month(first)}, {say(end)} in {_month(last)}."


def _spread_tables(
    spreads: Sequence[Spread], brands: Mapping[int, str], what: str
) -> dict[str, Any]:
    rows = [each for each in spreads if each.by in (KIND, PRODUCT)]
    rows.sort(key=lambda each: (each.by, -each.cases, each.group))
    return {
        "what": what,
        "rows": [
            (group_of(each.by, each.group, brands), each.cases, each.median, each.ninetieth)
            for each in rows
        ],
    }


def _disciplines(measures: Measures) -> dict[str, Any]:
    took = {each.group: each for each in measures.by_discipline}
    rows: list[dict[str, Any]] = []
    for waits in measures.waiting:
        each = took.get(waits.discipline.value)
        rows.append(
            {
                "label": waits.discipline.label,
                "cases": each.cases if each else 0,
                "median": each.median if each else None,
                "ninetieth": each.ninetieth if each else None,
                "open": waits.open,
                "overdue": waits.overdue,
                "held": waits.held,
                "url": url_for("board.index", discipline=waits.discipline.value),
            }
        )
    timed = [row for row in rows if row["median"] is not None]
    slowest = max(timed, key=lambda row: row["median"], default=None)
    return {
        "rows": rows,
        "chart": bars([(row["label"], row["median"], _days(row["median"])) for row in timed])
        if timed
        else None,
        "sentence": f"{slowest['label']} takes longest: {_days(slowest['median'])} at the median."
        if slowest
        else "No verdict was signed in this period.",
    }


def _reuse(measures: Measures) -> dict[str, Any]:
    reuse = measures.reuse
    return {
        "sentence": f"{plural(reuse.modules, 'module')} in {plural(reuse.materials, 'material')}; "
        f"each module is in {reuse.uses / reuse.modules:.1f} of them on average."
        if reuse.modules
        else "No material was assembled in this period.",
        "chart": bars(
            [(each.code, each.materials, plural(each.materials, "material")) for each in reuse.most]
        )
        if reuse.most
        else None,
        "rows": [
            (
                each.code,
                each.title,
                each.materials,
                each.copies,
                url_for("modules.show", code=each.code),
            )
            for each in reuse.most
        ],
    }


def _never(what: str, endpoint: str, never: Never) -> dict[str, Any]:
    return {
        "what": what,
        "unused": never.unused,
        "approved": never.approved,
        "rows": [
            {
                "code": each.code,
                "title": each.title,
                "url": url_for(endpoint, code=each.code),
                "approved_at": each.approved_at,
                "valid_until": each.valid_until,
            }
            for each in never.oldest
        ],
    }


def _expiring(measures: Measures) -> dict[str, Any]:
    totals = [sum(each.within[place] for each in measures.expiring) for place in range(len(AHEAD))]
    return {
        "ahead": AHEAD,
        "rows": [(each.kind.capitalize(), *each.within) for each in measures.expiring],
        "sentence": "; ".join(
            f"{number:,} within {days} days" for days, number in zip(AHEAD, totals, strict=True)
        )
        + ".",
    }


def _issued(by: str, issued: Sequence[Issued], brands: Mapping[int, str]) -> dict[str, Any]:
    rows = sorted(
        ((group_of(by, each.group, brands), each.copies) for each in issued if each.by == by),
        key=lambda row: (-row[1], row[0]),
    )
    return {
        "by": by,
        "chart": bars([(group, number, f"{number:,}") for group, number in rows]) if rows else None,
        "rows": rows,
        "sentence": f"{plural(sum(number for _, number in rows), 'copy', 'copies')}, "
        f"most for {rows[0][0].lower()}."
        if rows
        else "No copy was issued in this period.",
    }
