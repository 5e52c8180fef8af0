"""What people do with a run: start, pause, resume, cancel."""

from __future__ import annotations

import itertools

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from exports.bulk import chunks, planning, reviewing
from exports.bulk.models import BulkDocument, BulkRun, DocumentState, RunState
from exports.bulk.wishes import Wish
from mlr import engine
from mlr.models import JobState, ReviewJob
from records import audit, clock
from records.actions import Action
from records.errors import NotFound, Objection, Stale, refuse
from records.models import AuditRow, Person

_NUMBERS = 0x42554C4B  # any constant: the lock under which runs are numbered


def start(
    session: Session, wish: Wish, *, actor: Person, request_key: str, seen: str = ""
) -> BulkRun:
    """Write a run down with all its documents and have it assembled in the background.

    The same ``request_key`` gives the run it gave before. What cannot be made is refused in its
    row with the reason. ``seen`` is of the plan that somebody looked at (``Plan.digest``).

    Raises:
        Refused: nothing at all can be made.
        Stale: the plan has become another since it was looked at.
    """
    planning.require(actor)
    known = session.scalar(select(BulkRun).where(BulkRun.request_key == request_key))
    if known is not None:
        return known
    plan = planning.plan(session, wish, actor=actor)
    if not plan.wanted:
        reasons = list(dict.fromkeys(each.refusal for each in plan.refused))
        more = f" {reasons[0]}" if reasons else " No account fits the filter."
        refuse([Objection("nothing-to-make", f"Nothing can be made.{more}")])
    if seen not in ("", plan.digest):
        raise Stale("Accounts or content have changed since you looked. Nothing was started.")
    run = BulkRun(
        code=_next_code(session),
        product_id=plan.product_id,
        wish=wish.to_json(),
        request_key=request_key,
        created_by_id=actor.id,
        created_at=clock.now(),
    )
    session.add(run)
    session.flush()
    _write(session, run, plan)
    after = {**wish.to_json(), "documents": len(plan.wanted), "refused": len(plan.refused)}
    audit.record(session, Action.BULK_START, actor=actor, subject=run.subject, after=after)
    chunks.ask(session, run)
    return run


def _write(session: Session, run: BulkRun, plan: planning.Plan) -> None:
    numbers = {group: number for number, group in enumerate(plan.groups)}
    places = itertools.count(1)
    session.execute(
        insert(BulkDocument),
        [
            {
                "run_id": run.id,
                "place": next(places),
                "composition": numbers.get(each.group, -1),
                "account_id": each.account.id,
                "role": each.role,
                "holder_id": each.holder_id,
                "state": DocumentState.REFUSED if each.refusal else DocumentState.PLANNED,
                "reason": each.refusal[:2000],
            }
            for each in (*plan.wanted, *plan.refused)
        ],
    )


def _next_code(session: Session) -> str:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_NUMBERS)))
    return f"BULK-{1 + (session.scalar(select(func.max(BulkRun.id))) or 0):04d}"


def get(session: Session, code: str) -> BulkRun:
    """The run of a code, or ``NotFound``."""
    run = session.scalar(select(BulkRun).where(BulkRun.code == code))
    if run is None:
        raise NotFound(f"There is no bulk run {code}.")
    return run


def pause(session: Session, run: BulkRun, *, actor: Person) -> None:
    """Let no further chunk begin; what is being made is finished."""
    planning.require(actor)
    run = chunks.locked(session, run.id)
    if not run.paused and run.state in (RunState.ASSEMBLING, RunState.ISSUING):
        run.paused = True
        audit.record(session, Action.BULK_PAUSE, actor=actor, subject=run.subject)


def halt(session: Session, run_id: int, *, reason: str) -> None:
    """Pause a run by the program itself, because a part of it fails again and again."""
    run = chunks.locked(session, run_id)
    if not run.paused and run.state in (RunState.ASSEMBLING, RunState.ISSUING):
        run.paused = True
        audit.record(
            session, Action.BULK_PAUSE, actor=None, subject=run.subject, reason=reason[:500]
        )


def halted_because(session: Session, run: BulkRun) -> str:
    """Why the program itself paused a run; empty when a person did, or it is not paused."""
    if not run.paused:
        return ""
    row = session.scalar(
        select(AuditRow)
        .where(
            AuditRow.subject_kind == BulkRun.KIND,
            AuditRow.subject_id == run.id,
            AuditRow.action == Action.BULK_PAUSE,
        )
        .order_by(AuditRow.number.desc())
        .limit(1)
    )
    return row.reason if row is not None and row.actor_id is None else ""


def resume(session: Session, run: BulkRun, *, actor: Person) -> int:
    """Go on where a run was paused or broke off; returns how many chunks were asked for."""
    planning.require(actor)
    run = chunks.locked(session, run.id)
    if run.paused:
        run.paused = False
        audit.record(session, Action.BULK_RESUME, actor=actor, subject=run.subject)
    session.flush()
    return chunks.ask(session, run)


def cancel(session: Session, run: BulkRun, *, actor: Person, reason: str) -> None:
    """Give up what is not issued; copies that have a number are still finished."""
    planning.require(actor)
    run = chunks.locked(session, run.id)
    if run.state in (RunState.DONE, RunState.CANCELLED):
        refuse([Objection("ended", f"{run.code} has ended.", run.code)])
    if run.state is RunState.WAITING and run.job_id is not None:
        job = session.get_one(ReviewJob, run.job_id)
        engine.close(session, job, JobState.RECALLED, actor=actor, reason=reason)
    reviewing.end(session, run, reason=reason or "The run was cancelled.")
    audit.record(session, Action.BULK_CANCEL, actor=actor, subject=run.subject, reason=reason)
