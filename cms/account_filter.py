"""Narrowing accounts by place, type, tier, phase and words, as forms and addresses say it."""

from __future__ import annotations

from typing import Any

from accounts.queries import NONE, AccountFilter, Counts
from cms.facets import Facet
from records.vocabulary import Phase, Tier


def read(sent: Any) -> AccountFilter:
    """The filter that an address says; words nobody knows are left out."""
    tiers, phases = sent.getlist("tier"), sent.getlist("phase")
    return AccountFilter(
        text=sent.get("q", "").strip(),
        states=tuple(sent.getlist("state")),
        types=tuple(sent.getlist("type")),
        tiers=tuple(each for each in (*Tier, None) if (each or NONE) in tiers),
        phases=tuple(each for each in (*Phase, None) if (each or NONE) in phases),
    )


def facets_of(counts: Counts, narrowed: AccountFilter) -> list[Facet]:
    """The facets of a list of accounts."""
    states = sorted({*counts.facets["state"], *narrowed.states} - {""})
    types = sorted({*counts.facets["type"], *narrowed.types} - {""})
    tiers = [(each.value, each.label) for each in Tier]
    phases = [(each.value, each.label) for each in Phase]
    return [
        Facet("tier", "Tier", [*tiers, (NONE, "None set")]),
        Facet("phase", "Journey phase", [*phases, (NONE, "Not known")]),
        Facet("state", "State", [(each, each) for each in states], open=False),
        Facet("type", "Type", [(each, each) for each in types], open=False),
    ]
