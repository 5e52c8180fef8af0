"""Time zones to choose from: those people live in, by place."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# what is held as long as nobody has chosen: the zone the browser names, or UTC where it names none
AS_BROWSER = "UTC"
ALWAYS_UTC = "Etc/UTC"
_REGIONS = ("America", "Europe", "Asia", "Australia", "Pacific", "Africa", "Atlantic", "Indian")


@cache
def _places() -> tuple[tuple[str, str], ...]:
    places = [name for name in available_timezones() if name.partition("/")[0] in _REGIONS]
    return (
        (AS_BROWSER, "As the computer"),
        (ALWAYS_UTC, "UTC"),
        *((name, name.replace("_", " ").replace("/", ", ", 1)) for name in sorted(places)),
    )


def zone_of(held: str, named: str) -> ZoneInfo:
    """The zone somebody reads times in: the one they chose, or else the one their browser named."""
    if held == AS_BROWSER and named:
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(named)
    return ZoneInfo(held)


def zone_choices(held: str) -> list[tuple[str, str]]:
    """(value, label) of each zone, with the one that is held even if it is a rare one."""
    places = list(_places())
    return places if held in {value for value, _ in places} else [(held, held), *places]
