"""Somebody at a browser: one persistent connection, cookies, forms; and what a server costs."""

from __future__ import annotations

import http.client
import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from lxml import html

TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"|X-CSRFToken": "([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """One answer and how long it took until its last byte, in seconds."""

    status: int
    body: bytes
    location: str
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Visitor:
    """A person signed in over one keep-alive connection."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        *,
        part: str = "",
        data: str = "",
    ) -> Answer:
        """One exchange; ``part`` names the htmx target for a part of a page, ``data`` is JSON."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if part:
            headers |= {"HX-Request": "true", "HX-Target": part}
        body = None
        if method == "POST":
            form = "application/x-www-form-urlencoded"
            headers |= {"Content-Type": "application/json" if data else form}
            headers |= {"X-CSRFToken": self.token}
            body = data or urlencode(list(dict(fields).items()))
        started = time.perf_counter()
        status, data, answered = self._exchange(method, path, body, headers)
        seconds = time.perf_counter() - started
        for name, value in answered:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        location = next((value for name, value in answered if name.lower() == "location"), "")
        return Answer(status, data, location, seconds)

    def _exchange(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes, list[tuple[str, str]]]:
        for again in (True, False):
            try:
                if self._connection is None:
                    self._connection = http.client.HTTPConnection(urlsplit(self.base).netloc)
                self._connection.request(method, path, body, dict(headers))
                response = self._connection.getresponse()
                return response.status, response.read(), response.getheaders()
            except (http.client.RemoteDisconnected, ConnectionError):
                self._connection = None
                if not again:
                    raise
        raise AssertionError

    def sign_in(self, email: str, password: str) -> Visitor:
        """Sign in and keep the token of the pages."""
        self.token = _token(self.ask("GET", "/sign-in").text)
        answer = self.ask("POST", "/sign-in", {"email": email, "password": password})
        if answer.status not in (302, 303):
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        self.token = _token(self.ask("GET", "/profile").text)
        return self

    def form(self, path: str, action: str) -> dict[str, str]:
        """The fields of the form on a page whose address contains ``action``."""
        return self.form_and_address(path, action)[1]

    def form_and_address(self, path: str, action: str) -> tuple[str, dict[str, str]]:
        """Where a form of a page goes, and its fields."""
        page = html.fromstring(self.ask("GET", path).text)
        for each in page.forms:
            if action in (each.action or ""):
                return each.action, {name: value or "" for name, value in each.form_values()}
        raise LookupError(f"{path} has no form to {action}")


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if not found:
        raise LookupError("the page has no CSRF token")
    return found[1] or found[2]


def family(root: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for name in (each.name for each in Path("/proc").iterdir() if each.name.isdigit()):
        fields = _stat(int(name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def cpu_seconds(processes: Iterable[int]) -> float:
    """User and system time of processes, and of children they have waited for."""
    return sum(sum(map(int, _stat(each)[11:15])) for each in processes if _stat(each)) / TICKS


def private_mib(process: int) -> float:
    """Memory that belongs to one process alone."""
    total = 0
    with Path(f"/proc/{process}/smaps_rollup").open(encoding="ascii") as file:
        for line in file:
            if line.startswith(("Private_Clean", "Private_Dirty")):
                total += int(line.split()[1])
    return total / 1024


def _stat(process: int) -> list[str]:
    try:
        with Path(f"/proc/{process}/stat").open(encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()
