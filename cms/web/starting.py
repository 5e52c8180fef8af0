"""The page on which a material begins: for whom, and what would be proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from sqlalchemy import select

from accounts.models import Account
from accounts.naming import printed_name
from accounts.queries import AccountFilter, list_accounts, visible_to
from accounts.tiering import tier_of
from claims_library.models import Product
from cms.pages import session, viewer
from exports import operations
from exports.models import Template
from exports.operations import Order
from exports.product_names import established_name
from modules.models import Module, ModuleVersion
from records.errors import NotFound, Objection, Refused
from records.vocabulary import Channel, Phase, Role

FIELDS = ("product", "template", "account", "role", "phase", "like")
MATCHES = 12


def read(values: Mapping[str, Any]) -> dict[str, str]:
    """What was typed or linked to, without white space."""
    return {name: str(values.get(name, "")).strip()[:200] for name in FIELDS}


def resolved(typed: Mapping[str, str]) -> tuple[Order | None, dict[str, str]]:
    """The order as far as it is complete, else what is wrong by field."""
    errors: dict[str, str] = {}
    account = _account(typed["account"])
    if account is None:
        errors["account"] = _no_account(typed["account"])
    if not typed["product"]:
        errors["product"] = "Choose a product."
    if not typed["template"]:
        errors["template"] = "Choose a template."
    if typed["role"] not in list(Role):
        errors["role"] = "Choose for which role it is."
    if typed["phase"] and typed["phase"] not in list(Phase):
        errors["phase"] = "Choose one of the four phases, or none."
    if errors or account is None:
        return None, errors
    order = Order(
        account=account.code,
        product=typed["product"],
        role=Role(typed["role"]),
        phase=Phase(typed["phase"]) if typed["phase"] else None,
        template=typed["template"],
        like=typed["like"],
    )
    return order, {}


def _account(words: str) -> Account | None:
    """By its number, or by words that only one account has."""
    if not words:
        return None
    exact = session().scalar(select(Account).where(Account.code == words, visible_to(viewer())))
    if exact is not None:
        return exact
    found = _matches(words, 2)
    return found[0] if len(found) == 1 else None


def _no_account(words: str) -> str:
    if not words:
        return "Choose an account."
    found = _matches(words, 2)
    if found:
        return "Several accounts match: choose one of them from the list."
    return "No account of yours matches. Type a part of its name or city, or its number."


def _matches(words: str, limit: int) -> list[Account]:
    narrowed = AccountFilter(text=words)
    return list(list_accounts(session(), person=viewer(), narrowed=narrowed, limit=limit))


def page_of(
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    objections: Sequence[Objection],
    order: Order | None,
) -> str:
    """The page with what was typed, the account's facts, and the proposal if it can be made."""
    account = _account(typed["account"])
    proposal = None
    if order is not None:
        proposal, objections = _proposal(order)
    brands = products()
    usual = {"product": brands[0][0] if len(brands) == 1 else "", "template": _usual()}
    chosen = {name: value or usual.get(name, "") for name, value in typed.items()}
    values = {
        "typed": chosen,
        "errors": errors,
        "objections": objections,
        "products": brands,
        "roles": [(role.value, role.label) for role in Role],
        "phases": [(phase.value, phase.label) for phase in Phase],
        "templates": templates(),
        "account": _facts(account) if account else None,
        "accounts": [(each.code, _words(each)) for each in _matches(typed["account"], MATCHES)],
        "preview": proposal,
    }
    return render_template("pages/materials/start.html", page=values)


def _proposal(order: Order) -> tuple[dict[str, Any] | None, Sequence[Objection]]:
    try:
        placed = operations.place(session(), order, actor=viewer())
        found = operations.propose(session(), placed)
    except Refused as refusal:
        return None, refusal.objections
    except NotFound as missing:
        return None, [Objection("not-found", str(missing))]
    modules = [
        (o.version.code, o.version.title, ", ".join(o.reasons).capitalize()) for o in found.chosen
    ]
    titles = _titles([code for code, _ in found.not_carried])
    behind = [(code, titles.get(code, ""), why) for code, why in found.not_carried]
    return {"modules": modules, "unoffered": found.left_out, "not_carried": behind}, ()


def _titles(codes: Sequence[str]) -> dict[str, str]:
    rows = session().execute(
        select(ModuleVersion.code, ModuleVersion.title)
        .join(Module, Module.latest_id == ModuleVersion.id)
        .where(Module.code.in_(codes))
    )
    return {row.code: row.title for row in rows}


def products() -> list[tuple[str, str]]:
    """Every product as a choice."""
    rows = session().scalars(select(Product).order_by(Product.brand))
    return [(each.brand, f"{each.brand} ({established_name(each.generic)})") for each in rows]


def templates() -> list[tuple[str, str]]:
    """Every approved template as a choice."""
    rows = session().scalars(
        select(Template).where(Template.approved_id.is_not(None)).order_by(Template.code)
    )
    return [
        (each.code, f"{each.approved.title}, {each.market.label}, {each.approved.version}")
        for each in rows
        if each.approved is not None
    ]


def _usual() -> str:
    """The template one means without saying so: the account brief, or the only one there is."""
    approved = Template.approved_id.is_not(None)
    briefs = select(Template.code).where(approved, Template.channel == Channel.BRIEF)
    for query in (briefs, select(Template.code).where(approved)):
        codes = session().scalars(query.limit(2)).all()
        if len(codes) == 1:
            return codes[0]
    return ""


def _words(account: Account) -> str:
    place = ", ".join(part for part in (printed_name(account.city), account.state) if part)
    return f"{printed_name(account.name)}, {place}"


def _facts(account: Account) -> dict[str, Any]:
    return {
        "code": account.code,
        "name": printed_name(account.name),
        "city": printed_name(account.city),
        "state": account.state,
        "care_setting": printed_name(account.care_setting),
        "tier": tier_of(account).tier.label,
        "phase": account.journey_phase.label if account.journey_phase else "",
        "stakeholders": [(each.role.label, each.name) for each in account.stakeholders],
    }
