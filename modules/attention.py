"""Modules that need somebody: what an author has open, what is about to end or at risk."""

from __future__ import annotations

from itertools import islice

from sqlalchemy.orm import Session

from modules.catalogue import Catalogue, Sort, Standing, catalogue, inside, standing_of
from modules.models import ModuleVersion
from modules.queries import Row, versions_shown
from records import clock
from records.lifecycle import VersionState
from records.models import Person


def count_latest_of_author(session: Session, person: Person, state: VersionState) -> int:
    """How many of a person's latest versions are in one state."""
    return _of_author(catalogue(session), person, state).bit_count()


def latest_of_author(
    session: Session, person: Person, state: VersionState, *, limit: int = 8
) -> list[ModuleVersion]:
    """A person's latest versions in one state, the last changed first."""
    shelf = catalogue(session)
    bits = _of_author(shelf, person, state)
    if not bits:
        return []
    belongs = inside(bits)
    places = (place for place in shelf.orders[Sort.UPDATED] if belongs(place))
    ids = [shelf.entry(place).latest_id for place in islice(places, limit)]
    found = versions_shown(session, ids)
    return [found[id] for id in ids if id in found]


def _of_author(shelf: Catalogue, person: Person, state: VersionState) -> int:
    written = shelf.bits.get(("author", str(person.id)), 0)
    return written & shelf.bits.get(("latest", state.value), 0)


def in_danger(
    session: Session, *, owner: Person | None = None, limit: int = 8
) -> tuple[list[Row], int]:
    """Approved modules at risk, expiring or expired, the soonest end first, and how many."""
    shelf, day = catalogue(session), clock.today()
    standing = shelf.standing(day)
    bits = standing[Standing.AT_RISK] | standing[Standing.EXPIRING] | standing[Standing.EXPIRED]
    if owner is not None:
        bits &= shelf.bits.get(("owner", str(owner.id)), 0)
    if not bits:
        return [], 0
    belongs = inside(bits)
    places = (place for place in shelf.ends() if belongs(place))
    found = [shelf.entry(place) for place in islice(places, limit)]
    ids = [entry.approved_id or 0 for entry in found]
    versions = versions_shown(session, ids)
    rows = [
        Row(versions[id], versions[id], standing_of(entry, day))
        for id, entry in zip(ids, found, strict=True)
        if id in versions
    ]
    return rows, bits.bit_count()
