"""What a measure is asked for: from when to when, and for which product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


@dataclass(frozen=True)
class Asked:
    """Moments from ``starts_at`` on and before ``ends_at``; ``product_id`` None: all products."""

    starts_at: datetime
    ends_at: datetime
    product_id: int | None = None

    def holds(self, moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """That a column's moment is in the period."""
        return moment >= self.starts_at, moment < self.ends_at


class tenths_between(FunctionElement[int]):  # noqa: N801 - it reads as a function of SQL
    """Days from one moment to another, as whole tenths of a day (halves go up)."""

    inherit_cache = True
    type = Integer()


class month_of(FunctionElement[str]):  # noqa: N801 - it reads as a function of SQL
    """The calendar month of a moment in UTC, as ``2026-11``."""

    inherit_cache = True
    type = String()


@compiles(tenths_between, "sqlite")
def _tenths_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST((julianday({end}) - julianday({start})) * 10 + 0.5 AS INTEGER)"


@compiles(tenths_between, "postgresql")
def _tenths_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"FLOOR(EXTRACT(EPOCH FROM ({end} - {start})) / 8640.0 + 0.5)::integer"


@compiles(month_of, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(next(iter(element.clauses)), **options)}, 1, 7)"


@compiles(month_of, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    moment = compiler.process(next(iter(element.clauses)), **options)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM')"
