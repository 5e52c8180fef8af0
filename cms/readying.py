"""Claims libraries compiled before anybody waits for them, in a process that ends when it is done.

Ten thousand claims take five seconds to judge and compile, and every day anew, because a day may
begin or end what is approved. Whoever opens the first text of the day would wait for that, in a web
process that stayed as large as it had become.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date

from cms.installation import Installation
from modules.claim_checks import compile_library, to_be_compiled
from records import clock

# after a start people come first
PAUSE_SECONDS = 2.0


class Readying:
    """Looks once a day, and after each start, whether a library is missing."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.begin = time.monotonic() + PAUSE_SECONDS
        self.day: date | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start a process that compiles what is missing, unless one is at it."""
        if self.process is not None and self.process.poll() is None:
            return
        now = clock.now()
        if self.day == now.date() or time.monotonic() < self.begin:
            return
        with self.place.sessions.read() as session:
            missing = bool(to_be_compiled(session, at=now))
        self.day = now.date()
        if missing:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cms.cli", "worker", "--libraries"],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )

    def stop(self) -> None:
        """Break it off; what it has finished is kept, the rest is made when it is asked for."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def compile_missing(place: Installation) -> int:
    """Compile every library that is missing; returns how many."""
    now = clock.now()
    with place.sessions.read() as session:
        missing = to_be_compiled(session, at=now)
        for wanted in missing:
            compile_library(session, wanted, at=now)
            session.expunge_all()
    return len(missing)
