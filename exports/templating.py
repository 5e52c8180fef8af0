"""What people do with templates: import a frame; and which version of one is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports import layouts
from exports.frame import Frame, of_json, read_frame, shipped, shipped_names
from exports.kinds import frame_kind
from exports.models import MaterialVersion, Template, TemplateVersion
from exports.review import TEMPLATES
from mlr.standing import approval, approvals
from records import audit, clock, roles
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.lifecycle import EDITABLE, VersionState
from records.models import Person
from records.roles import Permission
from records.vocabulary import Market


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by code."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_template(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import a template's frame as an unsigned draft; the same frame again changes nothing."""
    roles.require(actor, Permission.KEEP_TEMPLATES)
    frame = read_frame(data, filename=filename)
    template = session.scalar(select(Template).where(Template.code == frame.code))
    layout = layouts.layout_sha256(frame.layout)
    latest = template.latest if template is not None else None
    if latest is not None and (latest.frame, latest.layout_sha256) == (frame.to_json(), layout):
        return ImportReport(unchanged=(frame.code,))
    if not dry_run:
        version = _land_template(session, template, frame, layout, actor=actor)
        audit.record(
            session,
            Action.TEMPLATE_IMPORT,
            actor=actor,
            subject=version.subject,
            after={"content_sha256": version.content_sha256},
        )
    if template is None:
        return ImportReport(created=(frame.code,))
    return ImportReport(changed=(frame.code,))


def land_shipped(session: Session, *, actor: Person) -> tuple[str, ...]:
    """Give a new installation the templates that come with the program, as drafts of ``actor``.

    Whoever may keep templates gets them when nobody has any yet; they are reviewed like all
    others. Returns their codes; none where there are templates already.
    """
    if not roles.may(actor, Permission.KEEP_TEMPLATES) or session.scalar(select(Template.id)):
        return ()
    reports = [
        import_template(session, shipped(name), filename=f"{name}.yaml", actor=actor)
        for name in shipped_names()
    ]
    return tuple(code for report in reports for code in report.created)


def _land_template(
    session: Session, template: Template | None, frame: Frame, layout: str, *, actor: Person
) -> TemplateVersion:
    now = clock.now()
    if template is None:
        template = Template(
            code=frame.code, channel=frame.channel, market=frame.market, created_at=now
        )
        session.add(template)
        session.flush()
    version = TEMPLATES.to_write(session, template.latest, actor=actor, template_id=template.id)
    version.code, version.title = frame.code, frame.title
    version.frame, version.layout_sha256 = frame.to_json(), layout
    version.valid_until, version.author_id, version.updated_at = frame.valid_until, actor.id, now
    version.seal_content()
    session.flush()
    template.latest = version
    session.flush()
    return version


def approved_template(session: Session, name: str, market: Market) -> TemplateVersion:
    """The approved version of a template, by its code or by its kind (``leave-behind``)."""
    templates = session.scalars(
        select(Template).where(Template.market == market).order_by(Template.id)
    )
    named = [each for each in templates if name in (each.code, _kind(each))]
    version = next((each.approved for each in named if each.approved is not None), None)
    if version is None:
        raise NotFound(_missing(named, name, market))
    standing = approval(session, version)
    refuse([standing.objection] if standing.objection else [])
    return version


def _missing(named: list[Template], name: str, market: Market) -> str:
    """Why a template cannot be used, and what to do about it."""
    latest = next((each.latest for each in named if each.latest is not None), None)
    if latest is None:
        return f"There is no template {name!r} for {market}: a librarian has to import it."
    if latest.state is VersionState.IN_REVIEW:
        wanted = "its review has to end first"
    elif latest.state in EDITABLE:
        wanted = "it has to be submitted and signed first"
    else:
        wanted = "a librarian has to import a new version"
    return f"There is no approved template {name!r} for {market}: {latest.label} is not, {wanted}."


def _kind(template: Template) -> str:
    version = template.approved or template.latest
    channel = template.channel.value
    return frame_kind(version.frame, channel) if version is not None else channel


@dataclass(frozen=True)
class Framed:
    """A template as a list shows it, with the version in force or else the latest."""

    template: Template
    version: TemplateVersion
    parts: tuple[str, ...]
    materials: int
    objection: Objection | None
    flag: str | None

    @property
    def slots(self) -> int:
        return len(self.parts)


def list_templates(session: Session, *, at: datetime) -> list[Framed]:
    """Every template by code; one that says it is approved and is not, says why."""
    templates = session.scalars(select(Template).order_by(Template.code)).all()
    shown = {each: each.approved or each.latest for each in templates}
    versions = [version for version in shown.values() if version is not None]
    standing = approvals(session, versions)
    counted = session.execute(
        select(TemplateVersion.template_id, func.count(MaterialVersion.material_id.distinct()))
        .join(MaterialVersion, MaterialVersion.template_version_id == TemplateVersion.id)
        .group_by(TemplateVersion.template_id)
    )
    made = {row[0]: row[1] for row in counted}
    found = []
    for template, version in shown.items():
        if version is None:
            continue
        approved = version.state is VersionState.APPROVED
        objection = standing[version.id].objection if approved else None
        expired = "expired" if approved and version.valid_until <= at.date() else None
        parts = tuple(slot.name for slot in of_json(version.frame).slots)
        flag = "at-risk" if objection else expired
        found.append(Framed(template, version, parts, made.get(template.id, 0), objection, flag))
    return found
