"""The catalogue: every module's tags and standing in memory, for filters and their counts.

Ten thousand modules with sixty tag values are counted in a millisecond when each value is one
integer with a bit for each module. The integers belong to one moment of the trail: a request first
asks for the trail's newest row, in its own transaction, and brings the catalogue up to it. Whatever
changes a module or a claim is in the trail, so the counts are those of the database, in every
worker process. Rows that are shown come from the database all the same.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from modules.catalogue_entries import Entry, Tagged, Tags, entries, touched
from records import audit
from records.audit import Head
from records.lifecycle import VersionState
from records.models import AuditRow

EXPIRING = timedelta(days=60)
# with more news than this reading everything is quicker
_MOST_NEWS = 2_000
# a request that began a moment earlier still finds the state of its own moment
_KEPT = 2


class Sort(StrEnum):
    """In which order modules are listed; MATCH is the search engine's."""

    MATCH = "match"
    UPDATED = "updated"
    TITLE = "title"
    CODE = "code"


class Standing(StrEnum):
    """How the approved version of a module stands today."""

    VALID = "valid"
    EXPIRING = "expiring"
    AT_RISK = "at-risk"
    EXPIRED = "expired"


Key = tuple[Any, ...]
KEYS: dict[Sort, Callable[[Entry], Key]] = {
    # newest first by counting down
    Sort.UPDATED: lambda entry: (-round(entry.updated_at.timestamp() * 1_000_000), entry.code),
    Sort.TITLE: lambda entry: (entry.title, entry.code),
    Sort.CODE: lambda entry: (entry.code,),
}


@dataclass
class Catalogue:
    """All modules at one moment of the trail; never changed once it is handed out.

    A module's ``place`` is its bit. ``bits`` has, for each facet and value, which modules have it;
    ``beside`` are modules with an approved version that is not their latest, and
    ``approved_beside`` those versions. ``orders`` are places; what they are sorted by is worked out
    when it is looked for, because every web process has a catalogue of its own.
    """

    head: Head
    rows: list[Entry | None] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    approved_beside: set[int] = field(default_factory=set)
    bits: dict[tuple[str, str], int] = field(default_factory=dict)
    every: int = 0
    beside: int = 0
    orders: dict[Sort, array[int]] = field(default_factory=dict)
    _standing: dict[date, dict[str, int]] = field(default_factory=dict)
    _ends: array[int] | None = None

    @classmethod
    def of(cls, head: Head, found: Iterable[Tagged]) -> Catalogue:
        """A catalogue of these entries."""
        made = cls(head)
        having: dict[tuple[str, str], array[int]] = {}
        beside: array[int] = array("I")
        for place, (entry, tags) in enumerate(found):
            made.rows.append(entry)
            made._keep(entry, place)
            if _is_beside(entry):
                beside.append(place)
            for pair in _pairs(entry, tags):
                having.setdefault(pair, array("I")).append(place)
        made.bits = {pair: mask(places) for pair, places in having.items()}
        made.every, made.beside = (1 << len(made.rows)) - 1, mask(beside)
        made.orders = {
            sort: array("I", sorted(range(len(made.rows)), key=made._rank(sort))) for sort in KEYS
        }
        return made

    def updated(self, head: Head, found: Mapping[int, Tagged | None]) -> Catalogue:
        """This catalogue with some modules as they are at a later moment; None is one gone."""
        made = Catalogue(
            head,
            rows=list(self.rows),
            # a place is for good: only a new module makes these others
            places=self.places if self.places.keys() >= found.keys() else dict(self.places),
            versions=dict(self.versions),
            approved_beside=set(self.approved_beside),
            bits=dict(self.bits),
            every=self.every,
            beside=self.beside,
            orders={sort: order[:] for sort, order in self.orders.items()},
        )
        for id, tagged in found.items():
            made._forget(id)
            if tagged is not None:
                made._add(*tagged)
        return made

    def key(self, sort: Sort, place: int) -> Key:
        """What the module at a place is sorted by."""
        return KEYS[sort](self.entry(place))

    def _rank(self, sort: Sort) -> Callable[[int], tuple[Key, int]]:
        return lambda place: (self.key(sort, place), place)

    def _keep(self, entry: Entry, place: int) -> None:
        self.places[entry.id] = place
        self.versions[entry.latest_id] = place
        if entry.approved_id is not None:
            self.versions[entry.approved_id] = place
            if _is_beside(entry):
                self.approved_beside.add(entry.approved_id)

    def _add(self, entry: Entry, tags: Tags) -> None:
        place = self.places.get(entry.id, len(self.rows))
        if place == len(self.rows):
            self.rows.append(entry)
        self.rows[place] = entry
        self._keep(entry, place)
        bit = 1 << place
        self.every |= bit
        if _is_beside(entry):
            self.beside |= bit
        for pair in _pairs(entry, tags):
            self.bits[pair] = self.bits.get(pair, 0) | bit
        for sort in KEYS:
            rank = self._rank(sort)
            insort(self.orders[sort], place, key=rank)

    def _forget(self, id: int) -> None:
        place = self.places.get(id)
        former = self.rows[place] if place is not None else None
        if place is None or former is None:
            return
        for sort in KEYS:
            order, rank = self.orders[sort], self._rank(sort)
            del order[bisect_left(order, rank(place), key=rank)]
        self.rows[place] = None
        bit = 1 << place
        others = ~bit
        self.every &= others
        self.beside &= others
        for version in (former.latest_id, former.approved_id):
            self.versions.pop(version or 0, None)
            self.approved_beside.discard(version or 0)
        for pair, bits in self.bits.items():
            if bits & bit:
                self.bits[pair] = bits & others

    def entry(self, place: int) -> Entry:
        """The module at a place that is taken."""
        found = self.rows[place]
        if found is None:
            raise LookupError(place)
        return found

    def values(self, facet: str) -> list[str]:
        """Every value that occurs in a facet, unordered."""
        return [value for name, value in self.bits if name == facet]

    def standing(self, day: date) -> Mapping[str, int]:
        """Which approved modules are valid, expiring, at risk and expired on a day."""
        found = self._standing.get(day)
        if found is None:
            places: dict[str, list[int]] = {each.value: [] for each in Standing}
            for place, entry in enumerate(self.rows):
                if entry is not None and entry.approved_id is not None:
                    places[standing_of(entry, day)].append(place)
            found = self._standing[day] = {name: mask(each) for name, each in places.items()}
        return found

    def ends(self) -> Sequence[int]:
        """The places of approved modules by the day on which they end, then by code."""
        if self._ends is None:
            days = sorted(
                (entry.until or date.max, entry.code, place)
                for place, entry in enumerate(self.rows)
                if entry is not None and entry.approved_id is not None
            )
            self._ends = array("I", [place for _, _, place in days])
        return self._ends


def standing_of(entry: Entry, day: date) -> Standing:
    """How an approved module stands on a day."""
    if entry.until is not None and entry.until <= day:
        return Standing.EXPIRED
    if entry.shaken:
        return Standing.AT_RISK
    if entry.until is not None and entry.until <= day + EXPIRING:
        return Standing.EXPIRING
    return Standing.VALID


def mask(places: Collection[int]) -> int:
    """The integer with these bits."""
    data = bytearray(max(places, default=0) // 8 + 1)
    for place in places:
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def inside(bits: int) -> Callable[[int], bool]:
    """A quick test of whether a place is in a mask."""
    data = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    length = len(data)

    def test(place: int) -> bool:
        byte = place >> 3
        return byte < length and bool(data[byte] >> (place & 7) & 1)

    return test


def _is_beside(entry: Entry) -> bool:
    return entry.approved_id is not None and entry.approved_id != entry.latest_id


def _pairs(entry: Entry, tags: Tags) -> Iterator[tuple[str, str]]:
    yield from tags
    yield ("latest", entry.state)


class _Shelf:
    """The catalogues of one database in one process, newest last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: dict[Head, Catalogue] = {}

    def put(self, made: Catalogue) -> Catalogue:
        self.kept[made.head] = made
        while len(self.kept) > _KEPT:
            del self.kept[next(iter(self.kept))]
        return made


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_shelves_lock = threading.Lock()


def catalogue(session: Session) -> Catalogue:
    """The catalogue as of the trail's newest row in this transaction."""
    session.flush()
    with _shelves_lock:
        shelf = _shelves.setdefault(session.get_bind().engine, _Shelf())
    head = audit.head(session)
    found = shelf.kept.get(head)
    if found is not None:
        return found
    with shelf.lock:
        return shelf.kept.get(head) or shelf.put(_brought_up(session, shelf, head))


def _brought_up(session: Session, shelf: _Shelf, head: Head) -> Catalogue:
    """From the newest kept catalogue whose row is in this trail, else from nothing.

    A row may be missing: its transaction was rolled back, or the database is another one.
    """
    for former in reversed(list(shelf.kept.values())):
        if former.head.number < head.number <= former.head.number + _MOST_NEWS:
            changed = _news(session, former.head, head)
            if changed is not None:
                found: dict[int, Tagged | None] = dict.fromkeys(changed)
                found |= {tagged.entry.id: tagged for tagged in entries(session, changed)}
                return former.updated(head, found)
    return Catalogue.of(head, entries(session))


def _news(session: Session, former: Head, head: Head) -> set[int] | None:
    """Modules that changed after one row of the trail; None when that row is not in it."""
    rows = session.execute(
        select(AuditRow.number, AuditRow.hash, AuditRow.subject_kind, AuditRow.subject_id)
        .where(AuditRow.number.between(former.number, head.number))
        .order_by(AuditRow.number)
    ).all()
    if former.number > 0 and (not rows or rows[0].hash != former.hash):
        return None
    kinds: dict[str, set[int]] = {}
    for row in rows:
        kinds.setdefault(row.subject_kind, set()).add(row.subject_id)
    return touched(session, kinds)


APPROVED = VersionState.APPROVED.value
