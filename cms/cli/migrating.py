"""``clearcopy migrate``."""

from __future__ import annotations

import click

from cms.settings import read_settings
from records import keys, migrating, queue
from records.database import make_engine


@click.command()
def migrate() -> None:
    """Bring the database to the revision this program needs; back it up first."""
    settings = read_settings()
    keys.load(settings.home / "keys")
    engine = make_engine(settings.url)
    try:
        migrating.check(engine)
        click.echo(f"The database is at revision {migrating.head()}; nothing was to do.")
    except migrating.OtherRevision:
        former = migrating.upgrade(engine)
        click.echo(f"The database went from revision {former} to {migrating.head()}.")
    queue.install(settings.url)
    engine.dispose()
