"""What the page of one account shows, as plain values for its template."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from flask import current_app, url_for

from accounts import queries
from accounts.models import Account
from accounts.naming import printed_name
from accounts.tiering import tier_of
from cms import formatting
from cms.pages import session, viewer
from exports.account_shelf import Held, held_for
from records import clock
from records.lifecycle import VersionState
from records.roles import Permission, may
from records.vocabulary import Phase, Role, Tier

SOON_DAYS = 30


def place_of(account: Account) -> str:
    """``Madison, WI``."""
    return ", ".join(part for part in (printed_name(account.city), account.state) if part)


def account_page(
    account: Account, *, typed: dict[str, str] | None, errors: dict[str, str] | None
) -> dict[str, Any]:
    """The whole page."""
    keeper = may(viewer(), Permission.KEEP_ACCOUNTS)
    values = {
        "tier": account.tier,
        "journey_phase": account.journey_phase,
        "tier_reason": account.tier_reason,
    }
    return {
        "account": _head(account),
        "facts": [(_words(name), str(value)) for name, value in sorted(account.facts.items())],
        "groups": _groups(account, keeper=keeper),
        "may_keep": keeper,
        "keep_url": url_for("accounts.keep", account_id=account.id) if keeper else None,
        "tiers": [(each.value, each.label) for each in Tier],
        "phases": [(each.value, each.label) for each in Phase],
        "typed": {**values, **(typed or {})},
        "errors": errors or {},
        "start_url": _start(account),
        "stakeholder_url": url_for("accounts.add_stakeholder", account_id=account.id)
        if keeper
        else None,
        "roles": [(each.value, each.label) for each in Role],
    }


def _head(account: Account) -> dict[str, Any]:
    tiering = tier_of(account)
    phase = account.journey_phase
    return {
        "id": account.id,
        "code": account.code,
        "name": printed_name(account.name),
        "city": printed_name(account.city),
        "state": account.state,
        "type": account.type,
        "care_setting": account.care_setting,
        "beds": account.beds,
        "tier": tiering.tier.label if account.tier else f"{tiering.tier.label}, proposed",
        "tier_reason": tiering.reason,
        "phase": phase.label if phase else None,
        "updated_at": account.updated_at,
        "revision": account.revision,
    }


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _groups(account: Account, *, keeper: bool) -> list[dict[str, Any]]:
    """By role: who it is, and what there is for them; roles with materials only come last."""
    materials: dict[Role, list[dict[str, Any]]] = defaultdict(list)
    now = clock.now()
    for held in held_for(session(), account.id, person=viewer(), at=now):
        materials[held.version.material.role].append(_material(held, now.date()))
    roles = queries.roles_of(account)
    roles += [role for role in Role if role in materials and role not in roles]
    return [
        {
            "role": role.label,
            "people": [
                {
                    "name": each.name,
                    "title": each.title,
                    "remove_url": _remove_url(account, each.id) if keeper else None,
                }
                for each in account.stakeholders
                if each.role is role
            ],
            "materials": materials[role],
            "start_url": _start(account, role),
        }
        for role in roles
    ]


def _remove_url(account: Account, id: int) -> str:
    return url_for("accounts.remove_stakeholder", account_id=account.id, stakeholder_id=id)


def _start(account: Account, role: Role | None = None) -> str | None:
    """Where a material for this account is begun, for whoever may assemble one."""
    if (
        not may(viewer(), Permission.ASSEMBLE)
        or "materials.start" not in current_app.view_functions
    ):
        return None
    return url_for("materials.start", account=account.code, role=role.value if role else None)


def _material(held: Held, today: date) -> dict[str, Any]:
    version = held.version
    show = may(viewer(), Permission.READ_LIBRARY)
    field = url_for("field.account", account_id=version.material.account_id)
    return {
        "code": version.code,
        "title": version.title,
        "url": url_for("materials.show", code=version.code) if show else field,
        "channel": version.material.channel.label,
        "version": version.version,
        "state": version.state.value,
        "flag": _flag(held, today),
        "standing": _standing(held),
    }


def _flag(held: Held, today: date) -> str | None:
    if held.version.state is not VersionState.APPROVED:
        return None
    if held.objections:
        expired = all(each.code == "expired" for each in held.objections)
        return "expired" if expired else "at-risk"
    soon = (held.version.valid_until - today).days <= SOON_DAYS
    return "expiring" if soon else None


def _standing(held: Held) -> str:
    if held.objections:
        return held.objections[0].sentence
    if held.version.state is VersionState.APPROVED:
        return f"valid until {formatting.day(held.version.valid_until)}"
    return f"since {formatting.day(held.version.updated_at)}"
