"""The demonstration is made once: a second run finds everything done."""

from __future__ import annotations

import hashlib

import pytest

from cms import demo
from cms.installation import Installation
from records import passwords
from tests.pages.conftest import CHEAP


def state(place: Installation) -> dict[str, str]:
    """Everything the installation keeps: its files, and its database row by row."""
    home = place.settings.home
    kept = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("files", "keys", "brand", "demonstration", "search")
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
    }
    with place.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        dump = hashlib.sha256("\n".join(raw.iterdump()).encode()).hexdigest()
    return {**kept, "database": dump}


def whole(place: Installation) -> None:
    for _ in demo.play(place):
        pass
    demo.brief(place)
    demo.deck(place)


def test_a_second_run_changes_nothing(
    demo_place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    whole(demo_place)
    before = state(demo_place)
    assert len(before) > 10
    whole(demo_place)
    assert state(demo_place) == before
