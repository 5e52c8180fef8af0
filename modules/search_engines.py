"""Which engine a session searches with: PostgreSQL searches itself, SQLite has Whoosh beside it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from modules.search import SearchEngine

# Under this name a session's ``info`` holds the installation's ``EmbeddedSearch``.
INFO = "search"


class EmbeddedSearch:
    """The folder of the embedded engine's index; the engine is loaded by the first who searches.

    Whoosh costs a fifth of a second and some megabytes, which commands and the start of a server
    need not wait for.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None

    @property
    def engine(self) -> SearchEngine:
        """The one engine of this folder in this process."""
        with self._lock:
            if self._engine is None:
                from modules.search_whoosh import WhooshSearch

                self._engine = WhooshSearch(self.path)
            return self._engine


def engine_of(session: Session) -> SearchEngine | None:
    """The engine of this session; None on SQLite where no index folder was configured.

    ``Sessions(engine, keyring, search=EmbeddedSearch(home / "search"))`` configures one; any
    ``SearchEngine`` will do.
    """
    if session.get_bind().dialect.name == "postgresql":
        from modules.search_postgres import PostgresSearch

        return PostgresSearch(session)
    found = session.info.get(INFO)
    if isinstance(found, EmbeddedSearch):
        return found.engine
    return cast("SearchEngine | None", found)
