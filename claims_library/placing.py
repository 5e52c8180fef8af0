"""Where the claims of a product stand in one version of its label, and which lost their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, load_only

from claims_library.anchors import Fate, Relocation
from claims_library.models import Claim, ClaimVersion, LabelVersion
from claims_library.quotes import fates
from records.lifecycle import VersionState
from records.remembering import remembered

ENDED = (VersionState.WITHDRAWN, VersionState.REJECTED)
LOST = (Fate.CHANGED, Fate.GONE)
_MOST = 32
_placements: dict[tuple[str, int], tuple[object, Placement]] = {}  # by database and label


@dataclass(frozen=True)
class Placement:
    """Claim versions in use, by id: their fate in the label, and who stands in which section."""

    found: Mapping[int, Relocation]
    sections: Mapping[tuple[str, str], tuple[int, ...]]

    def of(self, *fate: Fate) -> list[int]:
        """The versions with any of these fates."""
        return [id for id, relocation in self.found.items() if relocation.fate in fate]


def placement(session: Session, label: LabelVersion) -> Placement:
    """Place the approved version of each claim of the product, else its latest, in ``label``.

    Kept per process until a claim of the product changes.
    """
    in_use = func.coalesce(Claim.approved_id, Claim.latest_id) == ClaimVersion.id
    of_product = (
        select(ClaimVersion)
        .join(Claim, in_use)
        .where(Claim.product_id == label.product_id, ClaimVersion.state.not_in(ENDED))
    )
    stamp = remembered(
        session,
        ("claims of", label.product_id),
        lambda: _stamp(session, label.product_id),
    )
    name = (str(session.get_bind().engine.url), label.id)
    kept = _placements.get(name)
    if kept is not None and kept[0] == (label.source_sha256, stamp):
        return kept[1]
    # as a stream: ten thousand rows at once would be five times what is kept of them
    versions = session.scalars(
        of_product.options(
            load_only(
                ClaimVersion.anchor,
                ClaimVersion.excerpt,
                ClaimVersion.content_sha256,
                ClaimVersion.label_version_id,
            )
        ).order_by(ClaimVersion.code),
        execution_options={"yield_per": 500},
    )
    placed = _placed(fates(session, versions, label))
    _placements.pop(name, None)
    while len(_placements) >= _MOST:
        _placements.pop(next(iter(_placements)))  # the oldest
    _placements[name] = ((label.source_sha256, stamp), placed)
    return placed


def settled(session: Session, label: LabelVersion) -> list[tuple[ClaimVersion, ClaimVersion]]:
    """Versions whose words ``label`` lost and that have ended since it came, with what is in use.

    The second of a pair is the approved version that rests on this label, or for a claim that was
    withdrawn the withdrawn version itself.
    """
    now = aliased(ClaimVersion)
    rows = session.execute(
        select(ClaimVersion, now)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .join(now, func.coalesce(Claim.approved_id, Claim.latest_id) == now.id)
        .where(
            Claim.product_id == label.product_id,
            ClaimVersion.state.in_((VersionState.SUPERSEDED, VersionState.WITHDRAWN)),
            ClaimVersion.ended_at >= label.imported_at,
            ClaimVersion.label_version_id != label.id,
        )
        .order_by(ClaimVersion.code, ClaimVersion.id)
    ).all()
    lost = fates(session, [row[0] for row in rows], label)
    newest = {
        ended.claim_id: (ended, current)
        for ended, current in rows
        if lost[ended.id].fate in LOST
        and (current.label_version_id == label.id or current.state in ENDED)
    }
    return list(newest.values())


def _stamp(session: Session, product_id: int) -> tuple[int, datetime | None, int | None]:
    """Changes with every change of a product's claims: none is deleted, each step is timed."""
    row = session.execute(
        select(
            func.count(Claim.id),
            func.max(ClaimVersion.updated_at),
            func.max(ClaimVersion.id),
        )
        .select_from(Claim)
        .join(ClaimVersion, ClaimVersion.claim_id == Claim.id)
        .where(Claim.product_id == product_id)
    ).one()
    return (row[0], row[1], row[2])


def _placed(found: dict[int, Relocation]) -> Placement:
    sections: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for id, relocation in found.items():
        if relocation.anchor is not None:
            sections[relocation.anchor.section, relocation.anchor.number].append(id)
    return Placement(found, {key: tuple(ids) for key, ids in sections.items()})
