"""What every reviewed version has in common: numbering, state, content hash, stale-screen guard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from records import clock
from records.base import UTCDateTime, WordType
from records.canonical import sha256
from records.errors import Stale
from records.lifecycle import Step, VersionState, after


class Versioned:
    """Mixin of version tables.

    Approved versions carry whole numbers (1.0, 2.0), drafts are 0.1, 1.1, 1.2: approving 1.2 makes
    it 2.0. ``content_sha256`` is what was hashed when the content was last written by the program;
    ``content_hash()`` is what the stored content hashes to now. They differ when somebody went
    behind the program's back.
    """

    KIND: ClassVar[str]

    if TYPE_CHECKING:
        # every version table has a copy of its thing's lasting code
        code: Mapped[str]

    id: Mapped[int] = mapped_column(primary_key=True)
    major: Mapped[int] = mapped_column(default=0)
    minor: Mapped[int] = mapped_column(default=1)
    state: Mapped[VersionState] = mapped_column(
        WordType(VersionState), default=VersionState.DRAFT, index=True
    )
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=0)

    @declared_attr
    def author_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy's declared_attr takes the class
        return mapped_column(ForeignKey("person.id"), index=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.revision}

    def content(self) -> Mapping[str, Any]:
        """Everything an approval is about, as plain data."""
        raise NotImplementedError(type(self).__name__)

    @property
    def version(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def label(self) -> str:
        """Code and version for people, e.g. ``HAL-M-003 2.0``."""
        return f"{self.code} {self.version}"

    @property
    def subject(self) -> tuple[str, int, str]:
        """What an audit row says it is about."""
        return (self.KIND, self.id, self.label)

    def least_tier(self) -> str:
        """The lightest review tier that is enough for this content."""
        return "full"

    def content_hash(self) -> str:
        """Hash of the content as it stands now."""
        return sha256(self.content())

    def move(self, step: Step) -> None:
        """Take one step of the lifecycle, with the numbering and dates that belong to it."""
        self.state = after(self.state, step)
        self.updated_at = clock.now()
        if step is Step.APPROVE:
            self.major, self.minor = self.major + 1, 0
            self.approved_at = self.updated_at
        if step in (Step.SUPERSEDE, Step.WITHDRAW, Step.CANCEL):
            self.ended_at = self.updated_at

    def seal_content(self) -> None:
        """Write down the hash of the content after the program changed it."""
        self.content_sha256 = self.content_hash()


class HasRevision(Protocol):
    """Anything guarded against stale screens."""

    revision: Any


def expect_revision(version: HasRevision, revision: int | None) -> None:
    """Raise ``Stale`` unless the screen was made from this revision; None means no screen."""
    if revision is not None and version.revision != revision:
        raise Stale("Somebody changed this since you opened it. Nothing was saved over it.")
