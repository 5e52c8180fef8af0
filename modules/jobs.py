"""Background work of modules: keeping the search index in line with the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from modules.search import SearchEngine
from modules.search_engines import engine_of
from modules.search_texts import forgotten, texts
from records import errands
from records.database import Sessions

T = TypeVar("T")


@errands.job("modules.index")
def index(session: Session, *, modules: Sequence[int]) -> None:
    """Bring the search entries of these modules up to date, where an engine is configured."""
    engine = engine_of(session)
    if engine is not None:
        index_modules(session, engine, modules)


def index_modules(session: Session, engine: SearchEngine, ids: Collection[int]) -> None:
    """Index the texts of some modules as they are now and forget their former ones.

    An index that is not there, or is one of another version of the program, is built whole.
    Raises ``SearchUnavailable``; the errand is then tried again.
    """
    if not engine.ready():
        reindex(session, engine)
        return
    engine.index(texts(session, ids))
    engine.remove(forgotten(session, ids))


def reindex(
    session: Session, engine: SearchEngine, *, each: Callable[[], None] = lambda: None
) -> int:
    """Build the index anew from the database and return how many texts are in it.

    ``each`` is called after each text (``search_texts.count`` says how many will come). On
    PostgreSQL the new index is there when the session commits.
    """
    return engine.rebuild(_calling(each, texts(session)))


def reindex_all(sessions: Sessions, *, each: Callable[[], None] = lambda: None) -> int | None:
    """``reindex`` with a session of its own; None where no engine is configured.

    On SQLite a reading session: the index takes a while and nobody should wait to write.
    """
    writes = sessions.engine.dialect.name == "postgresql"
    with (sessions.write if writes else sessions.read)() as session:
        engine = engine_of(session)
        return None if engine is None else reindex(session, engine, each=each)


def _calling(each: Callable[[], None], things: Iterable[T]) -> Iterator[T]:
    for thing in things:
        yield thing
        each()
