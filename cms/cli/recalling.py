"""``clearcopy recall``: call copies back, follow them, end a recall."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from cms.cli import common
from cms.kinds import numbered
from exports.models import CopyState
from exports.recalls import operations, queries, reminding
from exports.recalls.models import Recall, RecalledCopy

ENDS = {"destroyed": CopyState.DESTROYED, "lost": CopyState.LOST}


@click.group()
def recall() -> None:
    """Copies called back: open, list, show, say what became of one, close."""


@recall.command("open")
@click.argument("material")
@click.argument("number", metavar="VERSION")
@click.option("--reason", required=True, help="why; every holder reads it")
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d"]), help="accounted for by")
@click.option("--instead", default="", help="what to use instead")
@common.as_option
@common.format_option
def open_(
    material: str, number: str, reason: str, due: datetime, instead: str, email: str, form: str
) -> None:
    """Call every copy of a version back that may not be handed over any more."""
    with common.acting(email) as (_, session, actor):
        opened = operations.open_recall(
            session,
            numbered(session, "material", material, number),
            actor=actor,
            reason=reason,
            due_on=due.date(),
            instead=instead,
            request_key=secrets.token_hex(16),
        )
        row = _row(opened, queries.progress_of(session, [opened])[opened.id])
    common.out(form, row, _line(row))


def _row(found: Recall, progress: queries.Progress) -> dict[str, Any]:
    return {
        "recall": found.id,
        "of": found.material_version.label,
        "due_on": found.due_on.isoformat(),
        "closed": found.closed_at is not None,
        "total": progress.total,
        "left": progress.left,
        "not_read": progress.recalled,
        "destroyed": progress.destroyed,
        "lost": progress.lost,
    }


def _line(row: dict[str, Any]) -> str:
    stands = "ended" if row["closed"] else f"due {row['due_on']}"
    return (
        f"Recall {row['recall']} of {row['of']}, {stands}: {row['total'] - row['left']} of "
        f"{row['total']} accounted for, {row['lost']} lost, {row['not_read']} not read."
    )


@recall.command("list")
@click.option("--closed", is_flag=True, help="those that ended")
@common.format_option
def list_(closed: bool, form: str) -> None:  # noqa: FBT001 - an option
    """Open recalls, the earliest due first."""
    with common.installation().sessions.read() as session:
        found = queries.listed(session, closed=closed, limit=1000)
        progress = queries.progress_of(session, found)
        rows = [_row(each, progress[each.id]) for each in found]
    common.out(form, rows, "\n".join(map(_line, rows)) or "There is no such recall.")


@recall.command()
@click.argument("number", metavar="RECALL", type=int)
@common.format_option
def show(number: int, form: str) -> None:
    """Every copy of a recall, its holder and what became of it; the missing ones first."""
    with common.installation().sessions.read() as session:
        found = queries.get(session, number)
        row = _row(found, queries.progress_of(session, [found])[found.id])
        copies = queries.called_back(session, found, limit=row["total"])
        row |= {"reason": found.reason, "instead": found.instead}
        row["copies"] = [_copy(each) for each in copies]
        row["holders"] = [
            {**asdict(each), "last_at": each.last_at.isoformat() if each.last_at else None}
            for each in queries.by_holder(session, found)
        ]
    lines = [
        f"Copy {c['copy']:04d}, {c['holder']}: {c['state']} {c['comment']}".rstrip()
        for c in row["copies"]
    ]
    common.out(form, row, "\n".join([_line(row), row["reason"], *lines]))


def _copy(called: RecalledCopy) -> dict[str, Any]:
    return {
        "copy": called.copy_number,
        "holder": called.copy.holder.email,
        "state": called.copy.state.value,
        "comment": called.comment,
    }


@recall.command()
@click.argument("copy", type=int)
@click.option("--end", required=True, type=click.Choice(list(ENDS)))
@click.option("--comment", default="", help="what is known of it")
@common.as_option
def account(copy: int, end: str, comment: str, email: str) -> None:
    """Say what became of one copy: as its holder, or for one who does not answer."""
    with common.acting(email) as (_, session, actor):
        operations.account_for(session, copy, actor=actor, end=ENDS[end], comment=comment)
    click.echo(f"Copy {copy:04d} is recorded as {end}.")


@recall.command()
@click.argument("number", metavar="RECALL", type=int)
@common.as_option
def remind(number: int, email: str) -> None:
    """Tell the holders again whose copies are not accounted for; once a day."""
    with common.acting(email) as (_, session, actor):
        told = reminding.remind(session, queries.get(session, number), actor=actor)
    click.echo(f"{told} reminded.")


@recall.command()
@click.argument("number", metavar="RECALL", type=int)
@common.as_option
def close(number: int, email: str) -> None:
    """End a recall whose copies are all accounted for."""
    with common.acting(email) as (_, session, actor):
        operations.close(session, queries.get(session, number), actor=actor)
    click.echo(f"Recall {number} has ended.")
