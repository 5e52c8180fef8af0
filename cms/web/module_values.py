"""What the pages about one module show, as plain values for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from claims_library import validity as claim_validity
from claims_library.models import ClaimVersion
from cms import withdrawing
from cms.addresses import link, version_url
from cms.circulations import version_lines
from cms.pages import session, viewer
from exports.markup import body_html
from exports.nodes import build_nodes
from exports.queries import count_materials_using
from mlr.models import ReviewTask
from modules import content, history, validity
from modules.models import Module, ModuleVersion
from records import clock
from records.errors import Refused
from records.lifecycle import EDITABLE, VersionState
from records.roles import Permission, may

Values = dict[str, Any]


def frame(module: Module, shown: ModuleVersion, tab: str) -> Values:
    """Head, notes and tabs of every page about one module."""
    latest = history.latest_of(module)
    risk = _risk(shown)
    ids = history.version_ids(session(), module)
    withdraw_url, withdraw_form = withdrawing.offer(session(), shown, viewer())
    return {
        "module": _head(module, shown, at_risk=risk is not None),
        "risk": risk,
        "replaced": _replaced(module, shown),
        "tabs": _tabs(module, shown, ids),
        "tab": tab,
        "may_edit": may(viewer(), Permission.WRITE_MODULES),
        "edit_label": _edit_label(latest),
        "download_url": url_for("modules.download", code=module.code, number=shown.version),
        "compare_url": url_for("modules.compare", code=module.code) if len(ids) > 1 else None,
        **_using(module, shown, risk),
        "withdraw_url": withdraw_url,
        "withdraw": withdraw_form,
        "now": clock.now(),
    }


def _head(module: Module, shown: ModuleVersion, *, at_risk: bool) -> Values:
    return {
        "code": module.code,
        "title": shown.title,
        "product": shown.brand,
        "pillar": shown.pillar.label,
        "owner": module.owner.name,
        "state": shown.state.value,
        "flag": "at-risk" if at_risk else None,
        "version": shown.version,
        "valid_from": shown.approved_at,
        "valid_until": shown.valid_until,
        "ended_at": shown.ended_at,
        "exists_approved": module.approved_id is not None,
    }


def _edit_label(latest: ModuleVersion) -> str:
    if latest.state in EDITABLE:
        return f"Edit {latest.version}"
    return f"Start {latest.major}.{latest.minor + 1}"


def _risk(shown: ModuleVersion) -> Values | None:
    """What keeps an approved version from being used, said before anything else."""
    if shown.state is not VersionState.APPROVED:
        return None
    found = validity.objections(session(), [shown], at=clock.now())[shown.id]
    if not found:
        return None
    words = " ".join(str(objection) for objection in found[:3])
    return {"title": "It cannot be used now.", "body": words, "links": []}


def _replaced(module: Module, shown: ModuleVersion) -> Values | None:
    approved = module.approved
    if shown.state is not VersionState.WITHDRAWN or approved is None:
        return None
    return {
        "words": f"Version {approved.version} is approved in its place.",
        "url": url_for("modules.show", code=module.code),
    }


def _tabs(module: Module, shown: ModuleVersion, ids: Sequence[int]) -> list[Values]:
    code = module.code
    approved = shown.state is VersionState.APPROVED
    tabs = [
        _tab("text", "Approved version" if approved else "As it prints", count=None, code=code),
        _tab("versions", "Versions", count=len(ids), code=code),
        _tab("claims", "Claims and evidence", count=len(shown.pins), code=code),
        _tab("used", "Where used", count=count_materials_using(session(), ids), code=code),
        _tab("reviews", "Reviews", count=history.count_jobs(session(), ids), code=code),
    ]
    if len(ids) > 1:
        tabs.insert(2, _tab("compare", "Compare", count=None, code=code))
    if may(viewer(), Permission.READ_TRAIL):
        tabs.append(_tab("trail", "Trail", count=None, code=code))
    return tabs


def _tab(key: str, label: str, *, count: int | None, code: str) -> Values:
    if key == "text":
        url = url_for("modules.show", code=code)
    elif key in ("versions", "compare"):
        url = url_for(f"modules.{key}", code=code)
    else:
        url = url_for("modules.show", code=code, tab=key)
    return {"key": key, "label": label, "url": url, "count": count}


def _using(module: Module, shown: ModuleVersion, risk: Values | None) -> Values:
    """Where one goes on to put it into a material, or why that is not possible."""
    if not may(viewer(), Permission.ASSEMBLE):
        return {"use_url": None, "use_refused": None}
    if module.approved_id is None:
        ended = shown.state in (VersionState.WITHDRAWN, VersionState.REJECTED)
        why = f"It is {shown.state.value}." if ended else "No version is approved yet."
    elif shown.id != module.approved_id:
        why = "Only the approved version can be used."
    elif risk is not None:
        why = risk["body"]
    else:
        return {"use_url": link("materials.start"), "use_refused": None}
    return {"use_url": None, "use_refused": why}


def printed(body: str, wordings: Mapping[tuple[str, int], str]) -> Markup:
    """A body as an export prints it; what could not be printed is said in its place."""
    texts = {
        (ref.claim, ref.variation): wordings.get((ref.claim, ref.variation), f"[{ref.claim}?]")
        for ref in content.claim_refs(body)
    }
    fields = {name: f"[{name}]" for name in content.field_names(body)}
    try:
        nodes = build_nodes(content.parse(body), claim_text=texts, values=fields)
    except Refused as error:
        said = (Markup("<p>{}</p>").format(objection) for objection in error.objections)
        return Markup("\n").join((escape("This text cannot be printed yet."), *said))
    return body_html(nodes, "body")


def wordings_of(
    shown: ModuleVersion, claims: Mapping[int, ClaimVersion]
) -> dict[tuple[str, int], str]:
    """Wordings by (claim, variation), as the version pins them."""
    return {
        (pin["claim"], pin["variation"]): claims[pin["version"]].wording(pin["variation"])
        for pin in shown.pins
        if pin["version"] in claims
    }


def sheet(shown: ModuleVersion, claims: Mapping[int, ClaimVersion]) -> Values:
    """One version as it prints."""
    return {
        "version": shown.version,
        "state": shown.state.value,
        "html": printed(shown.body, wordings_of(shown, claims)),
        "over": shown.pillar.label,
        "footer_left": shown.label,
        "footer_right": "",
        "sha256": shown.content_sha256,
    }


def lines(versions: Sequence[ModuleVersion]) -> list[Values]:
    """Versions as a timeline: who wrote and signed each, and where its review stands."""
    in_review = [each.id for each in versions if each.state is VersionState.IN_REVIEW]
    jobs = {job.subject_id: job for job in reversed(history.jobs_of(session(), in_review))}
    found = version_lines(session(), versions, version_url)
    for line, each in zip(found, versions, strict=True):
        line["note"] = f"written by {each.author.name}"
        line["steps"] = [_step(task) for task in jobs[each.id].tasks] if each.id in jobs else []
    return found


def _step(task: ReviewTask) -> Values:
    return {
        "discipline": task.discipline.value,
        "state": task.verdict.value if task.verdict else "with-them",
        "person": task.decided_by.name if task.decided_by else None,
        "at": task.decided_at,
    }


def claim_uses(shown: ModuleVersion, claims: Mapping[int, ClaimVersion]) -> list[Values]:
    """The claims of a version in reading order, with their evidence."""
    standing = claim_validity.objections(session(), list(claims.values()), at=clock.now())
    return [
        _claim_use(pin, claims[pin["version"]], [str(one) for one in standing[pin["version"]]])
        for pin in shown.pins
        if pin["version"] in claims
    ]


def _claim_use(pin: Mapping[str, Any], claim: ClaimVersion, against: Sequence[str]) -> Values:
    intact = claim.content_hash() == pin["sha256"]
    where = claim.locator.replace("_", " ")
    return {
        "code": f"{claim.code}/{pin['variation']}" if pin["variation"] else claim.code,
        "url": link("claims.show", claim_id=claim.code) or f"#claim-{claim.code}",
        "wording": claim.wording(pin["variation"]),
        "reference": f"Label {claim.label_version.version:02d}",
        "locator": where,
        "note": " ".join(against) if intact else "It is not what was approved with this module.",
        "state": _evidence_state(claim, intact=intact, against=bool(against)),
    }


def _evidence_state(claim: ClaimVersion, *, intact: bool, against: bool) -> str:
    if not intact:
        return "failed"
    if claim.state is not VersionState.APPROVED:
        return claim.state.value
    return "at-risk" if against else "supported"
