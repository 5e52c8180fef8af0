"""One review cycle for every kind of version: submit, recall, decide, withdraw.

A room describes its kind once (``ReviewedKind``) and gets the four operations; what differs (who
objects, what else moves with an approval) is in the functions it hands over. This module knows the
rooms only through that description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mlr import engine, policy
from mlr.comparing import Difference, Reading, compare_readings
from mlr.models import JobState, ReviewJob, ReviewTask, ReviewTier, Verdict
from mlr.standing import WITHDRAWAL
from records import audit, clock, roles, signatures
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.lifecycle import EDITABLE, Step, VersionState
from records.models import Person
from records.versions import Versioned, expect_revision
from records.vocabulary import Market

V = TypeVar("V", bound=Versioned)


@dataclass(frozen=True)
class Steps:
    """The audit actions of one kind's review steps."""

    submit: Action
    recall: Action
    decide: Action
    approve: Action
    supersede: Action
    withdraw: Action


@dataclass(frozen=True)
class ReviewedKind(Generic[V]):
    """What the cycle needs to know of one kind of version.

    ``thing`` gives the row with ``latest_id`` and ``approved_id``; ``prepare`` runs before the
    hash is taken on submitting (pins are brought up to date there); the two objection functions
    say what stands in the way of submitting and of the final approval.
    """

    model: type[V]
    steps: Steps
    thing: Callable[[V], Any]
    title: Callable[[V], str]
    market: Callable[[V], Market]
    prepare: Callable[[Session, V], None]
    submit_objections: Callable[[Session, V], Iterable[Objection]]
    approve_objections: Callable[[Session, V], Iterable[Objection]]
    # the version as people read it, for what changed since the last approved one
    reading: Callable[[Session, V], Reading]
    changed: Callable[[Session, V], None]

    def submit(
        self,
        session: Session,
        version: V,
        *,
        actor: Person,
        note: str = "",
        revision: int | None = None,
    ) -> ReviewJob:
        """Send a draft to review; raises ``Refused`` with every objection, ``Stale``."""
        roles.require(actor, roles.Permission.SUBMIT)
        self._lock(session, version)
        expect_revision(version, revision)
        self.prepare(session, version)
        refuse(self.submit_objections(session, version))
        version.move(Step.SUBMIT)
        version.seal_content()
        session.flush()
        job = engine.open_job(
            session,
            self._subject(session, version),
            actor=actor,
            note=note,
            tier=ReviewTier(version.least_tier()),
        )
        self._record(session, self.steps.submit, version, actor=actor, reason=note)
        return job

    def recall(self, session: Session, version: V, *, actor: Person, reason: str = "") -> None:
        """Take a version back from review; it becomes a draft again."""
        roles.require(actor, roles.Permission.SUBMIT)
        self._lock(session, version)
        job = engine.open_job_of(session, version.KIND, version.id)
        refuse(policy.recall_objections(job, version.label, actor=actor))
        self._end(session, version, Step.RECALL, JobState.RECALLED, actor=actor, reason=reason)
        self._record(session, self.steps.recall, version, actor=actor, reason=reason)

    def end_by_edit(self, session: Session, version: V, *, actor: Person) -> None:
        """An edit of a version under review ends its circulation; drafts just stay drafts."""
        if version.state is VersionState.IN_REVIEW:
            reason = "The content was changed."
            self._end(session, version, Step.EDIT, JobState.ENDED, actor=actor, reason=reason)
        else:
            version.move(Step.EDIT)

    def to_write(self, session: Session, latest: V | None, *, actor: Person, **own: Any) -> V:
        """The version that may be written: the open one, whose circulation ends, or the next.

        ``own`` are columns of the kind's own that a new row needs.
        """
        if latest is not None and latest.state in EDITABLE:
            self.end_by_edit(session, latest, actor=actor)
            return latest
        version = self.model(**own)
        version.created_at = clock.now()
        version.major, version.minor = (
            (0, 1) if latest is None else (latest.major, latest.minor + 1)
        )
        session.add(version)
        return version

    def decide(
        self,
        session: Session,
        task: ReviewTask,
        *,
        actor: Person,
        verdict: Verdict,
        comment: str = "",
        password: str,
        seen: str = "",
        key: str = "",
    ) -> engine.Outcome:
        """Sign a verdict; the last one moves the version (approved, returned or rejected).

        ``seen`` and ``key`` are of the page the signer read: see ``engine.Ballot``.
        """
        ballot = engine.Ballot(verdict, comment, password, seen=seen, key=key)
        version = self.version_of(session, task.job)
        self._lock(session, version)
        job = engine.lock_job(session, task.job_id)
        if engine.is_repeated(task, ballot, actor=actor):
            return engine.Outcome(job, job.state, repeated=True)
        content = version.content_hash()
        engine.expect_content(job, ballot, content)
        if task.open and policy.completes(job, task, verdict):
            refuse(self.approve_objections(session, version))
        outcome = engine.give_verdict(session, task, ballot, actor=actor, content_sha256=content)
        self._record(
            session,
            self.steps.decide,
            version,
            actor=actor,
            reason=comment,
            after={"verdict": verdict, "discipline": task.discipline},
        )
        self._apply(session, version, outcome.state, actor=actor)
        return outcome

    def version_of(self, session: Session, job: ReviewJob) -> V:
        """The version a job is about."""
        version = session.get(self.model, job.subject_id)
        if version is None:
            raise NotFound(f"{job.subject_label} does not exist.")
        return version

    def former(self, session: Session, version: V) -> V | None:
        """The newest version that was approved before this one, whatever became of it since."""
        thing = self.thing(version)
        return session.scalar(
            select(self.model)
            .where(
                getattr(self.model, f"{thing.KIND}_id") == thing.id,
                self.model.id < version.id,
                self.model.approved_at.is_not(None),
            )
            .order_by(self.model.id.desc())
            .limit(1)
        )

    def difference(self, session: Session, version: V) -> tuple[V | None, Difference]:
        """What is new since ``former``, and that version."""
        former = self.former(session, version)
        before = self.reading(session, former) if former is not None else None
        return former, compare_readings(before, self.reading(session, version))

    def withdraw(
        self,
        session: Session,
        version: V,
        *,
        actor: Person,
        reason: str,
        password: str | None = None,
    ) -> None:
        """Take an approved version out of use, at once and for good.

        People sign for it: pages and commands ask for the ``password``; only the program's own
        steps and tests go without.
        """
        roles.require(actor, roles.Permission.WITHDRAW)
        self._lock(session, version)
        if not reason.strip():
            refuse([Objection("reason-missing", "Say why it is withdrawn.", where="reason")])
        version.move(Step.WITHDRAW)
        if password is not None:
            self._sign_withdrawal(session, version, actor=actor, password=password)
        thing = self.thing(version)
        if thing.approved_id == version.id:
            thing.approved_id = None
        self._record(session, self.steps.withdraw, version, actor=actor, reason=reason)
        self.changed(session, version)

    def _sign_withdrawal(
        self, session: Session, version: V, *, actor: Person, password: str
    ) -> None:
        content = version.content_hash()
        signatures.sign(
            session,
            signatures.Subject(version.KIND, version.id, version.label, content),
            actor=actor,
            password=password,
            meaning="I withdraw this version: nothing of it may be shown or handed over any more.",
            verdict=WITHDRAWAL,
        )

    def _apply(self, session: Session, version: V, state: JobState, *, actor: Person) -> None:
        if state is JobState.APPROVED:
            self._approve(session, version, actor=actor)
        elif state is JobState.RETURNED:
            version.move(Step.RETURN)
        elif state is JobState.REJECTED:
            version.move(Step.REJECT)
        if state is not JobState.OPEN:
            self.changed(session, version)

    def _approve(self, session: Session, version: V, *, actor: Person) -> None:
        thing = self.thing(version)
        draft = version.label
        former = session.get(self.model, thing.approved_id) if thing.approved_id else None
        version.move(Step.APPROVE)
        thing.approved_id = version.id
        if former is not None and former.id != version.id:
            former.move(Step.SUPERSEDE)
            self._record(
                session,
                self.steps.supersede,
                former,
                actor=actor,
                after={"by": version.label},
            )
        self._record(
            session,
            self.steps.approve,
            version,
            actor=actor,
            before={"version": draft},
            after={"version": version.label, "content_sha256": version.content_sha256},
        )

    def _end(
        self,
        session: Session,
        version: V,
        step: Step,
        state: JobState,
        *,
        actor: Person,
        reason: str,
    ) -> None:
        version.move(step)
        job = engine.open_job_of(session, version.KIND, version.id)
        if job is not None:
            engine.close(session, job, state, actor=actor, reason=reason)
        self.changed(session, version)

    def _lock(self, session: Session, version: V) -> None:
        """Thing and version as they stand now, nobody else's until the commit.

        Always in this order, which is also that of an edit: two people wait, none is thrown out.
        """
        session.flush()
        thing = self.thing(version)
        session.refresh(thing, attribute_names=["latest_id", "approved_id"], with_for_update=True)
        session.refresh(version, with_for_update=True)

    def _subject(self, session: Session, version: V) -> engine.ReviewSubject:
        former, difference = self.difference(session, version)
        return engine.ReviewSubject(
            kind=version.KIND,
            id=version.id,
            label=version.label,
            title=self.title(version),
            content_sha256=version.content_sha256,
            market=self.market(version),
            author_id=version.author_id,
            news=engine.News(
                words_changed=difference.words_changed,
                words_total=difference.words_total,
                compared_id=former.id if former else None,
                compared_version=former.version if former else "",
            ),
        )

    def _record(
        self,
        session: Session,
        action: Action,
        version: V,
        *,
        actor: Person,
        reason: str = "",
        before: Any = None,
        after: Any = None,
    ) -> None:
        audit.record(
            session,
            action,
            actor=actor,
            subject=version.subject,
            reason=reason,
            before=before,
            after=after,
        )
