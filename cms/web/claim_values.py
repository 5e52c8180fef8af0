"""What the page of one claim shows, as plain values for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy import select

from claims_library import queries
from claims_library.anchors import Anchor, Fate, Relocation, fold
from claims_library.models import Claim, ClaimVersion, LabelSection, LabelVersion
from claims_library.operations import current_label
from claims_library.placing import LOST
from claims_library.quotes import Quote, anchor_of, document_of, fates, in_context, with_text
from cms import formatting
from cms.circulations import job_lines, version_lines
from cms.pages import session, viewer
from cms.web.claim_lists import flag_of, place_words
from exports.where_used import count_materials
from modules import where_used
from modules.models import ModuleVersion
from records import clock
from records.errors import NotFound
from records.lifecycle import VersionState
from records.roles import Permission, may
from records.vocabulary import Audience, Channel, Market

SHOWN = 12
STATES = {
    Fate.UNCHANGED: "supported",
    Fate.MOVED: "supported",
    Fate.CHANGED: "quote-changed",
    Fate.GONE: "not-found",
}
NOTES = {
    Fate.UNCHANGED: "same words, same place",
    Fate.MOVED: "same words, now in another place",
    Fate.CHANGED: "what stands around them is there, the words are not",
    Fate.GONE: "neither the words nor what stood around them",
}


@dataclass(frozen=True)
class Withdrawing:
    """The form by which a version is withdrawn, as it was left."""

    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def latest_of(claim: Claim) -> ClaimVersion:
    """The newest version; every claim has one."""
    if claim.latest is None:
        raise NotFound(f"There is no claim {claim.code}.")
    return claim.latest


def version_url(version: Any) -> str:
    """The page of one version."""
    return url_for("claims.version", claim_id=version.code, number=version.version)


def claim_page(
    claim: Claim, shown: ClaimVersion, *, withdrawing: Withdrawing | None = None
) -> dict[str, Any]:
    """The whole page."""
    labels = queries.labels_of(session(), claim.product_id)
    in_force = current_label(session(), claim.product.brand, upcoming=True)
    found = {label.id: fates(session(), [shown], label)[shown.id] for label in labels[:6]}
    fate = found[in_force.id].fate if in_force and in_force.id in found else None
    used = where_used.modules_using(session(), claim.id)
    return {
        "claim": _head(claim, shown, fate),
        "risk": _risk(shown, fate, in_force),
        "newer": _newer(claim, shown),
        "text": shown.text,
        "variations": shown.variations,
        "intact": shown.content_hash() == shown.content_sha256,
        "evidence": _evidence(shown),
        "elsewhere": [
            _elsewhere(label, found[label.id])
            for label in labels[:6]
            if label.id != shown.label_version_id
        ],
        "scope": list(_scope(shown)),
        "qualifiers": shown.qualifiers,
        "companions": _companions(claim, shown),
        "versions": version_lines(session(), claim.versions[:SHOWN], version_url),
        "used": [_use(each, claim.code) for each in used[:SHOWN]],
        "used_total": len(used),
        "jobs": job_lines(session(), claim.versions[:SHOWN], viewer()),
        "now": clock.now(),
        **_submitting(claim, shown),
        **_withdrawing(shown, withdrawing),
    }


def _head(claim: Claim, shown: ClaimVersion, fate: Fate | None) -> dict[str, Any]:
    return {
        "id": claim.code,
        "code": claim.code,
        "product": claim.product.brand,
        "state": shown.state.value,
        "flag": flag_of(shown, fate, clock.now().date()),
        "version": shown.version,
        "revision": shown.revision,
        "owner": shown.author.name,
        "valid_from": shown.valid_from,
        "valid_until": shown.valid_until,
        "ended_at": shown.ended_at,
    }


def _risk(
    shown: ClaimVersion, fate: Fate | None, label: LabelVersion | None
) -> dict[str, Any] | None:
    """Said before anything else: the label in force no longer says what the claim rests on."""
    if fate not in LOST or label is None or shown.state is VersionState.WITHDRAWN:
        return None
    return {
        "title": f"Label version {label.version}, in force, does not have these words any more.",
        "body": "Look at what it says now; then import the claim with the new words, or withdraw "
        "it.",
        "url": url_for("labels.changes", set_id=label.set_id, version=label.version),
    }


def _newer(claim: Claim, shown: ClaimVersion) -> dict[str, Any] | None:
    """The version to look at instead of, or beside, the one that is shown."""
    latest = latest_of(claim)
    if latest.id == shown.id:
        return None
    words = latest.state.value.replace("-", " ")
    return {"number": latest.version, "words": words, "url": version_url(latest)}


def _evidence(shown: ClaimVersion) -> dict[str, Any]:
    label = with_text(session(), shown.label_version)
    anchor = anchor_of(shown)
    if anchor is None:
        quote, whole = Quote("", shown.excerpt, ""), False
    else:
        quote = in_context(document_of(label), anchor)
        whole = quote.words == fold(shown.excerpt)
    reference = f"{label.product.brand} label" if shown.reference == "LABEL" else shown.reference
    return {
        "label": f"Label version {label.version}, effective {formatting.day(label.effective)}",
        "label_url": place_url(label, anchor) if anchor else None,
        "effective": label.effective,
        "locator": place_words(shown.locator)
        + (f", paragraph {anchor.paragraph + 1}" if anchor else ""),
        "before": quote.before,
        "quote": quote.words,
        "after": quote.after,
        "state": "supported" if whole else "not-found",
        "note": None if whole else "The words at this place are not the excerpt of the claim",
        "reference": reference,
        "digest": anchor.sha256 if anchor else "",
    }


def place_url(label: LabelVersion, anchor: Anchor) -> str:
    """The label at the paragraph of an anchor."""
    position = session().scalar(
        select(LabelSection.position).where(
            LabelSection.label_version_id == label.id,
            LabelSection.name == anchor.section,
            LabelSection.number == anchor.number,
        )
    )
    return url_for(
        "labels.show",
        set_id=label.set_id,
        version=label.version,
        section=position,
        _anchor=f"p{anchor.paragraph + 1}",
    )


def _elsewhere(label: LabelVersion, found: Relocation) -> dict[str, Any]:
    upcoming = label.effective > clock.now().date()
    day = formatting.day(label.effective)
    url = url_for("labels.show", set_id=label.set_id, version=label.version)
    return {
        "label": f"Version {label.version}, {'from' if upcoming else 'of'} {day}",
        "url": place_url(label, found.anchor) if found.anchor else url,
        "state": STATES[found.fate],
        "note": NOTES[found.fate],
    }


def _scope(shown: ClaimVersion) -> Any:
    yield "Type", shown.type.label
    yield "Message pillar", shown.pillar.label
    yield "Indication", shown.indication or "not said"
    yield "Population", shown.population or "not limited"
    yield "Audiences", ", ".join(Audience(each).label for each in shown.audiences)
    yield "Channels", ", ".join(Channel(each).label for each in shown.channels)
    yield "Markets", ", ".join(Market(each).label for each in shown.markets)
    until = formatting.day(shown.valid_until)
    yield "Valid", f"{formatting.day(shown.valid_from)} until {until}"


def _companions(claim: Claim, shown: ClaimVersion) -> list[tuple[str, str | None]]:
    codes = where_used.companion_modules(session(), claim.product_id, shown.companions)
    return [
        (name, url_for("modules.show", code=codes[name]) if name in codes else None)
        for name in shown.companions
    ]


def _use(version: ModuleVersion, code: str) -> dict[str, Any]:
    wordings = sorted({pin["variation"] for pin in version.pins if pin["claim"] == code})
    return {
        "code": version.code,
        "title": version.title,
        "url": url_for("modules.version", code=version.code, number=version.version),
        "version": version.version,
        "wording": ", ".join("text" if not n else f"variation {n}" for n in wordings),
        "state": version.state.value,
        "flag": None,
    }


def _submitting(claim: Claim, shown: ClaimVersion) -> dict[str, Any]:
    may_submit = may(viewer(), Permission.SUBMIT)
    ready = shown.state in queries.SUBMITTABLE and latest_of(claim).id == shown.id
    url = url_for("claims.submit", claim_id=claim.code, number=shown.version)
    return {"submit_url": url if may_submit and ready else None, "submit_refused": None}


def _withdrawing(shown: ClaimVersion, form: Withdrawing | None) -> dict[str, Any]:
    if shown.state is not VersionState.APPROVED or not may(viewer(), Permission.WITHDRAW):
        return {"withdraw_url": None, "withdraw": None}
    modules = where_used.approved_using(session(), shown.id)
    left = form or Withdrawing()
    return {
        "withdraw_url": url_for("claims.withdraw", claim_id=shown.code, number=shown.version),
        "withdraw": {
            "open": form is not None,
            "reason": left.reason,
            "errors": left.errors,
            "modules": len(modules),
            "materials": count_materials(session(), modules),
        },
    }
