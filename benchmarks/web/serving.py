"""``clearcopy serve`` on a copy of the filled installation, and what its processes cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.web.visiting import cpu_seconds, family, private_mib


@dataclass(frozen=True)
class Server:
    """A server that answers: its address, its first process, seconds until its first page."""

    url: str
    root: int
    start: float

    def web(self) -> list[int]:
        """The processes that answer requests, gunicorn's first one among them."""
        return [each for each in family(self.root) if is_alive(each) and not is_worker(each)]

    def behind(self) -> list[int]:
        """The worker that carries out what requests leave behind."""
        return [each for each in family(self.root) if is_worker(each)]

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far: of the web processes, and of the worker."""
        return cpu_seconds(self.web()), cpu_seconds(self.behind())

    def memory(self) -> list[float]:
        """Private MiB of each process that answers requests, without gunicorn's first one."""
        return [private_mib(each) for each in self.web() if each != self.root]


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """A server on a free port, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = {"HOME": home, "PORT": port, "BASE_URL": url, "WORKERS": 2}
    environment = os.environ | {f"CLEARCOPY_{key}": str(value) for key, value in settings.items()}
    command = [sys.executable, "-m", "cms.cli", "serve"]
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
        yield Server(url, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_worker(process: int) -> bool:
    """Whether a process of the tree carries out background work."""
    return b"\0worker\0" in _command(process)


def is_alive(process: int) -> bool:
    """Whether a process has not ended; one that has may wait for its parent to notice."""
    return bool(_command(process))


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
