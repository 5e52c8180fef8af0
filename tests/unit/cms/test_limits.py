"""Rate limits are one count for all workers of a machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from cms import limits


def storage(path: Path) -> limits.FileStorage:
    made = storage_from_string(f"{limits.SCHEME}://{path / 'limits of ours.db'}")
    assert isinstance(made, limits.FileStorage)
    return made


def test_two_workers_count_together(tmp_path: Path) -> None:
    first, second = (FixedWindowRateLimiter(storage(tmp_path)) for _ in range(2))
    twice = RateLimitItemPerMinute(2)
    assert first.hit(twice, "sign-in", "192.0.2.1")
    assert second.hit(twice, "sign-in", "192.0.2.1")
    assert not first.hit(twice, "sign-in", "192.0.2.1")
    assert not second.test(twice, "sign-in", "192.0.2.1")
    assert first.hit(twice, "sign-in", "192.0.2.2")


def test_of_many_at_once_only_so_many_pass(tmp_path: Path) -> None:
    limiter, ten = FixedWindowRateLimiter(storage(tmp_path)), RateLimitItemPerMinute(10)
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: limiter.hit(ten, "x"), range(60)))
    assert passed.count(True) == 10


def test_a_window_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("cms.limits.time.time", lambda: now[0])
    counters = storage(tmp_path)
    assert [counters.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert (counters.get("a"), counters.get_expiry("a")) == (3, 1060.0)
    now[0] = 1061.0
    assert counters.get("a") == 0
    assert counters.incr("b", 60) == 1
    assert counters.reset() == 1  # the ended window was forgotten


def test_a_broken_file_is_said_to_be_broken(tmp_path: Path) -> None:
    (tmp_path / "limits of ours.db").write_bytes(b"nonsense" * 1000)
    assert not storage(tmp_path).check()
