"""Answers kept per process until anything changes.

Every change of the house writes a row of the trail in its own transaction, so the hash of the
newest row names a state of the whole database: what was read then is true while it is the newest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy.orm import Session

from records import audit
from records.database import reads_only

A = TypeVar("A")
_MOST = 64
_kept: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()


def remembered(session: Session, key: Hashable, read: Callable[[], A]) -> A:
    """``read()``, or what it answered for ``key`` when the trail ended where it ends now.

    In a transaction that may change something itself, or with an empty trail, nothing is kept:
    what it sees may not be in the trail yet, and may never be.
    """
    if not reads_only(session):
        return read()
    head = audit.head(session)
    if head.number == 0:
        return read()
    kept = _kept.get(key)
    if kept is not None and kept[0] == head.hash:
        return kept[1]  # type: ignore[return-value]  # what this key's own read answered
    answer = read()
    if len(_kept) >= _MOST:
        _kept.popitem(last=False)
    _kept[key] = (head.hash, answer)
    return answer
