"""Tables of accounts and their stakeholders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.vocabulary import Phase, Role, Tier


class Account(Base):
    """An organisation. Names repeat, so ``code`` (the id of the import file) is the key."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_place", "state", "name", "id"),)
    KIND = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    type: Mapped[str] = mapped_column(String(100), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(40), default="")
    beds: Mapped[int | None] = mapped_column()
    care_setting: Mapped[str] = mapped_column(String(120), default="")
    tier: Mapped[Tier | None] = mapped_column(WordType(Tier), index=True)
    tier_reason: Mapped[str] = mapped_column(String(300), default="")
    journey_phase: Mapped[Phase | None] = mapped_column(WordType(Phase), index=True)
    # further columns of the import file, by name: what scoring works on
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=0)
    stakeholders: Mapped[list[Stakeholder]] = relationship(
        back_populates="account", cascade="all, delete-orphan", order_by="Stakeholder.id"
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy's declared_attr
        return {"version_id_col": cls.revision}


class Stakeholder(Base):
    """A named person or a role-based segment (``name`` empty) at an account."""

    __tablename__ = "stakeholder"
    KIND = "stakeholder"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(WordType(Role))
    name: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    # where approved emails may go, if a consent says so (``exports.mail``)
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    account: Mapped[Account] = relationship(back_populates="stakeholders")
