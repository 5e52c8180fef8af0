"""Whether a claim version may be used at a moment, for a market, audience and channel.

Computed when asked, over everything the version depends on; nothing is expired by a nightly job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from claims_library.evidence import lost_evidence
from claims_library.models import ClaimVersion
from mlr.standing import Approval, approvals
from records.errors import Objection
from records.vocabulary import Audience, Channel, Market


@dataclass(frozen=True)
class Use:
    """What a claim is wanted for; None leaves that side open."""

    market: Market | None = None
    audience: Audience | None = None
    channel: Channel | None = None


ANY_USE = Use()


def objections(
    session: Session, versions: Sequence[ClaimVersion], *, at: datetime, use: Use = ANY_USE
) -> dict[int, list[Objection]]:
    """Why versions may not be used at ``at`` (aware), by version id; empty lists are clean."""
    standing = approvals(session, versions)
    lost = lost_evidence(session, versions, day=at.date())
    return {
        version.id: [
            *_objections(version, standing[version.id], at.date(), use),
            *([lost[version.id]] if version.id in lost else []),
        ]
        for version in versions
    }


def _objections(
    version: ClaimVersion, approval: Approval, day: date, use: Use
) -> Iterator[Objection]:
    if approval.objection is not None:
        yield approval.objection
    yield from window_objections(version.label, version.valid_from, version.valid_until, day)
    yield from scope_objections(version, use)


def window_objections(
    label: str, valid_from: date | None, valid_until: date, day: date
) -> Iterator[Objection]:
    """Why ``day`` is outside a validity window; ``valid_until`` is exclusive."""
    if valid_from is not None and day < valid_from:
        yield Objection("not-yet-valid", f"{label} is valid from {valid_from:%d %b %Y}.", label)
    if day >= valid_until:
        yield Objection("expired", f"{label} expired on {valid_until:%d %b %Y}.", label)


def scope_objections(version: ClaimVersion, use: Use) -> Iterator[Objection]:
    """Why the claim was not approved for this use."""
    for side, wanted, allowed in (
        ("market", use.market, version.markets),
        ("audience", use.audience, version.audiences),
        ("channel", use.channel, version.channels),
    ):
        if wanted is not None and wanted.value not in allowed:
            sentence = f"{version.label} is not approved for the {side} {wanted.label}."
            yield Objection(f"wrong-{side}", sentence, where=version.label)
