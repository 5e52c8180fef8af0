"""Accounts: list, one account with its stakeholders and materials, tier and phase, import."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from accounts import operations, queries
from accounts.models import Account
from accounts.naming import printed_name
from accounts.tiering import tier_of
from cms import account_filter
from cms.facets import Filters, paged
from cms.import_page import ImportPage
from cms.pages import acting, page, session, viewer
from cms.typed import errors_of, text
from cms.web import account_values
from exports.account_shelf import count_for_accounts
from records import clock
from records.errors import Refused, Stale
from records.roles import Permission, may
from records.vocabulary import Phase, Role, Tier

blueprint = Blueprint("accounts", __name__)
READ, KEEP = Permission.READ_ACCOUNTS, Permission.KEEP_ACCOUNTS
PAGE = 40
COLUMNS = (
    *("account_id", "name", "type", "city", "state", "beds", "care_setting", "tier"),
    *("journey_phase", "and any column to score by"),
)

IMPORT = ImportPage(
    room="accounts",
    title="Import accounts",
    lede="A file of organisations, each known by its account_id. Names may repeat.",
    accept=".csv,text/csv",
    hint="CSV in UTF-8, at most 20 MB. What the file does not say stays as it is, and so does a "
    "tier that was set with a reason.",
    one="account",
    many="accounts",
    columns=COLUMNS,
)


@page(blueprint, "/accounts", permission=READ)
def index() -> str:
    """The accounts one may see by name, narrowed by place, type, tier, phase and words."""
    narrowed = account_filter.read(request.args)
    counts = queries.count_facets(session(), person=viewer(), narrowed=narrowed)
    filters = Filters("accounts.index", account_filter.facets_of(counts, narrowed), narrowed.text)
    rows = queries.list_accounts(
        session(), person=viewer(), narrowed=narrowed, after=_after(), limit=PAGE + 1
    )
    full, rows = len(rows) > PAGE, rows[:PAGE]
    held = count_for_accounts(session(), [row.id for row in rows], at=clock.now())

    def onward(before: int) -> str | None:
        return filters.url(after=rows[-1].name, id=rows[-1].id, n=before) if full else None

    may_import = may(viewer(), KEEP)
    values = {
        "query": filters.query,
        "facets": filters.shown(counts.facets),
        "pills": filters.pills(),
        "clear_url": filters.clear_url(),
        "rows": [_row(row, *held[row.id]) for row in rows],
        "import_url": url_for("accounts.import_file") if may_import else None,
        **paged(counts.total, len(rows), PAGE, back=filters.url(), onward=onward),
    }
    return render_template("pages/accounts/index.html", page=values)


def _after() -> tuple[str, int] | None:
    name, number = request.args.get("after"), request.args.get("id", type=int)
    return (name, number) if name is not None and number is not None else None


def _row(account: Account, materials: int, current: int) -> dict[str, Any]:
    return {
        "id": account.id,
        "code": account.code,
        "name": printed_name(account.name),
        "place": account_values.place_of(account),
        "care_setting": account.care_setting,
        "type": account.type,
        "beds": account.beds,
        "tier": account.tier.label if account.tier else f"{tier_of(account).tier.label}, proposed",
        "phase": account.journey_phase.label if account.journey_phase else None,
        "materials": materials,
        "current": current,
    }


@page(blueprint, "/accounts/import", permission=KEEP, methods=("GET", "POST"))
def import_file() -> Any:
    """Try an accounts file, then import it."""
    return IMPORT.answer(
        lambda upload, dry_run: operations.import_accounts(
            session(), upload.data, filename=upload.name, actor=acting(), dry_run=dry_run
        )
    )


@page(blueprint, "/accounts/<int:account_id>", permission=READ)
def show(account_id: int) -> str:
    """Facts, stakeholders by role with the materials for each, tier and phase."""
    return _page(_account(account_id))


@page(blueprint, "/accounts/<int:account_id>", permission=KEEP, methods=("POST",))
def keep(account_id: int) -> Any:
    """Set tier and phase by hand, with the reason."""
    account = _account(account_id)
    tier, phase = text("tier"), text("journey_phase")
    try:
        operations.keep_account(
            session(),
            account,
            actor=acting(),
            tier=Tier(tier) if tier in list(Tier) else None,
            tier_reason=text("tier_reason"),
            phase=Phase(phase) if phase in list(Phase) else None,
            revision=request.form.get("revision", type=int),
        )
    except Refused as error:
        session().rollback()
        errors = {"tier_reason" if k == "reason" else k: v for k, v in errors_of(error).items()}
        return _page(account, typed=request.form.to_dict(), errors=errors), 422
    except Stale as error:
        session().rollback()
        session().expire_all()
        errors = {"": f"{error} Look at what it is now and save again if you still want to."}
        return _page(account, typed=request.form.to_dict(), errors=errors), 409
    flash(f"Saved for {printed_name(account.name)}.", "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@page(blueprint, "/accounts/<int:account_id>/stakeholders", permission=KEEP, methods=("POST",))
def add_stakeholder(account_id: int) -> Any:
    """Add a role, with or without a name."""
    account = _account(account_id)
    role = text("role")
    if role not in list(Role):
        errors = {"role": "Choose a role."}
        return _page(account, typed=request.form.to_dict(), errors=errors), 422
    try:
        added = operations.add_stakeholder(
            session(), account, Role(role), actor=acting(), name=text("name"), title=text("title")
        )
    except Refused as error:
        session().rollback()
        return _page(account, typed=request.form.to_dict(), errors=errors_of(error)), 422
    flash(f"{added.name or added.role.label} is now a stakeholder.", "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@page(
    blueprint,
    "/accounts/<int:account_id>/stakeholders/<int:stakeholder_id>/remove",
    permission=KEEP,
    methods=("POST",),
)
def remove_stakeholder(account_id: int, stakeholder_id: int) -> Any:
    """Take a stakeholder off the account."""
    account = _account(account_id)
    stakeholder = queries.get_stakeholder(account, stakeholder_id)
    who = stakeholder.name or stakeholder.role.label
    operations.remove_stakeholder(session(), account, stakeholder, actor=acting())
    flash(f"{who} is no longer a stakeholder.", "ok")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


def _account(number: int) -> Account:
    return queries.account_with_id(session(), number, person=viewer())


def _page(
    account: Account,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    values = account_values.account_page(account, typed=typed, errors=errors)
    return render_template("pages/accounts/show.html", page=values)
