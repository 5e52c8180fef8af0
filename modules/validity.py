"""Whether module versions may be used at a moment: their own standing and that of their claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from claims_library import validity as claim_validity
from claims_library.models import ClaimVersion
from claims_library.validity import ANY_USE, Use, window_objections
from mlr.standing import approvals
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from records.errors import Objection
from records.vocabulary import Audience, ModuleKind


def objections(
    session: Session, versions: Sequence[ModuleVersion], *, at: datetime, use: Use = ANY_USE
) -> dict[int, list[Objection]]:
    """Why versions may not be used at ``at`` (aware), by version id; empty lists are clean.

    A pinned claim that is withdrawn, expired, out of scope or no longer what was pinned stops the
    module in the same moment.
    """
    claims = pinned_claims(session, versions)
    standing = approvals(session, versions)
    checked: dict[Use, dict[int, list[Objection]]] = {}
    found: dict[int, list[Objection]] = {}
    for version in versions:
        own = _claims_use(version, use)
        if own not in checked:
            held = list(claims.values())
            checked[own] = claim_validity.objections(session, held, at=at, use=own)
        approval = standing[version.id]
        found[version.id] = [
            *([approval.objection] if approval.objection else []),
            *window_objections(version.label, None, version.valid_until, at.date()),
            *_use_objections(version, use),
            *_pin_objections(version, claims, checked[own]),
        ]
    return found


def _use_objections(version: ModuleVersion, use: Use) -> list[Objection]:
    label, found = version.label, []
    if use.market is not None and version.market is not use.market:
        found.append(Objection("wrong-market", f"{label} is for {version.market.label}.", label))
    if use.audience is not None and not _reads(version, use.audience):
        found.append(
            Objection("wrong-audience", f"{label} is for {version.audience.label} readers.", label)
        )
    if use.channel is not None and use.channel.value not in version.channels:
        found.append(
            Objection("wrong-channel", f"{label} is not for the channel {use.channel}.", label)
        )
    return found


def _claims_use(version: ModuleVersion, use: Use) -> Use:
    """What the claims must be approved for.

    In a document for our own people, text for professionals is what they read or hand over to
    those professionals: its claims are approved for them (docs/decisions/0014).
    """
    if use.audience is Audience.INTERNAL and version.audience in _PROFESSIONAL:
        return replace(use, audience=version.audience)
    return use


def _reads(version: ModuleVersion, audience: Audience) -> bool:
    """Whether an audience may read the version (docs/decisions/0012 and 0014).

    Label text (safety information, footnotes, the statement of the indications) written for health
    care professionals says the same to payers; its claims must still be approved for them. Our own
    people may read what is approved for others; nobody else reads what is internal.
    """
    if version.audience is audience or audience is Audience.INTERNAL:
        return True
    of_label = version.kind in _LABEL_KINDS or version.code.endswith(_INDICATION)
    return of_label and {version.audience, audience} <= _PROFESSIONAL


_LABEL_KINDS = frozenset({ModuleKind.ISI, ModuleKind.FOOTNOTE})
_INDICATION = "-M-IND"
_PROFESSIONAL = frozenset({Audience.HCP, Audience.PAYER})


def _pin_objections(
    version: ModuleVersion,
    claims: Mapping[int, ClaimVersion],
    of_claims: Mapping[int, list[Objection]],
) -> list[Objection]:
    found: dict[str, Objection] = {}
    for pin in version.pins:
        claim = claims.get(pin["version"])
        if claim is None or claim.content_sha256 != pin["sha256"]:
            sentence = (
                f"{version.label} uses {pin['claim']}, which is not what it was approved with."
            )
            found[f"{pin['claim']}-pin"] = Objection("claim-altered", sentence, pin["claim"])
            continue
        for objection in of_claims[claim.id]:
            sentence = f"{version.label} uses {claim.label}: {objection.sentence}"
            found[f"{claim.id}-{objection.code}"] = Objection(
                f"claim-{objection.code}", sentence, where=claim.label
            )
    return list(found.values())


def valid_until(version: ModuleVersion, claims: Mapping[int, ClaimVersion]) -> date:
    """The earliest end over the version and the claims it pins (exclusive)."""
    ends = [claims[pin["version"]].valid_until for pin in version.pins if pin["version"] in claims]
    return min([version.valid_until, *ends])
