"""Tables of recalls: one for a material version, and a row for each copy it reaches."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exports.models import ControlledCopy, MaterialVersion
from records import guards
from records.base import Base, UTCDateTime
from records.models import Person


class Recall(Base):
    """Why the copies of one version are called back, until when, and what replaces it."""

    __tablename__ = "recall"
    KIND = "recall"

    id: Mapped[int] = mapped_column(primary_key=True)
    material_version_id: Mapped[int] = mapped_column(ForeignKey("material_version.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    instead: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date] = mapped_column()
    # one key per form: a double click opens one recall
    request_key: Mapped[str] = mapped_column(String(40), unique=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    material_version: Mapped[MaterialVersion] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def subject(self) -> tuple[str, int, str]:
        """What an audit row says it is about."""
        return (self.KIND, self.id, f"recall {self.id} of {self.material_version.label}")


class RecalledCopy(Base):
    """What became of one copy: its holder has read of it, and says where the copy is.

    The state itself is the copy's own (recalled, acknowledged, destroyed, lost).
    """

    __tablename__ = "recalled_copy"

    copy_number: Mapped[int] = mapped_column(
        ForeignKey("controlled_copy.number"), primary_key=True, autoincrement=False
    )
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accounted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accounted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    comment: Mapped[str] = mapped_column(Text, default="")
    copy: Mapped[ControlledCopy] = relationship()
    recall: Mapped[Recall] = relationship()
    accounted_by: Mapped[Person | None] = relationship()


guards.never_deleted("recall")
guards.frozen_unless(
    "recall",
    "1 = 0",
    ("material_version_id", "reason", "due_on", "request_key", "opened_by_id", "opened_at"),
    message="a recall is not rewritten",
)
guards.set_once(
    "recall", ("closed_at", "closed_by_id"), message="a recall that has ended stays ended"
)
guards.never_deleted("recalled_copy")
guards.frozen_unless(
    "recalled_copy",
    "OLD.accounted_at IS NULL",
    ("copy_number", "recall_id", "accounted_at", "accounted_by_id", "comment"),
    message="what became of a copy is not rewritten",
)
