"""What withdrawing a version would reach, and the form that asks for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cms.kinds import WORDS
from exports.models import ControlledCopy, CopyState, MaterialPart, MaterialVersion
from modules.models import ModuleClaim, ModuleVersion
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may
from records.versions import Versioned


@dataclass(frozen=True)
class Reach:
    """How many approved modules and materials rest on a version, and who holds their copies."""

    modules: int
    materials: int
    copies: int
    holders: int


def offer(
    session: Session, version: Versioned | None, viewer: Person
) -> tuple[str | None, dict[str, Any] | None]:
    """Where a dialog's form is sent, and its values; (None, None) for whom it is not offered."""
    if version is None or version.state is not VersionState.APPROVED:
        return None, None
    if not may(viewer, Permission.WITHDRAW):
        return None, None
    return url(version), form(session, version)


def url(version: Versioned) -> str:
    """The page on which this version is withdrawn."""
    kind = WORDS[version.KIND]
    return url_for("reviews.withdraw", kind=kind, code=version.code, number=version.version)


def form(
    session: Session, version: Versioned, *, reason: str = "", errors: dict[str, str] | None = None
) -> dict[str, Any]:
    """``WithdrawForm`` of the templates, with everything that any kind's dialog says."""
    found = asdict(reach(session, version))
    return {"open": bool(errors), "reason": reason, "errors": errors or {}, **found}


def reach(session: Session, version: Versioned) -> Reach:
    """Count what stops being usable with this version."""
    modules, materials = _dependants(version)
    using = select(MaterialVersion.id).where(
        MaterialVersion.state == VersionState.APPROVED, materials
    )
    of_copies = (
        select(func.count(), func.count(ControlledCopy.holder_id.distinct()))
        .where(ControlledCopy.material_version_id.in_(using))
        .where(ControlledCopy.state == CopyState.ISSUED)
    )
    copies, holders = session.execute(of_copies).one()
    return Reach(
        modules=_count(session, modules) if modules is not None else 0,
        materials=_count(session, using),
        copies=copies,
        holders=holders,
    )


def _dependants(
    version: Versioned,
) -> tuple[Select[int] | None, ColumnElement[bool]]:
    """The approved modules that use it (claims only), and which materials hold it."""
    match version.KIND:
        case "material_version":
            return None, MaterialVersion.id == version.id
        case "template_version":
            return None, MaterialVersion.template_version_id == version.id
        case "module_version":
            return None, MaterialVersion.id.in_(_holding(ModuleVersion.id == version.id))
    uses = ModuleVersion.id.in_(
        select(ModuleClaim.module_version_id).where(ModuleClaim.claim_version_id == version.id)
    )
    modules = select(ModuleVersion.id).where(ModuleVersion.state == VersionState.APPROVED, uses)
    return modules, MaterialVersion.id.in_(_holding(uses))


def _holding(which: ColumnElement[bool]) -> Select[int]:
    return (
        select(MaterialPart.material_version_id)
        .join(ModuleVersion, ModuleVersion.id == MaterialPart.module_version_id)
        .where(which)
    )


def _count(session: Session, ids: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0
