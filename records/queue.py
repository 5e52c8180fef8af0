"""The queue: Huey tells the worker at once what the outbox says (``records.errands``).

Huey's own SQLite storage in a file beside the embedded database, its PostgreSQL storage in tables
``queue_*`` of a PostgreSQL database (``docs/decisions/0009-background-work.md``). A message is the
number of an errand and nothing else, as JSON: Huey's pickles would let whoever writes to the queue
run code in the worker. A queue that is lost or unreachable makes work later, never lost.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from records import errands

_DRIVER = "psycopg"
# Huey imports the driver of its PostgreSQL storage in passing, 9 MiB in each process; where the
# database is SQLite it does without, and ``_with_driver`` makes up for it where it is not
_LEFT_OUT = _DRIVER not in sys.modules
if _LEFT_OUT:
    sys.modules[_DRIVER] = None  # type: ignore[assignment]  # importing it fails, as if it were absent
try:
    from huey import Huey, storage
    from huey.registry import Message
    from huey.serializer import Serializer
    from huey.storage import PostgresStorage, SqliteStorage
finally:
    if _LEFT_OUT:
        del sys.modules[_DRIVER]

TABLES = "queue"
NAME = "clearcopy"
_LOG = logging.getLogger("clearcopy.queue")


class NumberSerializer(Serializer):  # type: ignore[misc]  # Huey has no types
    """Messages as JSON of what an errand's message has; anything else is refused."""

    def _serialize(self, message: Message) -> bytes:
        (number,) = message.args
        return json.dumps([message.id, int(number), message.priority]).encode()

    def _deserialize(self, data: bytes) -> Message:
        identity, number, priority = json.loads(bytes(data))
        return Message(
            id=str(identity),
            name=f"{__name__}.errand",
            args=(int(number),),
            kwargs={},
            priority=priority,
            retries=0,
            retry_delay=0,
        )


class EmbeddedStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's SQLite storage; a crash of the machine may cost messages, never the file."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


class Queue:
    """Numbers of errands on their way to the worker."""

    def __init__(self, huey: Huey, carry_out: Callable[[int], object] | None = None) -> None:
        self.huey = huey
        # one task for all jobs: its only argument is the number of the errand
        self._errand = huey.task(name="errand")(_task(carry_out or _nobody))

    def hand_over(self, asked: Iterable[tuple[int, str]]) -> None:
        """Tell the worker; whatever goes wrong here is only logged: the sweep will find them."""
        try:
            for number, job in asked:
                self.huey.enqueue(self._errand.s(number, priority=errands.priority_of(job)))
        except Exception:  # noqa: BLE001 - every error of a driver or of Huey means the same
            _LOG.exception("the queue could not be told; the sweep will find the errands")

    def under_way(self) -> set[int]:
        """Numbers in the queue now."""
        return {json.loads(bytes(data))[1] for data in self.huey.storage.enqueued_items()}

    def close(self) -> None:
        """Close the connection, as before a fork."""
        self.huey.storage.close()


def install(url: str) -> None:
    """Make the tables of a PostgreSQL queue; SQLite's file makes itself."""
    if make_url(url).get_backend_name() == "postgresql":
        _with_driver()(NAME, dsn=_dsn(url), table_prefix=TABLES).close()


def _with_driver() -> Any:
    """Huey's PostgreSQL storage with the driver that was left out."""
    if storage.psycopg is None:
        storage.psycopg = importlib.import_module(_DRIVER)
    return PostgresStorage


def _dsn(url: str) -> str:
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


def open_queue(url: str, home: Path, *, carry_out: Callable[[int], object] | None = None) -> Queue:
    """The queue of an installation; ``carry_out`` is what a worker does with a number."""
    if make_url(url).get_backend_name() == "postgresql":
        options: dict[str, Any] = {
            "storage_class": _with_driver(),
            "dsn": _dsn(url),
            "table_prefix": TABLES,
            "create_tables": False,  # made with the schema: this user may not be allowed to
        }
    else:
        home.mkdir(parents=True, exist_ok=True)
        options = {
            "storage_class": EmbeddedStorage,
            "filename": str(home / "queue.db"),
            "timeout": 10,
        }
    huey = Huey(NAME, results=False, serializer=NumberSerializer(), **options)
    return Queue(huey, carry_out)


def _task(carry_out: Callable[[int], object]) -> Callable[[int], None]:
    def errand(number: int) -> None:
        carry_out(number)

    return errand


def _nobody(number: int) -> None:
    raise LookupError(f"errand {number} came to a process that does not work")
