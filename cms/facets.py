"""Filters beside a list: facets with counts, the chosen ones as pills, addresses that keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Facet:
    """One field to narrow by: its name in the address, its label, its (value, label) options."""

    name: str
    label: str
    options: Options
    open: bool = True

    def chosen(self) -> list[str]:
        """The values of the address that are options, in their order."""
        sent = set(request.args.getlist(self.name))
        return [value for value, _ in self.options if value in sent]


@dataclass(frozen=True)
class Filters:
    """The facets of one list at one endpoint."""

    endpoint: str
    facets: Sequence[Facet]
    query: str

    def url(self, without: tuple[str, str] | None = None, **further: Any) -> str:
        """The list as it is narrowed now, less one choice, plus further values (paging)."""
        values: dict[str, Any] = {
            facet.name: [v for v in facet.chosen() if (facet.name, v) != without]
            for facet in self.facets
        }
        return url_for(self.endpoint, q=self.query or None, **values, **further)

    def clear_url(self) -> str:
        """The list with its words but no filter."""
        return url_for(self.endpoint, q=self.query or None)

    def shown(self, counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
        """View-models of the facets; options that nothing has are left out unless chosen."""
        return [_shown(facet, counts.get(facet.name, {})) for facet in self.facets]

    def pills(self) -> list[dict[str, str]]:
        """What is chosen, each with the address without it."""
        return [
            {"label": label, "url": self.url((facet.name, value))}
            for facet in self.facets
            for value, label in facet.options
            if value in facet.chosen()
        ]


def _shown(facet: Facet, counts: Mapping[str, int]) -> dict[str, Any]:
    chosen = facet.chosen()
    options = [
        {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen}
        for value, label in facet.options
        if value in counts or value in chosen
    ]
    return {"name": facet.name, "label": facet.label, "options": options, "open": facet.open}


def segments(text: str, words: str) -> list[tuple[str, bool]]:
    """``text`` cut so that the words looked for can be marked: (piece, whether it is a hit)."""
    folded = text.casefold()
    if not words or len(folded) != len(text):
        return [(text, False)]
    hits = bytearray(len(text))
    for word in words.casefold().split()[:8]:
        at = folded.find(word)
        while at >= 0:
            hits[at : at + len(word)] = b"\x01" * len(word)
            at = folded.find(word, at + len(word))
    pieces: list[tuple[str, bool]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hits[end] != hits[start]:
            pieces.append((text[start:end], bool(hits[start])))
            start = end
    return pieces


def paged(
    total: int, shown: int, size: int, *, back: str, onward: Callable[[int], str | None]
) -> dict[str, Any]:
    """The values of a pager; ``n`` of the address counts the rows before this page."""
    before = max(0, request.args.get("n", 0, type=int)) if "after" in request.args else 0
    return {
        "total": total,
        "first": before + 1 if shown else 0,
        "last": before + shown,
        "back_url": back if "after" in request.args else None,
        "next_url": onward(before + size),
    }
