"""The audit trail: append-only, hash-chained, written in the transaction of the change itself.

There is no off switch. An append reads the newest row under a lock that lasts until the commit
(SQLite: the write transaction; PostgreSQL: an advisory lock), so two appends cannot take the same
place; unique ``number`` and ``previous`` would refuse a fork in any case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from records import clock
from records.actions import Action
from records.canonical import canonical_json, moment
from records.models import AuditRow, Person

GENESIS = "0" * 64
# any constant does; it only has to be the same in every process
_PG_LOCK = 0x436C6561
PROGRAM = "Clearcopy"


class Subject(Protocol):
    """What a row is about: a table's kind word and an id."""

    KIND: Any
    id: Any


def record(
    session: Session,
    action: Action,
    *,
    actor: Person | None,
    subject: tuple[str, int, str],
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> int:
    """Append one row and return its number.

    ``subject`` is (kind, id, label for people), e.g. ``("module_version", 7, "HAL-M-003 2.1")``.
    ``before`` and ``after`` are plain data; ``actor`` is None only for the program itself.
    """
    session.flush()
    _lock(session)
    head = session.execute(
        select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
    ).first()
    number, previous = (head.number + 1, head.hash) if head else (1, GENESIS)
    kind, subject_id, label = subject
    values: dict[str, Any] = {
        "number": number,
        "at": clock.now(),
        "action": Action(action),
        "actor_id": actor.id if actor is not None else None,
        "actor_name": actor.name if actor is not None else PROGRAM,
        "subject_kind": kind,
        "subject_id": subject_id,
        "subject_label": label,
        "reason": reason,
        "before": before,
        "after": after,
        "previous": previous,
    }
    values["hash"] = _hash(values, canonical_json(before), canonical_json(after))
    session.execute(insert(AuditRow), [values])
    return number


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))


def _hash(values: dict[str, Any], before: str, after: str) -> str:
    parts = (
        str(values["number"]),
        moment(values["at"]),
        str(values["action"]),
        str(values["actor_id"] or ""),
        values["actor_name"],
        values["subject_kind"],
        str(values["subject_id"]),
        values["subject_label"],
        values["reason"],
        before,
        after,
        values["previous"],
    )
    # each part with its length, so that no two different rows have the same bytes
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()
