"""``clearcopy serve`` and ``clearcopy worker``."""

from __future__ import annotations

import time

import click

from cms.cli import common
from cms.settings import read_settings
from records import errands

PAUSE_SECONDS = 2.0


@click.command()
def serve() -> None:
    """Serve the pages."""
    from cms.serving import run

    settings = read_settings()
    click.echo(f"Serving on http://{settings.host}:{settings.port}")
    run(settings)


@click.command()
@click.option("--once", is_flag=True, help="carry out what waits, then stop")
def worker(*, once: bool) -> None:
    """Carry out background work; what a crash left behind is found here."""
    place = common.installation()
    while True:
        errands.run_waiting(place.sessions)
        if once:
            return
        time.sleep(PAUSE_SECONDS)
