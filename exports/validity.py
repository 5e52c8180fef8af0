"""Whether a material version may leave the house at a moment, over every part it pins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.models import LabelVersion
from claims_library.validity import Use, window_objections
from exports.models import Material, MaterialVersion, TemplateVersion
from mlr.standing import approval, approvals
from modules import validity as module_validity
from modules.models import ModuleVersion
from records.errors import Objection
from records.vocabulary import Audience, Channel, Market


def use_of(material: Material) -> Use:
    """What the material's parts must be approved for."""
    return Use(Market(material.market), Audience(material.audience), Channel(material.channel))


def part_versions(session: Session, version: MaterialVersion) -> dict[int, ModuleVersion]:
    """The pinned module versions by id."""
    ids = {part["version"] for part in version.parts}
    rows = session.scalars(select(ModuleVersion).where(ModuleVersion.id.in_(ids)))
    return {row.id: row for row in rows}


def objections(session: Session, version: MaterialVersion, *, at: datetime) -> list[Objection]:
    """Why the material may not be issued at ``at``: its own approval, its end, and every part."""
    standing = approval(session, version)
    found = [standing.objection] if standing.objection else []
    found += window_objections(version.label, None, version.valid_until, at.date())
    return [*found, *part_objections(session, version, at=at)]


def part_objections(session: Session, version: MaterialVersion, *, at: datetime) -> list[Objection]:
    """Why a pinned part (module, claim, label, template) stands in the way."""
    modules = part_versions(session, version)
    of_modules = module_validity.objections(
        session, list(modules.values()), at=at, use=use_of(version.material)
    )
    found: list[Objection] = []
    for part in version.parts:
        module = modules.get(part["version"])
        if module is None or module.content_sha256 != part["sha256"]:
            sentence = f"{part['module']} is not what the material was assembled with."
            found.append(Objection("part-altered", sentence, where=part["module"]))
            continue
        replacement = _replacement(module)
        found += [
            Objection(each.code, each.sentence, each.where or module.label, replacement)
            for each in of_modules[module.id]
        ]
    return [*found, *_template_objections(session, version, at.date()), *_label(session, version)]


def _replacement(module: ModuleVersion) -> str:
    current = module.module.approved
    if current is not None and current.id != module.id:
        return f"{current.label} replaces it: make a new version of the material."
    return ""


def _template_objections(session: Session, version: MaterialVersion, day: date) -> list[Objection]:
    template: TemplateVersion = version.template_version
    standing = approval(session, template)
    found = [standing.objection] if standing.objection else []
    return [*found, *window_objections(template.label, None, template.valid_until, day)]


def _label(session: Session, version: MaterialVersion) -> list[Objection]:
    """A newer label puts everything that was checked against the older one on hold (R-112)."""
    pinned = version.label_version
    newer = session.scalar(
        select(LabelVersion)
        .where(
            LabelVersion.product_id == pinned.product_id,
            LabelVersion.set_id == pinned.set_id,
            LabelVersion.version > pinned.version,
        )
        .order_by(LabelVersion.version.desc())
        .limit(1)
    )
    if newer is None:
        return []
    return [
        Objection(
            "label-superseded",
            f"Label version {pinned.version} was superseded by version {newer.version}.",
            where=version.label,
            instead="Check the claims against the new label and assemble anew.",
        )
    ]


@dataclass(frozen=True)
class Status:
    """What the public validity page says; nothing confidential.

    ``state`` is ``valid``, ``superseded``, ``withdrawn``, ``expired``, ``not-valid``, ``unknown``.
    """

    state: str
    since: date | None = None
    until: date | None = None
    code: str = ""
    newer: str = ""


def status_of_code(session: Session, code: str, *, at: datetime) -> Status:
    """The status behind a printed validity code."""
    version = session.scalar(
        select(MaterialVersion).where(MaterialVersion.validity_code == code.strip().upper())
    )
    if version is None or version.approved_at is None:
        return Status("unknown", code=code)
    if version.ended_at is not None:
        current = version.material.approved
        newer = current.validity_code if current is not None else ""
        state = "withdrawn" if version.state.value == "withdrawn" else "superseded"
        return Status(state, since=version.ended_at.date(), code=code, newer=newer)
    if at.date() >= version.valid_until:
        return Status("expired", since=version.valid_until, code=code)
    if objections(session, version, at=at):
        return Status("not-valid", code=code)
    return Status("valid", since=version.approved_at.date(), until=version.valid_until, code=code)


def standing_ids(session: Session, versions: Sequence[MaterialVersion]) -> set[int]:
    """Ids of the versions whose own approval holds (one query), for lists."""
    return {id for id, each in approvals(session, versions).items() if each.holds}
