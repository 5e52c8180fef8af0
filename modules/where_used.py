"""Which modules use a claim: by the pins of their latest and approved versions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from claims_library.models import ClaimVersion
from modules.models import Module, ModuleClaim, ModuleVersion


def _in_use() -> ColumnElement[bool]:
    return or_(ModuleVersion.id == Module.latest_id, ModuleVersion.id == Module.approved_id)


def count_modules(session: Session, claim_ids: Iterable[int]) -> dict[int, int]:
    """How many modules use each claim, in whatever version, by the claim's id."""
    ids = list(claim_ids)
    rows = session.execute(
        select(ClaimVersion.claim_id, func.count(func.distinct(Module.id)))
        .join(ModuleClaim, ModuleClaim.claim_version_id == ClaimVersion.id)
        .join(ModuleVersion, ModuleVersion.id == ModuleClaim.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(ClaimVersion.claim_id.in_(ids), _in_use())
        .group_by(ClaimVersion.claim_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows}


def modules_using(session: Session, claim_id: int) -> list[ModuleVersion]:
    """The module versions in use that pin any version of a claim, by code."""
    return list(
        session.scalars(
            select(ModuleVersion)
            .join(ModuleVersion.module)
            .join(ModuleClaim, ModuleClaim.module_version_id == ModuleVersion.id)
            .join(ClaimVersion, ClaimVersion.id == ModuleClaim.claim_version_id)
            .where(ClaimVersion.claim_id == claim_id, _in_use())
            .options(contains_eager(ModuleVersion.module))
            .order_by(ModuleVersion.code, ModuleVersion.id.desc())
            .distinct()
        ).unique()
    )


def approved_using(session: Session, claim_version_id: int) -> list[int]:
    """Ids of the approved module versions that pin exactly this claim version."""
    return list(
        session.scalars(
            select(ModuleVersion.id)
            .join(Module, Module.approved_id == ModuleVersion.id)
            .join(ModuleClaim, ModuleClaim.module_version_id == ModuleVersion.id)
            .where(ModuleClaim.claim_version_id == claim_version_id)
        )
    )


def companion_modules(session: Session, product_id: int, names: Iterable[str]) -> dict[str, str]:
    """For each companion (ISI, FN-…) the code of the product's module that is it, if any.

    A companion ``FN-X`` of a product is the module whose code ends in ``-M-FN-X``.
    """
    wanted = list(names)
    if not wanted:
        return {}
    codes = session.scalars(
        select(Module.code).where(
            Module.product_id == product_id,
            or_(*(Module.code.endswith(f"-M-{name}", autoescape=True) for name in wanted)),
        )
    ).all()
    return {name: code for name in wanted for code in codes if code.endswith(f"-M-{name}")}
