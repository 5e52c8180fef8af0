"""Tables of templates, materials, renditions and controlled copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Account
from claims_library.models import LabelVersion, Product
from modules.models import ModuleVersion
from records import guards
from records.base import Base, CanonicalJSON, UTCDateTime, WordType
from records.canonical import sha256
from records.models import Person
from records.versions import Versioned
from records.vocabulary import Audience, Channel, Market, Phase, Role


class Template(Base):
    """The approved frame of one kind of material in one market."""

    __tablename__ = "template"
    KIND = "template"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    channel: Mapped[Channel] = mapped_column(WordType(Channel))
    market: Mapped[Market] = mapped_column(WordType(Market))
    latest_id: Mapped[int | None] = mapped_column(
        ForeignKey("template_version.id", use_alter=True), index=True
    )
    approved_id: Mapped[int | None] = mapped_column(
        ForeignKey("template_version.id", use_alter=True), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    versions: Mapped[list[TemplateVersion]] = relationship(
        back_populates="template",
        foreign_keys="TemplateVersion.template_id",
        order_by="TemplateVersion.id.desc()",
    )
    latest: Mapped[TemplateVersion | None] = relationship(
        foreign_keys=[latest_id], post_update=True
    )
    approved: Mapped[TemplateVersion | None] = relationship(
        foreign_keys=[approved_id], post_update=True
    )


class TemplateVersion(Versioned, Base):
    """One version of a template: slots in order, glue text, stamps (see ``exports.frame``)."""

    __tablename__ = "template_version"
    __table_args__ = (Index("ix_template_version_template", "template_id", "id"),)
    KIND = "template_version"

    template_id: Mapped[int] = mapped_column(ForeignKey("template.id"))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    frame: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    # hash of the Jinja and CSS files that draw it, fixed when the version is written
    layout_sha256: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[date] = mapped_column()
    template: Mapped[Template] = relationship(back_populates="versions", foreign_keys=[template_id])
    author: Mapped[Person] = relationship()

    def content(self) -> Mapping[str, Any]:
        return {
            "kind_of": self.KIND,
            "code": self.code,
            "title": self.title,
            "frame": self.frame,
            "layout": self.layout_sha256,
            "valid_until": self.valid_until,
        }


class Material(Base):
    """What is assembled for one account and role, under one lasting material code."""

    __tablename__ = "material"
    __table_args__ = (Index("ix_material_account", "account_id", "role"),)
    KIND = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(WordType(Role))
    phase: Mapped[Phase] = mapped_column(WordType(Phase))
    market: Mapped[Market] = mapped_column(WordType(Market))
    audience: Mapped[Audience] = mapped_column(WordType(Audience))
    channel: Mapped[Channel] = mapped_column(WordType(Channel))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    latest_id: Mapped[int | None] = mapped_column(
        ForeignKey("material_version.id", use_alter=True), index=True
    )
    approved_id: Mapped[int | None] = mapped_column(
        ForeignKey("material_version.id", use_alter=True), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    product: Mapped[Product] = relationship()
    account: Mapped[Account] = relationship()
    owner: Mapped[Person] = relationship()
    versions: Mapped[list[MaterialVersion]] = relationship(
        back_populates="material",
        foreign_keys="MaterialVersion.material_id",
        order_by="MaterialVersion.id.desc()",
    )
    latest: Mapped[MaterialVersion | None] = relationship(
        foreign_keys=[latest_id], post_update=True
    )
    approved: Mapped[MaterialVersion | None] = relationship(
        foreign_keys=[approved_id], post_update=True
    )


class MaterialVersion(Versioned, Base):
    """One version of a material: exact module versions in order, token values, pins.

    ``parts`` is content, in reading order:
    ``[{"module": code, "version": id, "sha256": hash, "slot": name, "tied_to": code or ""}, …]``.
    ``tokens`` maps token names to their checked values. ``facts`` are the account facts as they
    were pinned. ``free_text`` is wording from outside modules: empty means review tier T1.
    """

    __tablename__ = "material_version"
    __table_args__ = (Index("ix_material_version_material", "material_id", "id"),)
    KIND = "material_version"
    CONTENT = (
        "title",
        "frame",
        "facts",
        "parts",
        "tokens",
        "free_text",
        "prepared_on",
        "valid_until",
        "validity_code",
    )

    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    template_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"), index=True)
    label_version_id: Mapped[int] = mapped_column(ForeignKey("label_version.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    # role, phase, market, audience, channel, brand, template and label identity as pinned
    frame: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    facts: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(CanonicalJSON)
    tokens: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    free_text: Mapped[str] = mapped_column(Text, default="")
    prepared_on: Mapped[date] = mapped_column()
    valid_until: Mapped[date] = mapped_column()
    # what the QR code leads to; random, so that codes cannot be counted through
    validity_code: Mapped[str] = mapped_column(String(20), unique=True)
    material: Mapped[Material] = relationship(back_populates="versions", foreign_keys=[material_id])
    template_version: Mapped[TemplateVersion] = relationship()
    label_version: Mapped[LabelVersion] = relationship()
    author: Mapped[Person] = relationship()

    def content(self) -> Mapping[str, Any]:
        values = {name: getattr(self, name) for name in self.CONTENT}
        return {"kind_of": self.KIND, "code": self.code, **values}

    def pages_hash(self) -> str:
        """Hash of what its pages are made of: the content without what checks found in it."""
        frame = {name: value for name, value in self.frame.items() if name != "checks"}
        return sha256({**self.content(), "frame": frame})

    def least_tier(self) -> str:
        """Approved modules only: one regulatory signature; any free text: full review."""
        return "full" if self.free_text.strip() else "T1"


class MaterialPart(Base):
    """Which module versions a material version holds (derived from its parts, for where-used)."""

    __tablename__ = "material_part"

    material_version_id: Mapped[int] = mapped_column(
        ForeignKey("material_version.id"), primary_key=True
    )
    module_version_id: Mapped[int] = mapped_column(
        ForeignKey("module_version.id"), primary_key=True, index=True
    )
    module_version: Mapped[ModuleVersion] = relationship()


class MaterialStep(Base):
    """One change to a draft and what stood before and after it, so that it can be taken back.

    ``before`` and ``after`` are what a person decides (``exports.undoing``): chosen modules in
    order, the meeting's date, the agenda. No record of what happened: that is the trail.
    """

    __tablename__ = "material_step"
    __table_args__ = (Index("ix_material_step_version", "material_version_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    material_version_id: Mapped[int] = mapped_column(ForeignKey("material_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    after: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    undone: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = relationship()


class Rendition(Base):
    """The bytes of a material version in one format, without a copy number."""

    __tablename__ = "rendition"
    __table_args__ = (Index("ix_rendition_version", "material_version_id", "format"),)
    KIND = "rendition"

    id: Mapped[int] = mapped_column(primary_key=True)
    material_version_id: Mapped[int] = mapped_column(ForeignKey("material_version.id"))
    format: Mapped[str] = mapped_column(String(10))
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    fingerprint: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    material_version: Mapped[MaterialVersion] = relationship()


class CopyState(StrEnum):
    """Where a controlled copy stands; one that failed keeps its number and has no bytes."""

    MAKING = "making"
    FAILED = "failed"
    ISSUED = "issued"
    RECALLED = "recalled"
    ACKNOWLEDGED = "acknowledged"
    DESTROYED = "destroyed"
    LOST = "lost"


class ControlledCopy(Base):
    """One numbered copy for one person, account and purpose; ``number`` is printed on it."""

    __tablename__ = "controlled_copy"
    KIND = "copy"

    number: Mapped[int] = mapped_column(primary_key=True)
    material_version_id: Mapped[int] = mapped_column(ForeignKey("material_version.id"), index=True)
    format: Mapped[str] = mapped_column(String(10))
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    purpose: Mapped[str] = mapped_column(String(200), default="")
    # one key per form: a double click gets the copy it already has
    request_key: Mapped[str] = mapped_column(String(40), unique=True)
    # none while it is being made, and none for ever when that failed
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    state: Mapped[CopyState] = mapped_column(WordType(CopyState), default=CopyState.MAKING)
    failure: Mapped[str] = mapped_column(Text, default="")
    material_version: Mapped[MaterialVersion] = relationship()
    holder: Mapped[Person] = relationship(foreign_keys=[holder_id])
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])


guards.frozen_once_approved(
    "template_version",
    ("code", "title", "frame", "layout_sha256", "valid_until", "template_id", "content_sha256"),
)
guards.frozen_once_approved(
    "material_version",
    (
        *MaterialVersion.CONTENT,
        "material_id",
        "code",
        "template_version_id",
        "label_version_id",
        "content_sha256",
    ),
)
guards.never_deleted("controlled_copy")
guards.frozen_unless(
    "controlled_copy",
    "OLD.state = 'making'",
    (
        "number",
        "material_version_id",
        "format",
        "holder_id",
        "issued_by_id",
        "issued_at",
        "request_key",
        "file_sha256",
    ),
    message="a copy that was made cannot be changed",
)
guards.keeps_state("controlled_copy", "failed")
