"""Whether material versions may leave the house at a moment, over every part they pin.

Everything is computed when asked, in a handful of queries however many versions are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claims_library.models import LabelVersion
from claims_library.validity import Use, window_objections
from exports.models import Material, MaterialVersion, TemplateVersion
from exports.recalls.models import Recall
from mlr.standing import approvals
from modules import validity as module_validity
from modules.models import ModuleVersion
from records.errors import Objection
from records.lifecycle import VersionState
from records.vocabulary import Audience, Channel, Market

Found = dict[int, list[Objection]]


def use_of(material: Material) -> Use:
    """What the material's parts must be approved for."""
    return Use(Market(material.market), Audience(material.audience), Channel(material.channel))


def part_versions(session: Session, version: MaterialVersion) -> dict[int, ModuleVersion]:
    """The pinned module versions by id."""
    return _parts_of(session, [version])


def objections(session: Session, version: MaterialVersion, *, at: datetime) -> list[Objection]:
    """Why the material may not be issued at ``at``: its own approval, its end, and every part."""
    return objections_of(session, [version], at=at)[version.id]


def objections_of(session: Session, versions: Sequence[MaterialVersion], *, at: datetime) -> Found:
    """``objections`` of many versions at once, by version id; empty lists are clean."""
    standing = approvals(session, versions)
    of_parts = part_objections_of(session, versions, at=at)
    found: Found = {}
    for version in versions:
        own = standing[version.id].objection
        found[version.id] = [
            *([own] if own else []),
            *window_objections(version.label, None, version.valid_until, at.date()),
            *of_parts[version.id],
        ]
    return found


def part_objections(session: Session, version: MaterialVersion, *, at: datetime) -> list[Objection]:
    """Why a pinned part (module, claim, label, template) stands in the way."""
    return part_objections_of(session, [version], at=at)[version.id]


def part_objections_of(
    session: Session, versions: Sequence[MaterialVersion], *, at: datetime
) -> Found:
    """``part_objections`` of many versions at once."""
    modules = _parts_of(session, versions)
    of_modules = _module_objections(session, versions, modules, at)
    of_templates = _template_objections(session, versions, at.date())
    newest = _newest_labels(session, versions, at.date())
    return {
        version.id: [
            *_of_row(version),
            *_of_parts(version, modules, of_modules),
            *of_templates[version.template_version_id],
            *_of_template(version),
            *_of_label(version, newest),
        ]
        for version in versions
    }


def _parts_of(session: Session, versions: Sequence[MaterialVersion]) -> dict[int, ModuleVersion]:
    ids = {part["version"] for version in versions for part in version.parts}
    if not ids:
        return {}
    rows = session.scalars(select(ModuleVersion).where(ModuleVersion.id.in_(ids)))
    return {row.id: row for row in rows}


def _signed_use(version: MaterialVersion) -> Use:
    """The use that was signed with the version, whatever the material's row says today."""
    frame = version.frame
    return Use(Market(frame["market"]), Audience(frame["audience"]), Channel(frame["channel"]))


def _module_objections(
    session: Session,
    versions: Sequence[MaterialVersion],
    modules: Mapping[int, ModuleVersion],
    at: datetime,
) -> dict[tuple[int, Use], list[Objection]]:
    """Objections by (module version, use); materials of one use share the work."""
    wanted: dict[Use, set[int]] = defaultdict(set)
    for version in versions:
        held = {part["version"] for part in version.parts}
        wanted[_signed_use(version)] |= held & modules.keys()
    found: dict[tuple[int, Use], list[Objection]] = {}
    for use, ids in wanted.items():
        rows = [modules[id] for id in sorted(ids)]
        of_use = module_validity.objections(session, rows, at=at, use=use)
        found |= {(id, use): each for id, each in of_use.items()}
    return found


def _of_row(version: MaterialVersion) -> Iterator[Objection]:
    """The material's row repeats what was signed; saying something else it was tampered with."""
    material, frame = version.material, version.frame
    row = (material.code, material.role, material.market, material.audience, material.channel)
    signed = (
        version.code,
        *(frame[name] for name in ("role", "market", "audience", "channel")),
    )
    if tuple(map(str, row)) != tuple(map(str, signed)) or (
        material.account.code != version.facts["code"]
    ):
        sentence = f"{version.label} was not signed for what its record says now."
        yield Objection("material-altered", sentence, where=version.label)


def _of_parts(
    version: MaterialVersion,
    modules: Mapping[int, ModuleVersion],
    of_modules: Mapping[tuple[int, Use], list[Objection]],
) -> Iterator[Objection]:
    use = _signed_use(version)
    for part in version.parts:
        module = modules.get(part["version"])
        if (
            module is None
            or module.code != part["module"]
            or module.content_sha256 != part["sha256"]
        ):
            sentence = f"{part['module']} is not what the material was assembled with."
            yield Objection("part-altered", sentence, where=part["module"])
            continue
        for each in of_modules[module.id, use]:
            where = each.where or module.label
            yield Objection(each.code, each.sentence, where, _replacement(module))


def _replacement(module: ModuleVersion) -> str:
    current = module.module.approved
    if current is not None and current.id != module.id:
        return f"{current.label} replaces it: make a new version of the material."
    return ""


def _template_objections(session: Session, versions: Sequence[MaterialVersion], day: date) -> Found:
    """By template version id."""
    templates: dict[int, TemplateVersion] = {
        version.template_version_id: version.template_version for version in versions
    }
    standing = approvals(session, list(templates.values()))
    found: Found = {}
    for id, template in templates.items():
        own = standing[id].objection
        found[id] = [
            *([own] if own else []),
            *window_objections(template.label, None, template.valid_until, day),
        ]
    return found


def _of_template(version: MaterialVersion) -> Iterator[Objection]:
    if version.template_version.content_sha256 != version.frame["template_sha256"]:
        sentence = f"{version.frame['template']} is not what the material was assembled with."
        yield Objection("template-altered", sentence, where=version.frame["template"])


def _newest_labels(
    session: Session, versions: Sequence[MaterialVersion], day: date
) -> dict[str, LabelVersion]:
    """The newest label in effect on a day, by set id."""
    sets = {version.label_version.set_id for version in versions}
    rows = session.scalars(
        select(LabelVersion)
        .where(LabelVersion.set_id.in_(sets), LabelVersion.effective <= day)
        .order_by(LabelVersion.version)
    )
    return {row.set_id: row for row in rows}


def _of_label(version: MaterialVersion, newest: Mapping[str, LabelVersion]) -> Iterator[Objection]:
    """A newer label puts everything that was checked against the older one on hold (R-112)."""
    pinned = version.label_version
    if f"{pinned.set_id} v{pinned.version}" != version.frame["label"]:
        sentence = "The label is not the one the material was assembled with."
        yield Objection("label-altered", sentence, where=version.label)
    newer = newest.get(pinned.set_id)
    if newer is not None and newer.version > pinned.version:
        yield Objection(
            "label-superseded",
            f"Label version {pinned.version} was superseded by version {newer.version}.",
            where=version.label,
            instead="Check the claims against the new label and assemble anew.",
        )


@dataclass(frozen=True)
class Status:
    """What the public validity page says: what is printed on the copy, and whether it holds.

    ``state`` is ``valid``, ``superseded``, ``withdrawn``, ``expired``, ``not-valid``, ``unknown``;
    ``called_back_by`` is the day by which its holders are asked to account for their copies.
    """

    state: str
    since: date | None = None
    until: date | None = None
    code: str = ""
    newer: str = ""
    material: str = ""
    version: str = ""
    prepared: date | None = None
    called_back_by: date | None = None


def status_of_code(session: Session, code: str, *, at: datetime) -> Status:
    """The status behind a printed validity code; hyphens, spaces and case do not matter."""
    read = "".join(sign for sign in code.upper() if sign.isalnum())[:20]
    version = session.scalar(select(MaterialVersion).where(MaterialVersion.validity_code == read))
    if version is None or version.approved_at is None:
        return Status("unknown", code=read)
    return replace(
        _status(session, version, version.approved_at.date(), at),
        code=read,
        material=version.code,
        version=version.version,
        prepared=version.prepared_on,
        called_back_by=session.scalar(
            select(func.min(Recall.due_on)).where(
                Recall.material_version_id == version.id, Recall.closed_at.is_(None)
            )
        ),
    )


def _status(session: Session, version: MaterialVersion, approved: date, at: datetime) -> Status:
    if version.ended_at is not None:
        current = version.material.approved
        newer = current.validity_code if current is not None else ""
        state = "withdrawn" if version.state is VersionState.WITHDRAWN else "superseded"
        return Status(state, since=version.ended_at.date(), newer=newer)
    if at.date() >= version.valid_until:
        return Status("expired", since=version.valid_until)
    if objections(session, version, at=at):
        return Status("not-valid")
    return Status("valid", since=approved, until=version.valid_until)


def standing_ids(session: Session, versions: Sequence[MaterialVersion]) -> set[int]:
    """Ids of the versions whose own approval holds (one query), for lists."""
    return {id for id, each in approvals(session, versions).items() if each.holds}
