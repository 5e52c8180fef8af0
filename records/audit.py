"""The audit trail: append-only, hash-chained, written in the transaction of the change itself.

There is no off switch. An append reads the newest row under a lock that lasts until the commit
(SQLite: the write transaction; PostgreSQL: an advisory lock), so two appends cannot take the same
place; unique ``number`` and ``previous`` would refuse a fork in any case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import ref

from sqlalchemy import Text, func, insert, select, type_coerce
from sqlalchemy.orm import Session, SessionTransaction

from records import clock
from records.actions import Action
from records.canonical import canonical_json, moment
from records.database import reads_only
from records.models import AuditRow, Person, Signature

GENESIS = "0" * 64
# any constant does; it only has to be the same in every process
_PG_LOCK = 0x436C6561
PROGRAM = "Clearcopy"


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
    newest = _newest(session)
    number, previous = newest.number + 1, newest.hash
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
    at = moment(values["at"])
    values["hash"] = _hash(values, at, canonical_json(before), canonical_json(after))
    session.execute(insert(AuditRow), [values])
    return number


@dataclass(frozen=True)
class Entry:
    """One row to append, as ``record`` takes it."""

    action: Action
    subject: tuple[str, int, str]
    reason: str = ""
    before: Any = None
    after: Any = None


def record_many(session: Session, entries: Iterable[Entry], *, actor: Person | None) -> int:
    """Append many rows of one actor at one moment, chained as if one by one; returns how many."""
    rows: list[dict[str, Any]] = []
    session.flush()
    _lock(session)
    newest, at = _newest(session), clock.now()
    number, previous, said = newest.number, newest.hash, moment(at)
    for entry in entries:
        kind, subject_id, label = entry.subject
        number += 1
        values: dict[str, Any] = {
            "number": number,
            "at": at,
            "action": Action(entry.action),
            "actor_id": actor.id if actor is not None else None,
            "actor_name": actor.name if actor is not None else PROGRAM,
            "subject_kind": kind,
            "subject_id": subject_id,
            "subject_label": label,
            "reason": entry.reason,
            "before": entry.before,
            "after": entry.after,
            "previous": previous,
        }
        before, after = canonical_json(entry.before), canonical_json(entry.after)
        previous = values["hash"] = _hash(values, said, before, after)
        rows.append(values)
    if rows:
        session.execute(insert(AuditRow), rows)
    return len(rows)


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))


def _hash(values: dict[str, Any], at: str, before: str, after: str) -> str:
    parts = (
        str(values["number"]),
        at,
        str(values["action"]),
        "" if values["actor_id"] is None else str(values["actor_id"]),
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


@dataclass(frozen=True)
class Broken:
    """The first row at which the chain does not hold, and what is wrong there."""

    number: int
    problem: str


@dataclass(frozen=True)
class Head:
    """The newest row: kept elsewhere, it shows later whether the trail's end was cut off."""

    number: int
    hash: str


def head(session: Session) -> Head:
    """The newest row's number and hash; (0, genesis) for an empty trail.

    Looked up once in a transaction that only reads: a page asks for it in several places.
    """
    if not reads_only(session):
        return _newest(session)
    transaction = session.get_transaction()
    known: tuple[ref[SessionTransaction], Head] | None = session.info.get(_KNOWN_HEAD)
    if transaction is not None and known is not None and known[0]() is transaction:
        return known[1]
    found = _newest(session)
    if (begun := session.get_transaction()) is not None:
        session.info[_KNOWN_HEAD] = (ref(begun), found)
    return found


_KNOWN_HEAD = "head of the trail"


def _newest(session: Session) -> Head:
    row = session.execute(
        select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
    ).first()
    return Head(row.number, row.hash) if row else Head(0, GENESIS)


def verify(session: Session) -> Broken | None:
    """Recompute the whole chain; None when every row holds and none is known to be missing.

    A chain can be cut off behind any row and still follow. That shows in the first row, which every
    installation has, in the signatures, each of which is in the trail, and in a hash of the newest
    row that was kept elsewhere (``head``).
    """
    previous, number = GENESIS, 0
    given: set[int] = set()
    for number, row in enumerate(_rows(session), start=1):
        if row["number"] != number:
            return Broken(number, f"row {number} is missing")
        if row["previous"] != previous:
            return Broken(number, f"row {number} does not follow from the row before it")
        if not _holds(row):
            return Broken(number, f"row {number} is not what was recorded")
        previous = row["hash"]
        if row["action"] == Action.SIGNATURE_GIVE.value:
            given.add(json.loads(row["after"] or "{}").get("signature", 0))
    if number == 0:
        return Broken(1, "row 1 is missing")
    unknown = set(session.scalars(select(Signature.id))) - given
    if unknown:
        missing = f"signature {min(unknown)} was given, and no row tells of it"
        return Broken(number + 1, f"row {number + 1} or a later one is missing: {missing}")
    return None


def _holds(row: dict[str, Any]) -> bool:
    try:
        at = moment(_moment(row["at"]))
        recomputed = _hash(row, at, row["before"] or "null", row["after"] or "null")
    except (TypeError, ValueError):
        return False  # not even a moment in time any more
    return bool(recomputed == row["hash"])


def _moment(stored: Any) -> datetime:
    """A stored moment as each database hands it over: SQLite as text in UTC."""
    value = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return value if value.tzinfo else value.replace(tzinfo=UTC)


# read as stored: an altered value may be none of the words or moments its column stands for
_AS_STORED = ("at", "action", "before", "after")


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    """All rows in order, as the database holds them."""
    columns = [
        type_coerce(column, Text) if column.key in _AS_STORED else column
        for column in AuditRow.__table__.c
    ]
    names = [column.key for column in AuditRow.__table__.c]
    result = session.execute(
        select(*columns).order_by(AuditRow.number).execution_options(yield_per=5000)
    )
    for row in result:
        yield dict(zip(names, row, strict=True))
