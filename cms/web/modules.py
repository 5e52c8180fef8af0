"""One module: the approved version as it prints, its versions, claims and evidence, where used."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from sqlalchemy import select

from claims_library.models import ClaimVersion
from cms.pages import page, session
from exports.markup import body_html
from exports.nodes import build_nodes
from exports.queries import count_copies, materials_using
from mlr.standing import approval
from modules import content, validity
from modules.models import Module, ModuleVersion
from modules.pinning import pinned_claims
from records import clock
from records.errors import NotFound
from records.lifecycle import VersionState
from records.roles import Permission

blueprint = Blueprint("modules", __name__)
SHOWN = 8


@page(blueprint, "/modules/<code>", permission=Permission.READ_LIBRARY)
def show(code: str) -> str:
    """The approved version, or the latest where none is approved yet."""
    return _page(code, None)


@page(blueprint, "/modules/<code>/versions/<number>", permission=Permission.READ_LIBRARY)
def version(code: str, number: str) -> str:
    """One version by its number, e.g. 1.0."""
    return _page(code, number)


def _page(code: str, number: str | None) -> str:
    module = session().scalar(select(Module).where(Module.code == code))
    if module is None or module.latest is None:
        raise NotFound(f"There is no module {code}.")
    shown = module.approved or module.latest
    if number is not None:
        found = [each for each in module.versions if each.version == number]
        if not found:
            raise NotFound(f"{code} has no version {number}.")
        shown = found[0]
    claims = pinned_claims(session(), [shown])
    used = materials_using(session(), [each.id for each in module.versions])
    copies = count_copies(session(), {each.material for each in used})
    values = {
        "module": _head(module, shown),
        "risk": _risk(shown),
        "replaced": None,
        "tabs": [{"key": "text", "label": "As it prints", "url": "#main", "count": None}],
        "tab": "text",
        "may_edit": False,
        "edit_label": "",
        "compare_url": None,
        "use_url": None,
        "use_refused": None,
        "withdraw_url": None,
        "withdraw": None,
        "viewer_role": "",
        "now": clock.now(),
        "shown": _shown(shown, claims),
        "versions": [_line(each) for each in module.versions[:SHOWN]],
        "versions_total": min(len(module.versions), SHOWN),
        "claims": [_claim(pin, claims) for pin in shown.pins if pin["version"] in claims],
        "used": [_use(each, copies) for each in used[:SHOWN]],
        "used_total": min(len(used), SHOWN),
        "copies_total": sum(copies.values()),
        "holders_total": 0,
        "used_url": None,
        "tags": [shown.pillar.label, *(_word(each) for each in (*shown.phases, *shown.roles))],
        "rules": [
            *({"words": "requires", "title": each, "url": _url(each)} for each in shown.requires),
            *({"words": "excludes", "title": each, "url": _url(each)} for each in shown.excludes),
        ],
        "intact": shown.content_hash() == shown.content_sha256,
    }
    return render_template("pages/modules/show.html", page=values)


def _url(code: str) -> str:
    return url_for("modules.show", code=code)


def _word(value: str) -> str:
    return value.replace("-", " ").capitalize()


def _head(module: Module, shown: ModuleVersion) -> dict[str, Any]:
    return {
        "code": module.code,
        "title": shown.title,
        "product": shown.brand,
        "pillar": shown.pillar.label,
        "owner": module.owner.name,
        "state": shown.state.value,
        "flag": None,
        "version": shown.version,
        "valid_from": shown.approved_at,
        "valid_until": shown.valid_until,
        "ended_at": shown.ended_at,
        "exists_approved": module.approved_id is not None,
    }


def _risk(shown: ModuleVersion) -> dict[str, Any] | None:
    """What keeps an approved version from being used, said before anything else."""
    if shown.state is not VersionState.APPROVED:
        return None
    found = validity.objections(session(), [shown], at=clock.now())[shown.id]
    if not found:
        return None
    return {"title": "It cannot be used now.", "body": str(found[0]), "links": []}


def _shown(shown: ModuleVersion, claims: dict[int, ClaimVersion]) -> dict[str, Any]:
    wordings = {
        (pin["claim"], pin["variation"]): claims[pin["version"]].wording(pin["variation"])
        for pin in shown.pins
        if pin["version"] in claims
    }
    fields = {name: f"[{name}]" for name in content.field_names(shown.body)}
    nodes = build_nodes(content.parse(shown.body), claim_text=wordings, values=fields)
    return {
        "version": shown.version,
        "state": shown.state.value,
        "html": Markup(body_html(nodes, "body")),  # noqa: S704 - made of escaped nodes
        "over": shown.pillar.label,
        "footer_left": shown.label,
        "footer_right": "",
        "sha256": shown.content_sha256,
    }


def _line(each: ModuleVersion) -> dict[str, Any]:
    signatures = approval(session(), each).signatures
    return {
        "number": each.version,
        "state": each.state.value,
        "words": each.state.value.replace("-", " "),
        "at": each.ended_at or each.approved_at or each.updated_at,
        "url": url_for("modules.version", code=each.code, number=each.version),
        "note": None,
        "steps": [],
        "signatures": [
            {
                "discipline": signature.discipline,
                "name": signature.printed_name,
                "at": signature.at,
                "meaning": signature.meaning,
            }
            for signature in signatures
        ],
    }


def _claim(pin: dict[str, Any], claims: dict[int, ClaimVersion]) -> dict[str, Any]:
    claim = claims[pin["version"]]
    intact = claim.content_hash() == pin["sha256"]
    return {
        "code": claim.code,
        "url": f"#claim-{claim.code}",
        "wording": claim.wording(pin["variation"]),
        "reference": f"Label {claim.label_version.version}",
        "locator": claim.locator.replace("_", " "),
        "note": "",
        "state": "supported" if intact else "quote-changed",
    }


def _use(each: Any, copies: dict[int, int]) -> dict[str, Any]:
    return {
        "code": each.code,
        "url": "#",
        "title": each.title,
        "channel": each.material.channel.label,
        "version": each.version,
        "state": each.state.value,
        "copies": copies.get(each.material_id, 0),
    }
