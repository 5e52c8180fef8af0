"""Bringing a database to the schema of this program, and refusing to open one that is not there.

Revisions are files ``records/migrations/versions/NNNN_*.py``; their number is their id, and they
form one line. What a server asks at its start (``check``) needs no Alembic, which would cost every
web worker its memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from records.errors import NotReady

FOLDER = Path(__file__).with_name("migrations")
TABLE = "alembic_version"
# any constant does; it only has to be the same in every process
_PG_LOCK = 0x436C6562


class NotInstalled(NotReady):
    """There is no installation here yet."""


class OtherRevision(NotReady):
    """The database has another schema than this program; the sentence says what to do."""


def revisions() -> list[str]:
    """Ids of every revision, oldest first."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """The revision this program works with."""
    return revisions()[-1]


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None when it has none."""
    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {TABLE}"))  # noqa: S608 - a constant
    return None if found is None else str(found)


def check(engine: Engine) -> None:
    """Raise ``NotInstalled`` or ``OtherRevision`` unless the database is at ``head``."""
    with engine.execution_options(write=False).connect() as connection:
        current = revision_of(connection)
        laid = inspect(connection).has_table("audit_row")
    if current == head():
        return
    if current is None and not laid:
        raise NotInstalled("The database has no tables: run `clearcopy init` first.")
    if current is None:
        raise OtherRevision(
            "The tables of this database carry no revision, so they cannot be brought forward. "
            "They were made by a trial version: start with an empty database."
        )
    if current in revisions():
        raise OtherRevision(
            f"The database is at revision {current}, this program needs {head()}. Stop the "
            "server, back the database up, and run `clearcopy migrate`."
        )
    raise OtherRevision(
        f"The database is at revision {current}, which this program does not know (it needs "
        f"{head()}): a newer version has opened it. Run that version, or restore a backup."
    )


def upgrade(engine: Engine, target: str = "head") -> str | None:
    """Run every revision that is missing, in one transaction; returns where the database was.

    Two processes may ask at once: one works, the other finds it done. Raises ``OtherRevision`` for
    a database that revisions cannot bring forward.
    """
    from alembic import command
    from alembic.config import Config

    with _alone(engine) as connection:
        former = revision_of(connection)
        laid = former is None and inspect(connection).has_table("audit_row")
        if laid or (former is not None and former not in revisions()):
            connection.rollback()
            check(engine)
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    return former


def stamp(connection: Connection) -> None:
    """Say that the schema is that of ``head``; for tables made from the metadata."""
    connection.exec_driver_sql(
        f"CREATE TABLE {TABLE} (version_num VARCHAR(32) NOT NULL, "
        f"CONSTRAINT {TABLE}_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text(f"INSERT INTO {TABLE} VALUES (:head)"), {"head": head()})  # noqa: S608


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other migration shares.

    SQLite checks foreign keys at the end and not on the way: rebuilding a table drops it for a
    moment. The pragma does nothing within a transaction, hence the raw connection.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK}
                    )
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check") if sqlite else None
                if broken is not None and broken.first() is not None:
                    raise OtherRevision("The new schema would leave rows without what they name.")
        finally:
            if sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys = ON")
