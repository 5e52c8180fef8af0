"""Tables of sending: who agreed, who must not be written to, and what was sent to whom.

An address is kept as a hash where a list must outlive the person's record (R-702, R-809); in plain
only where a letter has to be delivered or a consent be shown.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exports.models import ControlledCopy, MaterialVersion
from records import guards
from records.base import Base, UTCDateTime, WordType
from records.canonical import sha256_bytes
from records.models import Person


def normalised(address: str) -> str:
    """The address as it is compared: without surrounding space, in small letters."""
    return address.strip().casefold()


def address_hash(address: str) -> str:
    """What stands for an address in lists that outlive it."""
    return sha256_bytes(normalised(address).encode())


class Consent(Base):
    """That somebody agreed to be written to, when, and on what that rests (R-701, R-513)."""

    __tablename__ = "email_consent"
    __table_args__ = (Index("ix_email_consent_address", "address_sha256", "given_on"),)
    KIND = "email_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_sha256: Mapped[str] = mapped_column(String(64))
    # in plain for who has to show it; emptied when the person asks to be forgotten
    address: Mapped[str] = mapped_column(String(254), default="")
    basis: Mapped[str] = mapped_column(String(300))
    given_on: Mapped[date] = mapped_column()
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Why(StrEnum):
    """Why nobody may write to an address."""

    OPT_OUT = "opt-out"
    BOUNCE = "bounce"


class Suppression(Base):
    """One reason not to write to an address; only a consent given on a later day ends it."""

    __tablename__ = "email_suppression"
    __table_args__ = (Index("ix_email_suppression_address", "address_sha256", "at"),)
    KIND = "email_suppression"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_sha256: Mapped[str] = mapped_column(String(64))
    why: Mapped[Why] = mapped_column(WordType(Why))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # how it came: one-click, page, command, notice of the mail server
    source: Mapped[str] = mapped_column(String(60))
    detail: Mapped[str] = mapped_column(String(300), default="")
    copy_number: Mapped[int | None] = mapped_column(ForeignKey("controlled_copy.number"))


class SendingState(StrEnum):
    """Where one letter stands; ``attempted`` is between asking the server and its answer."""

    QUEUED = "queued"
    ATTEMPTED = "attempted"
    SENT = "sent"
    REFUSED = "refused"  # by the recipient's or our mail server
    STOPPED = "stopped"  # by us: consent, suppression or validity at the moment of sending
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"  # a person has to find out; it is never sent again by itself


class Sending(Base):
    """One letter to one recipient: which numbered copy, on what consent, and what became of it."""

    __tablename__ = "email_sending"
    __table_args__ = (Index("ix_email_sending_version", "material_version_id", "id"),)
    KIND = "email_sending"

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_number: Mapped[int] = mapped_column(ForeignKey("controlled_copy.number"), unique=True)
    material_version_id: Mapped[int] = mapped_column(ForeignKey("material_version.id"))
    request_key: Mapped[str] = mapped_column(String(40), index=True)
    address_sha256: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(254))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(40), default="")
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consent_basis: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[SendingState] = mapped_column(WordType(SendingState))
    detail: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    attempted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    copy: Mapped[ControlledCopy] = relationship()
    material_version: Mapped[MaterialVersion] = relationship()
    sent_by: Mapped[Person] = relationship()


guards.append_only("email_suppression")
guards.never_deleted("email_sending")
guards.frozen_unless(
    "email_sending",
    "OLD.state IN ('queued', 'attempted')",
    ("copy_number", "material_version_id", "address_sha256", "sent_by_id", "consent_basis"),
    message="a letter that was sent cannot be changed",
)
