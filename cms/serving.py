"""Serving the pages with gunicorn, and a worker beside them that ends with the server.

Web workers are forked from one loaded application; the worker is a program of its own, because it
loads what web workers must never load (WeasyPrint) and uses threads.
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.orm import configure_mappers

from claims_library import detecting
from cms.app import create_app
from cms.compiled_templates import load_all
from cms.installation import open_installation
from cms.logging import ServerLog, configure
from cms.settings import Settings, UnsafeSettings

if TYPE_CHECKING:
    from records.queue import Queue

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 20
SHORT_LIFE = 10.0
LONGEST_PAUSE = 30.0
# what every web worker comes to need: loaded once, before they are forked
SHARED = ("modules.search_whoosh", "whoosh.codec.whoosh3", "records.queue")


class Helper:
    """The worker process: started, started again when it dies, ended with the server."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.pause = 0.0

    def keep(self, log: Any) -> None:
        """Start the worker unless it runs; one that dies at once is started less and less often."""
        if self.process is not None and self.process.poll() is None:
            return
        now = time.monotonic()
        if self.process is not None:
            if now < self.started + self.pause:
                return
            short = now - self.started < max(SHORT_LIFE, 2 * self.pause)
            self.pause = min(max(1.0, 2 * self.pause), LONGEST_PAUSE) if short else 0.0
            log.warning("The worker ended; another one is started.")
        self.started = now
        self._close()
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cms.cli", "worker", "--with-server"],
            stdin=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )

    def stop(self) -> None:
        """Let the worker finish the errand at hand and end."""
        self._close()

    def wait(self, log: Any, *, seconds: float) -> None:
        """Wait for its end; what takes too long is broken off, and done again next time."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("The worker did not end in time; its errand will be done again.")
            self.process.kill()
            self.process.wait()

    def forget(self) -> None:
        """In a forked web worker: let go of the worker's standard input."""
        self._close()
        self.process = None

    def _close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()


class Line:
    """The web workers' end of the queue: opened in each of them, after its first answers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.turn = threading.Lock()
        self.queue: Queue | None = None

    def hand_over(self, asked: Iterable[tuple[int, str]]) -> None:
        """See ``records.queue.Queue.hand_over``."""
        self.open().hand_over(asked)

    def under_way(self) -> set[int]:
        """See ``records.queue.Queue.under_way``."""
        return self.open().under_way()

    def open_soon(self) -> None:
        """Open it in a moment, so that the first who saves something need not wait for it."""
        timer = threading.Timer(1.0, self.open)
        timer.daemon = True
        timer.start()

    def open(self) -> Queue:
        """The queue, opened by whoever comes first."""
        from records.queue import open_queue

        with self.turn:
            if self.queue is None:
                self.queue = open_queue(self.settings.url, self.settings.home)
            return self.queue


class Keeper(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's arbiter, which also keeps the worker alive."""

    def __init__(self, app: Server) -> None:
        super().__init__(app)
        self.helper = app.helper
        self.rounds = 0

    def manage_workers(self) -> None:
        """Called every second and after every child's end."""
        super().manage_workers()
        self.rounds += 1
        if self.rounds > 1:  # first the pages; the worker's start is heavy
            self.helper.keep(self.log)

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """End the worker while the web workers finish their requests."""
        self.helper.stop()
        super().stop(graceful)
        self.helper.wait(self.log, seconds=GRACE_SECONDS if graceful else 2.0)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told everything by the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.helper = Helper()
        self.line = Line(settings)
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": 4,
            "keepalive": 75,
            "preload_app": True,
            "graceful_timeout": GRACE_SECONDS,
            "control_socket_disable": True,
            "logger_class": ServerLog,
            "post_worker_init": lambda _worker: self.line.open_soon(),
            "when_ready": lambda _arbiter: self.say(),
            "post_fork": lambda _arbiter, _worker: self.helper.forget(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        place = open_installation(self.settings)
        place.sessions.messenger = self.line
        app = create_app(place)
        load_all(app.jinja_env)
        configure_mappers()
        detecting.prepare()
        for name in SHARED:
            importlib.import_module(name)
        # connections are not shared across the fork: each worker opens its own
        place.engine.dispose()
        gc.collect()
        gc.freeze()  # what is there now stays in pages that all workers share
        gc.enable()
        return app

    def say(self) -> None:
        """Tell whoever started it where the pages are, once they are."""
        sys.stdout.write(f"Serving on http://{self.settings.host}:{self.settings.port}\n")
        sys.stdout.flush()

    def run(self) -> None:
        """Serve until stopped."""
        Keeper(self).run()


def run(settings: Settings) -> None:
    """Serve until stopped."""
    _ask_for_address(settings)
    configure(settings)
    Server(settings).run()


def _ask_for_address(settings: Settings) -> None:
    """Refuse an address that cannot be had, before anything is loaded; gunicorn asks for long."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as asking:
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            asking.bind(address)
    except OSError as error:
        sentence = f"Nothing can be served on {settings.host}, port {settings.port}"
        advice = "CLEARCOPY_HOST and CLEARCOPY_PORT name another address"
        raise UnsafeSettings(f"{sentence}: {error.strerror}. {advice}.") from None
