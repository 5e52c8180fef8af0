"""Which materials rest on given module versions."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports.models import Material, MaterialPart
from modules.models import ModuleVersion


def count_materials(session: Session, module_version_ids: Collection[int]) -> int:
    """Approved materials that hold any of these module versions."""
    if not module_version_ids:
        return 0
    query = (
        select(func.count(func.distinct(Material.id)))
        .join(MaterialPart, MaterialPart.material_version_id == Material.approved_id)
        .where(MaterialPart.module_version_id.in_(module_version_ids))
    )
    return session.scalar(query) or 0


def count_by_module(session: Session, module_ids: Collection[int]) -> dict[int, int]:
    """Approved materials that hold any version of each module, by the module's id."""
    rows = session.execute(
        select(ModuleVersion.module_id, func.count(func.distinct(Material.id)))
        .join(MaterialPart, MaterialPart.module_version_id == ModuleVersion.id)
        .join(Material, Material.approved_id == MaterialPart.material_version_id)
        .where(ModuleVersion.module_id.in_(module_ids))
        .group_by(ModuleVersion.module_id)
    )
    return {row[0]: row[1] for row in rows}
