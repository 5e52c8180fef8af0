"""The audit trail: filtered, paged, checked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Select, or_, select

from cms.pages import page, session, viewer
from cms.trail_words import in_past, subject_url
from records import audit, clock
from records.actions import Action
from records.models import AuditRow, Person
from records.roles import Permission

blueprint = Blueprint("trail", __name__)
PAGE = 50
UTC = ZoneInfo("UTC")


@page(blueprint, "/trail", permission=Permission.READ_TRAIL, methods=("GET", "POST"))
def index() -> str:
    """Newest rows first; a POST checks the whole chain and says what it found."""
    typed = {name: value for name, value in request.args.items() if value and name != "before"}
    query = _narrowed(select(AuditRow), typed)
    if (before := request.args.get("before", type=int)) is not None:
        query = query.where(AuditRow.number < before)
    rows = session().scalars(query.order_by(AuditRow.number.desc()).limit(PAGE)).all()
    people = session().execute(select(Person.id, Person.name).order_by(Person.name)).all()
    full = len(rows) == PAGE
    further: dict[str, Any] = {**typed, "before": rows[-1].number} if full else {}
    values = {
        "typed": typed,
        "actors": [(str(id), name) for id, name in people],
        "actions": [(action.value, _offered(action)) for action in Action],
        "rows": [_row(row) for row in rows],
        "first": None,
        "last": None,
        "total": None,
        "back_url": None,
        "next_url": url_for("trail.index", **further) if full else None,
        "chain": _chain(),
        "csv_url": None,
    }
    return render_template("pages/trail/index.html", page=values)


def _narrowed(query: Select[Any], typed: dict[str, str]) -> Select[Any]:
    if words := typed.get("q"):
        query = query.where(
            or_(
                AuditRow.subject_label.icontains(words, autoescape=True),
                AuditRow.reason.icontains(words, autoescape=True),
                AuditRow.actor_name.icontains(words, autoescape=True),
            )
        )
    if (actor := typed.get("actor", "")).isdecimal():
        query = query.where(AuditRow.actor_id == int(actor))
    if (action := typed.get("action")) in list(Action):
        query = query.where(AuditRow.action == action)
    if (start := _day(typed.get("from"))) is not None:
        query = query.where(AuditRow.at >= start)
    if (end := _day(typed.get("to"))) is not None:
        query = query.where(AuditRow.at < end + timedelta(days=1))
    return query


def _day(text: str | None) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text or ""), time(), UTC)
    except ValueError:
        return None


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
