"""What there is for accounts: every material with its standing now, and counts for lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from exports import validity
from exports.models import Material, MaterialVersion
from exports.queries import MaterialFilter, list_materials
from records.errors import Objection
from records.lifecycle import VersionState
from records.models import Person

MOST = 200


@dataclass(frozen=True)
class Held:
    """The version of a material to look at, and why it may not be used, if it is approved."""

    version: MaterialVersion
    objections: tuple[Objection, ...]


def held_for(session: Session, account_id: int, *, person: Person, at: datetime) -> list[Held]:
    """The materials of one account, newest first: the approved version, else the latest."""
    narrowed = MaterialFilter(account_id=account_id)
    materials = list_materials(session, person=person, narrowed=narrowed, limit=MOST)
    ids = {material.id: material.approved_id or material.latest_id for material in materials}
    rows = session.scalars(
        select(MaterialVersion)
        .where(MaterialVersion.id.in_([id for id in ids.values() if id is not None]))
        .options(
            joinedload(MaterialVersion.template_version),
            joinedload(MaterialVersion.label_version),
            joinedload(MaterialVersion.material),
        )
    ).all()
    shown = {row.id: row for row in rows}
    approved = [row for row in rows if row.state is VersionState.APPROVED]
    found = validity.objections_of(session, approved, at=at) if approved else {}
    return [
        Held(shown[id], tuple(found.get(id, ())))
        for id in ids.values()
        if id is not None and id in shown
    ]


def count_for_accounts(
    session: Session, account_ids: Sequence[int], *, at: datetime
) -> dict[int, tuple[int, int]]:
    """By account id: how many materials there are, and how many of them are current.

    Current is what is approved and not past its end; whether all its parts still hold is decided on
    the account's page and whenever a copy is asked for.
    """
    found: dict[int, tuple[int, int]] = dict.fromkeys(account_ids, (0, 0))
    rows = session.execute(
        select(Material.account_id, func.count())
        .join(MaterialVersion, MaterialVersion.id == Material.approved_id)
        .where(Material.account_id.in_(account_ids), MaterialVersion.valid_until > at.date())
        .group_by(Material.account_id)
    )
    current = {row[0]: row[1] for row in rows}
    totals = session.execute(
        select(Material.account_id, func.count())
        .where(Material.account_id.in_(account_ids))
        .group_by(Material.account_id)
    )
    return found | {account_id: (count, current.get(account_id, 0)) for account_id, count in totals}
