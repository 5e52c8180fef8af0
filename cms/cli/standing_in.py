"""``clearcopy deputy``: who signs what somebody holds while they are away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from cms.cli import common
from mlr import deputies
from mlr.deputies import Absence
from mlr.models import Deputy
from records import clock, people
from records.vocabulary import Discipline


@click.group()
def deputy() -> None:
    """Deputies of reviewers who are away: name, list, end."""


@deputy.command()
@click.argument("absent", metavar="EMAIL")
@click.argument("stand_in", metavar="DEPUTY")
@click.option("--discipline", type=common.words(Discipline), required=True)
@click.option("--first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="first day, UTC")
@click.option("--last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="last day, UTC")
@common.as_option
def name(
    absent: str, stand_in: str, discipline: str, first: datetime, last: datetime, email: str
) -> None:
    """Let DEPUTY sign what the reviewer EMAIL holds, from the first day to the last."""
    days = Absence(first.replace(tzinfo=UTC), last.replace(tzinfo=UTC) + timedelta(days=1))
    with common.acting(email) as (_, session, actor):
        row = deputies.name_deputy(
            session,
            people.by_email(session, absent),
            deputy=people.by_email(session, stand_in),
            discipline=Discipline(discipline),
            absence=days,
            actor=actor,
        )
        line = _line(_row(row))
    click.echo(line)


@deputy.command("list")
@common.format_option
def list_(form: str) -> None:
    """Everybody who is a deputy now or will be."""
    with common.installation().sessions.read() as session:
        rows = [_row(each) for each in deputies.listed(session, clock.now())]
    common.out(form, rows, "\n".join(map(_line, rows)) or "Nobody is a deputy.")


@deputy.command()
@click.argument("number", metavar="DEPUTY", type=int)
@common.as_option
def end(number: int, email: str) -> None:
    """Let somebody be deputy no longer, at once (the number of `deputy list`)."""
    with common.acting(email) as (_, session, actor):
        row = deputies.get_deputy(session, number)
        deputies.end_deputy(session, row, actor=actor)
        line = f"{row.deputy.name} no longer stands in for {row.absent.name}."
    click.echo(line)


def _row(row: Deputy) -> dict[str, Any]:
    return {
        "number": row.id,
        "absent": row.absent.name,
        "deputy": row.deputy.name,
        "discipline": row.discipline.value,
        "first": row.starts_at.date().isoformat(),
        "last": (row.ends_at - timedelta(seconds=1)).date().isoformat(),
    }


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['number']}: {row['deputy']} signs what {row['absent']} holds as "
        f"{row['discipline']}, {row['first']} to {row['last']}."
    )
