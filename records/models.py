"""Tables of the ground floor: people, signatures, the audit trail, files, background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.actions import Action
from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.roles import StaffRole


class Person(Base):
    """Somebody who works here. Never deleted, their address never given to another (R-312)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200), default="")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    # how they see it: "", "light" or "dark", and whether single letters are keys
    theme: Mapped[str] = mapped_column(String(10), default="")
    single_keys: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # changes with password, roles and deactivation: a session with an older one is signed out
    session_stamp: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    role_rows: Mapped[list[PersonRole]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
    )
    territory_rows: Mapped[list[PersonTerritory]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
    )

    @property
    def active(self) -> bool:
        return self.deactivated_at is None

    @property
    def roles(self) -> frozenset[StaffRole]:
        return frozenset(row.role for row in self.role_rows)

    @property
    def territory(self) -> frozenset[str]:
        """The states a rep serves; empty for people without a territory."""
        return frozenset(row.state for row in self.territory_rows)


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[StaffRole] = mapped_column(WordType(StaffRole), primary_key=True)


class PersonTerritory(Base):
    """One state of one person's territory."""

    __tablename__ = "person_territory"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(40), primary_key=True)


class AuditRow(Base):
    """One step of the trail, chained to the one before it (21 CFR 11.10(e)).

    ``number`` counts without gaps; ``previous`` is the hash of the row before and unique, so the
    chain cannot fork. Database triggers refuse every UPDATE and DELETE.
    """

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_subject", "subject_kind", "subject_id", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    action: Mapped[Action] = mapped_column(WordType(Action), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    subject_label: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[Any] = mapped_column(CanonicalJSON, nullable=True)
    after: Mapped[Any] = mapped_column(CanonicalJSON, nullable=True)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Signature(Base):
    """An electronic signature over one content hash (21 CFR 11.50, 11.70).

    ``seal`` is the installation's Ed25519 signature over all other fields: a row written or moved
    with SQL has no valid seal. Rows are append-only.
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    printed_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    meaning: Mapped[str] = mapped_column(Text)
    discipline: Mapped[str] = mapped_column(String(40), default="")
    verdict: Mapped[str] = mapped_column(String(40), default="")
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    content_sha256: Mapped[str] = mapped_column(String(64))
    # what the signature was one part of: job, market pack, tier, demanded disciplines
    context: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    seal: Mapped[bytes] = mapped_column(LargeBinary(64))
    person: Mapped[Person] = relationship()


class StoredFile(Base):
    """A file in the content-addressed store; its bytes lie under the hash."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column()
    media_type: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Errand(Base):
    """Background work that must not be lost: written with the change that asks for it.

    Handed to the queue after the commit; a sweep hands over what a crash left behind. Jobs are
    idempotent, so handing one over twice does no harm.
    """

    __tablename__ = "errand"
    __table_args__ = (
        Index(
            "ix_errand_waiting",
            "run_after",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    values: Mapped[Any] = mapped_column(CanonicalJSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    run_after: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
