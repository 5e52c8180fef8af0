"""Charts out of approved wordings: a comparison is drawn only if its sentence says it all.

The wording must hold exactly one comparison of two groups in the same unit ("11.2 months (95% CI:
9.4, 13.2) with A vs 4.9 months (95% CI: 4.0, 5.9) with B"). Anything else ("not reached", ratios,
three groups) is not drawn. The whole wording stands beside the chart, the axis begins at zero, and
the bars carry the numbers as they are worded (R-124).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exports.body import Claim, Node, claims_in
from exports.deck.slides import Bar, Chart

_NUMBER = r"(\d+(?:\.\d+)?)(\s?%| months| weeks| days)"
_ASIDE = r"((?: \([^()]*\))*)"
_NAME = r"([A-Za-z][A-Za-z0-9 +/-]{1,60}?(?: \([a-z][^()\d]*\))?)"
_COMPARISON = re.compile(
    rf"{_NUMBER}{_ASIDE} with {_NAME}(?: \([nN] = \d+\))? vs\.? "
    rf"{_NUMBER}{_ASIDE} with {_NAME}(?: \([nN] = \d+\))?(?= in | \(|[.,;]|$)"
)
_MEASURE = re.compile(
    r"\b(?:(?:median|confirmed|overall|CNS) ){0,4}"
    r"(?:[a-z-]{1,40} survival|response rate|duration of response|PFS|OS|DFS)\b",
    re.IGNORECASE,
)
_NEAR = 90  # characters between a measure and the figures it is of
_INTERVAL = re.compile(r"(\d+% CI): (\d+(?:\.\d+)?), (\d+(?:\.\d+)?)")
_AXES = {"%": "Percent of patients", "months": "Months", "weeks": "Weeks", "days": "Days"}
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


def chart_of(nodes: Sequence[Node]) -> Chart | None:
    """The chart of some nodes, if exactly one claim in them is a comparison."""
    found = [chart for claim in claims_in(nodes) if (chart := comparison(claim))]
    return found[0] if len(found) == 1 else None


def comparison(claim: Claim) -> Chart | None:
    """The comparison a wording makes, or nothing."""
    matches = list(_COMPARISON.finditer(claim.text))
    if len(matches) != 1:
        return None
    match = matches[0]
    first, unit, aside, name, second, other, beside, against = match.groups()
    if unit.strip() != other.strip() or name == against or " vs" in claim.text[: match.start()]:
        return None
    bars = tuple(_bars(((name, first, unit, aside), (against, second, unit, beside))))
    axis = _axis(claim.text[: match.start()], unit.strip())
    top, step = _scale(bars, percent=unit.strip() == "%")
    levels = {found[1] for text in (aside, beside) if (found := _INTERVAL.search(text))}
    whole = len(levels) == 1 and all(bar.span for bar in bars)
    if not whole:
        bars = tuple(Bar(bar.label, bar.value, bar.printed) for bar in bars)
    return Chart(claim.claim, axis, bars, top, step, levels.pop() if whole else "")


def _bars(rows: Sequence[tuple[str, str, str, str]]) -> Iterator[Bar]:
    for name, number, unit, aside in rows:
        found = _INTERVAL.search(aside)
        span = f"{found[2]}, {found[3]}" if found else ""
        yield Bar(name, float(number), f"{number}{unit}", span)


def _axis(before: str, unit: str) -> str:
    """The unit, with the measure where the sentence names it."""
    near = before[-2 * _NEAR :]
    found = next(
        (each for each in _MEASURE.finditer(near) if len(near) - each.end() <= _NEAR), None
    )
    if found is None or "." in before:
        return _AXES[unit]
    what = found.group()
    return f"{what[:1].upper()}{what[1:]}, {_AXES[unit].lower()}"


def _scale(bars: Sequence[Bar], *, percent: bool) -> tuple[float, float]:
    """Where the axis ends, and its step: from zero, always; shares end at a hundred."""
    if percent:
        return 100.0, 20.0
    most = max(bar.interval[1] for bar in bars)
    step = next((step for step in _STEPS if most / step <= 6), _STEPS[-1])
    return float(-(-most // step) * step), float(step)
