"""Which engine a session searches with: PostgreSQL searches itself, SQLite has Whoosh beside it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from modules.search import SearchEngine
from modules.search_postgres import PostgresSearch
from modules.search_whoosh import WhooshSearch

# Under this name a session's ``info`` holds the installation's ``WhooshSearch``.
INFO = "search"


def engine_of(session: Session) -> SearchEngine | None:
    """The engine of this session; None on SQLite where no index folder was configured.

    ``Sessions(engine, keyring, search=WhooshSearch(home / "search"))`` configures one.
    """
    if session.get_bind().dialect.name == "postgresql":
        return PostgresSearch(session)
    engine = session.info.get(INFO)
    return engine if isinstance(engine, WhooshSearch) else None
