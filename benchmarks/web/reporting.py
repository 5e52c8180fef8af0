"""The figures as ``docs/benchmarks/web.md`` shows them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.web.measuring import Row
from benchmarks.web.rooms import CHECK_TARGET, PAGE_TARGET
from records.queries import SEARCHED

# CPU milliseconds a request that the pages are meant to stay under
TARGETS = {
    "list_plain": 20, "list_filter": 20, "search": 30, "search_filter": 30, "search_partial": 30,
    "edit_get": 15, "save_draft": 15, "autosave": 15, "submit": 20, "approve_first": 20,
    "approve_final": 20, "site_history": 20,
}  # fmt: skip
START_TARGET, MEMORY_TARGET = 1.5, 90
CHECK = "check of a text of 500 words, 10,000 claims"
INTRODUCTION = """\
Written by `python -m benchmarks.web --write`, with `--peer` where the peer was measured too.

The workload is one that was made for comparing systems of this kind: {modules:,} modules with three
versions each, their reviews, signatures and trail, 200 briefs, 40 people; lists of 25 rows, search,
editor, saving, submitting, approving. Two web processes of `clearcopy serve` with SQLite, and the
worker beside them; one person at a time over one connection. *CPU* is what all web processes
together used for a request, *worker* what the worker used for what a request leaves behind
(indexing, notices), and in the first minute for the day's claims libraries, which it compiles after
a start; both are means of a round, and each figure is the median of {rounds} rounds.
CPU is the figure to compare on a machine that others use: waiting times say as much about them.
A request for the first time in a process pays for what it loads, and is counted."""
PEER = """\
*Peer* is Wagtail 8.0.1 on Django with SQLite, two gthread processes, driven through the same
operations by its own load generator, {when}, its blocks, revisions, workflows and users as the
workload describes them. It runs nothing behind a request (its e-mails are dropped), so the
*ratio* is its CPU to ours with the worker's share. Neither system's password hash is in it:
approving here checks a password and writes a sealed signature, which the peer does not. The fixed
loop that tells how busy the machine is took {theirs:.0f} ms in the peer's rounds and {ours:.0f}
ms in ours (medians); the ratios are not corrected by it."""


@dataclass
class Measured:
    """Everything that was found out."""

    modules: int
    rounds: int
    began: datetime
    rows: Sequence[Row] = ()
    rooms: Sequence[Row] = ()
    starts: Sequence[float] = ()
    memory: Mapping[str, Sequence[float]] = field(default_factory=dict)
    trail: tuple[int, float] = (0, 0.0)
    calibrations: Sequence[float] = ()


def report(found: Measured, peer_file: str | None) -> str:
    """The whole page in Markdown."""
    introduction = INTRODUCTION.format(modules=found.modules, rounds=found.rounds)
    parts = [f"# Pages at {found.modules:,} modules", introduction]
    peer: dict[str, float] = {}
    if peer_file:
        results = json.loads(Path(peer_file).read_text(encoding="utf-8"))
        peer = peer_figures(results)
        when = _when(Path(peer_file), found.began)
        noise = statistics.median(row["calib_ms"] for row in results["rows"])
        ours = statistics.median(found.calibrations)
        parts.append(PEER.format(when=when, theirs=noise, ours=ours))
    parts += ["## The workload", "\n".join(_workload(found.rows, peer))]
    if found.rooms:
        text = (
            "Milliseconds a person waits, at 7,000 accounts, 10,000 claims of one product and "
            f"{found.trail[0]:,} rows of the trail; none may be over {PAGE_TARGET}. A search of "
            f"the trail looks through {SEARCHED:,} rows for one page, and offers to go on."
        )
        parts += ["## The other pages", text, "\n".join(_rooms(found.rooms))]
    parts += ["## What else", "\n".join(f"* {fact}" for fact in facts(found))]
    missed = list(misses(found))
    parts.append("\n".join(["## Targets missed", "", *(missed or ["None."])]))
    return "\n\n".join(parts)


def peer_figures(results: Any) -> dict[str, float]:
    """Operation -> CPU milliseconds a request of the peer, one user."""
    return {row["op"]: row["cpu_ms"] for row in results["summary"] if row["conc"] == 1}


def _when(path: Path, began: datetime) -> str:
    ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    minutes = abs((began - ended).total_seconds()) / 60
    if minutes > 60:
        return f"on {ended:%d %B %Y} and so in another hour"
    return "in the same hour on the same machine"


def _workload(rows: Sequence[Row], peer: Mapping[str, float]) -> list[str]:
    head = "| operation | n | errors | p50 ms | p95 ms | KiB | CPU ms | target | worker ms |"
    line = "| --- | --: | --: | --: | --: | --: | --: | --: | --: |"
    if peer:
        head, line = f"{head} peer CPU ms | ratio |", f"{line} --: | --: |"
    lines = [head, line]
    for row in rows:
        cells = [
            row.operation,
            *(str(row.requests), str(row.errors), f"{row.p50:.0f}", f"{row.p95:.0f}"),
            *(f"{row.kib:.0f}", f"{row.cpu:.1f}", str(TARGETS.get(row.operation, ""))),
            f"{row.worker:.1f}",
        ]
        if peer:
            theirs = peer.get(row.operation)
            ours = row.cpu + row.worker
            cells += [f"{theirs:.0f}", f"{theirs / ours:.1f}"] if theirs and ours else ["", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _rooms(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| page | n | errors | p50 ms | p95 ms | CPU ms | KiB |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {row.operation} | {row.requests} | {row.errors} | {row.p50:.0f} | {row.p95:.0f} "
        f"| {row.cpu:.1f} | {row.kib:.0f} |"
        for row in rows
    ]
    return lines


def facts(found: Measured) -> list[str]:
    """What is neither a request nor a page."""
    number, seconds = found.trail
    said = []
    if found.starts:
        starts = ", ".join(f"{each:.2f}" for each in sorted(found.starts))
        said.append(
            f"From `clearcopy serve` to the first page: {starts} s (target {START_TARGET})."
        )
    said += [
        f"Private memory of the web processes {when}: "
        f"{', '.join(f'{each:.0f}' for each in values)} MiB (target {MEMORY_TARGET})."
        for when, values in found.memory.items()
    ]
    if number:
        said.append(
            f"`clearcopy trail verify` on {number:,} rows: {seconds:.1f} s of CPU with its start, "
            f"{seconds / number * 100_000:.2f} s for each 100,000."
        )
    if found.calibrations:
        low, high = min(found.calibrations), max(found.calibrations)
        middle = statistics.median(found.calibrations)
        said.append(
            f"A fixed loop before each round took {middle:.0f} ms in the middle, {low:.0f} at best "
            f"and {high:.0f} at worst: the spread is the noise of a shared machine of two cores."
        )
    return said


def misses(found: Measured) -> list[str]:
    """Every target that was missed, with what was measured."""
    said = [
        f"* {row.operation}: {row.cpu:.1f} ms of CPU, {TARGETS[row.operation]} wanted."
        for row in found.rows
        if row.cpu > TARGETS.get(row.operation, float("inf"))
    ]
    said += [
        f"* {row.operation}: {row.p50:.0f} ms, {limit} wanted."
        for row in found.rooms
        if row.p50 > (limit := CHECK_TARGET if row.operation == CHECK else PAGE_TARGET)
    ]
    if found.starts and statistics.median(found.starts) > START_TARGET:
        said.append(f"* Start: {statistics.median(found.starts):.2f} s, {START_TARGET} wanted.")
    said += [
        f"* Memory {when}: {max(values):.0f} MiB, {MEMORY_TARGET} wanted."
        for when, values in found.memory.items()
        if max(values) > MEMORY_TARGET
    ]
    return said
