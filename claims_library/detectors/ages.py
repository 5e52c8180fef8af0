"""Ages that a sentence speaks of, as ranges of years."""

from __future__ import annotations

from typing import NamedTuple

from claims_library.detectors.reading import Line
from claims_library.quantities import NUMBER_WORDS, UNITS

_GROUPS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("newborns", "newborn", "neonates", "neonatal", "babies", "baby"), (0, 0.99)),
    **dict.fromkeys(("infants", "infant"), (0, 1.99)),
    **dict.fromkeys(("toddlers", "toddler"), (1, 3.99)),
    **dict.fromkeys(("children", "child", "kids", "schoolchildren", "kid"), (0, 11.99)),
    **dict.fromkeys(
        ("pediatric", "paediatric", "pediatrics", "youth", "boys", "girls"), (0, 17.99)
    ),
    **dict.fromkeys(("adolescents", "adolescent", "teens", "teenagers", "teen"), (12, 17.99)),
}
ADULT = 18.0
_OLDEST = 200.0
_OLD = frozenset(["old", "olds"])
_OLDER = frozenset(["older", "over", "above", "up", "upwards", "onwards", "more"])


class Ages(NamedTuple):
    """A range of years; ``exact`` ages are numbers, others are groups such as children."""

    low: float
    high: float
    exact: bool
    start: int
    end: int


def ages_of(line: Line) -> list[Ages]:
    """Age groups and numbers of years that a line speaks of."""
    found = [
        Ages(*_GROUPS[word], False, place, place + 1)
        for place, word in enumerate(line.words)
        if word in _GROUPS and line.words[place + 1 : place + 2] != ["pugh"]
    ]
    words = line.words
    for place in line.places("num"):
        number = _number(words[place])
        if number is None:
            continue
        after = words[place + 1 : place + 7]
        before = words[max(0, place - 2) : place]
        if after[:1] and _is_year(after[0]):
            found += _of_number(number / _per_year(after[0]), after[1:], before, place)
        elif "to" in after[:1] or "through" in after[:1] or (after and _number(after[0])):
            found += _of_span(number, after, before, place)
        elif before and after[:1] and after[0] in UNITS:
            continue
        elif before and (before[-1] in {"aged", "ages", "age", "under"} or _of_people(before)):
            found += _of_number(number, after, before, place)
    return found


def _of_number(number: float, after: list[str], before: list[str], place: int) -> list[Ages]:
    tail = [word for word in after if word not in {"of", "age", "old", "and", "or"}]
    of_age = (
        "age" in after[:2]
        or bool(_OLD & set(after[:2]))
        or bool(before and before[-1].startswith("age"))
    )
    if before and (before[-1] in {"under", "below"} or before[-2:] == ["younger", "than"]):
        return [Ages(0, number - 0.01, True, place - 1, place + 2)] if number <= ADULT else []
    from_here = [Ages(number, _OLDEST, True, place, place + 2)]
    if tail and tail[0] in _OLDER and (of_age or tail[0] == "older"):
        return from_here
    if "younger" in tail[:1]:
        return [Ages(0, number, True, place, place + 3)]
    if of_age and before and before[-1] in {"from", "least", "as"}:
        return from_here
    aged = before[-1:] in (["aged"], ["age"]) and after[:1] not in (["to"], ["through"])
    if _of_people(before) or aged or (of_age and after[:1] and after[0] in _OLD):
        return [Ages(number, number + 0.99, True, place, place + 2)]
    return from_here if before[-2:] == ["equal", "to"] or before[-1:] in (["≥"], [">"]) else []


def _of_people(before: list[str]) -> bool:
    """Whether a number follows people of that age (``children of four``)."""
    return len(before) > 1 and before[-1] == "of" and before[-2] in _GROUPS


def _of_span(number: float, after: list[str], before: list[str], place: int) -> list[Ages]:
    rest = after[1:] if after[0] in {"to", "through"} else after
    upper = _number(rest[0]) if rest else None
    tail = rest[1:]
    if upper is None or upper <= number or not tail or not _is_year(tail[0]):
        return []
    if "age" in tail or "old" in tail or (before and before[-1].startswith("age")):
        return [
            Ages(number / _per_year(tail[0]), upper / _per_year(tail[0]), True, place, place + 4)
        ]
    return []


def _number(word: str) -> float | None:
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    try:
        return float(word)
    except ValueError:
        return None


def _is_year(word: str) -> bool:
    return word in {"years", "year", "months", "month", "weeks"}


def _per_year(unit: str) -> float:
    return {"month": 12.0, "months": 12.0, "weeks": 52.0}.get(unit, 1.0)
