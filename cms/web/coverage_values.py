"""The coverage map as its template wants it: what there is to say, and to whom nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cms.addresses import link
from cms.formatting import in_words, plural
from cms.web.library_choice import Choice
from cms.web.library_values import count_modules
from cms.web.tabs import library_tabs
from modules import coverage, queries
from modules.coverage import Cell
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Pillar, Role, Tier

Values = dict[str, Any]
_NONE = Cell(0, {})
# what is withdrawn, rejected or cancelled covers nothing
_COVERING = {"state": ("approved", "in-review", "changes-requested", "draft")}


def coverage_page(session: Session, asked: MultiDict[str, str], person: Person) -> Values:
    """Everything ``pages/library/coverage.html`` shows."""
    products = sorted(queries.counts_of(session, {})["product"])
    known: dict[str, list[str]] = {
        "product": products,
        "role": [role.value for role in Role],
        "tier": [tier.value for tier in Tier],
    }
    typed = {name: asked.get(name, "") for name in known if asked.get(name, "") in known[name]}
    chosen = {name: (value,) for name, value in typed.items()}
    cells = coverage.coverage(session, chosen)
    writes = may(person, Permission.WRITE_MODULES) and bool(link("modules.create"))
    total = coverage.count_covering(session, chosen)
    return {
        "headline": _headline(typed),
        "lede": _lede(total, cells),
        "tabs": library_tabs(count_modules(session)),
        "typed": typed,
        "products": [(brand, brand) for brand in products],
        "roles": [(role.value, role.label) for role in Role],
        "tiers": [(tier.value, tier.label) for tier in Tier],
        "phases": [phase.label for phase in Phase],
        "rows": [
            {
                "pillar": pillar.label,
                "cells": [_cell(cells, typed, pillar, phase, writes=writes) for phase in Phase],
            }
            for pillar in Pillar
        ],
    }


def _cell(
    cells: Mapping[tuple[str, str], Cell],
    typed: Mapping[str, str],
    pillar: Pillar,
    phase: Phase,
    *,
    writes: bool,
) -> Values:
    cell = cells.get((pillar.value, phase.value), _NONE)
    here: dict[str, Any] = {**typed, "pillar": pillar.value, "phase": phase.value}
    tags = {name: (value,) for name, value in here.items()}
    return {
        "phase": phase.label,
        "total": cell.total,
        "counts": list(cell.counts.items()),
        "url": Choice("", {**tags, **_COVERING}, None).url(),
        "write_url": url_for("modules.create", **here) if writes else None,
    }


def _headline(typed: Mapping[str, str]) -> str:
    role = f"to the role “{Role(typed['role']).label}”" if "role" in typed else ""
    tier = f"at accounts of the tier “{Tier(typed['tier']).label}”" if "tier" in typed else ""
    about = f"about {typed['product']}" if "product" in typed else ""
    said = " ".join(part for part in (about, role, tier) if part)
    return f"What can we say {said}?" if said else "What can we say, and when?"


def _lede(total: int, cells: Mapping[tuple[str, str], Cell]) -> str:
    wanted = [(pillar.value, phase.value) for pillar in Pillar for phase in Phase]
    found = [cells.get(key, _NONE) for key in wanted]
    empty = sum(not cell.total for cell in found)
    bare = sum(bool(cell.total) and not _usable(cell) for cell in found)
    said = f"{plural(total, 'module')} in {len(wanted)} cells."
    if not empty and not bare:
        return f"{said} Every cell has an approved one."
    if empty:
        one = "cell is" if empty == 1 else "cells are"
        said += f" {in_words(empty).capitalize()} {one} empty."
    if bare:
        one = "has" if bare == 1 else "have"
        said += f" {in_words(bare).capitalize()} {one} nothing approved yet."
    return said


def _usable(cell: Cell) -> bool:
    return any(name in cell.counts for name in ("approved", "expiring"))
