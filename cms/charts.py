"""Charts as plain numbers: where on the grid each mark stands (components/charts.html draws)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, LEFT, RIGHT, BASE, TOP = 620, 52, 34, 205, 25
# the longest bar; the words after it and the names before it take the rest
LONGEST = 270
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_LINES = 4


@dataclass(frozen=True)
class Point:
    """One column of a chart over time: the value, a second one above it, and what is below."""

    label: str
    value: float | None
    over: float | None = None
    below: str = ""


def over_time(
    points: Sequence[Point], *, unit: str = "", top: float | None = None
) -> dict[str, Any]:
    """Marks of a chart over months; ``top`` fixes the end of the scale."""
    highest = top or max(
        (value for point in points for value in (point.value, point.over) if value is not None),
        default=0,
    )
    end, step = _scale(highest)
    gap = (WIDTH - RIGHT - LEFT - 16) / max(1, len(points) - 1)

    def y(value: float) -> float:
        return round(BASE - (BASE - TOP) * value / end, 1)

    marks = [
        {
            "label": point.label,
            "below": point.below,
            "x": round(LEFT + 16 + gap * place, 1),
            "y": None if point.value is None else y(point.value),
            "over": None if point.over is None else y(point.over),
            "value": None if point.value is None else f"{point.value:g}{unit}",
        }
        for place, point in enumerate(points)
    ]
    known = [mark for mark in marks if mark["y"] is not None]
    lines = [step * each for each in range(int(end / step) + 1)]
    return {
        "lines": [{"y": y(line), "words": f"{line:g}{unit}"} for line in lines],
        "marks": marks,
        "path": " ".join(f"{mark['x']},{mark['y']}" for mark in known),
        "first_last": [known[0], known[-1]] if len(known) > 1 else known,
    }


def bars(rows: Sequence[tuple[str, float, str]], *, top: float | None = None) -> dict[str, Any]:
    """Marks of horizontal bars: (label, value, words after the bar)."""
    highest = top or max((value for _, value, _ in rows), default=0) or 1
    return {
        "height": 36 * len(rows) + 10,
        "rows": [
            {
                "label": label,
                "y": 36 * place + 8,
                "width": round(LONGEST * value / highest, 1),
                "words": words,
            }
            for place, (label, value, words) in enumerate(rows)
        ],
    }


def _scale(highest: float) -> tuple[float, float]:
    """Where the scale ends and its step: at most ``_LINES`` steps of a round number."""
    step = next((each for each in _STEPS if highest <= each * _LINES), None)
    step = step or 10 ** math.ceil(math.log10(highest / _LINES))
    return step * max(1, math.ceil(highest / step)), step
