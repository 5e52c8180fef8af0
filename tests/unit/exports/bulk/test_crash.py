"""Workers and the server are killed in mid-job: nothing is lost, nothing issued is repeated."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cms.installation import Installation, create
from cms.settings import Settings
from exports.bulk import chunks, reviewing, running
from exports.bulk.models import BulkDocument, BulkRun, DocumentState, RunState
from exports.bulk.wishes import Wish
from exports.models import ControlledCopy, MaterialVersion
from exports.verifying_pdf import verify_pdf
from mlr.models import Verdict
from records import audit, errands, files, passwords
from records.actions import Action
from records.models import AuditRow, Errand, Person, Signature
from tests import building
from tests.unit.cms.test_serving import ROOT, command, environment, until
from tests.unit.exports.conftest import furnish

SECRET = "only for this test, and long enough for it"
DOCUMENTS = 130  # more than two portions of a chunk


@pytest.fixture
def place(empty_database_url: str, tmp_path: Path) -> Iterator[Installation]:
    made = made_place(empty_database_url, tmp_path, accounts=DOCUMENTS)
    yield made
    made.engine.dispose()


def made_place(url: str, folder: Path, *, accounts: int) -> Installation:
    """A real installation with many accounts, whose transactions others see."""
    made, _ = create(Settings(home=folder / "home", database_url=url))
    with made.sessions.write() as session:
        library = furnish(session)
        library.signers[2].password_hash = passwords.hash_password(SECRET)
        for number in range(1, accounts):
            building.account(session, f"B-{number:03d}", name=f"Clinic of the {number}. Ward")
    return made


def person(place: Installation, role: str) -> int:
    with place.sessions.read() as session:
        return next(each.id for each in session.scalars(select(Person)) if role in set(each.roles))


def start(place: Installation) -> str:
    wish = Wish("state=WI", ("pharmacy-and-therapeutics",), "HALVORYN", phase="evidence-review")
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        return running.start(session, wish, actor=actor, request_key="once").code


def sign(place: Installation, code: str) -> None:
    with place.sessions.write() as session:
        reviewing.decide(
            session,
            running.get(session, code),
            actor=session.get_one(Person, person(place, "regulatory")),
            verdict=Verdict.APPROVE,
            password=SECRET,
        )


def resume(place: Installation, code: str) -> None:
    with place.sessions.write() as session:
        actor = session.get_one(Person, person(place, "librarian"))
        running.resume(session, running.get(session, code), actor=actor)


def surroundings(place: Installation, port: int = 1) -> dict[str, str]:
    settings = place.settings
    return {
        **environment(settings.home, port),
        "CLEARCOPY_DATABASE_URL": settings.database_url,
    }


@contextlib.contextmanager
def worker(place: Installation) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command("bulk", "work"), cwd=ROOT, env=surroundings(place))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def states(place: Installation, code: str) -> Counter[DocumentState]:
    with place.sessions.read() as session:
        rows = session.execute(
            select(BulkDocument.state, func.count())
            .join(BulkRun)
            .where(BulkRun.code == code)
            .group_by(BulkDocument.state)
        )
        return Counter({row[0]: row[1] for row in rows})


def state(place: Installation, code: str) -> RunState:
    with place.sessions.read() as session:
        return running.get(session, code).state


def taken(place: Installation) -> bool:
    """Whether some worker has begun an errand that is not done."""
    return in_hand(place) > 0


def sealed(place: Installation) -> dict[int, str]:
    """The files there are, by number of copy."""
    with place.sessions.read() as session:
        rows = session.execute(
            select(ControlledCopy.number, ControlledCopy.file_sha256).where(
                ControlledCopy.file_sha256.is_not(None)
            )
        )
        return {row[0]: row[1] for row in rows}


def check_whole(place: Installation, code: str) -> None:
    """Every document once: its signature, its number, its rows of the trail, its file."""
    assert states(place, code) == Counter({DocumentState.ISSUED: DOCUMENTS})
    with place.sessions.read() as session:
        assert audit.verify(session) is None
        made = Counter(session.scalars(select(AuditRow.action)))
        for action in (Action.MATERIAL_ASSEMBLE, Action.MATERIAL_APPROVE, Action.COPY_ISSUE):
            assert made[action] == DOCUMENTS, action
        assert made[Action.COPY_MAKE] == DOCUMENTS
        assert made[Action.BULK_FINISH] == 1
        signed = session.scalars(
            select(Signature.subject_id).where(Signature.subject_kind == MaterialVersion.KIND)
        ).all()
        assert len(signed) == len(set(signed)) == DOCUMENTS
        copies = session.scalars(select(ControlledCopy)).all()
        assert sorted(each.number for each in copies) == list(range(1, DOCUMENTS + 1))
        store, keys = files.store_of(session), [place.sessions.keyring.public_pem]
        for each in copies[:: DOCUMENTS // 12]:
            answer = verify_pdf(store.get(each.file_sha256 or ""), public_keys=keys)
            assert answer.ok, (each.number, answer.reason)
            assert answer.manifest is not None
            assert answer.manifest["copy"]["number"] == f"{each.number:04d}"
            assert answer.manifest["account"]["name"] == each.material_version.facts["name"]


def test_killed_workers_lose_nothing_and_repeat_nothing(place: Installation) -> None:
    code = start(place)
    with worker(place) as first:
        until(lambda: taken(place), seconds=60)
        first.send_signal(signal.SIGKILL)
    resume(place, code)
    errands.run_waiting(place.sessions)
    assert state(place, code) is RunState.WAITING
    sign(place, code)

    with worker(place) as second:
        until(lambda: states(place, code)[DocumentState.NUMBERED], seconds=60)
        second.send_signal(signal.SIGKILL)
    resume(place, code)
    with worker(place) as third:
        until(lambda: states(place, code)[DocumentState.ISSUED], seconds=60)
        third.send_signal(signal.SIGKILL)
    before = sealed(place)
    assert 0 < len(before) < DOCUMENTS

    resume(place, code)
    with worker(place) as one, worker(place) as other:
        assert (one.wait(120), other.wait(120)) == (0, 0)
    errands.run_waiting(place.sessions)
    assert state(place, code) is RunState.DONE
    check_whole(place, code)
    after = sealed(place)
    assert {number: after[number] for number in before} == before


def test_workers_share_a_run_and_take_over_from_one_that_dies(
    place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once on one database; one is killed, a third comes, ranges are asked for twice."""
    monkeypatch.setattr(chunks, "LONGEST", 10)
    code = start(place)
    errands.run_waiting(place.sessions)
    sign(place, code)
    assert waiting(place) == DOCUMENTS // 10

    with worker(place) as one, worker(place) as other:
        # each has a part of its own at the same moment
        until(lambda: in_hand(place) >= 2, seconds=60)
        until(lambda: states(place, code)[DocumentState.ISSUED], seconds=60)
        one.send_signal(signal.SIGKILL)
        one.wait()
        before = sealed(place)
        # asks again for all that is open, also for what the other has in hand
        resume(place, code)
        with worker(place) as third:
            assert (other.wait(120), third.wait(120)) == (0, 0)
    errands.run_waiting(place.sessions)
    assert state(place, code) is RunState.DONE
    check_whole(place, code)
    after = sealed(place)
    assert {number: after[number] for number in before} == before


def waiting(place: Installation) -> int:
    with place.sessions.read() as session:
        open_ones = select(func.count()).where(Errand.done_at.is_(None))
        return session.scalar(open_ones) or 0


def in_hand(place: Installation) -> int:
    """How many parts are being worked on: begun, and not done."""
    with place.sessions.read() as session:
        begun = select(func.count()).where(Errand.attempts > 0, Errand.done_at.is_(None))
        return session.scalar(begun) or 0


def test_a_killed_server_goes_on_when_it_is_started_again(
    place: Installation, tmp_path: Path
) -> None:
    if not place.settings.url.startswith("sqlite"):
        pytest.skip("the worker beside a server is the same on PostgreSQL")
    code = start(place)
    errands.run_waiting(place.sessions)
    sign(place, code)
    with server(place, tmp_path) as process:
        until(lambda: states(place, code)[DocumentState.ISSUED], seconds=60)
        process.send_signal(signal.SIGKILL)
    before = sealed(place)
    assert 0 < len(before) < DOCUMENTS
    with server(place, tmp_path):
        until(lambda: state(place, code) is RunState.DONE, seconds=120)
    check_whole(place, code)
    after = sealed(place)
    assert {number: after[number] for number in before} == before


@contextlib.contextmanager
def server(place: Installation, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command("serve"),
            cwd=ROOT,
            env=surroundings(place, port),
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
