"""``clearcopy review``: submit versions and sign verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.cli import common
from cms.kinds import CYCLES, KINDS, approved, latest
from mlr import holding, queries
from mlr.models import ReviewTask, Verdict
from mlr.policy import disciplines_of
from records import people, roles
from records.actions import Action
from records.errors import NotFound, Refused
from records.lifecycle import VersionState
from records.models import Person
from records.passwords import WrongPassword
from records.roles import Permission


@click.group()
def review() -> None:
    """Medical, legal and regulatory review."""


@review.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("code")
@common.as_option
@click.option("--note", default="")
def submit(kind: str, code: str, email: str, note: str) -> None:
    """Submit the latest draft of CODE, or of `all` that are drafts."""
    with common.acting(email) as (_, session, actor):
        roles.require(actor, Permission.SUBMIT)  # also where nothing waits to be submitted
        versions = _drafts(session, kind) if code == "all" else [latest(session, kind, code)]
        with common.progress(versions, "Submitting") as progress:
            for version in progress:
                KINDS[kind][1].submit(session, version, actor=actor, note=note)
    click.echo(f"{len(versions)} {kind}{'s' if len(versions) != 1 else ''} submitted.")


def _drafts(session: Session, kind: str) -> list[Any]:
    table, cycle = KINDS[kind]
    open_states = (VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    return list(
        session.scalars(
            select(cycle.model)
            .join(table, table.latest_id == cycle.model.id)
            .where(cycle.model.state.in_(open_states))
            .order_by(table.code)
        )
    )


@review.command("list")
@common.as_option
@common.format_option
def list_(email: str, form: str) -> None:
    """What waits for this reviewer's signature, with the number of each task."""
    with common.installation().sessions.read() as session:
        person = common.actor(session, email)
        rows = [_row(each) for each in _waiting(session, person)]
    lines = [
        f"{row['task']}: {row['of']}, {row['discipline']}, held by {row['holder'] or 'nobody'}"
        for row in rows
    ]
    common.out(form, rows, "\n".join(lines) or "Nothing waits.")


def _row(task: ReviewTask) -> dict[str, Any]:
    return {
        "task": task.id,
        "kind": task.job.subject_kind,
        "of": task.job.subject_label,
        "discipline": task.discipline.value,
        "holder": task.holder.email if task.holder else None,
        "due_at": task.job.due_at.isoformat(),
    }


@review.command()
@click.argument("task")
@common.as_option
@click.option("--verdict", type=common.words(Verdict), required=True)
@click.option("--comment", default="")
def sign(task: str, email: str, verdict: str, comment: str) -> None:
    """Sign the verdict on TASK (its number), or on `all` that wait for this person."""
    secret = common.password()
    with counting(email), common.acting(email) as (_, session, actor):
        tasks = _waiting(session, actor) if task == "all" else [_task(session, task)]
        with common.progress(tasks, "Signing") as progress:
            for each in progress:
                CYCLES[each.job.subject_kind].decide(
                    session,
                    each,
                    actor=actor,
                    verdict=Verdict(verdict),
                    comment=comment,
                    password=secret,
                )
    click.echo(f"{len(tasks)} signed: {verdict}.")


@review.command()
@click.argument("task")
@click.option("--to", "holder", metavar="EMAIL", help="who holds it now; nobody when left out")
@common.as_option
@click.option("--reason", default="", help="kept in the trail")
def give(task: str, holder: str | None, email: str, reason: str) -> None:
    """Put TASK (its number) into somebody's hands: one's own, or anybody's for who leads."""
    with common.acting(email) as (_, session, actor):
        found = _task(session, task)
        receiver = people.by_email(session, holder) if holder else None
        holding.give(session, found, receiver, actor=actor, reason=reason)
        whose = f"is held by {receiver.name}" if receiver else "is nobody's"
        line = f"The {found.discipline} part of {found.job.subject_label} {whose}."
    click.echo(line)


@review.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("code")
@common.as_option
@click.option("--reason", default="", help="kept in the trail")
def recall(kind: str, code: str, email: str, reason: str) -> None:
    """Take the version of CODE that is in review back; it is a draft again."""
    with common.acting(email) as (_, session, actor):
        version = latest(session, kind, code)
        KINDS[kind][1].recall(session, version, actor=actor, reason=reason)
        label = version.label
    click.echo(f"{label} is a draft again.")


@review.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("code")
@common.as_option
@click.option("--reason", required=True, help="kept in the trail")
def withdraw(kind: str, code: str, email: str, reason: str) -> None:
    """Withdraw the approved version of CODE at once; this is signed."""
    secret = common.password()
    with counting(email), common.acting(email) as (_, session, actor):
        version = approved(session, kind, code)
        KINDS[kind][1].withdraw(session, version, actor=actor, reason=reason, password=secret)
        label = version.label
    click.echo(f"{label} is withdrawn. Nothing of it may be shown or handed over.")


@contextmanager
def counting(email: str) -> Iterator[None]:
    """A wrong password is counted in a transaction of its own, as the first one is lost."""
    try:
        yield
    except WrongPassword:
        with common.installation().sessions.write() as session:
            people.record_failure(session, email, action=Action.SIGNATURE_FAILED)
        raise


def _task(session: Session, number: str) -> ReviewTask:
    task = session.get(ReviewTask, int(number)) if number.isdecimal() else None
    if task is None:
        raise NotFound(f"There is no review task {number}.")
    return task


def _waiting(session: Session, person: Person) -> list[ReviewTask]:
    """What waits for this person: claims first, then what rests on them."""
    if not disciplines_of(person):
        raise Refused([], intro=f"{person.name} reviews in no discipline.")
    order = list(CYCLES)
    shown = queries.waiting(session, person, limit=queries.ALL)
    # a batch is signed by `clearcopy bulk sign`
    tasks = [each.task for each in shown if each.job.subject_kind in CYCLES]
    return sorted(tasks, key=lambda each: (order.index(each.job.subject_kind), each.id))
