"""Which libraries are compiled ahead, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims_library import library
from claims_library.keeping import LibraryStore
from modules.claim_checks import compile_library, to_be_compiled
from records import clock
from tests import building
from tests.unit.modules.conftest import Shelf


def test_what_there_are_modules_of_is_compiled_once(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = shelf.session
    assert to_be_compiled(session, at=clock.now()) == []  # where none are kept, none are missing
    store = LibraryStore(tmp_path / "compiled", session.info["keyring"])
    monkeypatch.setitem(session.info, "libraries", store)
    monkeypatch.setattr(library, "reads_only", lambda _session: True)
    library._kept.clear()
    for number in ("901", "902"):
        building.module(session, f"HAL-M-{number}", of=shelf.product, author=shelf.writer)
    missing = to_be_compiled(session, at=clock.now())
    assert len({(product.brand, market, audience) for product, market, audience in missing}) == len(
        missing
    )
    assert missing
    for wanted in missing:
        compile_library(session, wanted, at=clock.now())
    assert to_be_compiled(session, at=clock.now()) == []
