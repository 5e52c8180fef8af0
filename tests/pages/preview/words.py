"""Small makers for sample values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

NOW = datetime(2026, 11, 24, 19, 22, 8, tzinfo=UTC)
HASH = "9f2c41ab07de5518c0aa31f29be07d64b2c8ee0f17a94d3c66f1a2075b18e3c0"


def some(**values: Any) -> SimpleNamespace:
    """One value with these fields."""
    return SimpleNamespace(**values)


def at(month: int, day: int, hour: int = 9, minute: int = 12, year: int = 2026) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def on(month: int, day: int, year: int = 2026) -> date:
    """A plain date."""
    return date(year, month, day)


def tab(key: str, label: str, url: str = "#", count: int | None = None) -> SimpleNamespace:
    """A tab or a room."""
    return some(key=key, label=label, url=url, count=count)


def pill(label: str, count: int | None = None, *, chosen: bool = False) -> SimpleNamespace:
    """A filter, a view or a choice."""
    return some(label=label, url="#", count=count, chosen=chosen)


def steps(*states: str) -> list[SimpleNamespace]:
    """Medical, legal, regulatory in these states."""
    disciplines = ("medical", "legal", "regulatory")
    return [
        some(
            discipline=discipline,
            state=state,
            person=f"{discipline.capitalize()} reviewer" if state == "approve" else None,
            at=at(11, 20) if state == "approve" else None,
        )
        for discipline, state in zip(disciplines, states, strict=True)
    ]
