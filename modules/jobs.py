"""Background work of modules: keeping the search index in line with the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from records import errands


@errands.job("modules.index")
def index(session: Session, *, modules: Sequence[int]) -> None:
    """Bring the search entries of these modules up to date, where an engine is configured."""
    engine = session.info.get("search")
    if engine is not None:
        engine.index_modules(session, modules)
