"""What approved content is used for: reuse of modules, approvals nobody used, ends that come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, Subquery, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from accounts.models import Account
from claims_library.models import Claim, ClaimVersion
from exports.measures.period import Asked
from exports.models import (
    ControlledCopy,
    CopyState,
    Material,
    MaterialPart,
    MaterialVersion,
    Template,
    TemplateVersion,
)
from modules.models import Module, ModuleVersion
from records.lifecycle import VersionState

# days ahead in which an end is counted
AHEAD = (30, 60, 90)
# a copy that was never made was never issued
_NOT_MADE = (CopyState.MAKING, CopyState.FAILED)
TIER, ROLE, PHASE = "tier", "role", "phase"


@dataclass(frozen=True)
class Used:
    """How many materials hold one module, and how many copies of them went out, in the period."""

    code: str
    title: str
    materials: int
    copies: int


@dataclass(frozen=True)
class Reuse:
    """How many modules are in materials of the period, and in how many each on average.

    ``uses`` counts each module once for each material that holds it; ``most`` are the modules that
    most materials hold.
    """

    modules: int
    uses: int
    materials: int
    most: Sequence[Used]


@dataclass(frozen=True)
class Unused:
    """Something that stands approved and was never used, with when it was approved."""

    code: str
    title: str
    approved_at: datetime
    valid_until: date


@dataclass(frozen=True)
class Expiring:
    """Approved versions of one kind whose own end comes within so many days (``AHEAD``)."""

    kind: str
    within: tuple[int, ...]


@dataclass(frozen=True)
class Issued:
    """Copies issued to one tier, role or phase (``by``)."""

    by: str
    group: str
    copies: int


def reuse(session: Session, asked: Asked, *, most: int = 10) -> Reuse:
    """Modules in material versions that were assembled in the period."""
    held = _held(asked)
    modules, uses, materials = session.execute(
        select(
            func.count(held.c.module_id.distinct()),
            func.count(),
            func.count(held.c.material_id.distinct()),
        )
    ).one()
    issued = _copies_of_modules(asked)
    top = (
        select(held.c.module_id, func.count().label("materials"))
        .group_by(held.c.module_id)
        .order_by(func.count().desc(), held.c.module_id)
        .limit(most)
        .subquery()
    )
    shown = func.coalesce(Module.approved_id, Module.latest_id)
    rows = session.execute(
        select(
            Module.code,
            ModuleVersion.title,
            top.c.materials,
            func.coalesce(issued.c.copies, 0),
        )
        .select_from(top)
        .join(Module, Module.id == top.c.module_id)
        .join(ModuleVersion, ModuleVersion.id == shown)
        .join(issued, issued.c.module_id == top.c.module_id, isouter=True)
        .order_by(top.c.materials.desc(), Module.code)
    )
    return Reuse(modules, uses, materials, [Used(*row) for row in rows])


def unused_modules(session: Session, asked: Asked, *, limit: int) -> tuple[int, int, list[Unused]]:
    """Approved modules in no material at all: (how many, of how many, the oldest)."""
    held = (
        select(MaterialPart.module_version_id)
        .join(ModuleVersion, ModuleVersion.id == MaterialPart.module_version_id)
        .where(ModuleVersion.module_id == Module.id)
    )
    return _unused(session, asked, Module, ModuleVersion, ~held.exists(), limit)


def unissued_materials(
    session: Session, asked: Asked, *, limit: int
) -> tuple[int, int, list[Unused]]:
    """Approved materials of which no copy was ever made: (how many, of how many, the oldest)."""
    version = MaterialVersion.__table__.alias("any_version")
    copies = (
        select(ControlledCopy.number)
        .join(version, version.c.id == ControlledCopy.material_version_id)
        .where(version.c.material_id == Material.id, ControlledCopy.state.not_in(_NOT_MADE))
    )
    return _unused(session, asked, Material, MaterialVersion, ~copies.exists(), limit)


def expiring(session: Session, asked: Asked, today: date) -> list[Expiring]:
    """What stands approved and ends within 30, 60 and 90 days, by kind; ended already: not."""
    found = []
    for kind, thing, version in (
        ("module", Module, ModuleVersion),
        ("claim", Claim, ClaimVersion),
        ("material", Material, MaterialVersion),
        ("template", Template, TemplateVersion),
    ):
        if asked.product_id is not None and thing is Template:
            continue
        # a thing is usable before the day it is valid until
        within = [
            func.count().filter(version.valid_until <= today + timedelta(days=days))
            for days in AHEAD
        ]
        query = select(*within).select_from(thing).join(version, version.id == thing.approved_id)
        query = query.where(
            version.state == VersionState.APPROVED,
            version.valid_until > today,
            version.valid_until <= today + timedelta(days=AHEAD[-1]),
        )
        row = session.execute(_of_product(query, thing, asked)).one()
        found.append(Expiring(kind, tuple(row)))
    return found


def issued(session: Session, asked: Asked) -> list[Issued]:
    """Copies issued in the period by the account's tier, the reader's role, and the phase."""
    copies = _of_product(
        select(Account.tier.label(TIER), Material.role.label(ROLE), Material.phase.label(PHASE))
        .select_from(ControlledCopy)
        .join(ControlledCopy.material_version)
        .join(MaterialVersion.material)
        .join(Material.account)
        .where(*asked.holds(ControlledCopy.issued_at), ControlledCopy.state.not_in(_NOT_MADE)),
        Material,
        asked,
    ).cte("copies")
    parts = [
        select(literal(by), func.coalesce(cast(copies.c[by], String), ""), func.count()).group_by(
            copies.c[by]
        )
        for by in (TIER, ROLE, PHASE)
    ]
    return [Issued(*row) for row in session.execute(union_all(*parts))]


def _of_product(query: Any, thing: Any, asked: Asked) -> Any:
    if asked.product_id is None or thing is Template:
        return query
    return query.where(thing.product_id == asked.product_id)


def _held(asked: Asked) -> Subquery:
    """Each module once for each material that was assembled with it in the period."""
    query = (
        select(ModuleVersion.module_id, MaterialVersion.material_id)
        .select_from(MaterialPart)
        .join(MaterialVersion, MaterialVersion.id == MaterialPart.material_version_id)
        .join(ModuleVersion, ModuleVersion.id == MaterialPart.module_version_id)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(*asked.holds(MaterialVersion.created_at))
        .distinct()
    )
    held: Subquery = _of_product(query, Material, asked).subquery("held")
    return held


def _copies_of_modules(asked: Asked) -> Subquery:
    """Copies issued in the period, by the modules they hold."""
    copies = (
        select(ControlledCopy.material_version_id, func.count().label("copies"))
        .where(*asked.holds(ControlledCopy.issued_at), ControlledCopy.state.not_in(_NOT_MADE))
        .group_by(ControlledCopy.material_version_id)
        .subquery()
    )
    return (
        select(ModuleVersion.module_id, func.sum(copies.c.copies).label("copies"))
        .select_from(copies)
        .join(MaterialPart, MaterialPart.material_version_id == copies.c.material_version_id)
        .join(ModuleVersion, ModuleVersion.id == MaterialPart.module_version_id)
        .group_by(ModuleVersion.module_id)
        .subquery("issued")
    )


def _unused(
    session: Session, asked: Asked, thing: Any, version: Any, never: Any, limit: int
) -> tuple[int, int, list[Unused]]:
    standing = (
        select(func.count(), func.count(case((never, 1))))
        .select_from(thing)
        .join(version, version.id == thing.approved_id)
        .where(version.state == VersionState.APPROVED)
    )
    approved, unused = session.execute(_of_product(standing, thing, asked)).one()
    rows = session.execute(
        _of_product(
            select(thing.code, version.title, version.approved_at, version.valid_until)
            .select_from(thing)
            .join(version, version.id == thing.approved_id)
            .where(version.state == VersionState.APPROVED, never)
            .order_by(version.approved_at, thing.code)
            .limit(limit),
            thing,
            asked,
        )
    )
    return unused, approved, [Unused(*row) for row in rows]
