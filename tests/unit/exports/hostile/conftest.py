"""A server that counts who comes, and a machine on which nobody may call out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from exports.brand import Brand
from exports.copies import Press
from tests.unit.exports.hostile.harmless import (
    Trap,
)


@pytest.fixture
def trap() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Trap(server.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    caller.settimeout(1)
                    made.visits.append(caller.recv(200))

        threading.Thread(target=serve, daemon=True).start()
        yield made
        assert made.visits == []


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every name that is looked up and every address that is called: none."""
    asked: list[object] = []

    def refuse(*words: object, **_options: object) -> None:
        asked.append(words)
        raise OSError("nothing is fetched")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield asked
    assert asked == []


@pytest.fixture
def press() -> Press:
    brand = Brand("Northlight Therapeutics", address=("1 Example Way, Springfield",))
    return Press(brand, "https://copy.example")
