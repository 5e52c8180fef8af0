"""Rounds of exchanges, and the medians of what they cost."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from dataclasses import dataclass

from benchmarks.web.exchanges import Exchange
from benchmarks.web.serving import Server
from benchmarks.web.visiting import Answer

# what leaves work behind: the worker's share is waited for
LEAVING_WORK = {"save_draft", "autosave", "submit", "approve_first", "approve_final"}
WARMING = 3


@dataclass(frozen=True)
class Row:
    """One round of one operation: times in milliseconds."""

    operation: str
    requests: int
    errors: int
    p50: float
    p95: float
    cpu: float  # of the web processes, a request
    worker: float  # of the worker that carries out what a request leaves behind
    kib: float


def measure(name: str, exchanges: list[Exchange], server: Server, people: int = 1) -> Row:
    """Send every exchange, ``people`` at a time, each person one after the other."""
    for each in exchanges[:WARMING]:
        _ask(each)
    exchanges = exchanges[WARMING:]
    seconds: list[float] = []
    sizes: list[int] = []
    wrong: list[str] = []

    def drive(mine: list[Exchange]) -> None:
        for each in mine:
            answer = _ask(each)
            if answer.status in each.works:
                seconds.append(answer.seconds)
                sizes.append(len(answer.body))
            else:
                wrong.append(f"{each.path}: {answer.status} {answer.text[:200]!r}")

    before, before_behind = server.cpu()
    by_visitor: dict[int, list[Exchange]] = {}
    for each in exchanges:
        by_visitor.setdefault(id(each.visitor) if people > 1 else 0, []).append(each)
    threads = [threading.Thread(target=drive, args=(mine,)) for mine in by_visitor.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = server.cpu()[0] - before
    if name in LEAVING_WORK:
        time.sleep(2)  # what is left behind is part of the cost
    worker = server.cpu()[1] - before_behind
    for line in wrong[:2]:
        print(f"  {name}: {line}", file=sys.stderr)
    ordered = sorted(each * 1000 for each in seconds) or [float("nan")]
    return Row(
        name,
        len(exchanges),
        len(wrong),
        statistics.median(ordered),
        ordered[int(len(ordered) * 0.95)] if len(ordered) > 1 else ordered[0],
        cpu / max(1, len(exchanges)) * 1000,
        worker / max(1, len(exchanges)) * 1000,
        statistics.median(sizes or [0]) / 1024,
    )


def _ask(each: Exchange) -> Answer:
    return each.visitor.ask(each.method, each.path, each.fields, part=each.part, data=each.data)


def medians(rounds: list[Row]) -> Row:
    """One row of several rounds: the medians of their figures, the sums of their counts."""

    def middle(name: str) -> float:
        return statistics.median(getattr(each, name) for each in rounds)

    return Row(
        rounds[0].operation,
        sum(each.requests for each in rounds),
        sum(each.errors for each in rounds),
        *(middle(name) for name in ("p50", "p95", "cpu", "worker", "kib")),
    )


def calibration() -> float:
    """Milliseconds of a fixed loop, the same as in the peer's load generator: how busy it is."""
    started, total = time.perf_counter(), 0
    for number in range(600_000):
        total += number * number % 7
    return (time.perf_counter() - started) * 1000
