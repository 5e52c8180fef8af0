"""How values are written on pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from cms import formatting

MOMENT = datetime(2026, 3, 4, 2, 5, 9, tzinfo=UTC)


@pytest.fixture
def eastern() -> Iterator[None]:
    token = formatting.viewer_zone.set(ZoneInfo("America/New_York"))
    yield
    formatting.viewer_zone.reset(token)


@pytest.mark.usefixtures("eastern")
def test_times_are_the_viewers() -> None:
    assert formatting.when(MOMENT) == "3 Mar 2026, 21:05"
    assert formatting.day(MOMENT) == "3 Mar 2026"
    assert formatting.clock(MOMENT) == "21:05"
    assert formatting.zone_name(MOMENT) == "EST"
    assert formatting.zone_name(datetime(2026, 7, 1, tzinfo=UTC)) == "EDT"


@pytest.mark.usefixtures("eastern")
def test_titles_and_machines_get_utc() -> None:
    assert formatting.utc(MOMENT) == "2026-03-04 02:05:09 UTC"
    assert formatting.iso(MOMENT) == "2026-03-04T02:05:09Z"


def test_without_a_viewer_it_is_utc() -> None:
    assert formatting.when(MOMENT) == "4 Mar 2026, 02:05"
    assert formatting.when(MOMENT.replace(tzinfo=None)) == "4 Mar 2026, 02:05"


@pytest.mark.usefixtures("eastern")
def test_a_plain_date_stays_where_it_is() -> None:
    assert formatting.day(date(2026, 12, 1)) == formatting.when(date(2026, 12, 1)) == "1 Dec 2026"
    assert formatting.iso(date(2026, 12, 1)) == formatting.utc(date(2026, 12, 1)) == "2026-12-01"


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 modules"), (1, "1 module"), (2, "2 modules"), (1364, "1,364 modules")],
)
def test_counts(number: int, words: str) -> None:
    assert formatting.plural(number, "module") == words


def test_words_with_their_own_plural() -> None:
    assert formatting.plural(1, "copy", "copies") == "1 copy"
    assert formatting.plural(3, "copy", "copies") == "3 copies"


def test_numbers_in_headlines() -> None:
    assert formatting.in_words(0) == "no"
    assert formatting.in_words(12) == "twelve"
    assert formatting.in_words(1300) == "1,300"
    assert formatting.grouped(126000) == "126,000"


@pytest.mark.parametrize(
    ("count", "words"),
    [(999, "999 bytes"), (1000, "1 kB"), (412_300, "412 kB"), (1_260_000, "1.3 MB")],
)
def test_sizes(count: int, words: str) -> None:
    assert formatting.size(count) == words


@given(st.binary(min_size=32, max_size=32))
def test_a_short_hash_keeps_both_ends(digest: bytes) -> None:
    short = formatting.short_hash(digest.hex())
    assert short.startswith(f"{digest.hex()[:4]} {digest.hex()[4:8]} …")
    assert short.endswith(digest.hex()[-4:])


def test_a_hash_that_is_short_already_is_whole() -> None:
    assert formatting.short_hash("c18a90fe") == "c18a 90fe"


def test_installed_as_filters() -> None:
    environment = Environment(autoescape=True)
    formatting.install(environment)
    text = "{{ n | plural('module') }}, {{ at | when }}, {{ zone_name(at) }}"
    assert (
        environment.from_string(text).render(n=2, at=MOMENT) == "2 modules, 4 Mar 2026, 02:05, UTC"
    )
