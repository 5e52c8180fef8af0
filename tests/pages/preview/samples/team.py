"""Team board, deputies and measures."""

from __future__ import annotations

from typing import Any

from cms.charts import Point, bars, over_time
from cms.measures_words import DEFINITIONS, PERCENTILES
from tests.pages.preview.words import at, on


def _part(**changed: Any) -> dict[str, Any]:
    return {
        "id": 4,
        "task_url": "#",
        "title": "Overall survival in first line",
        "label": "HAL-M-003 1.1",
        "kind": "module",
        "discipline": "Medical",
        "author": "Ines Aguilar",
        "opened_at": at(11, 14),
        "days": 10,
        "due_at": at(11, 21),
        "due": "late",
        "holder": "Ruth Lindqvist",
        "gone": False,
        "since": at(11, 16),
        "mine": False,
        "me": 2,
        "seen": 3,
        "url": "#",
        "may_take": False,
        "may_release": True,
        "deputy": "Jonas Petit",
        "deputy_conflict": True,
        "people": [(5, "Jonas Petit"), (6, "Mara Oyelaran")],
    } | changed


_BOARD = {
    "headline": "Two parts wait for a verdict",
    "late": 1,
    "leads": True,
    "disciplines": [
        {"label": "All disciplines", "url": "#", "count": 2, "chosen": True},
        {"label": "Medical", "url": "#", "count": 2, "chosen": False},
    ],
    "late_filter": {"label": "Late", "url": "#", "chosen": False},
    "loads": [
        {
            "discipline": "Medical",
            "holder": holder,
            "open": 1,
            "late": late,
            "url": "#",
            "chosen": False,
        }
        for holder, late in (("Nobody yet", 0), ("Ruth Lindqvist", 1))
    ],
    "narrowed": False,
    "all_url": "#",
    "rows": [
        _part(),
        _part(
            id=5,
            holder=None,
            since=None,
            due=None,
            deputy=None,
            deputy_conflict=False,
            may_release=False,
            may_take=True,
        ),
    ],
    "first": 1,
    "last": 2,
    "total": 2,
    "back_url": None,
    "next_url": None,
}
_DEPUTIES = {
    "rows": [
        {
            "absent": "Ruth Lindqvist",
            "deputy": "Jonas Petit",
            "discipline": "Medical",
            "starts_at": at(11, 20),
            "last": at(12, 3),
            "now": True,
            "end_url": "#",
        }
    ],
    "may_name": True,
    "sets": True,
    "absent": [(3, "Ruth Lindqvist")],
    "people": [(5, "Jonas Petit, medical")],
    "disciplines": [("medical", "Medical")],
    "board_url": "#",
    "typed": {"last": "2026-11-02"},
    "errors": {"last": "The last day is over already."},
}


def _measures() -> dict[str, Any]:
    over = {
        "chart": over_time([Point("Sep", 9, 17, "21"), Point("Oct", 6, 11, "31")]),
        "sentence": "Median days in review: 9 days in Sep 2026, 6 days in Oct 2026.",
        "head": ("Month", "Reviews", "Median days", "90th percentile"),
        "rows": [("Sep 2026", 21, 9.0, 17.0), ("Oct 2026", 31, 6.0, 11.0)],
    }
    chart = bars([("Medical", 4, "4 days"), ("Legal", 6, "6 days")])
    never = {
        "code": "HAL-M-014",
        "title": "Storage and handling",
        "url": "#",
        "approved_at": at(3, 4),
        "valid_until": on(12, 30),
    }
    return {
        "lede": "25 Nov 2025 to 24 Nov 2026, all products.",
        "periods": [{"label": "12 months", "url": "#", "chosen": True}],
        "products": [("HALVORYN", "HALVORYN")],
        "product": None,
        "first": "2025-11-25",
        "last": "2026-11-24",
        "csv_url": "#",
        "kpis": [{"head": "In review, median", "big": "6 days", "words": "52 reviews."}],
        "months": over,
        "first_pass": {**over, "chart": None, "rows": []},
        "draft": {"what": "draft", "rows": [("Module", 21, 3.0, 9.0)]},
        "review": {"what": "review", "rows": []},
        "disciplines": {
            "chart": chart,
            "sentence": "Legal takes longest: 6 days at the median.",
            "rows": [
                {
                    "label": "Legal",
                    "cases": 9,
                    "median": 6.0,
                    "ninetieth": 9.0,
                    "open": 3,
                    "overdue": 1,
                    "held": 0,
                    "url": "#",
                }
            ],
        },
        "reuse": {
            "sentence": "12 modules in 4 materials.",
            "chart": bars([("HAL-M-003", 4, "4 materials")]),
            "rows": [("HAL-M-003", "Overall survival", 4, 9, "#")],
        },
        "never": [
            {"what": "Modules", "unused": 1, "approved": 9, "rows": [never]},
            {"what": "Materials", "unused": 0, "approved": 0, "rows": []},
        ],
        "expiring": {
            "ahead": (30, 60, 90),
            "rows": [("Module", 1, 4, 9)],
            "sentence": "1 within 30 days.",
        },
        "issued": [
            {"by": by, "chart": chart, "rows": [("Growth", 4)], "sentence": "4 copies."}
            for by in ("tier", "role", "phase")
        ],
        "definitions": list(DEFINITIONS.values()),
        "percentiles": PERCENTILES,
    }


PAGES = {
    "board": ("pages/board/index.html", {"page": _BOARD}),
    "deputies": ("pages/deputies/index.html", {"page": _DEPUTIES}),
    "measures": ("pages/measures/index.html", {"page": _measures()}),
}
