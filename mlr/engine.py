"""The review engine: opens jobs, takes signed verdicts, returns outcomes.

It knows its subjects only by kind, id, label and content hash; the subject's room applies the
outcome to its own lifecycle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mlr import deputies, policy, queries
from mlr.models import JobState, ReviewJob, ReviewTask, ReviewTier, Verdict
from mlr.packs import MarketPack, pack
from records import audit, clock, roles, signatures
from records.actions import Action
from records.errors import Stale, refuse
from records.models import Person
from records.vocabulary import Market

PERMISSION = policy.PERMISSION


@dataclass(frozen=True)
class News:
    """How far a version is from the one approved before it, if there is one."""

    words_changed: int = 0
    words_total: int = 0
    compared_id: int | None = None
    compared_version: str = ""


@dataclass(frozen=True)
class ReviewSubject:
    """What is reviewed, as far as the engine needs to know it."""

    kind: str
    id: int
    label: str
    title: str
    content_sha256: str
    market: Market
    author_id: int
    news: News


@dataclass(frozen=True)
class Ballot:
    """One verdict as its signer gives it.

    ``seen`` is the content hash on the page they read (empty: they read no page); ``key`` is that
    page's own key, so that the same form sent twice signs once.
    """

    verdict: Verdict
    comment: str
    password: str
    seen: str = ""
    key: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a verdict led to.

    ``state`` is OPEN while other parts are undecided; ``repeated`` when this very form had been
    signed before, so that nothing was done now.
    """

    job: ReviewJob
    state: JobState
    repeated: bool = False


def open_job(
    session: Session,
    subject: ReviewSubject,
    *,
    actor: Person,
    note: str = "",
    tier: ReviewTier = ReviewTier.FULL,
) -> ReviewJob:
    """Start a circulation: one open task for each discipline the market pack demands."""
    roles.require(actor, roles.Permission.SUBMIT)
    market_pack = pack(subject.market)
    now = clock.now()
    job = ReviewJob(
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=subject.label,
        subject_title=subject.title,
        content_sha256=subject.content_sha256,
        market=subject.market,
        tier=tier,
        pack=market_pack.name,
        circulation=1 + _circulations(session, subject),
        author_id=subject.author_id,
        opened_by_id=actor.id,
        opened_at=now,
        due_at=now + timedelta(days=market_pack.due_days),
        note=note,
        compared_id=subject.news.compared_id,
        compared_version=subject.news.compared_version,
        words_changed=subject.news.words_changed,
        words_total=subject.news.words_total,
        tasks=[ReviewTask(discipline=part) for part in market_pack.demands(tier)],
    )
    session.add(job)
    session.flush()
    audit.record(
        session,
        Action.REVIEW_OPEN,
        actor=actor,
        subject=(ReviewJob.KIND, job.id, subject.label),
        reason=note,
        after={
            "content_sha256": subject.content_sha256,
            "pack": job.pack,
            "tier": tier,
            "circulation": job.circulation,
            "disciplines": [task.discipline for task in job.tasks],
        },
    )
    return job


def lock_job(session: Session, job_id: int) -> ReviewJob:
    """The job and its parts as they stand now; until the commit nobody else changes them."""
    return session.get_one(ReviewJob, job_id, with_for_update=True, populate_existing=True)


def is_repeated(task: ReviewTask, ballot: Ballot, *, actor: Person) -> bool:
    """Whether this very form of this person has decided the part already."""
    return bool(ballot.key) and (task.request_key, task.decided_by_id) == (ballot.key, actor.id)


def expect_content(job: ReviewJob, ballot: Ballot, content_sha256: str) -> None:
    """Raise ``Stale`` unless the content is what was submitted, and what the signer saw."""
    if content_sha256 != job.content_sha256 or (ballot.seen and ballot.seen != content_sha256):
        raise Stale(
            f"{job.subject_label} is not what it was when you opened it. Nothing was signed."
        )


def give_verdict(
    session: Session, task: ReviewTask, ballot: Ballot, *, actor: Person, content_sha256: str
) -> Outcome:
    """Sign one discipline's verdict.

    ``content_sha256`` is the subject's content hash as its room computes it now: a job whose
    content changed, or was not what the signer saw, takes no verdict (``Stale``). Raises
    ``NotAllowed``, ``Refused``, ``passwords.WrongPassword`` or ``passwords.Locked``; nothing is
    kept of a refused verdict.
    """
    job = lock_job(session, task.job_id)
    task = next(part for part in job.tasks if part.id == task.id)
    roles.require(actor, PERMISSION[task.discipline])
    expect_content(job, ballot, content_sha256)
    deputy = deputies.stands_in(session, task, actor)
    must_fix = queries.count_open_must_fix(session, job, task.discipline)
    refuse(
        policy.verdict_objections(
            job,
            task,
            actor=actor,
            verdict=ballot.verdict,
            comment=ballot.comment,
            must_fix=must_fix,
            stands_in=deputy,
        )
    )
    if must_fix and not ballot.comment.strip():
        ballot = replace(ballot, comment=policy.told_by_annotations(task.discipline, must_fix))
    _sign(session, task, ballot, actor=actor, of=task.holder if deputy else None)
    state = policy.outcome([part.verdict for part in job.tasks])
    if state is not JobState.OPEN:
        close(session, job, state, actor=actor, reason=ballot.comment)
    return Outcome(job, state)


def close(
    session: Session, job: ReviewJob, state: JobState, *, actor: Person | None, reason: str
) -> None:
    """End a job; parts still open end with it."""
    job.state = state
    job.closed_at = clock.now()
    for task in job.tasks:
        task.open = False
    audit.record(
        session,
        Action.REVIEW_CLOSE,
        actor=actor,
        subject=(ReviewJob.KIND, job.id, job.subject_label),
        reason=reason,
        after={"state": state},
    )


def open_job_of(session: Session, kind: str, id: int) -> ReviewJob | None:
    """The open job on a version, if there is one (never more: the database holds that)."""
    return session.scalar(
        select(ReviewJob).where(
            ReviewJob.subject_kind == kind,
            ReviewJob.subject_id == id,
            ReviewJob.state == JobState.OPEN,
        )
    )


def _sign(
    session: Session, task: ReviewTask, ballot: Ballot, *, actor: Person, of: Person | None
) -> None:
    """Sign a part; ``of`` is for whom, when a deputy does."""
    job, market_pack = task.job, pack(task.job.market)
    deputy_of = of.name if of else ""
    signature = signatures.sign(
        session,
        signatures.Subject(job.subject_kind, job.subject_id, job.subject_label, job.content_sha256),
        actor=actor,
        password=ballot.password,
        # in the meaning, not in the context: that must be the same in all signatures of a job
        meaning=market_pack.meaning(ballot.verdict, task.discipline, deputy_of=deputy_of),
        discipline=task.discipline,
        verdict=ballot.verdict,
        context=_context(job, market_pack),
    )
    task.verdict = ballot.verdict
    task.comment = ballot.comment
    task.decided_by_id = actor.id
    task.decided_at = signature.at
    task.signature_id = signature.id
    task.request_key = ballot.key
    task.deputy_of_id = of.id if of else None
    task.open = False
    audit.record(
        session,
        Action.REVIEW_VERDICT,
        actor=actor,
        subject=(ReviewTask.KIND, task.id, job.subject_label),
        reason=ballot.comment,
        after={
            "discipline": task.discipline,
            "verdict": ballot.verdict,
            "signature": signature.id,
            **({"deputy_of": of.name} if of else {}),
        },
    )


def _context(job: ReviewJob, market_pack: MarketPack) -> dict[str, object]:
    return {
        "job": job.id,
        "pack": market_pack.name,
        "tier": job.tier.value,
        "disciplines": [part.value for part in market_pack.demands(job.tier)],
    }


def _circulations(session: Session, subject: ReviewSubject) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(ReviewJob)
            .where(ReviewJob.subject_kind == subject.kind, ReviewJob.subject_id == subject.id)
        )
        or 0
    )
