"""What the composer shows: offers with their reasons, the parts in order, values, pre-flight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from cms.threads import asked_of
from cms.web.addresses import account_url, module_url
from exports import extent, offering, preflight, rules, selecting, steps, undoing, validity
from exports.frame import Frame, Slot
from exports.models import MaterialStep, MaterialVersion
from exports.offering import Around, Ground
from exports.selecting import Offer
from mlr.models import ReviewTier
from mlr.packs import pack
from modules.models import ModuleVersion
from records import clock
from records.errors import Objection
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Role, Tier

COUNT_TRIES = 8  # how often a page asks whether its draft has been counted
SUBMITTABLE = (VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
STATE_WORDS = {
    VersionState.DRAFT: "draft",
    VersionState.IN_REVIEW: "in review: a change here ends that review",
    VersionState.CHANGES_REQUESTED: "sent back for changes",
}


@dataclass(frozen=True)
class Answer:
    """What the last step led to: what was moved, or what objects and what had been typed."""

    moved: str = ""
    saved: bool = False
    objections: Sequence[Objection] = ()
    tokens: Mapping[str, Any] = field(default_factory=dict)


def composer(
    session: Session, version: MaterialVersion, answer: Answer, person: Person, *, query: str = ""
) -> dict[str, Any]:
    """The page's values; see templates/pages/materials/compose.html."""
    now = clock.now()
    ground = offering.ground_of(version, at=now)
    pinned = validity.part_versions(session, version)
    modules = {m.code: m for m in pinned.values()}
    held = [part["module"] for part in version.parts]
    offers = offering.around(session, ground, without=held, text=query)
    findings = [_finding(each, version) for each in preflight.check(session, version, at=now)]
    blocks = sum(each["severity"] == "block" for each in findings)
    passed = sum(each["severity"] == "ok" for each in findings)
    of_tokens = {"meeting.date", "agenda"}
    refused = _refusal(version, blocks, person)
    companions = sum(bool(part["tied_to"]) for part in version.parts)
    return {
        "material": _head(version),
        "offered": [_offer(each) for each in offers.fitting],
        "offered_total": offers.fitting_total,
        "query": query,
        "unoffered": [_unoffered(each) for each in offers.others],
        "unoffered_total": offers.others_total,
        "slots": list(_slots(version, ground, modules, offers, answer.moved)),
        "modules": len(version.parts) - companions,
        "companions": companions,
        "objections": [o for o in answer.objections if o.where not in of_tokens],
        "extent": extent_values(session, version, pinned),
        **_ways(session, version, person),
        "tokens": _tokens(version, ground.frame, answer),
        "preflight": sorted(findings, key=lambda each: _RANK[each["severity"]]),
        "must_fix": blocks,
        "passed": f"{passed} of {len(findings)} pass",
        "preview_url": _preview(version) if version.parts else None,
        "saved_at": version.updated_at if answer.saved else None,
        "reuse": None,
        "may_submit": not refused,
        "submit_refused": refused,
        "submit": {"open": False, "note": "", "errors": {}},
        "signatures": _signatures(version),
        **asked_of(session, version),
    }


def extent_values(
    session: Session,
    version: MaterialVersion,
    pinned: Mapping[int, ModuleVersion],
    tries: int = COUNT_TRIES,
) -> dict[str, Any] | None:
    """Pages or slides in words; while they are estimated, where to ask again for the count."""
    found = extent.extent_of(session, version, pinned)
    if found is None:
        return None
    url = None
    if not found.measured and tries > 0:
        code, revision = version.code, version.revision
        url = url_for("materials.extent", code=code, revision=revision, tries=tries - 1)
    return {"words": found.words, "measured": found.measured, "url": url}


def _ways(session: Session, version: MaterialVersion, person: Person) -> dict[str, Any]:
    """What can be taken back and done again, each with what it did and whose it was."""
    ways = steps.ways(session, version)
    open_now = version.state in undoing.DRAFTS

    def way(step: MaterialStep | None) -> dict[str, Any] | None:
        if step is None or not open_now:
            return None
        did = steps.in_words(step.before, step.after)
        whose = "" if step.person_id == person.id else f", by {step.person.name}"
        return {"id": step.id, "did": f"{did}{whose}"}

    return {"undo": way(ways.back), "redo": way(ways.again)}


_RANK = {"block": 0, "warn": 1, "ok": 2}


def _head(version: MaterialVersion) -> dict[str, Any]:
    material, frame = version.material, version.frame
    return {
        "code": version.code,
        "title": version.title,
        "channel": material.channel.label,
        "version": version.version,
        "state_words": STATE_WORDS.get(version.state, version.state.value),
        "account": version.facts["name"],
        "account_url": account_url(material.account),
        "role": Role(frame["role"]).label,
        "phase": Phase(frame["phase"]).label,
        "tier": Tier(frame["tier"]).label,
        "market": frame["market"],
        "template": f"{version.template_version.title} {version.template_version.version}",
        "revision": version.revision,
        "change_url": url_for(
            "materials.start",
            product=frame["brand"],
            account=version.facts["code"],
            role=frame["role"],
            phase=frame["phase"],
            template=version.template_version.code,
        ),
    }


def _offer(offer: Offer) -> dict[str, Any]:
    version = offer.version
    return {
        "code": version.code,
        "title": version.title,
        "url": module_url(version.code),
        "version": version.version,
        "flag": None,
        "until": None,
        "why": ", ".join(offer.reasons).capitalize(),
    }


def _unoffered(offer: Offer) -> dict[str, Any]:
    version = offer.version
    return {
        "code": version.code,
        "title": version.title,
        "url": module_url(version.code),
        "state": version.state.value,
        "why": " ".join(offer.reasons),
        "may_add": offer.choosable,
    }


def _slots(
    version: MaterialVersion,
    ground: Ground,
    modules: Mapping[str, ModuleVersion],
    offers: Around,
    moved: str,
) -> Iterator[dict[str, Any]]:
    for slot in ground.frame.slots:
        parts = [part for part in version.parts if part["slot"] == slot.name]
        chosen = [part["module"] for part in parts if not part["tied_to"]]
        for part in parts:
            yield _slot(part, slot, chosen, modules, _why(part, ground, modules), moved)
        if not parts and not slot.companions_only:
            fit = sum(each.slot == slot.name for each in offers.fitting)
            if fit or slot.required:
                yield _vacant(slot, fit)


def _slot(
    part: Mapping[str, Any],
    slot: Slot,
    chosen: Sequence[str],
    modules: Mapping[str, ModuleVersion],
    why: str,
    moved: str,
) -> dict[str, Any]:
    code = part["module"]
    module = modules.get(code)
    needed = [c for c, m in modules.items() if code in rules.demanded(m)]
    place = chosen.index(code) if code in chosen else 0
    return {
        "id": code,
        "kind": "companion" if part["tied_to"] else "module",
        "code": code,
        "title": module.title if module else code,
        "url": module_url(code),
        "version": module.version if module else "",
        "flag": None,
        "note": _note(part, slot, needed) or why,
        "place": place,
        "may_up": place > 0,
        "may_down": place < len(chosen) - 1,
        "may_remove": not needed and not (slot.required and len(chosen) == 1),
        "moved": code == moved,
    }


def _why(part: Mapping[str, Any], ground: Ground, modules: Mapping[str, ModuleVersion]) -> str:
    """What a chosen module is there for, and what speaks against it, by its tags alone."""
    module = modules.get(part["module"])
    if module is None:
        return ""
    [offer] = selecting.offers([module], {}, ground.wanted, ground.frame)
    against = "" if offer.fits else f". {' '.join(offer.reasons)}"
    return f"{module.pillar.label}{against}"


def _note(part: Mapping[str, Any], slot: Slot, needed: Sequence[str]) -> str:
    if slot.required and slot.companions_only:
        return "always last; what is said of benefit brings it along"
    if part["tied_to"]:
        others = len(needed) - 1
        also = f" and {others} more" if others > 0 else ""
        return f"comes with {part['tied_to']}{also}"
    if slot.required:
        return "the template asks for it"
    return ""


def _vacant(slot: Slot, fit: int) -> dict[str, Any]:
    words = "1 offered module fits" if fit == 1 else f"{fit} offered modules fit"
    need = "The template needs it." if slot.required else "It may stay empty."
    return {
        "id": slot.name,
        "kind": "empty",
        "code": "",
        "title": slot.name.capitalize(),
        "note": f"Nothing chosen for this place; {words}. {need}",
    }


def _tokens(version: MaterialVersion, frame: Frame, answer: Answer) -> list[dict[str, Any]]:
    """The values a person gives; names and places come from the account and are not typed."""
    errors: dict[str, list[str]] = {}
    for objection in answer.objections:
        errors.setdefault(objection.where, []).append(str(objection))
    stored = {
        "meeting.date": version.frame.get("meeting_date", ""),
        "agenda": [line for line in version.tokens.get("agenda", "").split("\n") if line],
    }
    typed = {**stored, **answer.tokens}
    fields: list[dict[str, Any]] = [
        {
            "name": "meeting.date",
            "label": "Date of the meeting",
            "kind": "date",
            "options": [],
            "hint": "Printed on the cover. Leave it empty if there is none yet.",
        }
    ]
    if frame.agenda:
        fields.append(
            {
                "name": "agenda",
                "label": "Agenda",
                "kind": "choices",
                "options": [(line, line) for line in frame.agenda],
                "hint": "The lines were approved with the template.",
            }
        )
    return [
        {
            **each,
            "value": typed[each["name"]],
            "error": " ".join(errors.get(each["name"], [])) or None,
        }
        for each in fields
    ]


def _finding(found: preflight.Finding, version: MaterialVersion) -> dict[str, Any]:
    url = _place(found, version)
    return {
        "severity": "ok" if found.severity == "pass" else found.severity,
        "title": found.sentence,
        "detail": "",
        "where": "",
        "rule": "",
        "url": url if found.severity != "pass" else "",
        "link": f"Go to {found.where}" if url and url.startswith("#slot") else "",
        "start": None,
        "end": None,
    }


def _place(found: preflight.Finding, version: MaterialVersion) -> str:
    """Where on the page a finding can be mended."""
    if found.where in ("meeting.date", "agenda"):
        return "#tokens"
    if found.where.startswith("account."):
        return account_url(version.material.account)
    code = found.where.split(" ")[0]
    for part in version.parts:
        if code == part["module"] or f"{part['module']} " in found.sentence:
            return f"#slot-{part['module']}"
    return ""


def _refusal(version: MaterialVersion, blocks: int, person: Person) -> str:
    if version.state not in SUBMITTABLE:
        return "It is in review already"
    if not may(person, Permission.SUBMIT):
        return "A writer sends it to review"
    if blocks:
        return "1 thing must be fixed" if blocks == 1 else f"{blocks} things must be fixed"
    return ""


def _signatures(version: MaterialVersion) -> str:
    tier = ReviewTier(version.least_tier())
    names = [part.value for part in pack(version.material.market).demands(tier)]
    if tier is ReviewTier.T1:
        return f"One {' and '.join(names)} signature is needed: every part is approved already."
    return f"It has free text, so {', '.join(names[:-1])} and {names[-1]} signatures are needed."


def _preview(version: MaterialVersion) -> str:
    # the hash changes with the content, so that the frame is loaded anew
    return url_for("materials.preview", code=version.code, of=version.content_sha256[:12])
