"""The worker: Huey's consumer over the outbox, with a sweep, warm fonts and a clean end.

One thread carries out errands one after the other; a second hands over what is due and not in the
queue. SIGTERM and SIGINT let the errand at hand finish. Under ``serve`` it ends with the server,
however that ends: the server holds the other end of its standard input.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from huey.consumer import Consumer, Scheduler, Worker
from sqlalchemy.exc import DBAPIError

from cms.installation import Installation, open_installation
from cms.logging import configure
from cms.readying import Readying
from cms.settings import Settings
from records import errands

SWEEP_SECONDS = 2
LONGEST_PAUSE = 30.0
# WeasyPrint keeps about 0.1 MB of every document; a new process costs three seconds
ERRANDS_OF_A_LIFE = 1000
_LOG = logging.getLogger("clearcopy.worker")


class Sweep(Scheduler):  # type: ignore[misc]  # Huey has no types
    """In the place of Huey's scheduler: the outbox is the schedule."""

    def __init__(self, place: Installation, huey: Any, stop_flag: Any) -> None:
        super().__init__(huey, stop_flag, interval=SWEEP_SECONDS, periodic=False)
        self.place = place
        self.queue = place.sessions.messenger
        self.pause = float(SWEEP_SECONDS)
        self.readying = Readying(place)

    def loop(self, now: object = None) -> None:
        """One look at the outbox; a database that is away is asked again, less and less often."""
        try:
            sweep(self.place)
            self.readying.look()
            self.pause = float(SWEEP_SECONDS)
        except Exception as error:  # noqa: BLE001 - the sweep must outlive whatever happens
            _LOG.warning("the outbox cannot be read", extra={"error": type(error).__name__})
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.stop_flag.wait(self.pause)


class Hand(Worker):  # type: ignore[misc]
    """Huey's worker, which warms up the printing press before its first errand."""

    def initialize(self) -> None:
        super().initialize()
        warm()


class Carrier(Consumer):  # type: ignore[misc]
    """Huey's consumer with our sweep, and an end that both signals make graceful."""

    worker_class = Hand

    def __init__(self, place: Installation, huey: Any) -> None:
        self.place = place
        self.worn_out = False
        super().__init__(
            huey,
            workers=1,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.25,
            max_tasks=ERRANDS_OF_A_LIFE,
            health_check_interval=1,
            graceful_signal="TERM",
        )
        self._signal_actions = dict.fromkeys((signal.SIGTERM, signal.SIGINT), (False, True))

    def _create_scheduler(self) -> Sweep:
        made = Sweep(self.place, self.huey, self.stop_flag)
        self.readying = made.readying
        return made

    def check_worker_health(self) -> bool:
        """A worker that has done its many errands ends the process, whose memory grew."""
        if any(not self.environment.is_alive(thread) for _, thread in self.worker_threads):
            self.worn_out = True
            self.stop(graceful=True)
        return True


def sweep(place: Installation) -> int:
    """Hand over what is due and not under way; returns how many errands that were."""
    queue = place.sessions.messenger
    errands.bury_lost(place.sessions)
    with place.sessions.read() as session:
        due = errands.waiting(session)
    if due and queue is not None:
        under_way = queue.under_way()
        due = [(number, job) for number, job in due if number not in under_way]
        queue.hand_over(due)
    return len(due)


def warm() -> None:
    """Load the printing press and its fonts, so that the first copy takes no longer than others."""
    from exports import engine
    from exports.engine import RenderingUnavailable

    try:
        engine.engine()
    except RenderingUnavailable as problem:
        _LOG.error("nothing can be printed on this machine: %s", problem)


def work(settings: Settings, *, supervised: bool = False) -> int:
    """Carry out errands until told to stop; the exit status."""
    configure(settings)
    if supervised:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
        threading.Thread(target=_end_with_server, daemon=True, name="server").start()
    with _alone(settings):
        place = _open(settings)
        queue = place.queue(carry_out=lambda number: errands.run(place.sessions, number))
        place.sessions.messenger = queue
        if place.engine.dialect.name == "sqlite":
            with place.sessions.write() as session:
                errands.release_all(session)
        carrier = Carrier(place, queue.huey)
        if supervised:
            carrier._signal_actions.pop(signal.SIGINT)  # noqa: SLF001 - our own subclass
        _LOG.info("the worker is there")
        carrier.run()
        carrier.readying.stop()
        queue.close()
        place.engine.dispose()
    _LOG.info("the worker has finished")
    if carrier.worn_out and not supervised:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
    return 0


def _open(settings: Settings) -> Installation:
    """The installation, as soon as its database answers."""
    pause = 1.0
    while True:
        try:
            return open_installation(settings)
        except DBAPIError as error:
            _LOG.warning("the database does not answer", extra={"error": type(error).__name__})
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """On an embedded database one worker works; another waits until the lock is free."""
    if not settings.url.startswith("sqlite"):
        yield
        return
    with (settings.home / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _LOG.warning("another worker is at work here; waiting until it ends")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end_with_server() -> None:
    """Wait for the end of standard input: the server is gone, whatever became of it."""
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
