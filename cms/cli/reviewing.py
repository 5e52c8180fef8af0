"""``clearcopy review``: submit versions and sign verdicts."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.cli import common
from cms.kinds import CYCLES, KINDS, latest
from mlr.engine import PERMISSION
from mlr.models import ReviewJob, ReviewTask, Verdict
from records import people
from records.actions import Action
from records.errors import NotFound, Refused
from records.lifecycle import VersionState
from records.models import Person
from records.passwords import WrongPassword
from records.roles import may


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
        versions = _drafts(session, kind) if code == "all" else [latest(session, kind, code)]
        with click.progressbar(versions, label="Submitting", file=_terminal()) as progress:
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


@review.command()
@click.argument("task")
@common.as_option
@click.option("--verdict", type=common.words(Verdict), required=True)
@click.option("--comment", default="")
def sign(task: str, email: str, verdict: str, comment: str) -> None:
    """Sign the verdict on TASK (its number), or on `all` that wait for this person."""
    secret = common.password()
    try:
        with common.acting(email) as (_, session, actor):
            tasks = _waiting(session, actor) if task == "all" else [_task(session, task)]
            with click.progressbar(tasks, label="Signing", file=_terminal()) as progress:
                for each in progress:
                    CYCLES[each.job.subject_kind].decide(
                        session,
                        each,
                        actor=actor,
                        verdict=Verdict(verdict),
                        comment=comment,
                        password=secret,
                    )
    except WrongPassword:
        with common.installation().sessions.write() as session:
            people.record_failure(session, email, action=Action.SIGNATURE_FAILED)
        raise
    click.echo(f"{len(tasks)} signed: {verdict}.")


def _task(session: Session, number: str) -> ReviewTask:
    task = session.get(ReviewTask, int(number)) if number.isdecimal() else None
    if task is None:
        raise NotFound(f"There is no review task {number}.")
    return task


def _waiting(session: Session, person: Person) -> list[ReviewTask]:
    """Tasks this person may decide: claims first, then templates, modules, materials, as each
    depends on the ones before.
    """
    disciplines = [part for part, permission in PERMISSION.items() if may(person, permission)]
    if not disciplines:
        raise Refused([], intro=f"{person.name} reviews in no discipline.")
    tasks = session.scalars(
        select(ReviewTask)
        .join(ReviewJob)
        .where(ReviewTask.open, ReviewTask.discipline.in_(disciplines))
        .where(ReviewJob.author_id != person.id, ReviewJob.opened_by_id != person.id)
        .order_by(ReviewTask.id)
    ).all()
    order = list(CYCLES)
    seen: set[int] = set()
    found = []
    for task in sorted(tasks, key=lambda each: (order.index(each.job.subject_kind), each.id)):
        decided = {part.decided_by_id for part in task.job.tasks}
        if task.job_id not in seen and person.id not in decided:
            seen.add(task.job_id)
            found.append(task)
    return found


def _terminal() -> Any:
    import sys

    return sys.stderr
