"""The rows of a material's tabs: parts, provenance, versions, reviews, trail, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from cms.trail_words import in_past
from cms.web.addresses import claim_url, module_url
from exports import validity
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion, Rendition
from mlr.standing import approvals
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from records import clock
from records.lifecycle import VersionState
from records.models import AuditRow, StoredFile

TRAIL = 40


def parts(session: Session, version: MaterialVersion) -> list[dict[str, Any]]:
    """What it holds, in reading order, each with how it stands now."""
    modules = validity.part_versions(session, version)
    found = validity.part_objections(session, version, at=clock.now())
    shaken = {o.where.split(" ")[0] for o in found} | {o.sentence.split(" ")[0] for o in found}
    names = _names(session, modules)
    rows = []
    for place, part in enumerate(version.parts, start=1):
        module = modules.get(part["version"])
        rows.append(
            {
                "place": place,
                "code": part["module"],
                "title": module.title if module else part["module"],
                "url": module_url(part["module"]),
                "version": module.version if module else "",
                "kind": module.kind.label.lower() if module else "",
                "tied": part["tied_to"],
                "sha256": part["sha256"],
                "approved_at": module.approved_at if module else None,
                "approvers": names.get(part["version"], ""),
                "state": module.state.value if module else "invalid",
                "flag": "at-risk"
                if part["module"] in shaken
                and module is not None
                and module.state is VersionState.APPROVED
                else None,
            }
        )
    return rows


def _names(
    session: Session, versions: Mapping[int, ModuleVersion | ClaimVersion | MaterialVersion]
) -> dict[int, str]:
    """Who signed each version, as one line."""
    standing = approvals(session, list(versions.values()))
    return {
        id: ", ".join(f"{each.printed_name} ({each.discipline})" for each in one.signatures)
        for id, one in standing.items()
    }


def provenance(session: Session, version: MaterialVersion) -> list[dict[str, Any]]:
    """Every claim it prints: where, on what it rests, who approved it."""
    modules = validity.part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    names = _names(session, claims)
    rows = []
    for part in version.parts:
        module = modules.get(part["version"])
        for pin in module.pins if module else ():
            claim = claims.get(pin["version"])
            if module is not None and claim is not None:
                rows.append(_source(claim, pin["variation"], module, names[claim.id]))
    return rows


def _source(
    claim: ClaimVersion, variation: int, module: ModuleVersion, approvers: str
) -> dict[str, Any]:
    label = f"Label, version {claim.label_version.version}"
    return {
        "claim": claim.code,
        "claim_url": claim_url(claim.code),
        "version": claim.version,
        "wording": claim.wording(variation),
        "module": module.label,
        "reference": label if claim.reference == "LABEL" else claim.reference,
        "locator": claim.locator.replace("_", " "),
        "approvers": approvers,
    }


def versions(session: Session, material: Material) -> list[dict[str, Any]]:
    """All versions, newest first, with who signed them."""
    rows = list(material.versions)
    names = _names(session, {row.id: row for row in rows})
    return [
        {
            "version": row.version,
            "state": row.state.value,
            "url": url_for("materials.show", code=material.code, version=row.version),
            "author": row.author.name,
            "at": row.ended_at or row.approved_at or row.updated_at,
            "modules": len(row.parts),
            "approvers": names[row.id],
        }
        for row in rows
    ]


def trail(session: Session, material: Material) -> list[dict[str, Any]]:
    """The last steps on record about its versions."""
    ids = [version.id for version in material.versions]
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.subject_kind == MaterialVersion.KIND, AuditRow.subject_id.in_(ids))
        .order_by(AuditRow.number.desc())
        .limit(TRAIL)
    )
    return [
        {
            "at": row.at,
            "actor": row.actor_name,
            "action": row.action.value,
            "sentence": f"{row.subject_label}: {in_past(row.action)}",
            "reason": row.reason,
        }
        for row in rows
    ]


def renditions(session: Session, version: MaterialVersion) -> list[dict[str, Any]]:
    """The printed forms of a version, newest first."""
    rows = session.execute(
        select(Rendition, StoredFile)
        .join(StoredFile, StoredFile.sha256 == Rendition.file_sha256)
        .where(Rendition.material_version_id == version.id)
        .order_by(Rendition.id.desc())
    )
    url = url_for("materials.preview", code=version.code, version=version.version)
    return [
        {
            "audience": f"{version.material.role.label}, to hand over",
            "format": f"{rendition.format.upper()}, tagged",
            "size": file.size,
            "sha256": rendition.file_sha256,
            "made_at": rendition.created_at,
            "url": url,
        }
        for rendition, file in rows
    ]


def _state_of(copy: ControlledCopy) -> str:
    """Issued is what a copy is while its version is; after that it is what became of that."""
    version = copy.material_version
    if copy.state is not CopyState.ISSUED or version.state is VersionState.APPROVED:
        return copy.state.value
    return version.state.value


def copy_rows(copies: Sequence[ControlledCopy]) -> list[dict[str, Any]]:
    """Copies with their holders, newest first."""
    return [
        {
            "number": copy.number,
            "holder": copy.holder.name,
            "purpose": copy.purpose,
            "issued_at": copy.issued_at,
            "issued_by": copy.issued_by.name,
            "format": copy.format.upper(),
            "state": _state_of(copy),
            "note": f"version {copy.material_version.version}",
            "url": None,
        }
        for copy in copies
    ]
