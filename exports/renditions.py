"""Renditions: the bytes of a material version in one format, kept and found again.

A rendition has no copy number. The same content under the same render fingerprint is the same
bytes, so it is made once; a rendition of something that does not stand approved is a preview and
says so on every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports import formats
from exports.building import build
from exports.copies import Press
from exports.jobs import HOPELESS, press_of
from exports.kinds import kind_of
from exports.models import MaterialVersion, Rendition
from exports.preflight import MEASURED, PAGES
from exports.proofing import results_of
from records import audit, clock, errands, files, roles
from records.actions import Action
from records.canonical import sha256
from records.database import Sessions
from records.models import Person
from records.roles import Permission

JOB = "exports.render"


def render(
    session: Session,
    version: MaterialVersion,
    *,
    format: str = "",
    press: Press,
    actor: Person | None,
) -> Rendition:
    """The rendition of a version as it stands, made now unless it is there already.

    ``format`` is one of ``exports.formats``; empty for the usual one of the material's kind.
    ``actor`` is None for background work. Raises ``Refused`` for a format there is not, or for a
    body that cannot be printed; ``RenderingFailed`` when something would be missing.
    """
    if actor is not None:
        roles.require(actor, Permission.READ_LIBRARY)
    printed = _print(session, version, format, press)
    return printed if isinstance(printed, Rendition) else _keep(session, printed, actor)


@dataclass(frozen=True)
class _Printed:
    """Bytes that are not kept yet, and what they are of."""

    version_id: int
    format: str
    status: str
    mark: dict[str, Any]
    data: bytes


def _print(
    session: Session, version: MaterialVersion, format: str, press: Press
) -> Rendition | _Printed:
    """The rendition there is already, or the bytes of a new one; reads only."""
    from exports.document import to_json

    chosen = formats.choose(format, kind_of(version))
    document = build(session, version, base_url=press.base_url)
    mark: dict[str, Any] = {
        PAGES: version.pages_hash(),
        "document": sha256(to_json(document)),
        "brand": press.brand.sha256,
        "render": sha256(chosen.fingerprint(document.kind)),
    }
    known = _known(session, version.id, chosen.name, mark)
    if known is not None:
        return known
    data = chosen.make(document, press.brand)
    if chosen.name == "pdf":
        # what was measured goes with the bytes, for pre-flight; it is no part of what they are of
        mark[MEASURED] = results_of(data)
    return _Printed(version.id, chosen.name, document.status, mark, data)


def _keep(session: Session, printed: _Printed, actor: Person | None) -> Rendition:
    known = _known(session, printed.version_id, printed.format, printed.mark)
    if known is not None:
        return known
    media_type = formats.get(printed.format).media_type
    rendition = Rendition(
        material_version_id=printed.version_id,
        format=printed.format,
        file_sha256=files.store_of(session).put(session, printed.data, media_type),
        fingerprint=printed.mark,
        created_at=clock.now(),
    )
    session.add(rendition)
    session.flush()
    audit.record(
        session,
        Action.MATERIAL_RENDER,
        actor=actor,
        subject=session.get_one(MaterialVersion, printed.version_id).subject,
        after={
            "format": printed.format,
            "sha256": rendition.file_sha256,
            "status": printed.status,
        },
    )
    return rendition


def _known(
    session: Session, version_id: int, format: str, mark: dict[str, Any]
) -> Rendition | None:
    rows = session.scalars(
        select(Rendition)
        .where(Rendition.material_version_id == version_id, Rendition.format == format)
        .order_by(Rendition.id.desc())
    )
    return next((row for row in rows if _bare(row.fingerprint) == _bare(mark)), None)


def _bare(mark: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mark.items() if name != MEASURED}


def renditions_of(session: Session, version: MaterialVersion) -> list[Rendition]:
    """The renditions of a version, newest first."""
    return list(
        session.scalars(
            select(Rendition)
            .where(Rendition.material_version_id == version.id)
            .order_by(Rendition.id.desc())
        )
    )


def ask_for(session: Session, version: MaterialVersion, *, format: str = "") -> None:
    """Have a rendition made in the background, if this transaction commits."""
    errands.enqueue(session, JOB, version=version.id, format=format)


@errands.job(JOB, own_transactions=True, most_attempts=3)
def _render_job(sessions: Sessions, *, version: int, format: str) -> None:
    """Printing takes a second and only reads; the write after it is short."""
    with sessions.read() as session:
        found = session.get_one(MaterialVersion, version)
        try:
            printed = _print(session, found, format, press_of(session))
        except HOPELESS as problem:
            raise errands.Hopeless(str(problem)) from problem
    if isinstance(printed, _Printed):
        with sessions.write() as session:
            _keep(session, printed, None)
