"""What a material's page and a holder's list say of copies that are called back."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.formatting import day, plural
from exports import validity
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion
from exports.recalls import queries
from exports.recalls.models import Recall
from records import clock
from records.models import Person
from records.roles import Permission, may

Values = dict[str, Any]


def note(session: Session, material: Material, viewer: Person) -> Values | None:
    """The open recall of a material; or that copies are out which ought to be called back."""
    recall = session.scalar(
        select(Recall)
        .join(Recall.material_version)
        .where(MaterialVersion.material_id == material.id, Recall.closed_at.is_(None))
        .order_by(Recall.due_on, Recall.id)
        .limit(1)
    )
    if recall is not None:
        return _open(session, recall)
    return _to_call_back(session, material) if may(viewer, Permission.WITHDRAW) else None


def _open(session: Session, recall: Recall) -> Values:
    progress = queries.progress_of(session, [recall])[recall.id]
    late = recall.due_on < clock.today()
    return {
        "tone": "rsk" if late and progress.left else "rev",
        "title": f"The copies of version {recall.material_version.version} are called back",
        "body": f"{progress.total - progress.left} of {progress.total} are accounted for; "
        f"{'they were' if late else 'all are'} due on {day(recall.due_on)}.",
        "url": url_for("recalls.show", recall_id=recall.id),
        "link": "See who holds them",
    }


def _to_call_back(session: Session, material: Material) -> Values | None:
    """Of the newest version whose copies are out although they may not be used."""
    rows = session.execute(
        select(
            MaterialVersion,
            func.count(ControlledCopy.number),
            func.count(ControlledCopy.holder_id.distinct()),
        )
        .join(ControlledCopy, ControlledCopy.material_version_id == MaterialVersion.id)
        .where(
            MaterialVersion.material_id == material.id,
            ControlledCopy.state == CopyState.ISSUED,
        )
        .group_by(MaterialVersion.id)
        .order_by(MaterialVersion.id.desc())
    )
    for version, copies, holders in rows:
        if validity.objections(session, version, at=clock.now()):
            copies_out = plural(copies, "copy", "copies")
            return {
                "tone": "rsk",
                "title": f"{copies_out} of version {version.version} {_are(copies)} out",
                "body": f"{plural(holders, 'holder')} may not use {_them(copies)} any more.",
                "url": url_for("recalls.open_new", code=material.code, number=version.version),
                "link": f"Call {_them(copies)} back",
            }
    return None


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def held(session: Session, holder: Person) -> list[Values]:
    """The copies somebody is asked to account for, the earliest due first."""
    return [
        {
            "number": called.copy_number,
            "recall_id": called.recall_id,
            "title": called.copy.material_version.title,
            "label": called.copy.material_version.label,
            "account": called.copy.material_version.facts["name"],
            "reason": called.recall.reason,
            "instead": called.recall.instead,
            "due_on": called.recall.due_on,
            "late": called.recall.due_on < clock.today(),
            "read": called.copy.state is CopyState.ACKNOWLEDGED,
        }
        for called in queries.held_by(session, holder)
    ]
