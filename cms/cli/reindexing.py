"""``clearcopy reindex``: build the search index anew from the database."""

from __future__ import annotations

import sys

import click

from cms.cli import common
from modules import jobs, search_texts


@click.command()
def reindex() -> None:
    """Build the search index anew; cures whatever is wrong with it.

    Searching and working go on meanwhile, on the former index.
    """
    place = common.installation()
    with place.sessions.read() as session:
        total = search_texts.count(session)
    unseen = total == 0 or not sys.stderr.isatty()
    with click.progressbar(length=total, label="Indexing", file=sys.stderr, hidden=unseen) as bar:
        done = jobs.reindex_all(place.sessions, each=lambda: bar.update(1))
    click.echo(f"The search index holds {done or 0} texts of modules.")
