"""What the catalogue keeps of each module, as the database has it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import Select, String, case, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from claims_library.models import ClaimVersion, Product
from modules.models import Module, ModuleClaim, ModuleVersion
from records.lifecycle import VersionState

# facets that hold one word each and those that hold several, by the column of a version
_SINGLE = {"pillar": "pillar", "kind": "kind", "market": "market", "audience": "audience"}
_SEVERAL = {"phase": "phases", "role": "roles", "tier": "tiers", "channel": "channels"}

_BATCH = 500

Tags = tuple[tuple[str, str], ...]


class Entry(NamedTuple):
    """One module: its newest version's state, and what is approved of it.

    ``until`` is the first day on which the approved version may not be used any more, its claims
    counted in; ``shaken`` says that one of those claims is not approved any more.
    """

    id: int
    code: str
    title: str
    latest_id: int
    approved_id: int | None
    state: str
    updated_at: datetime
    until: date | None
    shaken: bool


class Tagged(NamedTuple):
    """A module with its tags, which the catalogue keeps as bits and not with each module."""

    entry: Entry
    tags: Tags


def entries(session: Session, ids: Collection[int] | None = None) -> Iterator[Tagged]:
    """The entries of some modules, or of all; modules without a version have none."""
    if ids is None:
        yield from _read(session, _modules(), _claims())
        return
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        some = Module.id.in_(wanted[start : start + _BATCH])
        yield from _read(session, _modules().where(some), _claims().where(some))


def touched(session: Session, kinds: dict[str, set[int]]) -> set[int]:
    """Modules that a change of these module and claim versions concerns."""
    versions, claims = kinds.get(ModuleVersion.KIND, set()), kinds.get(ClaimVersion.KIND, set())
    found: set[int] = set()
    if versions:
        own = select(ModuleVersion.module_id).where(ModuleVersion.id.in_(versions))
        found.update(session.scalars(own))
    if claims:
        using = (
            select(Module.id)
            .join(ModuleClaim, ModuleClaim.module_version_id == Module.approved_id)
            .where(ModuleClaim.claim_version_id.in_(claims))
        )
        found.update(session.scalars(using))
    return found


def _read(session: Session, modules: Select[Any], claims: Select[Any]) -> Iterator[Tagged]:
    evidence = {
        row.id: (row.until, bool(row.shaken))
        for row in session.execute(claims.execution_options(yield_per=_BATCH))
    }
    # as a stream: ten thousand rows at once would be twice the catalogue
    for row in session.execute(modules.execution_options(yield_per=_BATCH)):
        until, shaken = evidence.get(row.id, (None, False))
        ends = [end for end in (row.approved_until, until) if end is not None]
        entry = Entry(
            id=row.id,
            code=row.code,
            title=row.title.casefold(),
            latest_id=row.latest_id,
            approved_id=row.approved_id,
            state=intern(row.state),
            updated_at=row.updated_at,
            until=min(ends) if row.approved_id is not None else None,
            shaken=shaken and row.approved_id is not None,
        )
        yield Tagged(entry, _tags(row))


def _modules() -> Select[*tuple[Any, ...]]:
    latest, approved = aliased(ModuleVersion), aliased(ModuleVersion)
    # words as stored: ten thousand of them need not become enums
    plain = [
        type_coerce(getattr(latest, name), String).label(name)
        for name in ("state", *_SINGLE.values(), *_SEVERAL.values())
    ]
    return (
        select(
            Module.id,
            Module.code,
            Module.owner_id,
            Module.latest_id,
            Module.approved_id,
            Product.brand,
            latest.title,
            latest.author_id,
            latest.updated_at,
            approved.valid_until.label("approved_until"),
            *plain,
        )
        .join(Product, Product.id == Module.product_id)
        .join(latest, latest.id == Module.latest_id)
        .outerjoin(approved, approved.id == Module.approved_id)
    )


def _claims() -> Select[*tuple[Any, ...]]:
    gone = case((ClaimVersion.state != VersionState.APPROVED, 1), else_=0)
    return (
        select(
            Module.id,
            func.min(ClaimVersion.valid_until).label("until"),
            func.max(gone).label("shaken"),
        )
        .join(ModuleClaim, ModuleClaim.module_version_id == Module.approved_id)
        .join(ClaimVersion, ClaimVersion.id == ModuleClaim.claim_version_id)
        .group_by(Module.id)
    )


def _tags(row: Any) -> Tags:
    found = [
        _pair("product", row.brand),
        _pair("owner", str(row.owner_id)),
        _pair("author", str(row.author_id)),
    ]
    found += [_pair(facet, getattr(row, name)) for facet, name in _SINGLE.items()]
    for facet, name in _SEVERAL.items():
        found += _pairs(facet, getattr(row, name))
    return tuple(found)


@lru_cache(maxsize=2000)
def _pairs(facet: str, stored: str) -> list[tuple[str, str]]:
    return [_pair(facet, word) for word in dict.fromkeys(json.loads(stored))]


@lru_cache(maxsize=2000)
def _pair(facet: str, word: str) -> tuple[str, str]:
    """One tuple for all modules that have the tag: there are a hundred thousand of them."""
    return (facet, word)
