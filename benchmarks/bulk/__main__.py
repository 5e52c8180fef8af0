"""Ten thousand sealed documents in bulk, against the same documents rendered one by one.

``python -m benchmarks.bulk [--documents 10000] [--workers 2] [--sample 20] [--home DIR]``

Fills an installation with the demonstration and invented accounts, runs one bulk run the way a
customer would (assemble, one signature, issue by worker processes), renders a sample of the very
documents in full, compares words, and writes ``docs/benchmarks/bulk.md``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from accounts.models import Account
from cms import demo
from cms.installation import Installation, create
from cms.settings import Settings
from exports import formats
from exports.building import build
from exports.bulk import results, reviewing, running
from exports.bulk.models import BulkDocument
from exports.bulk.printing import PLATE, PressRoom, Sheet
from exports.bulk.wishes import Wish
from exports.models import ControlledCopy
from exports.verifying_pdf import verify_pdf
from mlr.models import Verdict
from records import clock, errands, files, people
from records.models import PersonTerritory
from records.roles import StaffRole
from records.vocabulary import Phase, Role, Tier

ROLES = (
    Role.MEDICAL_DIRECTOR,
    Role.PHARMACY_AND_THERAPEUTICS,
    Role.PATIENT_SERVICES,
    Role.PAYER,
)
GROUPS = (
    (Tier.STRATEGIC, Phase.DISCOVERY),
    (Tier.STRATEGIC, Phase.EVIDENCE_REVIEW),
    (Tier.STRATEGIC, Phase.DECISION_SUPPORT),
    (Tier.STRATEGIC, Phase.ADOPTION_SUPPORT),
    (Tier.GROWTH, Phase.EVIDENCE_REVIEW),
    (Tier.GROWTH, Phase.DECISION_SUPPORT),
)
FIRST = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak")
SECOND = ("bridge", "brook", "dale", "field", "ford", "grove", "haven", "mead", "moor", "wick")
# of two lengths: the title takes one line or two
KINDS = ("Clinic", "Valley Regional Medical Center")
PORTION = 250  # documents in memory at once
HEAD = 100_000  # bytes: less than any plate has
REPORT = Path(__file__).parent.parent.parent / "docs" / "benchmarks" / "bulk.md"


@dataclass
class Step:
    """What one step cost."""

    cpu: float
    wall: float


def measured(function: Callable[[], Any]) -> tuple[Any, Step]:
    """A function's answer, and CPU seconds of this process and its children."""
    cpu, wall = _cpu(), time.monotonic()
    answer = function()
    return answer, Step(_cpu() - cpu, time.monotonic() - wall)


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def fill(place: Installation, accounts: int) -> None:
    """The demonstration, signed, and invented accounts in one territory."""
    for _ in demo.play(place):
        pass
    now = clock.now()
    with place.sessions.write() as session:
        state = session.scalars(select(PersonTerritory.state).limit(1)).one()
        rows = []
        for number in range(accounts):
            tier, phase = GROUPS[number // 2 % len(GROUPS)]
            name = f"{FIRST[number // 10 % 10]}{SECOND[number // 100 % 10]} {KINDS[number % 2]}"
            rows.append(
                {
                    "code": f"BENCH-{number:05d}",
                    "name": name,
                    "type": "bench",
                    "city": f"{FIRST[number % 10]}ton",
                    "state": state,
                    "care_setting": "community oncology practice",
                    "tier": tier,
                    "tier_reason": "set for the benchmark",
                    "journey_phase": phase,
                    "facts": {},
                    "created_at": now,
                    "updated_at": now,
                    "revision": 1,
                }
            )
        session.execute(insert(Account), rows)


def run(place: Installation, workers: int) -> tuple[str, dict[str, Step]]:
    """One bulk run from the wish to the last file; its code and what each step cost."""
    troupe, steps = demo.cast(), {}
    wish = Wish("type=bench", tuple(role.value for role in ROLES), "HALVORYN")

    def start() -> str:
        with place.sessions.write() as session:
            actor = people.by_email(session, troupe.email(StaffRole.LIBRARIAN))
            return running.start(session, wish, actor=actor, request_key="benchmark").code

    def sign() -> None:
        with place.sessions.write() as session:
            reviewing.decide(
                session,
                running.get(session, code),
                actor=people.by_email(session, troupe.email(StaffRole.REGULATORY)),
                verdict=Verdict.APPROVE,
                password=troupe.password,
            )

    code, steps["choose and plan"] = measured(start)
    _, steps["assemble and check"] = measured(lambda: errands.run_waiting(place.sessions))
    _, steps["sign the batch"] = measured(sign)
    _, steps["issue: sign, number, make, seal, store"] = measured(lambda: work(place, workers))
    return str(code), steps


def work(place: Installation, workers: int) -> None:
    """Issue with worker processes, as machines share it."""
    command = [sys.executable, "-m", "cms.cli", "bulk", "work"]
    environment = {**os.environ, "CLEARCOPY_HOME": str(place.settings.home)}
    started = [subprocess.Popen(command, env=environment) for _ in range(workers)]
    for each in started:
        each.wait()
    errands.run_waiting(place.sessions)


def make_again(place: Installation, code: str) -> Step:
    """Make every file once more in this process: plates, trees, slots, manifests, seals.

    The plates that the workers kept are not used. What is not in it is what issuing does beside it:
    signatures, numbers, trail, storing.
    """
    press = replace(place.press, plates=None)

    def every() -> None:
        with place.sessions.read() as session:
            places = session.scalars(
                select(BulkDocument.id)
                .where(BulkDocument.run_id == running.get(session, code).id)
                .where(BulkDocument.copy_number.is_not(None))
                .order_by(BulkDocument.place)
            ).all()
        for start in range(0, len(places), PORTION):
            with place.sessions.read() as session:
                sheets = [
                    Sheet(document, copy.material_version, copy)
                    for document, copy in session.execute(
                        select(BulkDocument, ControlledCopy)
                        .join(ControlledCopy, BulkDocument.copy_number == ControlledCopy.number)
                        .where(BulkDocument.id.in_(places[start : start + PORTION]))
                        .order_by(BulkDocument.place)
                    )
                ]
                room = PressRoom(session, press, sheets)
                if any(room.make(sheet).failure for sheet in sheets):
                    raise SystemExit("A file cannot be made a second time.")

    return measured(every)[1]


def compare(place: Installation, code: str, sample: int) -> tuple[Step, int]:
    """Render a sample of the documents in full; the cost of all of them, and how many agree."""
    keyring, press = place.sessions.keyring, place.press
    with place.sessions.read() as session:
        bulk_run = running.get(session, code)
        numbers = session.scalars(
            select(BulkDocument.copy_number)
            .where(BulkDocument.run_id == bulk_run.id, BulkDocument.copy_number.is_not(None))
            .order_by(BulkDocument.place)
        ).all()
        step = max(1, len(numbers) // sample)
        agree, spent, held = 0, Step(0.0, 0.0), files.store_of(session)
        chosen = numbers[::step][:sample]
        for number in chosen:
            copy = session.get_one(ControlledCopy, number)

            def one(copy: ControlledCopy = copy) -> bytes:
                version = copy.material_version
                document = build(session, version, base_url=press.base_url, copy=copy)
                return formats.get("pdf").issue(document, press.brand, keyring)

            full, cost = measured(one)
            spent = Step(spent.cpu + cost.cpu, spent.wall + cost.wall)
            agree += _pages(full, place) == _pages(held.get(copy.file_sha256 or ""), place)
    return Step(spent.cpu / len(chosen), spent.wall / len(chosen)), agree


def _pages(data: bytes, place: Installation) -> list[str]:
    answer = verify_pdf(data, public_keys=[place.sessions.keyring.public_pem])
    if not answer.ok or answer.manifest is None:
        raise SystemExit(f"A file does not verify: {answer.reason} {answer.differences}")
    return [page["text"] for page in answer.manifest["pages"]]


@dataclass
class Looked:
    """What stands in the files: how many layouts, and of a sample how many are sound."""

    layouts: int
    verified: int
    sound: int
    sample: int


def examine(place: Installation, code: str, sample: int) -> Looked:
    """Files of one plate begin with the same bytes; a sample is verified and read by qpdf."""
    heads, verified, sound = set(), 0, 0
    with place.sessions.read() as session:
        rows = session.execute(
            select(ControlledCopy.file_sha256, BulkDocument.way)
            .join(BulkDocument, BulkDocument.copy_number == ControlledCopy.number)
            .where(BulkDocument.run_id == running.get(session, code).id)
            .order_by(BulkDocument.place)
        ).all()
        held, every = files.store_of(session), max(1, len(rows) // sample)
    chosen = rows[::every][:sample]
    for sha256, way in rows:
        if way == PLATE:
            heads.add(hashlib.sha256(held.get(sha256 or "")[:HEAD]).digest())
    keys = [place.sessions.keyring.public_pem]
    for sha256, _ in chosen:
        data = held.get(sha256 or "")
        verified += verify_pdf(data, public_keys=keys).ok
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(data)
            file.flush()
            done = subprocess.run(["qpdf", "--check", file.name], check=False, capture_output=True)
            sound += done.returncode == 0
    return Looked(len(heads), verified, sound, len(chosen))


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        place, _ = create(Settings(home=home))
        fill(place, given.documents // len(ROLES))
        code, steps = run(place, given.workers)
        with place.sessions.read() as session:
            bulk_run = running.get(session, code)
            counts = results.counts(session, bulk_run)
            ways = dict(
                session.execute(
                    select(BulkDocument.way, func.count())
                    .where(BulkDocument.run_id == bulk_run.id)
                    .group_by(BulkDocument.way)
                ).all()
            )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        steps["of that: plates, filling and seals, again in one process"] = make_again(place, code)
        looked = examine(place, code, 10 * given.sample)
        single, agree = compare(place, code, given.sample)
        text = report(given, counts, ways, steps, peak, looked, single, agree)
        place.engine.dispose()
    print(text)
    REPORT.write_text(text, encoding="utf-8")


def report(
    given: argparse.Namespace,
    counts: dict[str, int],
    ways: dict[str, int],
    steps: dict[str, Step],
    peak: float,
    looked: Looked,
    single: Step,
    agree: int,
) -> str:
    """The measured values as a page."""
    issued = counts.get("issued", 0)
    issue = steps["issue: sign, number, make, seal, store"]
    rows = "\n".join(
        f"| {name} | {step.cpu:.1f} | {step.wall:.1f} | {1000 * step.cpu / max(issued, 1):.2f} |"
        for name, step in steps.items()
    )
    total = single.cpu * issued
    return f"""# Bulk: many accounts from plates

`make bench-bulk`: {results.in_words(counts)}; {ways.get("plate", 0)} from plates of
{looked.layouts} layouts, {ways.get("full", 0)} in full; {given.workers} worker processes on
{os.cpu_count()} cores, SQLite. The account is named in running text of most documents.

| step | CPU s | wall s | CPU ms a document |
| --- | --- | --- | --- |
{rows}

The same documents one by one, from a sample of {given.sample}: {1000 * single.cpu:.0f} ms CPU each
(build, render, manifest, seal), {total:.0f} s for all {issued}. Issuing in bulk took
{issue.cpu:.1f} s: **{total / issue.cpu:.0f} times less**, although it also signs each version,
numbers each copy, writes the trail and stores the files. Largest memory of a worker: {peak:.0f} MB.
{agree} of {given.sample} sampled files have, page by page, the words of their full rendering;
{looked.verified} of {looked.sample} verify by themselves, {looked.sound} pass `qpdf --check`.
"""


if __name__ == "__main__":
    main()
