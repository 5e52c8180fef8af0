"""Recalls: the list, the form, and one of them in its states."""

from __future__ import annotations

from typing import Any

from records.errors import Objection
from tests.pages.preview.words import at, on, some


def _row(**changed: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "url": "#",
        "title": "Response assessment in routine care",
        "label": "BRF-0004 1.0",
        "account": "Riverside Valley Health System",
        "due_on": on(12, 12),
        "late": False,
        "state": "open",
        "total": 7,
        "done": 5,
        "left": 2,
        "destroyed": 4,
        "lost": 1,
        "unread": 1,
        "opened_at": at(11, 20),
    } | changed


def _copy(number: int, state: str, **changed: Any) -> object:
    values = {
        "number": number,
        "holder": "Field representative",
        "purpose": "Formulary committee",
        "issued_at": at(10, 14),
        "state": state,
        "acknowledged_at": None,
        "accounted_at": None,
        "accounted_by": None,
        "comment": "",
        "may_speak": True,
        "error": None,
    }
    return some(**values | changed)


_COPIES = [
    _copy(12, "recalled", error="Say how you know: you speak for its holder."),
    _copy(13, "acknowledged", acknowledged_at=at(11, 21)),
    _copy(14, "destroyed", accounted_at=at(11, 21), acknowledged_at=at(11, 21), may_speak=False),
    _copy(
        15,
        "lost",
        accounted_at=at(11, 22),
        accounted_by="Compliance officer",
        comment="Left on a train on 18 November.",
        may_speak=False,
    ),
]


def _holder(name: str, total: int, destroyed: int) -> object:
    left = total - destroyed
    last_at = None if left else at(11, 21)
    values = {"lost": 0, "unread": min(left, 1), "left": left, "last_at": last_at}
    return some(holder=name, total=total, destroyed=destroyed, **values)


def _recall(**changed: Any) -> dict[str, object]:
    values = _row() | {
        "reason": "A reference it relied on was retracted.",
        "instead": "BRF-0010",
        "opened_by": "Compliance officer",
        "closed_by": None,
        "closed_at": None,
        "material_url": "#",
        "may_close": False,
        "may_remind": True,
        "reminds": True,
        "back_url": None,
        "next_url": "#",
        "copies": _COPIES,
        "holders": [_holder("Field representative", 5, 3), _holder("Key account manager", 2, 2)],
    }
    return {"page": some(**values | changed)}


def _new(**changed: Any) -> dict[str, object]:
    values = {
        "code": "BRF-0004",
        "version": "1.0",
        "title": "Response assessment in routine care",
        "state": "withdrawn",
        "url": "#",
        "copies": 7,
        "holders": 3,
        "mails": True,
        "typed": some(reason="", instead="", due_on="2026-12-14", key="k"),
        "errors": {},
        "objections": [],
    }
    return {"page": some(**values | changed)}


def _list(*rows: dict[str, Any], closed: bool = False) -> dict[str, object]:
    filters = [some(label="Open", url="#", chosen=True), some(label="Ended", url="#", chosen=False)]
    values = [some(**row) for row in rows]
    return {"page": some(closed=closed, filters=filters, next_url=None, rows=values)}


PAGES = {
    "recalls": (
        "pages/recalls/index.html",
        _list(_row(), _row(id=2, late=True, state="late"), _row(id=1, left=0, done=7, unread=0)),
    ),
    "recalls-none": ("pages/recalls/index.html", _list()),
    "recalls-ended": ("pages/recalls/index.html", _list(_row(state="closed"), closed=True)),
    "recall": ("pages/recalls/show.html", _recall()),
    "recall-late": ("pages/recalls/show.html", _recall(late=True, state="late")),
    "recall-complete": (
        "pages/recalls/show.html",
        _recall(left=0, done=7, may_close=True, may_remind=False, reminds=False),
    ),
    "recall-ended": (
        "pages/recalls/show.html",
        _recall(closed_at=at(11, 25), closed_by="Compliance officer", left=0, state="closed"),
    ),
    "recall-new": ("pages/recalls/new.html", _new()),
    "recall-refused": (
        "pages/recalls/new.html",
        _new(
            errors={"reason": "Say why: every holder reads it."},
            objections=[Objection("still-valid", "BRF-0004 1.0 may still be handed over.")],
        ),
    ),
}
