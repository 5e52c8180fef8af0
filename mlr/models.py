"""Tables of the review engine: jobs on one version's content, tasks, annotations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records import guards
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
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"), index=True)
    # one key per shown form: a double click finds its own verdict instead of a refusal
    request_key: Mapped[str] = mapped_column(String(40), default="")
    # who has it in hand; none: whoever of the discipline comes first
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # for whom it was signed, when a deputy signed it
    deputy_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    job: Mapped[ReviewJob] = relationship(back_populates="tasks")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id])
    deputy_of: Mapped[Person | None] = relationship(foreign_keys=[deputy_of_id])
    signature: Mapped[Signature | None] = relationship()


class Deputy(Base):
    """Who signs what somebody holds in one discipline while they are away.

    It begins and ends by the clock; ``ended_at`` is an end before its time. What was signed as a
    deputy says so in the signature itself, so nothing here is needed to read that later.
    """

    __tablename__ = "deputy"
    KIND = "deputy"

    id: Mapped[int] = mapped_column(primary_key=True)
    absent_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    discipline: Mapped[Discipline] = mapped_column(WordType(Discipline))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # exclusive
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    absent: Mapped[Person] = relationship(foreign_keys=[absent_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])


class AnnotationKind(StrEnum):
    """How much an annotation asks for."""

    # the discipline that wrote it cannot approve while it is open
    MUST_FIX = "must-fix"
    SUGGESTION = "suggestion"


class Annotation(Base):
    """What somebody wrote beside the text under review, bound to the words it is about.

    ``quote`` with what stands before and behind it names the place (empty: the whole version). It
    belongs to one circulation; while it is open it is shown in the next ones too. Words once
    written stay: an annotation is answered and resolved, never rewritten.
    """

    __tablename__ = "annotation"
    __table_args__ = (UniqueConstraint("job_id", "request_key"),)
    KIND = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("review_job.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # for which part of the review it speaks; none for what the author of the version writes
    discipline: Mapped[Discipline | None] = mapped_column(WordType(Discipline))
    kind: Mapped[AnnotationKind] = mapped_column(WordType(AnnotationKind))
    text: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text, default="")
    prefix: Mapped[str] = mapped_column(String(80), default="")
    suffix: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # one key per shown form: sent twice, it is written once
    request_key: Mapped[str] = mapped_column(String(40))
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    job: Mapped[ReviewJob] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])
    replies: Mapped[list[AnnotationReply]] = relationship(
        back_populates="annotation", order_by="AnnotationReply.id"
    )

    @property
    def open(self) -> bool:
        """Whether it still asks for something."""
        return self.resolved_at is None


class AnnotationReply(Base):
    """One answer in the thread of an annotation."""

    __tablename__ = "annotation_reply"
    __table_args__ = (UniqueConstraint("annotation_id", "request_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    annotation_id: Mapped[int] = mapped_column(ForeignKey("annotation.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    request_key: Mapped[str] = mapped_column(String(40))
    annotation: Mapped[Annotation] = relationship(back_populates="replies")
    author: Mapped[Person] = relationship()


guards.never_deleted("deputy")
guards.frozen_unless(
    "deputy",
    "1 = 0",
    (
        *("absent_id", "deputy_id", "discipline"),
        *("starts_at", "ends_at", "named_by_id", "named_at"),
    ),
    message="a deputy is not rewritten",
)
guards.set_once("deputy", ("ended_at",), message="a deputy that ended has ended")
guards.never_deleted("annotation")
guards.frozen_unless(
    "annotation",
    "1 = 0",
    (
        *("job_id", "author_id", "discipline", "kind"),
        *("text", "quote", "prefix", "suffix", "at", "request_key"),
    ),
    message="an annotation is not rewritten",
)
guards.append_only("annotation_reply")
