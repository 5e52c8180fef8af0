"""Whether the evidence of a claim still stands in its label; outdated claims are held (R-112).

A claim stays as it is when a newer label takes effect and says the same words. Where the words have
changed or gone, the claim waits for a version with its evidence in the label that is in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion, LabelVersion
from claims_library.placing import LOST
from claims_library.quotes import anchor_of, fates
from records.errors import Objection


def lost_evidence(
    session: Session, versions: Sequence[ClaimVersion], *, day: date
) -> dict[int, Objection]:
    """By version id, why evidence that was found in one label is not in the one in force.

    Asks for labels once; texts are compared only where another version than the claim's own is in
    force, and each comparison is kept per process.
    """
    in_force = _in_force(session, {version.label_version_id for version in versions}, day)
    elsewhere: dict[int, list[ClaimVersion]] = defaultdict(list)
    for version in versions:
        current = in_force.get(version.label_version_id, version.label_version_id)
        if current != version.label_version_id and anchor_of(version) is not None:
            elsewhere[current].append(version)
    found: dict[int, Objection] = {}
    for label_id, held in elsewhere.items():
        label = session.get_one(LabelVersion, label_id)
        became = fates(session, held, label)
        found |= {
            version.id: _objection(version, label)
            for version in held
            if became[version.id].fate in LOST
        }
    return found


def _in_force(session: Session, ids: set[int], day: date) -> dict[int, int]:
    """By label version, the version of the same label that is in force on a day."""
    if not ids:
        return {}
    same = select(LabelVersion.set_id).where(LabelVersion.id.in_(ids))
    rows = session.execute(
        select(LabelVersion.id, LabelVersion.set_id, LabelVersion.effective)
        .where(LabelVersion.set_id.in_(same))
        .order_by(LabelVersion.version)
    ).all()
    newest = {row.set_id: row.id for row in rows if row.effective <= day}
    return {row.id: newest[row.set_id] for row in rows if row.set_id in newest}


def _objection(version: ClaimVersion, label: LabelVersion) -> Objection:
    return Objection(
        "evidence-lost",
        f"{version.label} rests on words that label version {label.version}, in force since "
        f"{label.effective:%d %b %Y}, does not have.",
        where=version.label,
        instead="Import the claim with its evidence in that label, and have it signed.",
    )
