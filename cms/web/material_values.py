"""What the page of one material shows, tab by tab."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import segno
from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from cms import recalling
from cms.circulations import job_lines
from cms.web.addresses import account_url, module_url
from cms.web.material_tabs import copy_rows, parts, provenance, renditions, trail, versions
from exports import extent, formats, queries, validity
from exports.copies import Press
from exports.kinds import kind_of
from exports.models import Material, MaterialVersion
from mlr.standing import Approval, approval
from records import clock
from records.errors import Objection
from records.lifecycle import EDITABLE, VersionState
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Channel, Phase, Role

SOON = timedelta(days=30)
COPIES = 20
FINAL_SHOWN = (VersionState.APPROVED, VersionState.WITHDRAWN)


@dataclass(frozen=True)
class Forms:
    """A form of the page that was refused: which, what was typed, and what is wrong."""

    open: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    objections: Sequence[Objection] = ()


def shown(
    session: Session,
    material: Material,
    version: MaterialVersion,
    tab: str,
    person: Person,
    press: Press,
    forms: Forms,
) -> dict[str, Any]:
    """The page's values; see templates/pages/materials/show.html."""
    standing = approval(session, version)
    found = validity.objections(session, version, at=clock.now())
    final = version.state in FINAL_SHOWN
    tabs = _tabs(material, version)
    key = tab if tab in {each["key"] for each in tabs} else "copies"
    rows = queries.copies_of(session, material, limit=COPIES) if key == "copies" else []
    total = queries.count_copies(session, [material])[material.id]
    return {
        "material": _head(session, material, version, found),
        "tabs": tabs,
        "tab": key,
        "risk": _draft_note(material, version),
        "intact": version.content_hash() == version.content_sha256 or version.state in EDITABLE,
        "refused": forms.objections if not forms.open else (),
        "objections": [_linked(each) for each in found] if final else [],
        "renditions": renditions(session, version) if key == "copies" else [],
        "copies": copy_rows(rows),
        "copies_total": total,
        "copies_note": "",
        "copies_url": None,
        "certificate": _certificate(version, standing, press) if standing.holds else None,
        **_of_tab(session, material, version, key, person),
        **_acts(session, material, version, person, found, forms),
        "recall": recalling.note(session, material, person),
        "now": clock.now(),
    }


def _of_tab(
    session: Session, material: Material, version: MaterialVersion, key: str, person: Person
) -> dict[str, Any]:
    """Only the tab that is open is read."""
    makers: dict[str, Callable[[], Any]] = {
        "parts": lambda: parts(session, version) if key == "content" else [],
        "provenance": lambda: provenance(session, version) if key == "provenance" else [],
        "versions": lambda: versions(session, material) if key == "versions" else [],
        "jobs": lambda: job_lines(session, material.versions, person) if key == "reviews" else [],
        "trail": lambda: trail(session, material) if key == "trail" else [],
    }
    seen = may(person, Permission.READ_TRAIL)
    found = {name: maker() for name, maker in makers.items()}
    return {**found, "trail_url": url_for("trail.index", q=material.code) if seen else None}


def _tabs(material: Material, version: MaterialVersion) -> list[dict[str, Any]]:
    shown: dict[str, Any] = {"version": version.version} if version is not _usual(material) else {}
    labels = (
        ("copies", "Renditions and copies", None),
        ("content", "Content, in order", len(version.parts)),
        ("provenance", "Provenance", None),
        ("versions", "Versions", len(material.versions)),
        ("reviews", "Reviews", None),
        ("trail", "Trail", None),
    )
    return [
        {
            "key": key,
            "label": label,
            "count": count,
            "url": url_for("materials.show", code=material.code, tab=key, **shown),
        }
        for key, label, count in labels
    ]


def _usual(material: Material) -> MaterialVersion | None:
    return material.approved or material.latest


def _head(
    session: Session, material: Material, version: MaterialVersion, found: Sequence[Objection]
) -> dict[str, Any]:
    flag, day = None, clock.today()
    counted = extent.counted(session, version)
    if version.state is VersionState.APPROVED:
        expired = version.valid_until <= day
        soon = "expiring" if version.valid_until <= day + SOON else None
        flag = "expired" if expired else ("at-risk" if found else soon)
    return {
        "code": material.code,
        "title": version.title,
        "account": version.facts["name"],
        "account_url": account_url(material.account),
        "role": Role(version.frame["role"]).label,
        "phase": Phase(version.frame["phase"]).label,
        "channel": material.channel.label,
        "product": material.product.brand,
        "version": version.version,
        "state": version.state.value,
        "flag": flag,
        "pages": counted.words if counted else None,
        "prepared_on": version.prepared_on,
        "valid_until": version.valid_until,
        "ended_at": version.ended_at,
    }


def _linked(objection: Objection) -> dict[str, Any]:
    """An objection with the way to the module it is about."""
    code = objection.where.split(" ")[0]
    return {
        "sentence": objection.sentence,
        "instead": objection.instead,
        "where": objection.where,
        "url": module_url(code) if "-M-" in code else None,
    }


def _draft_note(material: Material, version: MaterialVersion) -> dict[str, Any] | None:
    """That the page shows one version while another is being written, or is in use."""
    latest, approved = material.latest, material.approved
    if latest is None or version.state is VersionState.CANCELLED:
        return None
    if version is not latest and latest.state in EDITABLE:
        words = latest.state.value.replace("-", " ")
        links = [("Look at it", _version_url(material, latest))]
        return {"title": f"{latest.label} is {words}.", "body": "", "links": links}
    if approved is not None and version is not approved:
        links = [("Look at it", _version_url(material, approved))]
        return {"title": f"{approved.label} is in use.", "body": "", "links": links}
    return None


def _version_url(material: Material, version: MaterialVersion) -> str:
    return url_for("materials.show", code=material.code, version=version.version)


def _certificate(version: MaterialVersion, standing: Approval, press: Press) -> dict[str, Any]:
    market = version.material.market.label
    address = f"{press.base_url.rstrip('/')}/v/{version.validity_code}"
    code = segno.make(address, error="m", micro=False)
    title = f"QR code: is this document still valid? {address}"
    svg = code.svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True, title=title)
    return {
        "version": version.version,
        "words": (
            "The signatories named have examined the final form of this material and approve it"
            f" for use in the {market} with the role {Role(version.frame['role']).label.lower()}."
        ),
        "signatures": [
            {
                "discipline": each.discipline,
                "name": each.printed_name,
                "at": each.at,
                "meaning": each.meaning,
            }
            for each in standing.signatures
        ],
        "sha256": version.content_sha256,
        "valid_until": version.valid_until,
        "validity_code": version.validity_code,
        "validity_url": url_for("validity.show", code=version.validity_code),
        "qr": Markup(svg),  # noqa: S704 - segno escapes the title and draws the rest
    }


def _acts(
    session: Session,
    material: Material,
    version: MaterialVersion,
    person: Person,
    found: Sequence[Objection],
    forms: Forms,
) -> dict[str, Any]:
    """What this person may do here, with the forms it takes."""
    latest, approved = material.latest, material.approved
    in_use = approved is not None and version is approved
    assembles = may(person, Permission.ASSEMBLE)
    open_draft = latest is not None and latest.state in EDITABLE
    may_issue = in_use and not found and may(person, Permission.ISSUE_COPIES)
    may_withdraw = in_use and may(person, Permission.WITHDRAW)
    sends = in_use and material.channel is Channel.EMAIL and may(person, Permission.SEND_EMAILS)
    return {
        "may_edit": assembles,
        "edit_url": url_for("materials.compose", code=material.code) if open_draft else None,
        "edit_label": _edit_label(material),
        **(_made_from(material, version) if assembles else {"again_url": None, "other_url": None}),
        "preview_url": url_for("materials.preview", code=material.code, version=version.version),
        "cancel": _cancel(latest, person) if assembles else None,
        "send_url": url_for("sending.choose", code=material.code) if sends else None,
        "may_issue": may_issue or forms.open == "issue",
        "issue": _issue(session, version, forms, offered=may_issue),
        "withdraw_url": url_for("materials.withdraw", code=material.code) if may_withdraw else None,
        "withdraw": _withdraw(session, approved if may_withdraw else None, forms),
    }


def _made_from(material: Material, version: MaterialVersion) -> dict[str, Any]:
    """Where the same is started for another account, and another kind for the same account."""
    same: dict[str, Any] = {
        "product": version.frame["brand"],
        "role": version.frame["role"],
        "phase": version.frame["phase"],
        "like": material.code,
    }
    template, account = version.template_version.code, material.account.code
    return {
        "again_url": url_for("materials.start", template=template, **same),
        "other_url": url_for("materials.start", account=account, **same),
    }


def _cancel(latest: MaterialVersion | None, person: Person) -> dict[str, Any] | None:
    """What cancelling a draft is bound to; one's own, or any for a librarian."""
    if latest is None or latest.state not in (VersionState.DRAFT, VersionState.CHANGES_REQUESTED):
        return None
    if latest.author_id != person.id and not may(person, Permission.KEEP_TEMPLATES):
        return None
    return {"revision": latest.revision, "label": latest.label}


def _issue(
    session: Session, version: MaterialVersion, forms: Forms, *, offered: bool
) -> dict[str, Any]:
    shown = forms.open == "issue"
    holders = queries.receivers(session, version.material.account) if offered or shown else ()
    return {
        "open": shown,
        "key": forms.typed.get("key") or secrets.token_hex(16),
        "format": forms.typed.get("format", ""),
        "formats": [(each.name, each.title) for each in formats.issued(kind_of(version))],
        "holder": forms.typed.get("holder", ""),
        "holders": [(each.email, each.name) for each in holders],
        "purpose": forms.typed.get("purpose", ""),
        "errors": forms.errors if shown else {},
        "objections": forms.objections if shown else (),
    }


def _withdraw(session: Session, approved: MaterialVersion | None, forms: Forms) -> dict[str, Any]:
    copies, holders = queries.copies_out(session, approved) if approved else (0, 0)
    shown = forms.open == "withdraw"
    return {
        "open": shown,
        "reason": forms.typed.get("reason", ""),
        "errors": forms.errors if shown else {},
        "copies": copies,
        "holders": holders,
    }


def _edit_label(material: Material) -> str:
    latest = material.latest
    if latest is None:
        return "Compose"
    if latest.state is VersionState.IN_REVIEW:
        return f"Change {latest.version}"
    if latest.state in EDITABLE:
        return f"Go on with {latest.version}"
    return f"Start {latest.major}.{latest.minor + 1}"
