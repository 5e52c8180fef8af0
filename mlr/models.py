"""Tables of the review engine: jobs on one version's content, one task for each discipline."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.base import Base, UTCDateTime, WordType
from records.models import Person, Signature
from records.vocabulary import Discipline, Market


class JobState(StrEnum):
    """Where one circulation stands; all but OPEN are ends."""

    OPEN = "open"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    RECALLED = "recalled"
    # the content changed under the reviewers: the circulation is void
    ENDED = "ended"


class Verdict(StrEnum):
    """What a reviewer can answer (a comment is not a verdict)."""

    APPROVE = "approve"
    APPROVE_WITH_CHANGES = "approve-with-changes"
    AMEND_AND_RETURN = "amend-and-return"
    AMEND_AND_RESUBMIT = "amend-and-resubmit"
    REJECT = "reject"


class ReviewTier(StrEnum):
    """How much review a version needs: T1 one regulatory signature, FULL every discipline."""

    T1 = "T1"
    FULL = "full"


class ReviewJob(Base):
    """One circulation of one version, bound to its content hash.

    The engine knows the subject only by kind, id, label and hash. ``author_id`` is who may not
    decide. At most one job is open for a version: a partial unique index holds that.
    """

    __tablename__ = "review_job"
    __table_args__ = (
        Index(
            "uq_review_job_open",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_review_job_subject", "subject_kind", "subject_id"),
    )
    KIND = "review_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    subject_label: Mapped[str] = mapped_column(String(200))
    subject_title: Mapped[str] = mapped_column(String(300), default="")
    content_sha256: Mapped[str] = mapped_column(String(64))
    market: Mapped[Market] = mapped_column(WordType(Market))
    tier: Mapped[ReviewTier] = mapped_column(WordType(ReviewTier), default=ReviewTier.FULL)
    pack: Mapped[str] = mapped_column(String(40))
    circulation: Mapped[int] = mapped_column(default=1)
    state: Mapped[JobState] = mapped_column(WordType(JobState), default=JobState.OPEN, index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    # what was approved before this version, and how much of the text differs from it
    compared_id: Mapped[int | None] = mapped_column()
    compared_version: Mapped[str] = mapped_column(String(20), default="")
    words_changed: Mapped[int] = mapped_column(default=0)
    words_total: Mapped[int] = mapped_column(default=0)
    tasks: Mapped[list[ReviewTask]] = relationship(
        back_populates="job", lazy="selectin", order_by="ReviewTask.id"
    )
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    author: Mapped[Person] = relationship(foreign_keys=[author_id])


class ReviewTask(Base):
    """One discipline's part of a job. Nobody decides two parts of one job (R-317)."""

    __tablename__ = "review_task"
    __table_args__ = (
        UniqueConstraint("job_id", "discipline"),
        Index(
            "uq_review_task_one_part_each",
            "job_id",
            "decided_by_id",
            unique=True,
            sqlite_where=text("decided_by_id IS NOT NULL"),
            postgresql_where=text("decided_by_id IS NOT NULL"),
        ),
        Index(
            "ix_review_task_waiting",
            "discipline",
            "job_id",
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
        Index("ix_review_task_decided", "decided_by_id", "decided_at"),
    )
    KIND = "review_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("review_job.id"))
    discipline: Mapped[Discipline] = mapped_column(WordType(Discipline))
    # false once decided, or once the job ended without this part
    open: Mapped[bool] = mapped_column(default=True)
    verdict: Mapped[Verdict | None] = mapped_column(WordType(Verdict))
    comment: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    # one key per shown form: a double click finds its own verdict instead of a refusal
    request_key: Mapped[str] = mapped_column(String(40), default="")
    job: Mapped[ReviewJob] = relationship(back_populates="tasks")
    decided_by: Mapped[Person | None] = relationship()
    signature: Mapped[Signature | None] = relationship()
