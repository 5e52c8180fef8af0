"""Tables of the claims library: products, label versions, claims and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claims_library import label_document
from claims_library.label_document import LabelDocument
from records import guards
from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.models import Person
from records.versions import Versioned
from records.vocabulary import ClaimType, Pillar


class Product(Base):
    """A brand and its established name, with the flags that rules depend on."""

    __tablename__ = "product"
    KIND = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand: Mapped[str] = mapped_column(String(100), unique=True)
    generic: Mapped[str] = mapped_column(String(200))
    dosage_form: Mapped[str] = mapped_column(String(100), default="")
    manufacturer: Mapped[str] = mapped_column(String(200), default="")
    application_number: Mapped[str] = mapped_column(String(40), default="")
    boxed_warning: Mapped[bool] = mapped_column(default=False)
    accelerated_approval: Mapped[bool] = mapped_column(default=False)
    investigational: Mapped[bool] = mapped_column(default=False)
    additional_monitoring: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class LabelVersion(Base):
    """One version of a product's label; a newer version is added, none is replaced."""

    __tablename__ = "label_version"
    __table_args__ = (UniqueConstraint("set_id", "version"),)
    KIND = "label_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    set_id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    effective: Mapped[date] = mapped_column()
    source_name: Mapped[str] = mapped_column(String(200))
    source_kind: Mapped[str] = mapped_column(String(20))
    source_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    product: Mapped[Product] = relationship()
    imported_by: Mapped[Person] = relationship()
    sections: Mapped[list[LabelSection]] = relationship(
        back_populates="label", order_by="LabelSection.position", cascade="all, delete-orphan"
    )

    def document(self) -> LabelDocument:
        """The label as the plain document that anchors are located in."""
        return LabelDocument(
            set_id=self.set_id,
            version=self.version,
            effective=self.effective,
            brand_name=self.product.brand,
            generic_name=self.product.generic,
            manufacturer=self.product.manufacturer,
            application_number=self.product.application_number,
            source_sha256=self.source_sha256,
            kind=self.source_kind,
            sections=tuple(
                label_document.LabelSection(
                    code=row.code,
                    name=row.name,
                    title=row.title,
                    number=row.number,
                    position=row.position,
                    paragraphs=tuple(row.paragraphs),
                )
                for row in self.sections
            ),
        )


class LabelSection(Base):
    """One section or numbered subsection of a label version, with its paragraphs."""

    __tablename__ = "label_section"
    __table_args__ = (UniqueConstraint("label_version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    label_version_id: Mapped[int] = mapped_column(ForeignKey("label_version.id"))
    position: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    paragraphs: Mapped[list[str]] = mapped_column(CanonicalJSON)
    label: Mapped[LabelVersion] = relationship(back_populates="sections")


class Claim(Base):
    """What may be said, under one lasting code; the wording lives in its versions.

    ``latest_id`` and ``approved_id`` are shortcuts for lists. Whether a version is approved is
    verified when it matters (``claims_library.validity``).
    """

    __tablename__ = "claim"
    KIND = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    latest_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim_version.id", use_alter=True), index=True
    )
    approved_id: Mapped[int | None] = mapped_column(
        ForeignKey("claim_version.id", use_alter=True), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    product: Mapped[Product] = relationship()
    versions: Mapped[list[ClaimVersion]] = relationship(
        back_populates="claim",
        foreign_keys="ClaimVersion.claim_id",
        order_by="ClaimVersion.id.desc()",
    )
    latest: Mapped[ClaimVersion | None] = relationship(foreign_keys=[latest_id], post_update=True)
    approved: Mapped[ClaimVersion | None] = relationship(
        foreign_keys=[approved_id], post_update=True
    )


class ClaimVersion(Versioned, Base):
    """One version of a claim: wording, scope and evidence."""

    __tablename__ = "claim_version"
    __table_args__ = (Index("ix_claim_version_claim", "claim_id", "id"),)
    KIND = "claim_version"
    CONTENT = (
        "text",
        "variations",
        "type",
        "pillar",
        "indication",
        "population",
        "qualifiers",
        "companions",
        "audiences",
        "channels",
        "markets",
        "reference",
        "locator",
        "excerpt",
        "anchor",
        "valid_from",
        "valid_until",
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    label_version_id: Mapped[int] = mapped_column(ForeignKey("label_version.id"), index=True)
    # a copy of the claim's code and the label's identity, so that the content stands by itself
    code: Mapped[str] = mapped_column(String(40))
    label_ref: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    variations: Mapped[list[str]] = mapped_column(CanonicalJSON)
    type: Mapped[ClaimType] = mapped_column(WordType(ClaimType))
    pillar: Mapped[Pillar] = mapped_column(WordType(Pillar))
    indication: Mapped[str] = mapped_column(Text, default="")
    population: Mapped[str] = mapped_column(Text, default="")
    qualifiers: Mapped[list[str]] = mapped_column(CanonicalJSON)
    companions: Mapped[list[str]] = mapped_column(CanonicalJSON)
    audiences: Mapped[list[str]] = mapped_column(CanonicalJSON)
    channels: Mapped[list[str]] = mapped_column(CanonicalJSON)
    markets: Mapped[list[str]] = mapped_column(CanonicalJSON)
    reference: Mapped[str] = mapped_column(Text)
    locator: Mapped[str] = mapped_column(String(200))
    excerpt: Mapped[str] = mapped_column(Text)
    anchor: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    valid_from: Mapped[date] = mapped_column()
    valid_until: Mapped[date] = mapped_column()
    claim: Mapped[Claim] = relationship(back_populates="versions", foreign_keys=[claim_id])
    label_version: Mapped[LabelVersion] = relationship()
    author: Mapped[Person] = relationship()

    def content(self) -> Mapping[str, Any]:
        values = {name: getattr(self, name) for name in self.CONTENT}
        return {"kind": self.KIND, "code": self.code, "label": self.label_ref, **values}

    def wording(self, variation: int = 0) -> str:
        """The approved wording: 0 is the claim's text, n its n-th variation."""
        return self.text if variation == 0 else self.variations[variation - 1]


guards.frozen_once_approved(
    "claim_version",
    (*ClaimVersion.CONTENT, "claim_id", "code", "label_ref", "label_version_id", "content_sha256"),
)
guards.append_only("label_version")
guards.append_only("label_section")
