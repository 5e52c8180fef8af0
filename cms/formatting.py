"""How values are written on pages: times in the viewer's zone, counts, sizes, hashes.

Pure functions, made Jinja filters by ``install``. The viewer's zone is set once per request
with ``viewer_zone``; without it times are shown in UTC.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from records.clock import now as clock_now

if TYPE_CHECKING:
    from jinja2 import Environment

_UTC = ZoneInfo("UTC")
viewer_zone: ContextVar[ZoneInfo] = ContextVar("viewer_zone", default=_UTC)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_KILO = 1000
_SHOWN = 4


def local(moment: datetime) -> datetime:
    """``moment`` in the viewer's zone; a time without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(viewer_zone.get())


def iso(moment: date | datetime) -> str:
    """For ``<time datetime>``: UTC to the second, or the plain date."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return local(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc(moment: date | datetime) -> str:
    """For ``title``: the same moment in UTC, to the second."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return local(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def day(moment: date | datetime) -> str:
    """``4 Mar 2026``, a moment in the viewer's zone."""
    shown = local(moment) if isinstance(moment, datetime) else moment
    return f"{shown.day} {_MONTHS[shown.month - 1]} {shown.year}"


def clock(moment: datetime) -> str:
    """``16:41`` in the viewer's zone."""
    return local(moment).strftime("%H:%M")


def when(moment: date | datetime) -> str:
    """``4 Mar 2026, 16:41``; a plain date without a time of day."""
    return f"{day(moment)}, {clock(moment)}" if isinstance(moment, datetime) else day(moment)


def zone_name(moment: datetime | None = None) -> str:
    """The viewer's zone as people write it, such as ``EST`` or ``UTC``."""
    return local(moment or clock_now()).tzname() or "UTC"


def grouped(number: int) -> str:
    """``1,364``."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """``1 module``, ``1,364 modules``; ``many`` for words that do not just take an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_words(number: int) -> str:
    """Numbers up to twelve as a word, for headlines: ``seven``; figures above."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"


def size(count: int) -> str:
    """Bytes as people read them: ``412 kB``, ``1.3 MB``."""
    if count < _KILO:
        return f"{count} bytes"
    if count < _KILO**2:
        return f"{round(count / _KILO)} kB"
    return f"{count / _KILO**2:.1f} MB"


def short_hash(digest: str) -> str:
    """The first and last groups of a SHA-256 in hexadecimal: ``c18a 90fe … 77b2``."""
    groups = [digest[i : i + _SHOWN] for i in range(0, len(digest), _SHOWN)]
    return " ".join(groups) if len(groups) <= _SHOWN else f"{groups[0]} {groups[1]} … {groups[-1]}"


def install(environment: Environment) -> None:
    """Make these functions filters, and ``zone_name`` a global, of a Jinja environment."""
    for function in (iso, utc, day, clock, when, grouped, plural, in_words, size, short_hash):
        environment.filters[function.__name__] = function
    environment.globals["zone_name"] = zone_name
