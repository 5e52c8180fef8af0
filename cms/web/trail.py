"""The audit trail: filtered, paged, checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import ColumnElement, select

from cms.pages import page, session, viewer
from cms.trail_words import in_past, subject_url
from cms.typed import whole_number
from records import audit, clock, queries
from records.actions import Action
from records.models import AuditRow, Person
from records.roles import Permission

blueprint = Blueprint("trail", __name__)
# a day after that has none
LAST_YEAR = 9999
PAGE = 50
UTC = ZoneInfo("UTC")


@page(blueprint, "/trail", permission=Permission.READ_TRAIL, methods=("GET", "POST"))
def index() -> str:
    """Newest rows first; a POST checks the whole chain and says what it found."""
    typed = {name: value for name, value in request.args.items() if value and name != "before"}
    found = queries.trail_page(
        session(),
        *_conditions(typed),
        words=typed.get("q", ""),
        before=request.args.get("before", type=int),
        limit=PAGE,
    )
    people = session().execute(select(Person.id, Person.name).order_by(Person.name)).all()
    last = found.rows[-1] if found.full else found.reached
    on: dict[str, Any] = {**typed, "before": last.number} if last is not None else {}
    further = url_for("trail.index", **on) if on else None
    values = {
        "typed": typed,
        "actors": [(str(id), name) for id, name in people],
        "actions": [(action.value, _offered(action)) for action in Action],
        "rows": [_row(row) for row in found.rows],
        "first": None,
        "last": None,
        "total": None,
        "back_url": None,
        "next_url": further if found.full else None,
        "reached": _reached(found.reached, further),
        "chain": _chain(),
        "csv_url": None,
    }
    return render_template("pages/trail/index.html", page=values)


def _reached(row: AuditRow | None, further: str | None) -> dict[str, Any] | None:
    """How far back a search went that did not see the whole trail, and where it goes on."""
    return None if row is None else {"number": row.number, "at": row.at, "url": further}


def _conditions(typed: dict[str, str]) -> Iterator[ColumnElement[bool]]:
    if (actor := whole_number(typed.get("actor", ""))) is not None:
        yield AuditRow.actor_id == actor
    if (action := typed.get("action")) in list(Action):
        yield AuditRow.action == action
    if (start := _day(typed.get("from"))) is not None:
        yield AuditRow.at >= start
    if (end := _day(typed.get("to"))) is not None:
        yield AuditRow.at < end + timedelta(days=1)


def _day(text: str | None) -> datetime | None:
    try:
        start = datetime.combine(date.fromisoformat(text or ""), time(), UTC)
    except ValueError:
        return None
    return start if start.year < LAST_YEAR else None


def _offered(action: Action) -> str:
    return f"{action.value.partition(':')[0].replace('_', ' ').capitalize()}, {in_past(action)}"


def _chain() -> dict[str, Any]:
    checked: dict[str, Any] = {"url": url_for("trail.index"), "checked_at": None}
    if request.method == "GET":
        return {"state": "waiting", "words": "Not checked on this page yet", **checked}
    broken = audit.verify(session())
    checked["checked_at"] = clock.now()
    if broken is not None:
        return {"state": "failed", "words": f"Broken: {broken.problem}", **checked}
    return {"state": "passed", "words": f"All {audit.head(session()).number} rows hold", **checked}


def _row(row: AuditRow) -> dict[str, Any]:
    subject = row.subject_label or row.subject_kind.replace("_", " ")
    return {
        "id": row.number,
        "at": row.at,
        "actor": row.actor_name,
        "action": row.action.value,
        "sentence": f"{subject}: {in_past(row.action)}",
        "subject": row.subject_label,
        "subject_url": subject_url(row, viewer()),
        "reason": row.reason,
        "sha256": row.hash,
        "previous": row.previous,
        "changes": list(_changes(row.before, row.after)),
    }


def _changes(before: Any, after: Any) -> list[dict[str, Any]]:
    old = before if isinstance(before, dict) else {}
    new = after if isinstance(after, dict) else {}
    return [
        {"what": name.replace("_", " "), "before": _words(old, name), "after": _words(new, name)}
        for name in dict.fromkeys([*old, *new])
    ]


def _words(values: dict[str, Any], name: str) -> str | None:
    if name not in values or values[name] is None:
        return None
    value = values[name]
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
