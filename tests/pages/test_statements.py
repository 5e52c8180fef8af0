"""How many statements a page sends to the database: as many for a large library as for a small one.

Two installations are filled as the benchmark of the pages fills its own, one several times as large
as the other. Times are the benchmark's business (``docs/benchmarks/web.md``); a query for each row
shows here.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import event, func, select

from benchmarks.web import filling, many_claims
from benchmarks.web.rooms import Room, rooms
from cms.app import create_app, limiter
from cms.installation import Installation, open_installation
from cms.settings import Settings
from modules.models import Module
from records import audit, passwords
from tests.pages.conftest import CHEAP, Browser

SMALL = filling.Sizes(modules=70, accounts=4, briefs=4, claims=4)
LARGE = filling.Sizes(modules=280, accounts=60, briefs=30, claims=80)
# no page needs more; a review task shows its subject, the one before, their evidence and the queue
MOST, MOST_OF_ALL = 30, {"a review task with evidence": 36}
# the workload's pages; the other rooms come from the benchmark
WORKLOAD = {
    "library": ("writer", "/library"),
    "library, title": ("writer", "/library?sort=title"),
    "library, found": ("writer", "/library?q=monitoring"),
    "library, found and narrowed": ("writer", "/library?q=visits&pillar=operational-fit"),
    "editor": ("writer", "/modules/{module}/edit"),
    "versions": ("writer", "/modules/{module}/versions"),
    "where used": ("writer", "/modules/{module}?tab=used"),
    "reviews": ("medical", "/reviews"),
    "search over everything": ("writer", "/search?q=monitoring"),
    "claim of many": ("writer", "/modules/{draft}/edit"),
}


class Sent(NamedTuple):
    """One statement and its values."""

    text: str
    values: Any


@dataclass
class House:
    """One filled installation, its application and who is signed in there."""

    place: Installation
    rooms: dict[str, Room]
    enter: Callable[[str], Browser]

    def statements(self, name: str) -> list[Sent]:
        """What a page sends when it is opened for the second time: nothing is loaded by then."""
        room = self.rooms[name]
        browser = self.enter(room.role)
        for _ in range(2):
            with counted(self.place) as found:
                answer = browser.get(room.paths[0])
                assert answer.status_code == 200, (room, answer.text[:500])
        return found


@contextmanager
def counted(place: Installation) -> Iterator[list[Sent]]:
    found: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        found.append(Sent(re.sub(r"\s+", " ", statement), values))

    event.listen(place.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(place.engine, "before_cursor_execute", note)


def _filled(home: Path, sizes: filling.Sizes) -> Installation:
    filling.fill(home, sizes=sizes, say=lambda _step: None)
    return open_installation(Settings(home=home))


def _house(place: Installation) -> House:
    with place.sessions.read() as session:
        found = {room.name: room for room in rooms(session)}
        module = found["a module"].paths[0].rpartition("/")[2]
    for name, (role, path) in WORKLOAD.items():
        address = path.format(module=module, draft=many_claims.MODULE)
        found[name] = Room(name, role, [address])
    app = create_app(place)
    signed_in: dict[str, Browser] = {}

    def enter(role: str) -> Browser:
        if role not in signed_in:
            email = filling.emails(role)[0]
            signed_in[role] = Browser(app.test_client(), email, filling.PASSWORD)
        return signed_in[role]

    return House(place, found, enter)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    """A small and a large one."""
    home = tmp_path_factory.mktemp("filled")
    places = _filled(home / "small", SMALL), _filled(home / "large", LARGE)
    before, passwords._hasher = passwords._hasher, CHEAP
    limiter.enabled = False
    yield _house(places[0]), _house(places[1])
    limiter.enabled = True
    passwords._hasher = before
    for place in places:
        place.engine.dispose()
    shutil.rmtree(home)


def test_no_page_asks_more_of_a_large_library(houses: tuple[House, House]) -> None:
    small, large = houses
    assert set(small.rooms) == set(large.rooms)
    wrong = {}
    for name in small.rooms:
        few, many = small.statements(name), large.statements(name)
        if len(many) > len(few) or len(many) > MOST_OF_ALL.get(name, MOST):
            wrong[name] = (len(few), len(many), [each.text[:160] for each in many])
    assert not wrong


def test_a_library_page_reads_no_text_it_has_read_before(houses: tuple[House, House]) -> None:
    found = houses[1].statements("library")
    assert not [each for each in found if re.search(r"module_version\.(body|pins)", each.text)]


def test_the_trails_head_is_looked_up_once_in_a_page(houses: tuple[House, House]) -> None:
    for name in ("library", "home of a writer", "claims", "editor"):
        heads = [
            each
            for each in houses[1].statements(name)
            if each.text.startswith("SELECT audit_row.number, audit_row.hash FROM audit_row")
        ]
        assert len(heads) <= 1, name


def test_no_page_makes_the_database_build_an_index_for_it(houses: tuple[House, House]) -> None:
    house = houses[1]
    wrong = {}
    reading = house.place.engine.execution_options(write=False)  # somebody signs in meanwhile
    with reading.connect() as connection:
        for name in house.rooms:
            for each in house.statements(name):
                if not each.text.startswith("SELECT"):
                    continue
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each.text}", each.values)
                steps = [row[3] for row in plan]
                if any("AUTOMATIC" in step for step in steps):
                    wrong[name] = (each.text[:600], steps)
    assert not wrong


def test_the_filled_house_holds_as_if_the_program_had_filled_it(
    houses: tuple[House, House],
) -> None:
    place = houses[1].place
    with place.sessions.read() as session:
        assert audit.verify(session) is None
        assert session.scalar(select(func.count()).select_from(Module)) == LARGE.modules + 1
