"""One review cycle for every kind of version: submit, recall, decide, withdraw.

A room describes its kind once (``ReviewedKind``) and gets the four operations; what differs (who
objects, what else moves with an approval) is in the functions it hands over. This module knows the
rooms only through that description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from mlr import engine, policy
from mlr.models import JobState, ReviewJob, ReviewTask, ReviewTier, Verdict
from records import audit, roles
from records.actions import Action
from records.errors import NotFound, Objection, refuse
from records.lifecycle import Step, VersionState
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
        expect_revision(version, revision)
        self.prepare(session, version)
        refuse(self.submit_objections(session, version))
        version.move(Step.SUBMIT)
        version.seal_content()
        session.flush()
        job = engine.open_job(
            session,
            self._subject(version),
            actor=actor,
            note=note,
            tier=ReviewTier(version.least_tier()),
        )
        self._record(session, self.steps.submit, version, actor=actor, reason=note)
        return job

    def recall(self, session: Session, version: V, *, actor: Person, reason: str = "") -> None:
        """Take a version back from review; it becomes a draft again."""
        roles.require(actor, roles.Permission.SUBMIT)
        self._end(session, version, Step.RECALL, JobState.RECALLED, actor=actor, reason=reason)
        self._record(session, self.steps.recall, version, actor=actor, reason=reason)

    def end_by_edit(self, session: Session, version: V, *, actor: Person) -> None:
        """An edit of a version under review ends its circulation; drafts just stay drafts."""
        if version.state is VersionState.IN_REVIEW:
            reason = "The content was changed."
            self._end(session, version, Step.EDIT, JobState.ENDED, actor=actor, reason=reason)
        else:
            version.move(Step.EDIT)

    def decide(
        self,
        session: Session,
        task: ReviewTask,
        *,
        actor: Person,
        verdict: Verdict,
        comment: str = "",
        password: str,
    ) -> engine.Outcome:
        """Sign a verdict; the last one moves the version (approved, returned or rejected)."""
        version = session.get(
            self.model, task.job.subject_id, with_for_update=True, populate_existing=True
        )
        if version is None:
            raise NotFound(f"{task.job.subject_label} does not exist.")
        if policy.completes(task.job, task, verdict):
            refuse(self.approve_objections(session, version))
        outcome = engine.give_verdict(
            session,
            task,
            actor=actor,
            verdict=verdict,
            comment=comment,
            password=password,
            content_sha256=version.content_hash(),
        )
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

    def withdraw(self, session: Session, version: V, *, actor: Person, reason: str) -> None:
        """Take an approved version out of use, at once and for good."""
        roles.require(actor, roles.Permission.WITHDRAW)
        if not reason.strip():
            refuse([Objection("reason-missing", "Say why it is withdrawn.")])
        version.move(Step.WITHDRAW)
        thing = self.thing(version)
        if thing.approved_id == version.id:
            thing.approved_id = None
        self._record(session, self.steps.withdraw, version, actor=actor, reason=reason)
        self.changed(session, version)

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

    def _subject(self, version: V) -> engine.ReviewSubject:
        return engine.ReviewSubject(
            kind=version.KIND,
            id=version.id,
            label=version.label,
            title=self.title(version),
            content_sha256=version.content_sha256,
            market=self.market(version),
            author_id=version.author_id,
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
