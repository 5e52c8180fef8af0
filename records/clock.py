"""The one clock of the house: UTC, from the server, replaceable in tests and replays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_read: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - replaced by `fixed`


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return _read()


def today() -> date:
    """The current date in UTC; validity windows are counted in UTC days."""
    return now().date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (aware) inside the block."""
    global _read
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware moment")
    before, _read = _read, lambda: moment.astimezone(UTC)
    try:
        yield
    finally:
        _read = before
