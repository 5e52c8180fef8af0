"""Many write the trail at once: its chain has one end and no gaps, on both databases."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import func, select

from records import audit
from records.actions import Action
from records.database import Sessions, make_engine
from records.models import AuditRow

ROOT = Path(__file__).resolve().parents[3]
THREADS, PROCESSES, EACH = 6, 3, 8
PROGRAM = """
import sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from records import audit
from records.actions import Action
from records.database import Sessions, make_engine
from records.keys import Keyring

sessions = Sessions(make_engine(sys.argv[1]), Keyring(Ed25519PrivateKey.generate()))
for number in range(int(sys.argv[2])):
    with sessions.write() as session:
        subject = ("installation", number, sys.argv[3])
        audit.record(session, Action.INSTALLATION_CREATE, actor=None, subject=subject)
"""


def test_the_chain_never_forks(database_url: str, keyring) -> None:
    engine = make_engine(database_url)
    sessions = Sessions(engine, keyring)

    def write(thread: int) -> None:
        for number in range(EACH):
            with sessions.write() as session:
                # reading first, as operations do, must not fix what the chain's end is
                session.scalar(select(func.count()).select_from(AuditRow))
                subject = ("installation", number, f"thread {thread}")
                audit.record(session, Action.INSTALLATION_CREATE, actor=None, subject=subject)

    others = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, database_url, str(EACH), f"process {number}"], cwd=ROOT
        )
        for number in range(PROCESSES)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    assert [other.wait(60) for other in others] == [0] * PROCESSES
    with sessions.read() as session:
        assert audit.verify(session) is None
        numbers = session.scalars(select(AuditRow.number).order_by(AuditRow.number)).all()
        assert list(numbers) == list(range(1, 1 + (THREADS + PROCESSES) * EACH))
        labels = session.execute(
            select(AuditRow.subject_label, func.count()).group_by(AuditRow.subject_label)
        )
        assert {count for _, count in labels} == {EACH}
    engine.dispose()
