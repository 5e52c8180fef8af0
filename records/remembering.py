"""Answers kept per process until anything changes.

Every change of the house writes a row of the trail in its own transaction, so the hash of the
newest row names a state of the whole database: what was read then is true while it is the newest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from sqlalchemy import select
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
) -> A:
    """``read()``, or what it answered for ``key`` when the trail ended where it ends now.

    ``ignoring``: steps that change nothing of what ``read`` reads. The trail then ends with the
    newest row that is another. In a transaction that may change something itself, or with an empty
    trail, nothing is kept: what it sees may not be in the trail yet, and may never be.
    """
    if not reads_only(session):
        return read()
    head = _newest_but(session, ignoring) if ignoring else _head(session)
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


def _newest_but(session: Session, ignoring: Collection[Action]) -> str | None:
    return session.scalar(
        select(AuditRow.hash)
        .where(AuditRow.action.not_in(ignoring))
        .order_by(AuditRow.number.desc())
        .limit(1)
    )
