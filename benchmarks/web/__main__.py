"""Measure the pages at 10,000 modules: ``python -m benchmarks.web [--peer RESULTS.json]``.

Fills an installation once (kept under ``build/``), serves a copy of it with ``clearcopy serve``,
drives the workload from this process in rounds, opens every other page, issues a copy, verifies the
trail, and prints what a person waits for and what it costs, beside the peer's figures where its
results are given: the JSON file its own load generator writes, measured in the same hour on the
same machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.web import filling, rooms
from benchmarks.web.exchanges import OPERATIONS, Cast, gather
from benchmarks.web.measuring import Row, calibration, measure, medians
from benchmarks.web.reporting import CHECK, Measured, report
from benchmarks.web.serving import Server, served
from benchmarks.web.visiting import Visitor
from cms.installation import open_installation
from cms.settings import Settings
from records import audit, clock

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench-web"
REPORT = ROOT / "docs" / "benchmarks" / "web.md"
STARTS = 3
# those who open the other pages; a minute lies between them and the first to sign in
OTHERS = ("writer", "medical", "legal", "librarian", "compliance", "administrator", "rep")
SIGN_IN_SECONDS = 61


def filled(modules: int) -> Path:
    """The kept installation; another one when what fills it, or the tables, have changed."""
    made_of = [
        *Path(__file__).parent.glob("[flmt]*.py"),
        *(ROOT / "records" / "migrations" / "versions").glob("*.py"),
    ]
    digest = hashlib.sha256(b"".join(sorted(each.read_bytes() for each in made_of))).hexdigest()
    kept = KEPT / f"{modules}-{digest[:12]}"
    if not (kept / "ready").exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        print(f"Filling {modules} modules, once …")
        filling.fill(kept, sizes=filling.Sizes(modules=modules))
        (kept / "ready").touch()
    return kept


def sign_in(url: str, role: str, count: int = 1) -> list[Visitor]:
    """People of a role."""
    emails = filling.emails(role)[:count]
    return [Visitor(url).sign_in(email, filling.PASSWORD) for email in emails]


def cast_of(url: str, home: Path) -> Cast:
    """Two writers, eight reviewers of both kinds, the inspector: fewer than sign-in's limit."""
    cast = Cast(
        sign_in(url, "writer", 2),
        sign_in(url, "medical", 8),
        sign_in(url, "regulatory", 8),
        sign_in(url, "inspector")[0],
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


def workload(found: Measured, cast: Cast, server: Server, options: argparse.Namespace) -> None:
    """Every operation in several rounds, so that a bad minute does not fall on one alone."""
    names = options.only.split(",") if options.only else list(OPERATIONS)
    rounds: dict[str, list[Row]] = {name: [] for name in names}
    calibrations = []
    for _ in range(options.rounds):
        for name in names:
            exchanges = OPERATIONS[name](cast, options.requests + 3)
            calibrations.append(calibration())
            rounds[name].append(measure(name, exchanges, server, options.people))
            print(json.dumps(asdict(rounds[name][-1])), file=sys.stderr)
    found.rows = [medians(each) for each in rounds.values()]
    found.calibrations = calibrations


def others(found: Measured, cast: Cast, server: Server, home: Path, rounds: int) -> None:
    """Every other page, and the check of a text being written."""
    time.sleep(SIGN_IN_SECONDS)
    visitors = {role: sign_in(server.url, role)[0] for role in OTHERS}
    visitors["inspector"] = cast.inspector
    place = open_installation(Settings(home=home))
    with place.sessions.read() as session:
        offered = rooms.rooms(session)
    place.engine.dispose()
    wanted = {
        room.name: lambda room=room: rooms.exchanges_of(room, visitors, 15) for room in offered
    }
    wanted[CHECK] = lambda: rooms.checks(visitors["writer"], 23)
    # each web process compiles ten thousand claims for the first text it checks
    for each in rooms.checks(visitors["writer"], 8):
        each.visitor.ask(each.method, each.path, data=each.data)
    measured: dict[str, list[Row]] = {name: [] for name in wanted}
    for _ in range(rounds):
        for name, exchanges in wanted.items():
            measured[name].append(measure(name, exchanges(), server))
    found.rooms = [medians(each) for each in measured.values()]
    found.memory = {**found.memory, "after the other pages": server.memory()}
    issue(visitors["rep"], next(each.paths[0] for each in offered if each.name == rooms.SHELF))
    found.memory = {**found.memory, "after a copy was issued": server.memory()}


def issue(rep: Visitor, account: str) -> None:
    """Ask for a copy of what an account has, and wait until the worker has printed it."""
    path, fields = rep.form_and_address(account, "/copies")
    answer = rep.ask("POST", path, fields | {"format": "pdf"})
    if answer.status not in (302, 303):
        raise RuntimeError(f"{path}: {answer.status} {answer.text[:300]}")
    for _ in range(120):
        if b"%PDF" in rep.ask("GET", answer.location.removesuffix("/issued")).body[:1024]:
            return
        time.sleep(0.5)
    raise RuntimeError("the copy was not printed in a minute")


def verified_trail(home: Path) -> tuple[int, float]:
    """How many rows the trail has, and CPU seconds to verify them."""
    place = open_installation(Settings(home=home))
    with place.sessions.read() as session:
        number = audit.head(session).number
    place.engine.dispose()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "cms.cli", "trail", "verify"],
        env=os.environ | {"CLEARCOPY_HOME": str(home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return number, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Fill, serve, drive, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("--modules", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=50, help="of each operation in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=1, help="1 or 4 at the same time")
    parser.add_argument("--peer", help="JSON results of the peer's load generator")
    parser.add_argument("--only", default="", help="operations, separated by commas, and no pages")
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name} too")
    options = parser.parse_args()
    kept = filled(options.modules)
    found = Measured(options.modules, options.rounds, clock.now())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(kept, home)
        starts = []
        for _ in range(STARTS - 1):
            with served(home) as server:
                starts.append(server.start)
        with served(home) as server:
            found.starts = [*starts, server.start]
            cast = cast_of(server.url, home)
            workload(found, cast, server, options)
            found.memory = {"after the workload": server.memory()}
            if not options.only:
                others(found, cast, server, home, options.rounds)
        if not options.only:
            found.trail = verified_trail(home)
    text = report(found, options.peer)
    print(text)
    if options.write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
