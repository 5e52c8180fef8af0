"""One search over everything the viewer may read: a few hits of each kind, the way to the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, or_, select

from accounts.naming import printed_name
from accounts.queries import AccountFilter, count_accounts, list_accounts
from claims_library import queries as claims
from claims_library.queries import ClaimFilter
from cms.facets import segments
from cms.formatting import day
from cms.pages import Open, page, session, viewer
from cms.web.addresses import claim_url
from cms.web.library_rows import rows as module_rows
from exports import queries as materials
from exports.copies_out import Which
from exports.models import ControlledCopy
from exports.queries import MaterialFilter
from modules.catalogue import Sort
from modules.queries import Wanted, search_library
from records.models import Person
from records.roles import Permission, may

blueprint = Blueprint("search", __name__)
SHOWN = 5
LONGEST = 200
_COPY = re.compile(r"(?:copy|no\.?|#)?\s*0*(\d{1,9})", re.IGNORECASE)

Group = dict[str, Any]


@page(blueprint, "/search", permission=Open.SIGNED_IN)
def show() -> str:
    """Modules, claims, labels, materials, copies, accounts and people that have the words."""
    query = " ".join(request.args.get("q", "").split())[:LONGEST]
    groups = [group for group in _groups(query) if group["total"]] if query else []
    values = {"query": query, "groups": groups, "total": sum(each["total"] for each in groups)}
    return render_template("pages/search/show.html", page=values)


def _groups(query: str) -> Iterator[Group]:
    """Each kind that the viewer may read, whatever it has."""
    if may(viewer(), Permission.READ_LIBRARY):
        yield _modules(query)
        yield _claims(query)
        yield _labels(query)
        yield _materials(query)
    yield _copies(query)
    if may(viewer(), Permission.READ_ACCOUNTS):
        yield _accounts(query)
    if may(viewer(), Permission.READ_PEOPLE):
        yield _people(query)


def _group(title: str, sign: str, rows: list[dict[str, Any]], total: int, url: str) -> Group:
    return {"title": title, "sign": sign, "rows": rows, "total": total, "url": url}


def _row(
    query: str, title: str, url: str, facts: list[str], *, text: str = "", state: str | None = None
) -> dict[str, Any]:
    return {
        "title": segments(title, query),
        "url": url,
        "facts": [segments(fact, query) for fact in facts if fact],
        "text": segments(text, query) if text else [],
        "state": state,
    }


def _modules(query: str) -> Group:
    found = search_library(session(), Wanted(words=query, sort=Sort.MATCH, limit=SHOWN))
    rows = [
        {
            "title": row["title"],
            "url": url_for("modules.show", code=row["code"]),
            "facts": [segments(row["code"], query)],
            "text": row["line"],
            "state": row["state"],
        }
        for row in module_rows(session(), found.rows, query)
    ]
    return _group("Modules", "doc", rows, found.total, url_for("library.index", q=query))


def _claims(query: str) -> Group:
    narrowed = ClaimFilter(text=query)
    found = claims.list_claims(session(), narrowed=narrowed, after="", limit=SHOWN)
    rows = [
        _row(
            query,
            claim.latest.text,
            claim_url(claim.code),
            [claim.code, claim.product.brand, claim.latest.type.label],
            state=claim.latest.state.value,
        )
        for claim in found
        if claim.latest is not None
    ]
    total = claims.count_claims(session(), narrowed=narrowed).total
    return _group("Claims", "quote", rows, total, url_for("claims.index", q=query))


def _labels(query: str) -> Group:
    found, total = claims.find_labels(session(), query, limit=SHOWN)
    rows = [
        _row(
            query,
            f"{label.product.brand} label, version {label.version}",
            url_for("labels.show", set_id=label.set_id, version=label.version),
            [label.product.generic, f"effective {day(label.effective)}", label.source_name],
        )
        for label in found
    ]
    return _group("Labels", "book", rows, total, url_for("labels.index"))


def _materials(query: str) -> Group:
    narrowed = MaterialFilter(text=query)
    found = materials.list_materials(session(), person=viewer(), narrowed=narrowed, limit=SHOWN)
    rows = [
        _row(
            query,
            material.latest.title,
            url_for("materials.show", code=material.code),
            [material.code, printed_name(material.account.name), material.role.label],
            state=material.latest.state.value,
        )
        for material in found
        if material.latest is not None
    ]
    total = materials.count_materials(session(), person=viewer(), narrowed=narrowed)
    return _group("Materials", "stack", rows, total, url_for("materials.index", q=query))


def _copies(query: str) -> Group:
    """By number alone: their materials, accounts and holders are found by name."""
    number = _COPY.fullmatch(query)
    everywhere = may(viewer(), Permission.READ_ALL_TERRITORIES)
    copy = session().get(ControlledCopy, int(number[1])) if number else None
    if copy is None or not (everywhere or copy.holder_id == viewer().id):
        return _group("Copies", "get", [], 0, "")
    version = copy.material_version
    url = url_for("materials.show", code=version.code) if everywhere else url_for("copies.index")
    facts = [f"copy {copy.number:04d}", version.label, copy.holder.name]
    row = _row(query, version.title, url, facts, state=copy.state.value)
    whole = url_for("copies.everywhere", show=Which.ALL.value) if everywhere else url
    return _group("Copies", "get", [row], 1, whole)


def _accounts(query: str) -> Group:
    narrowed = AccountFilter(text=query)
    found = list_accounts(session(), person=viewer(), narrowed=narrowed, limit=SHOWN)
    keeps = may(viewer(), Permission.READ_LIBRARY)
    rows = [
        _row(
            query,
            printed_name(account.name),
            url_for(
                "accounts.show" if keeps else "field.account",
                account_id=account.id,
            ),
            [account.code, ", ".join(part for part in (account.city, account.state) if part)],
        )
        for account in found
    ]
    total = count_accounts(session(), person=viewer(), narrowed=narrowed)
    whole = url_for("accounts.index" if keeps else "field.accounts", q=query)
    return _group("Accounts", "building", rows, total, whole)


def _people(query: str) -> Group:
    words = [
        or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word))
        for word in query.split()[:8]
    ]
    found = session().scalars(
        select(Person).where(*words).order_by(Person.name, Person.id).limit(SHOWN)
    )
    total = session().scalar(select(func.count()).select_from(Person).where(*words)) or 0
    rows = [
        _row(
            query,
            person.name,
            url_for("people.show", person_id=person.id),
            [person.email],
            state="active" if person.active else "deactivated",
        )
        for person in found
    ]
    return _group("People", "user", rows, total, url_for("people.index"))
