"""Pictures of the previews, taken by Chromium through a throw-away local server."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = {1440: 900, 1024: 768, 390: 844}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """With the policy of the house, so that what it would block is seen here."""
        self.send_header("Content-Security-Policy", "default-src 'self'; object-src 'none'")
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on a free port; yields the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def take(folder: Path, names: list[str], *, dark: bool = False, script: bool = True) -> list[str]:
    """Take each page at each width into ``folder``; returns what the browser complained about."""
    complaints: list[str] = []
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        for width, height in WIDTHS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                java_script_enabled=script,
            )
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            for name in names:
                page.goto(f"{address}/{name}.html")
                page.wait_for_timeout(150)
                wide = page.evaluate("document.documentElement.scrollWidth") if script else width
                if wide > width:
                    complaints.append(f"{name} at {width}: {wide} pixels wide")
                suffix = "-dark" if dark else ""
                target = folder / f"{name}{suffix}-{width}.png"
                page.screenshot(path=target, full_page=True)
            context.close()
        browser.close()
    return sorted(set(complaints))
