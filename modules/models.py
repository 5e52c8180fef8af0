"""Tables of content modules and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claims_library.models import ClaimVersion, Product
from records import guards
from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.models import Person
from records.versions import Versioned
from records.vocabulary import Audience, Market, ModuleKind, Pillar


class Module(Base):
    """A unit of approved content under one lasting code.

    ``latest_id`` and ``approved_id`` are shortcuts for lists and search. Whether a version is
    approved is verified when it matters (``modules.validity``).
    """

    __tablename__ = "module"
    KIND = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    latest_id: Mapped[int | None] = mapped_column(
        ForeignKey("module_version.id", use_alter=True), index=True
    )
    approved_id: Mapped[int | None] = mapped_column(
        ForeignKey("module_version.id", use_alter=True), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    product: Mapped[Product] = relationship()
    owner: Mapped[Person] = relationship()
    versions: Mapped[list[ModuleVersion]] = relationship(
        back_populates="module",
        foreign_keys="ModuleVersion.module_id",
        order_by="ModuleVersion.id.desc()",
    )
    latest: Mapped[ModuleVersion | None] = relationship(foreign_keys=[latest_id], post_update=True)
    approved: Mapped[ModuleVersion | None] = relationship(
        foreign_keys=[approved_id], post_update=True
    )


class ModuleVersion(Versioned, Base):
    """One version of a module: text, tags, rules, and the exact claim versions it uses.

    ``pins`` is content: ``[{"claim": code, "variation": n, "version": id, "sha256": hash}, …]`` in
    reading order. ``ModuleClaim`` and ``ModuleTag`` repeat pins and tags as rows for queries.
    """

    __tablename__ = "module_version"
    __table_args__ = (Index("ix_module_version_module", "module_id", "id"),)
    KIND = "module_version"
    CONTENT = (
        "title",
        "kind",
        "body",
        "pillar",
        "phases",
        "roles",
        "tiers",
        "channels",
        "market",
        "audience",
        "requires",
        "excludes",
        "companions",
        "valid_until",
        "pins",
    )

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    # a copy of the module's code and product, so that the content stands by itself
    code: Mapped[str] = mapped_column(String(40))
    brand: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ModuleKind] = mapped_column(WordType(ModuleKind))
    body: Mapped[str] = mapped_column(Text)
    pillar: Mapped[Pillar] = mapped_column(WordType(Pillar))
    phases: Mapped[list[str]] = mapped_column(CanonicalJSON)
    roles: Mapped[list[str]] = mapped_column(CanonicalJSON)
    tiers: Mapped[list[str]] = mapped_column(CanonicalJSON)
    channels: Mapped[list[str]] = mapped_column(CanonicalJSON)
    market: Mapped[Market] = mapped_column(WordType(Market))
    audience: Mapped[Audience] = mapped_column(WordType(Audience))
    requires: Mapped[list[str]] = mapped_column(CanonicalJSON)
    excludes: Mapped[list[str]] = mapped_column(CanonicalJSON)
    # codes demanded by the claims used (ISI, FN-…), as module codes
    companions: Mapped[list[str]] = mapped_column(CanonicalJSON)
    valid_until: Mapped[date] = mapped_column()
    pins: Mapped[list[dict[str, Any]]] = mapped_column(CanonicalJSON)
    module: Mapped[Module] = relationship(back_populates="versions", foreign_keys=[module_id])
    author: Mapped[Person] = relationship()

    def content(self) -> Mapping[str, Any]:
        values = {name: getattr(self, name) for name in self.CONTENT}
        return {"kind_of": self.KIND, "code": self.code, "product": self.brand, **values}


class ModuleClaim(Base):
    """Which claim versions a module version uses (derived from its pins, for where-used)."""

    __tablename__ = "module_claim"

    module_version_id: Mapped[int] = mapped_column(
        ForeignKey("module_version.id"), primary_key=True
    )
    claim_version_id: Mapped[int] = mapped_column(
        ForeignKey("claim_version.id"), primary_key=True, index=True
    )
    claim_version: Mapped[ClaimVersion] = relationship()


class ModuleTag(Base):
    """One tag of a module's latest version (derived, for filters): facet and value."""

    __tablename__ = "module_tag"
    __table_args__ = (Index("ix_module_tag_value", "facet", "value", "module_id"),)

    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    facet: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)


class ModuleSearch(Base):
    """The words of one text for PostgreSQL's full-text search (``modules.search_postgres``).

    Empty on SQLite, where the search index is a folder of files. ``key`` is a module version's id
    but no foreign key: an index may lag behind.
    """

    __tablename__ = "module_search"
    __table_args__ = (
        Index(
            "ix_module_search_vector",
            "vector",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        # vectors beside their keys and not in a table of their own: twice as fast to rank
        {"postgresql_with": {"toast_tuple_target": "8160"}},
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    vector: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class SavedView(Base):
    """What somebody chose in the library and keeps under a name: the query of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)
    KIND = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


guards.frozen_once_approved(
    "module_version",
    (*ModuleVersion.CONTENT, "module_id", "code", "brand", "content_sha256"),
)
