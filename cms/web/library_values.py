"""The library as its templates want it: facets, pills, orders and pages around the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.addresses import link
from cms.web.library_choice import NOTHING, Choice
from cms.web.library_kept import keep_form, kept_views
from cms.web.library_rows import rows
from cms.web.tabs import library_tabs
from modules import queries
from modules.catalogue import Sort, Standing
from modules.queries import Found, Wanted
from modules.search import SearchUnavailable
from modules.search_engines import engine_of
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import (
    Audience,
    Channel,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
    Word,
)

Values = dict[str, Any]

_LABELS = {
    "product": "Product",
    "state": "State",
    "standing": "Standing of the approved version",
    "pillar": "Message pillar",
    "phase": "Journey phase",
    "role": "Role",
    "tier": "Tier",
    "channel": "Channel",
    "kind": "Kind",
    "market": "Market",
    "audience": "Audience",
    "owner": "Held by",
}
_OPEN = {"state", "pillar", "phase", "role"}
_WORDS: dict[str, type[Word]] = {
    "pillar": Pillar,
    "phase": Phase,
    "role": Role,
    "tier": Tier,
    "channel": Channel,
    "kind": ModuleKind,
    "market": Market,
    "audience": Audience,
}
# of these every word is shown, also those nothing has: that is a gap worth knowing
_ALWAYS = {"pillar", "phase", "role", "tier"}
_STANDINGS = {
    Standing.VALID: "Valid",
    Standing.EXPIRING: "Expiring in 60 days",
    Standing.AT_RISK: "At risk: a claim has changed",
    Standing.EXPIRED: "Expired",
}
_SHORT = {Standing.EXPIRING: "Expiring", Standing.AT_RISK: "At risk", Standing.EXPIRED: "Expired"}
_SORTS = {
    Sort.MATCH: "best match",
    Sort.UPDATED: "latest change",
    Sort.TITLE: "title",
    Sort.CODE: "code",
}


def library_page(session: Session, choice: Choice, wanted: Wanted, person: Person) -> Values:
    """Everything ``pages/library/index.html`` shows."""
    found = queries.search_library(session, wanted)
    names = _names(session, found)
    first = found.skipped + 1 if found.rows else 0
    return {
        "query": choice.words,
        "sort": choice.order.value,
        "sorts": _sorts(choice),
        "views": _views(session, choice, person),
        "kept": kept_views(session, choice, person),
        "keep": keep_form(choice),
        "facets": [_facet(name, choice, found, names) for name in queries.FACETS],
        "pills": _pills(choice, names),
        "quick": _quick(choice, found, person),
        "rows": rows(session, found.rows, choice.words),
        "total": found.total,
        "first": first,
        "last": found.skipped + len(found.rows),
        "back_url": _back(choice, wanted, found),
        "next_url": _next(choice, found),
        "clear_url": Choice(choice.words, {}, choice.sort).url(),
        "advice": [] if found.total else _advice(session, choice, names),
        "may_write": may(person, Permission.WRITE_MODULES) and bool(link("modules.create")),
        "tabs": library_tabs(count_modules(session)),
        "full_text": found.full_text,
    }


def count_modules(session: Session) -> int:
    """How many modules the library holds."""
    return sum(queries.counts_of(session, {})["product"].values())


def _names(session: Session, found: Found) -> dict[str, str]:
    """Names of the people who hold modules, by the facet's value."""
    ids = [int(value) for value in found.counts["owner"]]
    if not ids:
        return {}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {str(row.id): row.name for row in people}


def _label(facet: str, value: str, names: Mapping[str, str]) -> str:
    match facet:
        case "owner":
            return names.get(value, "Somebody else")
        case "state":
            return value.replace("-", " ").capitalize()
        case "standing":
            return _STANDINGS[Standing(value)] if value in set(Standing) else value
    words = _WORDS.get(facet)
    return words(value).label if words and value in set(words) else value


def _facet(name: str, choice: Choice, found: Found, names: Mapping[str, str]) -> Values:
    counts, held = found.counts[name], choice.chosen.get(name, ())
    options = [
        {
            "value": value,
            "label": _label(name, value, names),
            "count": counts.get(value, 0),
            "chosen": value in held,
        }
        for value in _order(name, counts, held, names)
    ]
    return {
        "name": name,
        "label": _LABELS[name],
        "options": options,
        "open": name in _OPEN or bool(held),
    }


def _order(
    name: str, counts: Mapping[str, int], held: Iterable[str], names: Mapping[str, str]
) -> list[str]:
    """Values in the vocabulary's order, people and products by name."""
    known: Iterable[str] = _WORDS.get(name, ())
    if name == "state":
        known = VersionState
    elif name == "standing":
        known = Standing
    elif name in ("owner", "product"):
        known = sorted(counts, key=lambda value: _label(name, value, names).casefold())
    shown = {value for value, count in counts.items() if count or name in _ALWAYS | {"owner"}}
    shown |= {str(word) for word in known} if name in _ALWAYS else set(held)
    ordered = [str(value) for value in known if str(value) in shown]
    return [*ordered, *sorted(shown - set(ordered))]


def _pills(choice: Choice, names: Mapping[str, str]) -> list[Values]:
    return [
        {
            "label": f"{_LABELS[facet].partition(' of ')[0]}: {_label(facet, value, names)}",
            "url": choice.without(facet, value).url(),
        }
        for facet, values in choice.chosen.items()
        for value in values
    ]


def _quick(choice: Choice, found: Found, person: Person) -> list[Values]:
    """What is worth narrowing to from here."""
    counts = found.counts
    offered = [
        (label, "standing", standing.value, counts["standing"].get(standing, 0))
        for standing, label in _SHORT.items()
    ]
    own = str(person.id)
    offered.append(("Held by me", "owner", own, counts["owner"].get(own, 0)))
    return [
        {"label": label, "url": choice.having(**{facet: value}).url(), "count": count}
        for label, facet, value, count in offered
        if count and facet not in choice.chosen
    ]


def _views(session: Session, choice: Choice, person: Person) -> list[Values]:
    """Lists people come back to; their addresses can be kept and sent to others."""
    counts = queries.counts_of(session, {})
    offered = [
        ("All modules", NOTHING, sum(counts["product"].values())),
        *(
            (label, NOTHING.having(state=state.value), counts["state"].get(state, 0))
            for label, state in _VIEWED
        ),
        ("Held by me", NOTHING.having(owner=str(person.id)), counts["owner"].get(str(person.id))),
        *(
            (_STANDINGS[each].partition(":")[0], NOTHING.having(standing=each.value), number)
            for each in (Standing.EXPIRING, Standing.AT_RISK, Standing.EXPIRED)
            if (number := counts["standing"].get(each, 0))
        ),
    ]
    return [
        {
            "label": label,
            "url": view.url(),
            "count": count,
            "chosen": not choice.words and dict(choice.chosen) == dict(view.chosen),
        }
        for label, view, count in offered
        if count or not view.chosen
    ]


_VIEWED = (
    ("Approved", VersionState.APPROVED),
    ("In review", VersionState.IN_REVIEW),
    ("Drafts", VersionState.DRAFT),
)


def _sorts(choice: Choice) -> list[Values]:
    return [
        {
            "label": label,
            "url": Choice(choice.words, choice.chosen, sort).url(),
            "chosen": sort is choice.order,
        }
        for sort, label in _SORTS.items()
        if choice.words or sort is not Sort.MATCH
    ]


def _next(choice: Choice, found: Found) -> str | None:
    last = found.skipped + len(found.rows)
    if last >= found.total or not found.rows:
        return None
    return choice.url(after=found.last_key) if found.last_key else choice.url(skip=last)


def _back(choice: Choice, wanted: Wanted, found: Found) -> str | None:
    if not found.skipped or not found.rows:
        return None
    if found.first_key and found.skipped > wanted.limit:
        return choice.url(before=found.first_key)
    return choice.url(skip=max(0, found.skipped - wanted.limit) or None)


def _advice(session: Session, choice: Choice, names: Mapping[str, str]) -> list[Values]:
    """What there would be without one of the filters, or with another spelling."""
    others = [
        (f"Without {_LABELS[facet].lower()}: {_said(facet, values, names)}", choice.without(facet))
        for facet, values in choice.chosen.items()
    ]
    if choice.words and (better := _suggestion(session, choice.words)):
        others.append((f"“{better}” instead", Choice(better, choice.chosen, choice.sort)))
    counted = [
        (label, other, queries.count_found(session, other.words, other.chosen))
        for label, other in others
    ]
    return [
        {"label": label, "url": other.url(), "count": count}
        for label, other, count in counted
        if count
    ]


def _said(facet: str, values: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(_label(facet, value, names) for value in values)


def _suggestion(session: Session, words: str) -> str | None:
    engine = engine_of(session)
    try:
        return engine.suggest(words) if engine is not None else None
    except SearchUnavailable:
        return None
