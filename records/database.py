"""Engines and sessions: SQLite embedded, PostgreSQL by one URL, the same promises on both.

A session carries the installation's keyring in ``session.info`` so that operations can seal and
verify without a global. Write transactions on SQLite begin IMMEDIATE: two of them queue up instead
of failing half-way, and the audit chain cannot fork.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from records.keys import Keyring

BUSY_TIMEOUT_MS = 10_000
# PostgreSQL: a serialisation that failed, a deadlock, a lock that was not to be had
_BUSY_STATES = frozenset(["40001", "40P01", "55P03"])


def make_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL with the settings this house relies on."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return _sqlite(url)
    if target.get_backend_name() == "postgresql":
        return create_engine(
            target.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=5,
            pool_use_lifo=True,
            hide_parameters=True,  # an error may reach a log, what people wrote may not
        )
    raise ValueError(
        f"CLEARCOPY_DATABASE_URL names {target.get_backend_name()!r}; "
        "expected sqlite:///… or postgresql://…"
    )


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # the connection used last comes first: each has its own pages and statements in memory, and
    # a process that is asked one thing at a time needs one
    engine = create_engine(url, hide_parameters=True, pool_use_lifo=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin behind our back
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            # what was answered is on the disk: a power cut forgets no signature and no copy
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "cache_size = -2000",  # for each connection; the system keeps the file itself
            "temp_store = MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def is_busy(error: BaseException) -> bool:
    """Whether a statement failed because others held the database for longer than one waits."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        # the low byte; the rest says in which way
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _BUSY_STATES


class Messenger(Protocol):
    """Who tells the worker what has been asked for: id and job of errands."""

    def hand_over(self, asked: Iterable[tuple[int, str]]) -> None:
        """Tell the worker; never raises."""

    def under_way(self) -> set[int]:
        """Ids that the worker has been told and has not begun."""


class Sessions:
    """Opens sessions on one database with one keyring.

    Without a ``messenger`` nobody is told of errands: whoever commits carries them out
    (``errands.run_waiting``), as commands and tests do.

    ``with sessions.write() as session`` commits when the block ends and rolls back on any
    exception; ``read()`` never commits and does not wait for writers.
    """

    def __init__(self, engine: Engine, keyring: Keyring, **info: Any) -> None:
        self.engine = engine
        self.keyring = keyring
        self.info = {"keyring": keyring, **info}
        self.messenger: Messenger | None = None
        self._write = sessionmaker(engine, expire_on_commit=False, info=self.info)
        reading = engine.execution_options(write=False)
        self._read = sessionmaker(reading, expire_on_commit=False, autoflush=False, info=self.info)

    def open(self, *, write: bool) -> Session:
        """A bare session; the caller commits and closes it."""
        return (self._write if write else self._read)()

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.open(write=True) as session:
            with session.begin():
                yield session
            self.hand_over(session)

    def hand_over(self, session: Session) -> None:
        """Tell the worker what a session asked for; to be called after its commit."""
        asked = session.info.pop("errands", [])
        if self.messenger is not None and asked:
            self.messenger.hand_over([(errand.id, errand.job) for errand in asked])

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.open(write=False) as session:
            yield session


def reads_only(session: Session) -> bool:
    """Whether a session was opened to read: nothing it sees is changed by itself."""
    return session.get_bind().get_execution_options().get("write") is False


def keyring_of(session: Session) -> Keyring:
    """The keyring a session was opened with."""
    keyring = session.info.get("keyring")
    if not isinstance(keyring, Keyring):
        raise LookupError("this session was opened without a keyring")
    return keyring
