"""Claims that land: what a row of a file or a decision says becomes the next draft of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from claims_library.claim_file import ClaimRow
from claims_library.models import Claim, ClaimVersion, LabelVersion
from claims_library.review import CLAIMS
from records import audit, clock
from records.actions import Action
from records.models import Person


def values_of(row: ClaimRow, label: LabelVersion) -> dict[str, Any]:
    """What a claim version holds when a row says so of a label."""
    return {
        "code": row.claim_id,
        "label_ref": f"{label.set_id} v{label.version}",
        "label_version_id": label.id,
        "text": row.text,
        "variations": list(row.variations),
        "type": row.type,
        "pillar": row.pillar,
        "indication": row.indication,
        "population": row.population,
        "qualifiers": list(row.qualifiers),
        "companions": list(row.companions),
        "audiences": [str(item) for item in row.audiences],
        "channels": [str(item) for item in row.channels],
        "markets": [str(item) for item in row.markets],
        "reference": row.reference,
        "locator": row.locator,
        "excerpt": row.excerpt,
        "anchor": row.anchor.to_json(),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def difference(claim: Claim | None, values: dict[str, Any]) -> str:
    """Whether landing the values makes a claim ("created"), changes one, or leaves it."""
    if claim is None or claim.latest is None:
        return "created"
    probe = ClaimVersion(**values)
    return "unchanged" if probe.content_hash() == claim.latest.content_hash() else "changed"


def land(
    session: Session,
    claim: Claim | None,
    code: str,
    values: dict[str, Any],
    label: LabelVersion,
    *,
    actor: Person,
    action: Action = Action.CLAIM_IMPORT,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> ClaimVersion:
    """Make the values the next draft of a claim; a draft that is being written takes them."""
    now = clock.now()
    if claim is None:
        claim = Claim(code=code, product_id=label.product_id, created_at=now)
        session.add(claim)
        session.flush()
    version = CLAIMS.to_write(session, claim.latest, actor=actor, claim_id=claim.id)
    for name, value in values.items():
        setattr(version, name, value)
    version.author_id = actor.id
    version.updated_at = now
    version.seal_content()
    session.flush()
    claim.latest = version
    session.flush()
    audit.record(
        session,
        action,
        actor=actor,
        subject=version.subject,
        reason=reason,
        after={"content_sha256": version.content_sha256, **(details or {})},
    )
    return version
