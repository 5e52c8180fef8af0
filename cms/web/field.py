"""The rep's rooms: accounts of the territory, their materials by role, one-tap copies."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, select

from accounts.models import Account
from accounts.queries import AccountFilter, list_accounts, visible_to
from cms import recalling
from cms.formatting import day, plural
from cms.pages import page, session, viewer
from exports import formats
from exports.copies_out import stopped_of
from exports.kinds import kind_of
from exports.models import MaterialVersion
from exports.queries import Shelved, shelf
from records import clock
from records.errors import NotFound
from records.lifecycle import VersionState
from records.roles import Permission, may
from records.vocabulary import Channel

blueprint = Blueprint("field", __name__)
PAGE = 30
SOON = timedelta(days=30)
# of more copies the list tells
SHOWN = 3


@page(blueprint, "/field", permission=Permission.RECEIVE_COPIES)
def accounts() -> str:
    """The accounts of one's territory."""
    return _page(None)


@page(blueprint, "/field/<int:account_id>", permission=Permission.RECEIVE_COPIES)
def account(account_id: int) -> str:
    """One account with what may be handed over there."""
    found = session().scalar(select(Account).where(Account.id == account_id, visible_to(viewer())))
    if found is None:
        raise NotFound("There is no such account in your territory.")
    return _page(found)


def _page(chosen: Account | None) -> str:
    now = clock.now()
    query = request.args.get("q", "").strip()
    after = _after()
    narrowed = AccountFilter(text=query)
    rows = list_accounts(session(), person=viewer(), narrowed=narrowed, after=after, limit=PAGE)
    shelves = shelf(session(), [*rows, *([chosen] if chosen else [])], at=now)
    last = rows[-1] if len(rows) == PAGE else None
    values = {
        "today": now.date(),
        "query": query,
        "accounts": [_account(each, shelves[each.id], chosen) for each in rows],
        "total": session().scalar(
            select(func.count()).select_from(Account).where(visible_to(viewer()))
        ),
        "next_url": url_for("field.accounts", q=query or None, name=last.name, id=last.id)
        if last
        else None,
        "account": _materials(chosen, shelves[chosen.id]) if chosen else None,
        "alerts": _alerts(),
    }
    return render_template("pages/field/accounts.html", page=values)


def _alerts() -> list[dict[str, Any]]:
    """What the viewer holds and may not use any more, told at once wherever they are."""
    called = recalling.held(session(), viewer())
    if called:
        return [_called_back(called)]
    held = stopped_of(session(), viewer())
    if not held:
        return []
    named = ". ".join(
        f"Copy {copy.number:04d}, {copy.material_version.code} for "
        f"{copy.material_version.facts.get('name', 'an account')}: {_ended(copy.material_version)}"
        for copy in held[:SHOWN]
    )
    return [
        {
            "title": f"{plural(len(held), 'copy of yours', 'copies of yours')} may not be used",
            "body": f"{named}. Destroy it and take back what was left behind.",
            "url": url_for("copies.index"),
            "link": "All my copies",
        }
    ]


def _called_back(called: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = called[0]
    named = ", ".join(f"{each['number']:04d}" for each in called[:SHOWN])
    more = f" and {len(called) - SHOWN} more" if len(called) > SHOWN else ""
    return {
        "title": f"{plural(len(called), 'copy of yours', 'copies of yours')} called back, "
        f"due {day(first['due_on'])}",
        "body": f"Copy {named}{more}. {first['reason']}",
        "url": url_for("copies.index"),
        "link": "Say what became of it" if len(called) == 1 else "Say what became of them",
    }


def _ended(version: MaterialVersion) -> str:
    if version.state is VersionState.APPROVED:
        return f"ended on {day(version.valid_until)}"
    when = f" on {day(version.ended_at)}" if version.ended_at else ""
    return f"{version.state.value.replace('-', ' ')}{when}"


def _after() -> tuple[str, int] | None:
    id = request.args.get("id", type=int)
    return (request.args.get("name", ""), id) if id is not None else None


def _place(account: Account) -> str:
    return ", ".join(part for part in (account.city, account.state) if part)


def _account(each: Account, held: Sequence[Shelved], chosen: Account | None) -> dict[str, Any]:
    standings = [_standing(item) for item in held]
    return {
        "id": each.id,
        "name": each.name,
        "tier": each.tier.label if each.tier else "",
        "place": _place(each),
        "roles": len({item.material.role for item in held}),
        "current": standings.count("valid"),
        "expiring": standings.count("expiring"),
        "withdrawn": standings.count("withdrawn"),
        "chosen": chosen is not None and chosen.id == each.id,
    }


def _standing(item: Shelved) -> str:
    if item.objections:
        codes = {objection.code for objection in item.objections}
        return "expired" if "expired" in codes else "withdrawn"
    soon = item.version.valid_until <= (clock.now() + SOON).date()
    return "expiring" if soon else "valid"


def _materials(account: Account, held: Sequence[Shelved]) -> dict[str, Any]:
    names: dict[str, list[str]] = {}
    for person in account.stakeholders:
        names.setdefault(person.role.value, []).append(person.name)
    ordered = sorted(held, key=lambda item: item.material.role.value)
    return {
        "name": account.name,
        "tier": account.tier.label if account.tier else "",
        "place": _place(account),
        "care_setting": account.care_setting,
        "groups": [
            {
                "role": role.label,
                "names": ", ".join(name for name in names.get(role.value, []) if name),
                "rows": [_material(item) for item in items],
            }
            for role, items in groupby(ordered, key=lambda item: item.material.role)
        ],
    }


def _material(item: Shelved) -> dict[str, Any]:
    material, version = item.material, item.version
    standing = _standing(item)
    left = (version.valid_until - clock.today()).days
    return {
        "code": material.code,
        "title": version.title,
        "url": f"#{material.code}",
        "channel": material.channel.value,
        "version": version.version,
        "note": material.phase.label,
        "standing": standing,
        "until": version.ended_at.date() if version.ended_at else version.valid_until,
        "days": left if standing == "expiring" else None,
        "key": secrets.token_hex(16),
        "send_url": url_for("sending.choose", code=material.code)
        if material.channel is Channel.EMAIL and may(viewer(), Permission.SEND_EMAILS)
        else None,
        "formats": [
            (each.name, each.title.partition(",")[0]) for each in formats.issued(kind_of(version))
        ],
        "refusal": _refusal(item),
    }


def _refusal(item: Shelved) -> dict[str, Any] | None:
    if not item.objections:
        return None
    return {
        "head": f"{item.version.label} may not be used now",
        "objections": item.objections,
        "instead_url": None,
        "instead": None,
    }
