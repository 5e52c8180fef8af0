"""A real server on a copy of the demonstration, and a real browser that drives it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cms import demo
from records.roles import StaffRole
from tests.pages.conftest import demonstration_home

__all__ = ["demonstration_home"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]


@dataclass
class House:
    """One running installation."""

    home: Path
    url: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's browser."""
    named = os.environ.get("CLEARCOPY_BROWSER")
    path = named or next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("NO BROWSER: `python3 tools/setup.py --browser` installs one; nothing tested")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`clearcopy serve` on a copy of the demonstration, on a free port."""
    home = tmp_path_factory.mktemp("house") / "home"
    shutil.copytree(demonstration_home, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = {"HOME": str(home), "PORT": str(port), "BASE_URL": url, "WORKERS": "1"}
    environment = os.environ | {f"CLEARCOPY_{name}": value for name, value in settings.items()}
    command = [str(Path(sys.executable).with_name("clearcopy")), "serve"]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(url, process, home / "serve.log")
            yield House(home, url)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/sign-in", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def enter(chromium: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """``enter(StaffRole.WRITER)``: a window of its own in which somebody has signed in."""
    opened: list[BrowserContext] = []
    problems: list[str] = []
    troupe = demo.cast()

    def sign_in(
        role: StaffRole,
        *,
        nth: int = 0,
        width: int = 1440,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
    ) -> Page:
        context = chromium.new_context(
            base_url=house.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            timezone_id="America/New_York",
            accept_downloads=True,
        )
        context.set_default_timeout(8000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        email = [each["email"] for each in troupe.people if role.value in each["roles"]][nth]
        page.goto("/sign-in")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", troupe.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    yield sign_in
    for context in opened:
        context.close()
    assert problems == [], "the pages' scripts failed or broke the content policy"
