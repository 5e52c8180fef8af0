"""Rows of reviews, signatures and the trail as the program itself would have left them.

Everything holds when it is verified: signatures are sealed with the installation's key over the
content's hash, and the trail is chained over what the program records at each step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mlr.circulating import Steps
from mlr.models import JobState, ReviewJob, ReviewTask, ReviewTier, Verdict
from mlr.packs import pack
from records import audit
from records.actions import Action
from records.canonical import canonical_json, moment
from records.keys import Keyring
from records.models import AuditRow, Person, Signature
from records.signatures import sealed_bytes
from records.vocabulary import Discipline, Market

ENDS = {
    JobState.APPROVED: timedelta(days=3),
    JobState.REJECTED: timedelta(days=2),
}


@dataclass
class Paper:
    """A version as far as a review knows it; ``label`` is that of the draft."""

    kind: str
    id: int
    label: str
    title: str
    sha256: str
    author: Person
    steps: Steps
    tier: ReviewTier = ReviewTier.FULL


@dataclass
class Ledger:
    """Collects rows; ``rows_of_trail`` chains what happened in the order in which it happened."""

    keyring: Keyring
    reviewers: Mapping[Discipline, Sequence[Person]]
    jobs: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    first: dict[type, int] = field(default_factory=dict)

    def note(
        self,
        at: datetime,
        action: Action,
        actor: Person,
        subject: tuple[str, int, str],
        *,
        reason: str = "",
        before: Any = None,
        after: Any = None,
    ) -> None:
        """One step of the trail."""
        kind, id, label = subject
        self.events.append(
            {
                "at": at,
                "action": action,
                "actor_id": actor.id,
                "actor_name": actor.name,
                "subject_kind": kind,
                "subject_id": id,
                "subject_label": label,
                "reason": reason,
                "before": before,
                "after": after,
            }
        )

    def review(
        self, paper: Paper, *, at: datetime, turn: int, state: JobState, signed: Sequence[str] = ()
    ) -> None:
        """A circulation that began at ``at``.

        ``signed`` are the disciplines that have approved; of an approved one all have, of a
        rejected one the first discipline has said no. ``turn`` chooses the reviewers.
        """
        rules = pack(Market.US)
        demanded = rules.demands(paper.tier)
        job_id = len(self.jobs) + 1 + self.first.get(ReviewJob, 0)
        closed = at + ENDS[state] if state in ENDS else None
        self.note(
            at,
            Action.REVIEW_OPEN,
            paper.author,
            (ReviewJob.KIND, job_id, paper.label),
            after={
                "content_sha256": paper.sha256,
                "pack": rules.name,
                "tier": paper.tier,
                "circulation": 1,
                "disciplines": list(demanded),
            },
        )
        self.note(at, paper.steps.submit, paper.author, (paper.kind, paper.id, paper.label))
        self.jobs.append(
            {
                "id": job_id,
                "subject_kind": paper.kind,
                "subject_id": paper.id,
                "subject_label": paper.label,
                "subject_title": paper.title,
                "content_sha256": paper.sha256,
                "market": Market.US,
                "tier": paper.tier,
                "pack": rules.name,
                "circulation": 1,
                "state": state,
                "author_id": paper.author.id,
                "opened_by_id": paper.author.id,
                "opened_at": at,
                "due_at": at + timedelta(days=rules.due_days),
                "closed_at": closed,
                "note": "",
                "compared_id": None,
                "compared_version": "",
                "words_changed": 120,
                "words_total": 120,
            }
        )
        if state is JobState.APPROVED:
            signed = [part.value for part in demanded]
        for number, part in enumerate(demanded):
            verdict = Verdict.APPROVE if part.value in signed else None
            if state is JobState.REJECTED and number == 0:
                verdict = Verdict.REJECT
            moment = (closed or at + timedelta(hours=7)) - timedelta(hours=3 - number)
            self._part(paper, job_id, part, verdict, at=moment, turn=turn, state=state)
        if closed is not None:
            last = self.reviewers[demanded[-1]]
            by = last[turn % len(last)]
            subject = (ReviewJob.KIND, job_id, paper.label)
            self.note(closed, Action.REVIEW_CLOSE, by, subject, after={"state": state})

    def _part(
        self,
        paper: Paper,
        job_id: int,
        part: Discipline,
        verdict: Verdict | None,
        *,
        at: datetime,
        turn: int,
        state: JobState,
    ) -> None:
        task_id = len(self.tasks) + 1 + self.first.get(ReviewTask, 0)
        people = self.reviewers[part]
        by = people[turn % len(people)]
        comment = "It repeats another module." if verdict is Verdict.REJECT else ""
        number = self._sign(paper, job_id, part, verdict, by=by, at=at) if verdict else None
        self.tasks.append(
            {
                "id": task_id,
                "job_id": job_id,
                "discipline": part,
                "open": verdict is None and state is JobState.OPEN,
                "verdict": verdict,
                "comment": comment,
                "decided_by_id": by.id if verdict else None,
                "decided_at": at if verdict else None,
                "signature_id": number,
                "request_key": "",
            }
        )
        if verdict is None:
            return
        after = {"discipline": part, "verdict": verdict}
        self.note(
            at,
            Action.REVIEW_VERDICT,
            by,
            (ReviewTask.KIND, task_id, paper.label),
            reason=comment,
            after={**after, "signature": number},
        )
        subject = (paper.kind, paper.id, paper.label)
        self.note(at, paper.steps.decide, by, subject, reason=comment, after=after)

    def _sign(
        self,
        paper: Paper,
        job_id: int,
        part: Discipline,
        verdict: Verdict,
        *,
        by: Person,
        at: datetime,
    ) -> int:
        rules = pack(Market.US)
        values: dict[str, Any] = {
            "person_id": by.id,
            "printed_name": by.name,
            "at": at,
            "meaning": rules.meaning(verdict, part),
            "discipline": part.value,
            "verdict": verdict.value,
            "subject_kind": paper.kind,
            "subject_id": paper.id,
            "content_sha256": paper.sha256,
            "context": {
                "job": job_id,
                "pack": rules.name,
                "tier": paper.tier.value,
                "disciplines": [each.value for each in rules.demands(paper.tier)],
            },
        }
        number = len(self.signatures) + 1 + self.first.get(Signature, 0)
        seal = self.keyring.seal(sealed_bytes(Signature(**values)))
        self.signatures.append({"id": number, "seal": seal, **values})
        self.note(
            at,
            Action.SIGNATURE_GIVE,
            by,
            (paper.kind, paper.id, paper.label),
            reason=values["meaning"],
            after={
                "signature": number,
                "discipline": part.value,
                "verdict": verdict.value,
                "content_sha256": paper.sha256,
            },
        )
        return number

    def rows_of_trail(self, session: Session) -> list[dict[str, Any]]:
        """The steps in the order of their moments, chained to the trail's newest row."""
        head = audit.head(session)
        number, previous = head.number, head.hash
        self.events.sort(key=lambda event: event["at"])
        for event in self.events:
            number += 1
            event |= {"number": number, "previous": previous}
            said = (moment(event["at"]), *map(canonical_json, (event["before"], event["after"])))
            previous = event["hash"] = audit._hash(event, *said)  # noqa: SLF001 - bulk
        return self.events


def tables(ledger: Ledger, session: Session) -> list[tuple[Any, list[dict[str, Any]]]]:
    """What to insert, in the order in which rows may name each other."""
    return [
        (Signature, ledger.signatures),
        (ReviewJob, ledger.jobs),
        (ReviewTask, ledger.tasks),
        (AuditRow, ledger.rows_of_trail(session)),
    ]
