"""Reading reviews: what waits for somebody, what is open at all, what was said before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select, text, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from mlr.deputies import standing
from mlr.models import (
    Annotation,
    AnnotationKind,
    AnnotationReply,
    Deputy,
    JobState,
    ReviewJob,
    ReviewTask,
)
from mlr.policy import disciplines_of
from records import clock
from records.models import Person, Signature
from records.people import NAME_ONLY
from records.vocabulary import Discipline

# what a command works through at once, more than anybody has waiting
ALL = 10_000


class Show(StrEnum):
    """Which reviews a list is about."""

    MINE = "mine"
    OPEN = "open"
    SUBMITTED = "submitted"
    DECIDED = "decided"


@dataclass(frozen=True)
class Shown:
    """One row of a list: a job and the part of it the reader would open."""

    job: ReviewJob
    task: ReviewTask


def count_waiting(session: Session, person: Person) -> int:
    """How many reviews wait for this person's signature."""
    return count(session, person, Show.MINE)


def count_late(session: Session, person: Person, at: datetime) -> int:
    """How many of those should have been signed by now."""
    late = select(func.count()).where(*_conditions(person, Show.MINE), ReviewJob.due_at < at)
    return session.scalar(late.select_from(ReviewJob)) or 0


def count(session: Session, person: Person, show: Show) -> int:
    """How long a list would be."""
    if show is Show.DECIDED:
        query = select(func.count()).where(ReviewTask.decided_by_id == person.id)
    else:
        query = select(func.count(ReviewJob.id)).where(*_conditions(person, show))
    return session.scalar(query) or 0


def counts(session: Session, person: Person) -> dict[Show, int]:
    """How long each list would be."""
    return {show: count(session, person, show) for show in Show}


def waiting(session: Session, person: Person, *, limit: int = 50, offset: int = 0) -> list[Shown]:
    """Reviews that wait for this person, the earliest due first."""
    return reviews(session, person, Show.MINE, limit=limit, offset=offset)


def reviews(
    session: Session, person: Person, show: Show, *, limit: int = 50, offset: int = 0
) -> list[Shown]:
    """One page of a list, with every part of each job and who decided it.

    Earliest due first; what was decided: newest first.
    """
    if show is Show.DECIDED:
        query = (
            select(ReviewTask.job_id)
            .where(ReviewTask.decided_by_id == person.id)
            .order_by(ReviewTask.decided_at.desc(), ReviewTask.id.desc())
        )
    else:
        query = select(ReviewJob.id).where(*_conditions(person, show))
        query = query.order_by(ReviewJob.due_at, ReviewJob.id)
    ids = session.scalars(query.limit(limit).offset(offset)).all()
    jobs = session.scalars(
        select(ReviewJob)
        .where(ReviewJob.id.in_(ids))
        .options(
            selectinload(ReviewJob.tasks).joinedload(ReviewTask.decided_by).options(*NAME_ONLY),
            joinedload(ReviewJob.author).options(*NAME_ONLY),
        )
    )
    found = {job.id: job for job in jobs}
    return [Shown(found[id], part_for(found[id], person)) for id in ids]


def neighbours(
    session: Session, person: Person, job: ReviewJob
) -> tuple[Shown | None, Shown | None]:
    """The reviews before and after a job among those that wait for this person."""
    here = tuple_(ReviewJob.due_at, ReviewJob.id)
    place = tuple_(job.due_at, job.id)
    mine = select(ReviewJob).where(*_conditions(person, Show.MINE)).limit(1)
    back = mine.where(here < place).order_by(ReviewJob.due_at.desc(), ReviewJob.id.desc())
    on = mine.where(here > place).order_by(ReviewJob.due_at, ReviewJob.id)
    found = [session.scalars(query).first() for query in (back, on)]
    first, last = (Shown(each, part_for(each, person)) if each else None for each in found)
    return first, last


def part_for(job: ReviewJob, person: Person) -> ReviewTask:
    """The part of a job somebody would open: the one they decided, may decide, or the first."""
    held = disciplines_of(person)
    own = [task for task in job.tasks if task.decided_by_id == person.id]
    may = [task for task in job.tasks if task.discipline in held]
    mine = [task for task in may if task.open and task.holder_id == person.id]
    free = [task for task in may if task.open and task.holder_id is None]
    rest = (task for task in may if task.open)
    return next(iter([*own, *mine, *free, *rest, *may, *job.tasks]))


def decided_parts(session: Session, job: ReviewJob) -> list[ReviewTask]:
    """Every signed verdict on the job's subject, in this circulation and before, newest first."""
    return list(
        session.scalars(
            select(ReviewTask)
            .join(ReviewTask.job)
            .where(
                ReviewJob.subject_kind == job.subject_kind,
                ReviewJob.subject_id == job.subject_id,
                ReviewTask.verdict.is_not(None),
            )
            .options(
                contains_eager(ReviewTask.job),
                joinedload(ReviewTask.decided_by).options(*NAME_ONLY),
            )
            .order_by(ReviewTask.decided_at.desc(), ReviewTask.id.desc())
        )
    )


def count_open_must_fix(session: Session, job: ReviewJob, discipline: Discipline) -> int:
    """Open annotations of one discipline that say something must be fixed, of all circulations."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Annotation)
            .join(Annotation.job)
            .where(
                *_about(job.subject_kind, job.subject_id),
                Annotation.kind == AnnotationKind.MUST_FIX,
                Annotation.discipline == discipline,
                Annotation.resolved_at.is_(None),
            )
        )
        or 0
    )


def annotations_of(session: Session, kind: str, id: int) -> list[Annotation]:
    """Every annotation on one version, of all its circulations, in the order they were written."""
    return _annotations(session, *_about(kind, id))


def annotations_in(session: Session, jobs: Collection[int]) -> list[Annotation]:
    """Every annotation of some circulations, in the order they were written."""
    return _annotations(session, Annotation.job_id.in_(jobs)) if jobs else []


def _annotations(session: Session, *conditions: ColumnElement[bool]) -> list[Annotation]:
    return list(
        session.scalars(
            select(Annotation)
            .join(Annotation.job)
            .where(*conditions)
            .options(
                contains_eager(Annotation.job).selectinload(ReviewJob.tasks),
                joinedload(Annotation.author).options(*NAME_ONLY),
                joinedload(Annotation.resolved_by).options(*NAME_ONLY),
                selectinload(Annotation.replies)
                .joinedload(AnnotationReply.author)
                .options(*NAME_ONLY),
            )
            .order_by(Annotation.id)
        ).unique()
    )


def last_job_of(session: Session, kind: str, id: int) -> ReviewJob | None:
    """The newest circulation of one version."""
    return session.scalar(
        select(ReviewJob).where(*_about(kind, id)).order_by(ReviewJob.id.desc()).limit(1)
    )


def _about(kind: str, id: int) -> tuple[ColumnElement[bool], ...]:
    return ReviewJob.subject_kind == kind, ReviewJob.subject_id == id


def signed_before(
    session: Session, person: Person, jobs: Sequence[ReviewJob]
) -> dict[int, Signature]:
    """The signature this person gave to what each job is compared with, by job id."""
    compared = {(job.subject_kind, job.compared_id) for job in jobs if job.compared_id is not None}
    if not compared:
        return {}
    rows = session.scalars(
        select(Signature)
        .where(
            Signature.person_id == person.id,
            Signature.subject_id.in_({id for _, id in compared}),
            Signature.verdict == "approve",
        )
        .order_by(Signature.id)
    )
    found = {(row.subject_kind, row.subject_id): row for row in rows}
    keys = {job.id: (job.subject_kind, job.compared_id or 0) for job in jobs}
    return {id: found[key] for id, key in keys.items() if key in found}


def _in_reach(person: Person) -> ColumnElement[bool]:
    """What nobody else has in hand: free, one's own, or of somebody for whom one is deputy now."""
    gone = select(Person.id).where(Person.deactivated_at.is_not(None))
    absent = select(Deputy.absent_id).where(
        *standing(clock.now()),
        Deputy.deputy_id == person.id,
        Deputy.discipline == ReviewTask.discipline,
    )
    return or_(
        ReviewTask.holder_id.is_(None),
        ReviewTask.holder_id == person.id,
        ReviewTask.holder_id.in_(absent.correlate(ReviewTask)),
        ReviewTask.holder_id.in_(gone),
    )


def _conditions(person: Person, show: Show) -> tuple[ColumnElement[bool], ...]:
    """What makes an open job one of a list's."""
    is_open = ReviewJob.state == JobState.OPEN
    own = or_(ReviewJob.author_id == person.id, ReviewJob.opened_by_id == person.id)
    if show is Show.OPEN:
        return (is_open,)
    if show is Show.SUBMITTED:
        return (is_open, own)
    waits = ReviewJob.id.in_(
        select(ReviewTask.job_id).where(
            # as the partial index says it: SQLite does not see that `open = 1` is the same
            text("review_task.open"),
            ReviewTask.discipline.in_(disciplines_of(person)),
            _in_reach(person),
        )
    )
    own_part = aliased(ReviewTask)
    decided = exists().where(own_part.job_id == ReviewJob.id, own_part.decided_by_id == person.id)
    return (is_open, waits, ~own, ~decided)
