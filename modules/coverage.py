"""The coverage map: how many modules there are for each pillar and phase, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from sqlalchemy.orm import Session

from modules.catalogue import APPROVED, Standing, catalogue
from modules.queries import Chosen, narrow
from records import clock
from records.lifecycle import VersionState


@dataclass(frozen=True)
class Cell:
    """The modules of one pillar and phase, by state or standing."""

    total: int
    counts: Mapping[str, int]


def coverage(session: Session, chosen: Chosen) -> dict[tuple[str, str], Cell]:
    """How many modules there are for each (pillar, phase), of those a choice leaves.

    Withdrawn, rejected and cancelled modules cover nothing. An approved module counts by how it
    stands today, one without an approved version by the state of its latest.
    """
    shelf, day = catalogue(session), clock.today()
    standing = shelf.standing(day)
    approved = reduce(or_, standing.values(), 0)
    open_states = {
        state.value: shelf.bits.get(("latest", state.value), 0) & ~approved
        for state in (VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED, VersionState.DRAFT)
    }
    parts = {
        APPROVED: standing[Standing.VALID],
        "expiring": standing[Standing.EXPIRING],
        "at-risk": standing[Standing.AT_RISK],
        "expired": standing[Standing.EXPIRED],
        **open_states,
    }
    left = narrow(shelf, chosen, day).places & reduce(or_, parts.values(), 0)
    cells = {}
    for pillar in shelf.values("pillar"):
        for phase in shelf.values("phase"):
            here = left & shelf.bits["pillar", pillar] & shelf.bits["phase", phase]
            counts = {name: (here & bits).bit_count() for name, bits in parts.items()}
            cells[pillar, phase] = Cell(
                here.bit_count(), {name: count for name, count in counts.items() if count}
            )
    return cells


def count_covering(session: Session, chosen: Chosen) -> int:
    """How many modules ``coverage`` speaks of; one may stand in several cells."""
    shelf, day = catalogue(session), clock.today()
    gone = (VersionState.WITHDRAWN, VersionState.REJECTED, VersionState.CANCELLED)
    lost = reduce(or_, (shelf.bits.get(("latest", each.value), 0) for each in gone), 0)
    lost &= ~reduce(or_, shelf.standing(day).values(), 0)
    return (narrow(shelf, chosen, day).places & ~lost).bit_count()
