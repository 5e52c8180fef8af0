"""Serving the pages with gunicorn: workers made once from one loaded application."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from cms.app import create_app
from cms.installation import open_installation
from cms.settings import Settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, told everything by the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": 4,
            "keepalive": 75,
            "preload_app": True,
            "graceful_timeout": 20,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        place = open_installation(self.settings)
        app = create_app(place)
        # connections are not shared across the fork: each worker opens its own
        place.engine.dispose()
        return app


def run(settings: Settings) -> None:
    """Serve until stopped."""
    Server(settings).run()
