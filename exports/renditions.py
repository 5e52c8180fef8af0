"""Renditions: the bytes of a material version in one format, kept and found again.

A rendition has no copy number. The same content under the same render fingerprint is the same
bytes, so it is made once; a rendition of something that does not stand approved is a preview and
says so on every page.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.building import build
from exports.copies import FORMATS, Press
from exports.models import MaterialVersion, Rendition
from records import audit, clock, errands, files, roles
from records.actions import Action
from records.canonical import sha256
from records.errors import Objection, refuse
from records.models import Person
from records.roles import Permission

MEDIA_TYPES = {"pdf": "application/pdf"}
JOB = "exports.render"


def render(
    session: Session,
    version: MaterialVersion,
    *,
    format: str = "pdf",
    press: Press,
    actor: Person | None,
) -> Rendition:
    """The rendition of a version as it stands, made now unless it is there already.

    ``actor`` is None for background work. Raises ``Refused`` for a format there is not, or for a
    body that cannot be printed; ``RenderingFailed`` when something would be missing.
    """
    if actor is not None:
        roles.require(actor, Permission.READ_LIBRARY)
    if format not in FORMATS:
        refuse([Objection("format", f"There is no format {format}; there is {FORMATS[0]}.")])
    from exports.document import to_json
    from exports.fingerprint import fingerprint
    from exports.rendering import render_pdf

    document = build(session, version, base_url=press.base_url)
    mark: dict[str, Any] = {
        "document": sha256(to_json(document)),
        "brand": sha256([document.kind, *press.brand.colours(), press.brand.name]),
        "render": sha256(fingerprint(document.kind)),
    }
    known = _known(session, version, format, mark)
    if known is not None:
        return known
    data = render_pdf(document, brand=press.brand)
    rendition = Rendition(
        material_version_id=version.id,
        format=format,
        file_sha256=files.store_of(session).put(session, data, MEDIA_TYPES[format]),
        fingerprint=mark,
        created_at=clock.now(),
    )
    session.add(rendition)
    session.flush()
    audit.record(
        session,
        Action.MATERIAL_RENDER,
        actor=actor,
        subject=version.subject,
        after={"format": format, "sha256": rendition.file_sha256, "status": document.status},
    )
    return rendition


def _known(
    session: Session, version: MaterialVersion, format: str, mark: dict[str, Any]
) -> Rendition | None:
    rows = session.scalars(
        select(Rendition)
        .where(Rendition.material_version_id == version.id, Rendition.format == format)
        .order_by(Rendition.id.desc())
    )
    return next((row for row in rows if row.fingerprint == mark), None)


def renditions_of(session: Session, version: MaterialVersion) -> list[Rendition]:
    """The renditions of a version, newest first."""
    return list(
        session.scalars(
            select(Rendition)
            .where(Rendition.material_version_id == version.id)
            .order_by(Rendition.id.desc())
        )
    )


def ask_for(session: Session, version: MaterialVersion, *, format: str = "pdf") -> None:
    """Have a rendition made in the background, if this transaction commits."""
    errands.enqueue(session, JOB, version=version.id, format=format)


@errands.job(JOB)
def _render_job(session: Session, *, version: int, format: str) -> None:
    press = session.info.get("press")
    if not isinstance(press, Press):
        raise LookupError("this session was opened without a press")
    found = session.get_one(MaterialVersion, version)
    render(session, found, format=format, press=press, actor=None)
