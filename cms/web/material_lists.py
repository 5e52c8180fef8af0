"""The list of materials: facets with counts, words, paging by keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from exports import queries
from exports.models import Material
from exports.queries import FACETS, MaterialFilter
from records import clock
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Role, Word

PAGE = 25
SOON = timedelta(days=30)
_LABELS = {"product": "Product", "role": "Role", "phase": "Phase", "state": "State"}
_WORDS: dict[str, type[Word]] = {"role": Role, "phase": Phase}


def listing(session: Session, person: Person) -> dict[str, Any]:
    """The page's values; see templates/pages/materials/index.html."""
    query = request.args.get("q", "").strip()[:200]
    chosen = {facet: _known(facet, request.args.getlist(facet)) for facet in FACETS}
    mine = request.args.get("owner") == "me"
    narrowed = MaterialFilter(
        text=query,
        brands=tuple(chosen["product"]),
        roles=tuple(map(Role, chosen["role"])),
        phases=tuple(map(Phase, chosen["phase"])),
        states=tuple(map(VersionState, chosen["state"])),
        owner_id=person.id if mine else None,
    )
    return {
        "query": query,
        "facets": [*_facets(session, person, narrowed, chosen), _owner(mine=mine)],
        "pills": [
            *(_pill(facet, value) for facet, values in chosen.items() for value in values),
            *([{"label": "Mine", "url": _without("owner", "me")}] if mine else []),
        ],
        "clear_url": url_for("materials.index", q=query or None),
        "may_assemble": may(person, Permission.ASSEMBLE),
        **_rows(session, person, narrowed),
    }


def _known(facet: str, values: list[str]) -> list[str]:
    """What may be asked for; words nobody knows are left out of the address."""
    if facet == "state":
        return [value for value in values if value in list(VersionState)]
    if facet in _WORDS:
        return [value for value in values if value in list(_WORDS[facet])]
    return values[:20]


def _rows(session: Session, person: Person, narrowed: MaterialFilter) -> dict[str, Any]:
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    first = max(0, request.args.get("n", 0, type=int))
    total = queries.count_materials(session, person=person, narrowed=narrowed)
    found = queries.list_materials(
        session, person=person, narrowed=narrowed, after=after, before=before, limit=PAGE
    )
    versions = [each.latest for each in found if each.latest is not None]
    copies = queries.count_copies(session, found)
    shaken = queries.shaken(session, versions, day=clock.today()) if versions else set()
    last = first + len(found)
    return {
        "rows": [_row(each, copies[each.id], shaken) for each in found],
        "total": total,
        "first": first + 1,
        "last": last,
        "back_url": _page(before=found[0].id, n=max(0, first - PAGE)) if first and found else None,
        "next_url": _page(after=found[-1].id, n=last) if last < total and found else None,
    }


def _page(**place: int) -> str:
    kept = request.args.to_dict(flat=False)
    for name in ("after", "before", "n"):
        kept.pop(name, None)
    return url_for("materials.index", **kept, **place)  # type: ignore[arg-type]  # lists are fine


def _without(name: str, value: str) -> str:
    kept = request.args.to_dict(flat=False)
    for gone in ("after", "before", "n"):
        kept.pop(gone, None)
    kept[name] = [each for each in kept.get(name, []) if each != value]
    return url_for("materials.index", **kept)  # type: ignore[arg-type]  # lists are fine


def _label(facet: str, value: str) -> str:
    if facet in _WORDS:
        return _WORDS[facet](value).label
    return value.replace("-", " ").capitalize() if facet == "state" else value


def _pill(facet: str, value: str) -> dict[str, Any]:
    label = f"{_LABELS[facet]}: {_label(facet, value)}"
    return {"label": label, "url": _without(facet, value)}


def _facets(
    session: Session, person: Person, narrowed: MaterialFilter, chosen: dict[str, list[str]]
) -> list[dict[str, Any]]:
    found = []
    for facet in FACETS:
        counts = queries.count_by(session, facet, person=person, narrowed=narrowed)
        values = sorted({*counts, *chosen[facet]}, key=_order(facet))
        options = [
            {
                "value": value,
                "label": _label(facet, value),
                "count": counts.get(value, 0),
                "chosen": value in chosen[facet],
            }
            for value in values
        ]
        found.append({"name": facet, "label": _LABELS[facet], "options": options, "open": True})
    return found


def _order(facet: str) -> Any:
    words: list[str] = list(VersionState) if facet == "state" else list(_WORDS.get(facet, ()))
    return lambda value: (words.index(value) if value in words else 0, value)


def _owner(*, mine: bool) -> dict[str, Any]:
    option = {"value": "me", "label": "Mine only", "count": 0, "chosen": mine}
    return {"name": "owner", "label": "Owner", "options": [option], "open": mine}


def _row(material: Material, copies: int, shaken: set[int]) -> dict[str, Any]:
    version = material.latest
    assert version is not None  # noqa: S101 - the list joins it
    day = clock.today()
    flag = None
    if version.state is VersionState.APPROVED:
        soon = "expiring" if version.valid_until <= day + SOON else None
        flag = "at-risk" if version.id in shaken else soon
        flag = "expired" if version.valid_until <= day else flag
    return {
        "code": material.code,
        "title": version.title,
        "channel": material.channel.label,
        "version": version.version,
        "state": version.state.value,
        "flag": flag,
        "standing": _standing(material),
        "account": version.facts["name"],
        "role": material.role.label,
        "product": material.product.brand,
        "owner": material.owner.name,
        "updated_at": version.updated_at,
        "copies": copies,
    }


def _standing(material: Material) -> str:
    version = material.latest
    if version is None:
        return ""
    if version.state is VersionState.APPROVED:
        return f"valid until {version.valid_until.day} {version.valid_until:%b %Y}"
    if material.approved_id is not None and material.approved_id != version.id:
        return "an earlier version is in use"
    return "first version" if version.major == 0 else "nothing is in use"
