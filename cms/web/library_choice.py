"""What somebody chose in the library: read from the address, and written into addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from modules.catalogue import Sort
from modules.queries import FACETS, Wanted

MAXIMUM_WORDS = 400
MAXIMUM_VALUES = 40


@dataclass(frozen=True)
class Choice:
    """Words, facets and order, without the place in the list."""

    words: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: Sort | None

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Choice:
        """From an address; what is no facet and no order is passed over."""
        chosen = {
            facet: tuple(dict.fromkeys(each for each in values.getlist(facet) if each))
            for facet in FACETS
        }
        found = values.get("sort", "")
        return cls(
            words=values.get("q", "").strip()[:MAXIMUM_WORDS],
            chosen={facet: held[:MAXIMUM_VALUES] for facet, held in chosen.items() if held},
            sort=Sort(found) if found in set(Sort) else None,
        )

    @property
    def order(self) -> Sort:
        """The order that holds: of matches where there are words, else the latest change first."""
        if self.sort is not None and (self.words or self.sort is not Sort.MATCH):
            return self.sort
        return Sort.MATCH if self.words else Sort.UPDATED

    def wanted(self, values: MultiDict[str, str]) -> Wanted:
        """What to look for, with the place in the list that an address names."""
        return Wanted(
            words=self.words,
            chosen=self.chosen,
            sort=self.order,
            after=values.get("after", ""),
            before=values.get("before", ""),
            skip=max(0, values.get("skip", 0, type=int)),
        )

    def url(self, **place: Any) -> str:
        """The address of this choice."""
        chosen: dict[str, Any] = {facet: list(values) for facet, values in self.chosen.items()}
        return url_for(
            "library.index",
            q=self.words or None,
            sort=self.sort.value if self.sort else None,
            **chosen,
            **place,
        )

    def without(self, facet: str, value: str | None = None) -> Choice:
        """This choice without one value of a facet, or without the facet."""
        rest = tuple(each for each in self.chosen.get(facet, ()) if value and each != value)
        chosen = {name: held for name, held in self.chosen.items() if name != facet}
        return replace(self, chosen={**chosen, facet: rest} if rest else chosen)

    def having(self, **values: str) -> Choice:
        """This choice with one value more of some facets."""
        added = {
            facet: (*(each for each in self.chosen.get(facet, ()) if each != value), value)
            for facet, value in values.items()
        }
        return replace(self, chosen={**self.chosen, **added})


NOTHING = Choice("", {}, None)
