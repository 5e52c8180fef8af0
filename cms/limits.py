"""Rate limits shared by all web workers of a machine: counters in a small SQLite file.

``limits`` ships storages for memory, which each worker would have its own of, and for servers that
an embedded installation does not have. What is lost with the file are counters of a minute; wrong
passwords are counted in the database (``records.passwords``).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from typing import Any
from urllib.parse import unquote, urlparse

from limits.storage import Storage

SCHEME = "clearcopy-limits"
TABLE = (
    "CREATE TABLE IF NOT EXISTS counter ("
    "key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL) WITHOUT ROWID"
)
COUNT = (
    "INSERT INTO counter VALUES (:key, :amount, :until) ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN until <= :now THEN excluded.count ELSE count + excluded.count END, "
    "until = CASE WHEN until <= :now THEN excluded.until ELSE until END RETURNING count"
)


class FileStorage(Storage):
    """Fixed windows in a SQLite file; ``clearcopy-limits:///path`` names it."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - so named and typed by the library

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - the library's signature
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = unquote(urlparse(uri).path)
        self._own = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a broken storage raises."""
        return sqlite3.Error

    @property
    def _open(self) -> sqlite3.Connection:
        """A connection of this thread and this process: none may be used across a fork."""
        if getattr(self._own, "process", None) != os.getpid():
            connection = sqlite3.connect(self.path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(TABLE)
            self._own.connection, self._own.process = connection, os.getpid()
        opened: sqlite3.Connection = self._own.connection
        return opened

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return the count of the window; a new window forgets old counters."""
        now = time.time()
        values = {"key": key, "amount": amount, "now": now, "until": now + expiry}
        (count,) = self._open.execute(COUNT, values).fetchone()
        if count == amount:
            self._open.execute("DELETE FROM counter WHERE until <= ?", (now,))
        return int(count)

    def get(self, key: str) -> int:
        """The count of a window that has not ended, else 0."""
        row = self._open.execute(
            "SELECT count FROM counter WHERE key = ? AND until > ?", (key, time.time())
        ).fetchone()
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since the epoch."""
        row = self._open.execute("SELECT until FROM counter WHERE key = ?", (key,)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        """Whether the file can be used."""
        try:
            self._open.execute("SELECT 1")
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        """Forget everything; returns how many counters there were."""
        return self._open.execute("DELETE FROM counter").rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._open.execute("DELETE FROM counter WHERE key = ?", (key,))
