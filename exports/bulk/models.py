"""Tables of bulk runs: one order for many accounts, and what became of each document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account
from claims_library.models import Product
from exports.models import MaterialVersion
from records import guards
from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.models import Person
from records.vocabulary import Role


class RunState(StrEnum):
    """Where a run stands; ``paused`` is apart from it."""

    ASSEMBLING = "assembling"
    WAITING = "waiting"  # for the one signature
    ISSUING = "issuing"
    DONE = "done"
    CANCELLED = "cancelled"


class DocumentState(StrEnum):
    """Where one document of a run stands; refused, failed and cancelled ones say why."""

    PLANNED = "planned"
    REFUSED = "refused"
    ASSEMBLED = "assembled"
    NUMBERED = "numbered"  # approved, and its copy has a number; the file is being made
    ISSUED = "issued"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (DocumentState.PLANNED, DocumentState.ASSEMBLED, DocumentState.NUMBERED)


class BulkRun(Base):
    """One order. ``wish`` is what was asked for, as plain data (``exports.bulk.wishes``).

    ``content_sha256`` is over the list of its documents with their content hashes: what the one
    signature is bound to.
    """

    __tablename__ = "bulk_run"
    KIND = "bulk_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    wish: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    state: Mapped[RunState] = mapped_column(WordType(RunState), default=RunState.ASSEMBLING)
    paused: Mapped[bool] = mapped_column(default=False)
    # one key per form: a double click starts one run
    request_key: Mapped[str] = mapped_column(String(40), unique=True)
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("review_job.id"))
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    product: Mapped[Product] = relationship()
    created_by: Mapped[Person] = relationship()

    @property
    def subject(self) -> tuple[str, int, str]:
        """What an audit row says it is about."""
        return (self.KIND, self.id, self.code)

    def content(self, documents: str) -> Mapping[str, Any]:
        """What is signed: the order, and the hash of the list of documents."""
        return {"kind_of": self.KIND, "code": self.code, "wish": self.wish, "documents": documents}


class BulkDocument(Base):
    """One document of a run: for which account and role, and how far it is.

    ``composition`` groups the documents that hold the same modules; ``way`` says how its file was
    made: from a plate, or in full.
    """

    __tablename__ = "bulk_document"
    __table_args__ = (
        UniqueConstraint("run_id", "place"),
        Index("ix_bulk_document_state", "run_id", "state", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"))
    place: Mapped[int] = mapped_column()
    composition: Mapped[int] = mapped_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(WordType(Role))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[DocumentState] = mapped_column(WordType(DocumentState))
    reason: Mapped[str] = mapped_column(Text, default="")
    material_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("material_version.id"), unique=True
    )
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    copy_number: Mapped[int | None] = mapped_column(
        ForeignKey("controlled_copy.number"), unique=True
    )
    way: Mapped[str] = mapped_column(String(10), default="")
    account: Mapped[Account] = relationship()
    material_version: Mapped[MaterialVersion | None] = relationship()


guards.never_deleted("bulk_run")
guards.never_deleted("bulk_document")
