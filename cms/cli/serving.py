"""``clearcopy serve`` and ``clearcopy worker``."""

from __future__ import annotations

import gc
import os

import click

from cms.settings import read_settings


@click.command()
def serve() -> None:
    """Serve the pages; a worker for background work runs beside them."""
    gc.disable()  # until everything is loaded: looking through it again and again costs 0.2 s
    from cms.serving import run

    run(read_settings())


@click.command()
@click.option("--once", is_flag=True, help="carry out what is due, then stop")
@click.option("--with-server", is_flag=True, hidden=True, help="end when standard input ends")
@click.option("--libraries", is_flag=True, hidden=True, help="compile what is missing, then stop")
def worker(*, once: bool, with_server: bool, libraries: bool) -> None:
    """Carry out background work; what a crash left behind is found here."""
    if libraries:
        from cms.cli import common
        from cms.readying import compile_missing

        os.nice(10)
        compile_missing(common.installation())
        return
    if once:
        from cms.cli import common
        from records import errands

        errands.run_waiting(common.installation().sessions)
        return
    from cms.working import work

    raise SystemExit(work(read_settings(), supervised=with_server))
