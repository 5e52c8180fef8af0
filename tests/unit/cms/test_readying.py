"""Libraries are compiled before the first text of the day, in a process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cms import readying
from cms.installation import Installation, create
from cms.readying import Readying
from cms.settings import Settings
from modules.claim_checks import to_be_compiled
from records import clock
from records.roles import StaffRole
from records.vocabulary import Audience, Market
from tests import building


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation with a module of one product, and one of its products without any."""
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CLEARCOPY_DATABASE_URL", raising=False)
    made, _ = create(Settings(home=tmp_path / "home"))
    with made.sessions.write() as session:
        reviewers = [
            building.person(session, role)
            for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
        ]
        author = building.person(session, StaffRole.WRITER)
        product = building.product(session)
        label = building.label(session, product, by=reviewers[0])
        claim = building.claim(session, "HAL-0001", of=label, author=author, text="It is taken.")
        building.sign(session, claim, by=reviewers)
        building.module(session, "HAL-M-001", of=product, author=author)
    yield made
    made.engine.dispose()


def missing(place: Installation, *, days: int = 0) -> list[tuple[str, Market, Audience]]:
    with place.sessions.read() as session:
        found = to_be_compiled(session, at=clock.now() + timedelta(days=days))
        return [(product.brand, market, audience) for product, market, audience in found]


def test_what_is_missing_is_compiled_by_another_process(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [brand for brand, _, _ in missing(place)] == ["HALVORYN"]
    looking = Readying(place)
    looking.look()
    assert looking.process is None  # people come first after a start
    monkeypatch.setattr(looking, "begin", 0.0)
    looking.look()
    assert looking.process is not None
    assert looking.process.wait(60) == 0
    assert missing(place) == []
    # and tomorrow's are others
    assert missing(place, days=1)


def test_where_nothing_is_missing_no_process_is_started(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert readying.compile_missing(place) == 1
    monkeypatch.setattr(readying, "PAUSE_SECONDS", 0.0)
    looking = Readying(place)
    looking.look()
    assert looking.process is None
    looking.stop()
