"""Time zones to choose from: those people live in, by place."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_REGIONS = ("America", "Europe", "Asia", "Australia", "Pacific", "Africa", "Atlantic", "Indian")


@cache
def _places() -> tuple[tuple[str, str], ...]:
    places = [name for name in available_timezones() if name.partition("/")[0] in _REGIONS]
    return (
        ("UTC", "UTC"),
        *((name, name.replace("_", " ").replace("/", ", ", 1)) for name in sorted(places)),
    )


def zone_choices(held: str) -> list[tuple[str, str]]:
    """(value, label) of each zone, with the one that is held even if it is a rare one."""
    places = list(_places())
    return places if held in {value for value, _ in places} else [(held, held), *places]
