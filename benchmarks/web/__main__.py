"""Measure the pages at 10,000 modules: ``python -m benchmarks.web [--peer RESULTS.json]``.

Fills an installation once (kept under ``build/``), serves a copy of it with ``clearcopy serve``,
drives the workload from this process, and prints per operation the time a person waits and the CPU
time of all server processes, beside the peer's figures where its results are given: the JSON file
its own load generator writes, measured in the same hour on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.web import filling
from benchmarks.web.exchanges import OPERATIONS, Cast, Exchange, gather
from benchmarks.web.visiting import Visitor, cpu_seconds, family, private_mib
from cms.installation import open_installation
from cms.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench-web"
REPORT = ROOT / "docs" / "benchmarks" / "web.md"
# CPU milliseconds a request that the pages are meant to stay under
TARGETS = {
    "list_plain": 20, "list_filter": 20, "search": 30, "search_filter": 30, "search_partial": 30,
    "edit_get": 15, "save_draft": 15, "autosave": 15, "submit": 20, "approve_first": 20,
    "approve_final": 20, "site_history": 20,
}  # fmt: skip


LEAVING_WORK = ("save_draft", "autosave", "submit", "approve_first", "approve_final")


@dataclass(frozen=True)
class Row:
    """One operation: times in milliseconds."""

    operation: str
    requests: int
    errors: int
    p50: float
    p95: float
    cpu: float  # of the web processes, a request
    worker: float  # of the worker that carries out what a request leaves behind
    kib: float


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int, float]]:
    """``clearcopy serve``: its address, process and the seconds until its first page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = {"HOME": home, "PORT": port, "BASE_URL": url, "WORKERS": 2}
    environment = os.environ | {f"CLEARCOPY_{key}": str(value) for key, value in settings.items()}
    command = [str(Path(sys.executable).with_name("clearcopy")), "serve"]
    started = time.perf_counter()
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        while True:
            try:
                urllib.request.urlopen(f"{url}/sign-in", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError((home / "serve.log").read_text()) from None
                time.sleep(0.01)
        yield url, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(timeout=30)


def sign_everybody_in(url: str, home: Path) -> Cast:
    """Four writers and reviewers of each kind, and the inspector."""

    def enter(role: str, count: int) -> list[Visitor]:
        return [
            Visitor(url).sign_in(email, filling.PASSWORD) for email in filling.emails(role)[:count]
        ]

    cast = Cast(
        enter("writer", 4),
        enter("medical", 4),
        enter("regulatory", 4),
        enter("inspector", 1)[0],
        filling.PASSWORD,
        iter(()),
        [],
        {},
    )
    place = open_installation(Settings(home=home))
    with place.sessions.read() as session:
        gather(session, cast, random.Random(11))
    place.engine.dispose()
    return cast


def measure(name: str, exchanges: list[Exchange], root: int, people: int) -> Row:
    """Send every exchange, ``people`` at a time, each person one after the other."""
    seconds: list[float] = []
    sizes: list[int] = []
    wrong: list[str] = []

    def drive(mine: list[Exchange]) -> None:
        for each in mine:
            answer = each.visitor.ask(each.method, each.path, each.fields, part=each.part)
            if answer.status in each.works:
                seconds.append(answer.seconds)
                sizes.append(len(answer.body))
            else:
                wrong.append(f"{each.path}: {answer.status} {answer.text[:200]!r}")

    behind = [each for each in family(root) if is_worker(each)]
    web = [each for each in family(root) if each not in behind]
    before, before_behind = cpu_seconds(web), cpu_seconds(behind)
    by_visitor: dict[int, list[Exchange]] = {}
    for each in exchanges:
        by_visitor.setdefault(id(each.visitor) if people > 1 else 0, []).append(each)
    threads = [threading.Thread(target=drive, args=(mine,)) for mine in by_visitor.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cpu = (cpu_seconds(web) - before) / max(1, len(exchanges)) * 1000
    if name in LEAVING_WORK:
        time.sleep(2)  # what is left behind is part of the cost
    worker = (cpu_seconds(behind) - before_behind) / max(1, len(exchanges)) * 1000
    for line in wrong[:2]:
        print(f"  {name}: {line}", file=sys.stderr)
    ordered = sorted(each * 1000 for each in seconds) or [float("nan")]
    return Row(
        name,
        len(exchanges),
        len(wrong),
        statistics.median(ordered),
        ordered[int(len(ordered) * 0.95)] if len(ordered) > 1 else ordered[0],
        cpu,
        worker,
        statistics.median(sizes or [0]) / 1024,
    )


def peer_figures(path: str | None) -> dict[str, tuple[float, float]]:
    """Operation -> median time and CPU of the peer, one user."""
    if not path:
        return {}
    summary = json.loads(Path(path).read_text(encoding="utf-8"))["summary"]
    return {row["op"]: (row["p50_ms"], row["cpu_ms"]) for row in summary if row["conc"] == 1}


def report(rows: list[Row], peer: dict[str, tuple[float, float]], facts: list[str]) -> str:
    """A table in Markdown."""
    lines = [
        "| operation | n | errors | p50 ms | p95 ms | CPU ms | worker ms | target | peer CPU ms | ratio |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for row in rows:
        theirs = peer.get(row.operation, (0, 0))[1]
        lines.append(
            f"| {row.operation} | {row.requests} | {row.errors} | {row.p50:.1f} | {row.p95:.1f} "
            f"| {row.cpu:.1f} | {row.worker:.1f} | {TARGETS.get(row.operation, '')} "
            f"| {f'{theirs:.1f}' if theirs else ''} "
            f"| {f'{theirs / (row.cpu + row.worker):.1f}×' if theirs and row.cpu else ''} |"
        )
    return "\n".join([*lines, "", *[f"* {fact}" for fact in facts]])


def main() -> int:
    """Fill, serve, drive, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("--modules", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=120, help="of each operation")
    parser.add_argument("--people", type=int, default=1, help="1 or 4 at the same time")
    parser.add_argument("--peer", help="JSON results of the peer's load generator")
    parser.add_argument("--only", default="", help="operations, separated by commas")
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name} too")
    options = parser.parse_args()
    kept = KEPT / str(options.modules)
    if not (kept / "ready").exists():
        shutil.rmtree(kept, ignore_errors=True)
        print(f"Filling {options.modules} modules, once …")
        filling.fill(kept, modules=options.modules)
        (kept / "ready").touch()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(kept, home)
        text = _measured(home, options)
    print(text)
    if options.write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(f"# Pages at {options.modules:,} modules\n\n{text}\n", encoding="utf-8")
    return 0


def _measured(home: Path, options: argparse.Namespace) -> str:
    rows = []
    with served(home) as (url, root, start):
        cast = sign_everybody_in(url, home)
        workers = [each for each in family(root) if each != root]
        for name in options.only.split(",") if options.only else OPERATIONS:
            exchanges = OPERATIONS[name](cast, options.requests + 3)
            for each in exchanges[:3]:
                each.visitor.ask(each.method, each.path, each.fields, part=each.part)
            rows.append(measure(name, exchanges[3:], root, options.people))
            print(json.dumps(asdict(rows[-1])), file=sys.stderr)
        memory = {each: private_mib(each) for each in [root, *workers]}
    facts = [
        f"start to the first page: {start:.2f} s (target 1.5)",
        "private memory after the load, MiB: "
        + ", ".join(f"{_name(each)} {mib:.0f}" for each, mib in memory.items())
        + " (target 90 a worker)",
        (
            "passwords of the filled people are hashed at the least cost, so approving is measured "
            "without the cost of the hash"
        ),
    ]
    return report(rows, peer_figures(options.peer), facts)


def _name(process: int) -> str:
    return f"{'worker' if is_worker(process) else 'web'} {process}"


def is_worker(process: int) -> bool:
    """Whether a process of the tree is the one that carries out background work."""
    command = Path(f"/proc/{process}/cmdline")
    return command.exists() and b"\0worker\0" in command.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
