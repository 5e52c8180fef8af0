"""What the rest of the house is told after a module changed: the search index and the filters."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from modules.models import Module, ModuleTag, ModuleVersion
from records import errands

FACETS = ("pillar", "kind", "market", "audience", "phases", "roles", "tiers", "channels")


def changed(session: Session, version: ModuleVersion) -> None:
    """Rewrite the filter rows of the module and queue its search entry."""
    module = version.module
    session.flush()
    latest = session.get(ModuleVersion, module.latest_id) if module.latest_id else None
    if latest is not None:
        write_tags(session, module, latest)
    errands.enqueue(session, "modules.index", modules=[module.id])


def write_tags(session: Session, module: Module, latest: ModuleVersion) -> None:
    """One row for each tag of the latest version; rows that are right already stay."""
    wanted = {(facet, str(value)) for facet, value in tags(latest)}
    rows = session.execute(
        select(ModuleTag.facet, ModuleTag.value).where(ModuleTag.module_id == module.id)
    )
    present = {(row.facet, row.value) for row in rows}
    if gone := present - wanted:
        session.execute(
            delete(ModuleTag).where(
                ModuleTag.module_id == module.id,
                tuple_(ModuleTag.facet, ModuleTag.value).in_(sorted(gone)),
            )
        )
    if new := wanted - present:
        session.execute(
            insert(ModuleTag),
            [
                {"module_id": module.id, "facet": facet, "value": value}
                for facet, value in sorted(new)
            ],
        )


def tags(version: ModuleVersion) -> list[tuple[str, str]]:
    """(facet, value) pairs of a version."""
    pairs: list[tuple[str, str]] = [("product", version.brand)]
    for facet in FACETS:
        value = getattr(version, facet)
        values = value if isinstance(value, list) else [value]
        pairs += [(facet, str(item)) for item in values]
    return pairs
