"""Reading the library: found modules and counts by facet.

Which modules there are, in which state and with which tags comes from the catalogue, that is from
the database; the search engine only says which texts hold the words, and how well.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial, reduce
from itertools import islice
from operator import or_

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only

from modules.catalogue import (
    APPROVED,
    Catalogue,
    Key,
    Sort,
    Standing,
    catalogue,
    inside,
    mask,
    standing_of,
)
from modules.catalogue_entries import Entry
from modules.models import Module, ModuleVersion
from modules.search import Hit, SearchUnavailable, asks_something
from modules.search_engines import engine_of
from records import clock
from records.models import Person

FACETS = (
    *("product", "state", "standing", "pillar", "phase", "role", "tier"),
    *("channel", "kind", "market", "audience", "owner"),
)
PAGE = 25

Chosen = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words, values of facets (any of each), an order and a place in it.

    ``after`` and ``before`` are ``Found.last_key`` and ``first_key`` of a page; in the order of
    matches, whose places depend on the words, ``skip`` counts rows instead.
    """

    words: str = ""
    chosen: Chosen = field(default_factory=dict)
    sort: Sort = Sort.CODE
    after: str = ""
    before: str = ""
    skip: int = 0
    limit: int = PAGE


@dataclass(frozen=True)
class Row:
    """A found module: the version that is shown for it, and how its approved one stands."""

    version: ModuleVersion
    approved: ModuleVersion | None
    standing: Standing | None


@dataclass(frozen=True)
class Found:
    """One page of the library; ``skipped`` rows come before it."""

    rows: Sequence[Row]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    skipped: int
    first_key: str
    last_key: str
    # false when there was no index to ask, and words were looked for in titles and codes alone
    full_text: bool = True


@dataclass(frozen=True)
class _Matches:
    """Which modules hold the words, by their latest and by their approved version beside it."""

    places: Mapping[int, None]
    latest: int
    beside: int
    full_text: bool = True


def search_library(session: Session, wanted: Wanted) -> Found:
    """One page of what is wanted, with the counts of every facet.

    A facet's counts leave its own choice aside: they say what ticking a value would give.
    """
    shelf = catalogue(session)
    matches = _matches(session, shelf, wanted.words)
    narrowed = narrow(shelf, wanted.chosen, clock.today(), matches)
    in_order = _in_order(shelf, wanted, narrowed.places, matches)
    rows = _rows(session, shelf, in_order.places, wanted, matches)
    return Found(
        rows=rows,
        total=narrowed.places.bit_count(),
        counts=narrowed.counts,
        skipped=in_order.skipped,
        first_key=in_order.first,
        last_key=in_order.last,
        full_text=matches is None or matches.full_text,
    )


@dataclass(frozen=True)
class Narrowed:
    """The modules that are left, as a mask, and how many each value of each facet has."""

    places: int
    counts: Mapping[str, Mapping[str, int]]


def narrow(
    shelf: Catalogue, chosen: Chosen, day: date, matches: _Matches | None = None
) -> Narrowed:
    """Apply facets to the catalogue: any value within a facet, every facet."""
    masks = {facet: _values(shelf, facet, day, matches) for facet in FACETS}
    held = shelf.every if matches is None else matches.latest | matches.beside
    unions = {
        facet: reduce(or_, (masks[facet].get(value, 0) for value in values), 0)
        for facet, values in chosen.items()
        if values and facet in masks
    }
    left = reduce(int.__and__, unions.values(), held)
    counts = {}
    for facet in FACETS:
        others = left
        if facet in unions:
            rest = (union for name, union in unions.items() if name != facet)
            others = reduce(int.__and__, rest, held)
        counts[facet] = {value: (others & bits).bit_count() for value, bits in masks[facet].items()}
    return Narrowed(left, counts)


def _values(shelf: Catalogue, facet: str, day: date, matches: _Matches | None) -> Mapping[str, int]:
    """The masks of a facet's values. A state holds if the version in that state has the words."""
    if facet == "standing":
        return shelf.standing(day)
    if facet != "state":
        return {value: bits for (name, value), bits in shelf.bits.items() if name == facet}
    latest, beside = (matches.latest, matches.beside) if matches else (shelf.every, shelf.beside)
    found = {value: bits & latest for (name, value), bits in shelf.bits.items() if name == "latest"}
    found[APPROVED] = found.get(APPROVED, 0) | (shelf.beside & beside)
    return found


def _matches(session: Session, shelf: Catalogue, words: str) -> _Matches | None:
    """None where nothing is asked for. Without an index titles and codes are searched."""
    if not asks_something(words):
        return None
    engine = engine_of(session)
    with suppress(SearchUnavailable):
        if engine is not None:
            return _matching(shelf, engine.find(words))
    typed = words.casefold().split()[:8]
    found = {
        place: None
        for place in shelf.orders[Sort.CODE]
        if all(word in _named(shelf.entry(place)) for word in typed)
    }
    return _Matches(found, mask(found), 0, full_text=False)


def _named(entry: Entry) -> str:
    return f"{entry.title} {entry.code.casefold()}"


def _matching(shelf: Catalogue, hits: Iterable[Hit]) -> _Matches:
    """What an index found, as far as it is there: keys it should have forgotten are passed over."""
    keys = [key for key, _ in hits if key in shelf.versions]
    places = dict.fromkeys(map(shelf.versions.__getitem__, keys))
    beside = [shelf.versions[key] for key in shelf.approved_beside.intersection(keys)]
    latest = [shelf.versions[key] for key in keys if key not in shelf.approved_beside]
    return _Matches(places, mask(latest), mask(beside))


@dataclass(frozen=True)
class _Ordered:
    places: Sequence[int]
    skipped: int
    first: str = ""
    last: str = ""


def _in_order(shelf: Catalogue, wanted: Wanted, left: int, matches: _Matches | None) -> _Ordered:
    belongs = inside(left)
    if wanted.sort is Sort.MATCH and matches is not None:
        ranked = (place for place in matches.places if belongs(place))
        places = list(islice(ranked, wanted.skip, wanted.skip + wanted.limit))
        return _Ordered(places, wanted.skip)
    sort = Sort.CODE if wanted.sort is Sort.MATCH else wanted.sort
    order, key = shelf.orders[sort], partial(shelf.key, sort)
    start = 0
    if (after := _key(shelf, sort, wanted.after)) is not None:
        start = bisect_right(order, after, key=key)
    elif (before := _key(shelf, sort, wanted.before)) is not None:
        start = _back(order, bisect_left(order, before, key=key), wanted.limit, belongs)
    rest = (place for place in islice(order, start, None) if belongs(place))
    chosen = list(islice(rest, wanted.limit))
    skipped = start if left == shelf.every else sum(map(belongs, order[:start]))
    ends = [_written(sort, key(place)) for place in (chosen[0], chosen[-1])] if chosen else ["", ""]
    return _Ordered(chosen, skipped, *ends)


def _back(order: Sequence[int], end: int, limit: int, belongs: Callable[[int], bool]) -> int:
    """Where the page begins that ends before ``end``."""
    start = end
    while start > 0 and limit > 0:
        start -= 1
        limit -= belongs(order[start])
    return start


def _written(sort: Sort, key: Key) -> str:
    """A key as it stands in an address: short, and still good after other modules changed."""
    return f"{-key[0]}~{key[1]}" if sort is Sort.UPDATED else str(key[-1])


def _key(shelf: Catalogue, sort: Sort, written: str) -> Key | None:
    """The key again; None when it is none, or of a module that is not there any more."""
    moment, _, code = written.rpartition("~")
    if sort is Sort.UPDATED:
        return (-int(moment), code) if moment.isascii() and moment.isdigit() else None
    order, key = shelf.orders[Sort.CODE], partial(shelf.key, Sort.CODE)
    found = bisect_left(order, (code,), key=key)
    if not code or found == len(order) or key(order[found]) != (code,):
        return None
    return shelf.key(sort, order[found])


def _rows(
    session: Session,
    shelf: Catalogue,
    places: Sequence[int],
    wanted: Wanted,
    matches: _Matches | None,
) -> list[Row]:
    found = [shelf.entry(place) for place in places]
    states = set(wanted.chosen.get("state", ()))
    held = inside(matches.latest) if matches is not None else None
    shown = [
        _shown(entry, states, in_words=held is None or held(place))
        for place, entry in zip(places, found, strict=True)
    ]
    approved = [entry.approved_id for entry in found if entry.approved_id is not None]
    versions = versions_shown(session, {*shown, *approved})
    day = clock.today()
    return [
        Row(
            version=versions[id],
            approved=versions.get(entry.approved_id or 0),
            standing=standing_of(entry, day) if entry.approved_id is not None else None,
        )
        for id, entry in zip(shown, found, strict=True)
        if id in versions
    ]


def _shown(entry: Entry, states: Collection[str], *, in_words: bool) -> int:
    """The latest version, unless only the approved one beside it has the words or the state."""
    fits = in_words and (not states or entry.state in states)
    return entry.latest_id if fits or entry.approved_id is None else entry.approved_id


# what lists show of a version; its text and pins are long, and read by whoever needs them
_LISTED = (
    *(ModuleVersion.module_id, ModuleVersion.author_id, ModuleVersion.code, ModuleVersion.title),
    *(ModuleVersion.pillar, ModuleVersion.phases, ModuleVersion.roles),
    *(ModuleVersion.major, ModuleVersion.minor, ModuleVersion.state),
    *(ModuleVersion.updated_at, ModuleVersion.ended_at, ModuleVersion.content_sha256),
)


def versions_shown(session: Session, ids: Collection[int]) -> dict[int, ModuleVersion]:
    """Versions by id, with what a list shows of them."""
    owner = joinedload(ModuleVersion.module).joinedload(Module.owner)
    rows = session.scalars(
        select(ModuleVersion)
        .where(ModuleVersion.id.in_(ids))
        .options(
            load_only(*_LISTED),
            owner.load_only(Person.name),
            owner.lazyload(Person.role_rows),
            owner.lazyload(Person.territory_rows),
        )
    )
    return {row.id: row for row in rows}


def count_found(session: Session, words: str, chosen: Chosen) -> int:
    """How many modules a choice would give."""
    shelf = catalogue(session)
    matches = _matches(session, shelf, words)
    return narrow(shelf, chosen, clock.today(), matches).places.bit_count()


def counts_of(session: Session, chosen: Chosen) -> Mapping[str, Mapping[str, int]]:
    """The counts of every facet without a page of rows."""
    return narrow(catalogue(session), chosen, clock.today()).counts


def until_of(session: Session, rows: Iterable[Row]) -> dict[int, date | None]:
    """Until when the approved version of each row may be used (exclusive), by module id."""
    shelf = catalogue(session)
    places = {row.version.module_id: shelf.places.get(row.version.module_id) for row in rows}
    return {id: shelf.entry(place).until for id, place in places.items() if place is not None}
