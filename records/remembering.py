"""Answers kept per process until anything changes.

Every change of the house writes a row of the trail in its own transaction, so the hash of the
newest row names a state of the whole database: what was read then is true while it is the newest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from records import audit
from records.actions import Action
from records.database import reads_only
from records.models import AuditRow

A = TypeVar("A")
_MOST = 64
_kept: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()


def remembered(
    session: Session,
    key: Hashable,
    read: Callable[[], A],
    *,
    ignoring: Collection[Action] = (),
    heeding: Action | None = None,
) -> A:
    """``read()``, or what it answered for ``key`` when the trail ended where it ends now.

    ``ignoring``: steps that change nothing of what ``read`` reads; ``heeding``: the only step that
    does. The trail then ends with the newest row that counts. In a transaction that may change
    something itself, or with no such row, nothing is kept: what it sees may not be in the trail
    yet, and may never be.
    """
    if not reads_only(session):
        return read()
    if heeding is not None:
        head = _newest(session, AuditRow.action == heeding)
    else:
        head = _newest(session, AuditRow.action.not_in(ignoring)) if ignoring else _head(session)
    if head is None:
        return read()
    kept = _kept.get(key)
    if kept is not None and kept[0] == head:
        return kept[1]  # type: ignore[return-value]  # what this key's own read answered
    answer = read()
    if len(_kept) >= _MOST:
        _kept.popitem(last=False)
    _kept[key] = (head, answer)
    return answer


def _head(session: Session) -> str | None:
    head = audit.head(session)
    return head.hash if head.number else None


def _newest(session: Session, counts: ColumnElement[bool]) -> str | None:
    newest = select(AuditRow.hash).where(counts).order_by(AuditRow.number.desc())
    return session.scalar(newest.limit(1))
