"""The page on which a bulk run begins: for whom, what would be made, and what refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for

from accounts import queries
from accounts.naming import printed_name
from cms import account_filter
from cms.facets import Filters
from cms.pages import session, viewer
from cms.web import starting
from exports.bulk import planning
from exports.bulk.planning import Plan
from exports.bulk.wishes import Wish, filter_words
from exports.personalising import read_date
from exports.queries import receivers
from records.errors import DomainError, Objection, Refused
from records.problems import BadInput
from records.vocabulary import Phase, Role

FIELDS = ("product", "template", "journey", "meeting", "like", "purpose", "holder")
MOST_REASONS = 12
EXAMPLES = 3


def wish_of(sent: Any) -> tuple[Wish, dict[str, str]]:
    """What an address asks for, and what it lacks by field."""
    typed = _typed(sent)
    named = [each for each in sent.getlist("role") if each in list(Role)]
    errors: dict[str, str] = {}
    if not typed["product"]:
        errors["product"] = "Choose a product."
    if not typed["template"]:
        errors["template"] = "Choose a template."
    if not named:
        errors["role"] = "Choose at least one role."
    if typed["meeting"] and read_date(typed["meeting"]) is None:
        errors["meeting"] = "The meeting needs a date, such as 2026-12-04."
    wish = Wish(
        accounts=filter_words(account_filter.read(sent)),
        roles=tuple(dict.fromkeys(named)),
        product=typed["product"],
        template=typed["template"],
        phase=typed["journey"] if typed["journey"] in list(Phase) else "",
        meeting_date=typed["meeting"],
        like=typed["like"],
        purpose=typed["purpose"],
        holder=typed["holder"],
    )
    return wish, errors


def _typed(sent: Any) -> dict[str, str]:
    return {name: str(sent.get(name, "")).strip()[:200] for name in FIELDS}


def page_of(key: str, refused: Sequence[Objection] = ()) -> str:
    """The page for what the address says; with all of it, what it would come to."""
    sent, me = request.args, viewer()
    narrowed = account_filter.read(sent)
    counts = queries.count_facets(session(), person=me, narrowed=narrowed)
    filters = Filters("bulk.new", account_filter.facets_of(counts, narrowed), narrowed.text)
    wish, errors = wish_of(sent)
    looked = "product" in sent or "role" in sent
    plan, objections = (None, ()) if errors or not looked else _plan(wish)
    offered = {"product": starting.products(), "template": starting.templates()}
    values = {
        "typed": _with_only_choices(_typed(sent), offered),
        "errors": errors if sent.get("look") else {},
        "refused": refused,
        "objections": objections,
        "query": narrowed.text,
        "facets": filters.shown(counts.facets),
        "accounts": counts.total,
        "products": offered["product"],
        "templates": offered["template"],
        "roles": [(each.value, each.label) for each in Role],
        "chosen_roles": wish.roles,
        "phases": [(each.value, each.label) for each in Phase],
        "holders": [(each.email, each.name) for each in receivers(session())],
        "plan": _shown(plan) if plan else None,
        "may_start": not planning.start_objections(me),
        "why_not": " ".join(str(each) for each in planning.start_objections(me)),
        "start_url": f"{url_for('bulk.start')}?{request.query_string.decode('ascii', 'ignore')}",
        "seen": plan.digest if plan else "",
        "key": key,
    }
    return render_template("pages/bulk/new.html", page=values)


def _with_only_choices(typed: Mapping[str, str], offered: Mapping[str, Any]) -> dict[str, str]:
    """Where there is one choice it is made."""
    return {
        name: value or (offered[name][0][0] if len(offered.get(name, ())) == 1 else "")
        for name, value in typed.items()
    }


def _plan(wish: Wish) -> tuple[Plan | None, Sequence[Objection]]:
    try:
        return planning.plan(session(), wish, actor=viewer()), ()
    except Refused as refusal:
        return None, refusal.objections
    except (DomainError, BadInput) as problem:
        return None, [Objection("order", str(problem))]


def _shown(plan: Plan) -> dict[str, Any]:
    """A plan in numbers, and its refusals by reason with some of the accounts."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for each in plan.refused:
        by_reason[each.refusal].append(printed_name(each.account.name))
    ordered = sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    return {
        "accounts": plan.accounts,
        "documents": len(plan.wanted),
        "compositions": len(plan.groups),
        "refused": len(plan.refused),
        "reasons": [
            {
                "reason": reason,
                "count": len(names),
                "examples": list(dict.fromkeys(names))[:EXAMPLES],
                "more": max(0, len(set(names)) - EXAMPLES),
            }
            for reason, names in ordered[:MOST_REASONS]
        ],
        "more_reasons": max(0, len(ordered) - MOST_REASONS),
    }
