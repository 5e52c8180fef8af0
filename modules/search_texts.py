"""What of a module can be found: its newest version and, beside a draft, the approved one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Protocol, cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from modules import content
from modules.models import Module, ModuleVersion
from modules.notices import tags
from modules.pinning import Pinning, pinned_wordings, wording_of
from modules.search import SearchDocument

BATCH = 200
_FINDABLE = or_(ModuleVersion.id == Module.latest_id, ModuleVersion.id == Module.approved_id)


def texts(session: Session, modules: Collection[int] | None = None) -> Iterator[SearchDocument]:
    """The findable texts of some modules, or of all; keys are version ids. Read in batches."""
    wanted = select(ModuleVersion.id).join(Module, _FINDABLE).order_by(ModuleVersion.id)
    if modules is not None:
        wanted = wanted.where(Module.id.in_(modules))
    ids = iter(session.scalars(wanted).all())
    while batch := list(islice(ids, BATCH)):
        rows = select(ModuleVersion).where(ModuleVersion.id.in_(batch)).order_by(ModuleVersion.id)
        versions = session.scalars(rows).all()
        plain = bodies(session, versions)
        for version in versions:
            yield _document(version, plain[version.id])


class Written(Pinning, Protocol):
    """What a text is made of: a module version, or a row with these columns of it."""

    @property
    def id(self) -> int: ...
    @property
    def body(self) -> str: ...


def bodies(
    session: Session, versions: Sequence[Written], *, opening: int | None = None
) -> dict[int, str]:
    """The plain text of versions by id, claims spelled out: what is indexed, and snippets show.

    With ``opening`` only so many characters of the beginning, or a few more.
    """
    claims = pinned_wordings(session, versions)
    found = {}
    for version in versions:
        wording = wording_of(version, claims)
        found[version.id] = (
            content.plain_text(version.body, wording, _unknown_field)
            if opening is None
            else content.opening_text(version.body, wording, _unknown_field, length=opening)
        )
    return found


def written(session: Session, ids: Collection[int]) -> Sequence[Written]:
    """What the texts of versions are made of, and nothing else of them."""
    columns = (ModuleVersion.id, ModuleVersion.body, ModuleVersion.pins)
    rows = session.execute(select(*columns).where(ModuleVersion.id.in_(ids))).all()
    return cast("Sequence[Written]", rows)


def _unknown_field(_name: str) -> str:
    return "…"


def count(session: Session) -> int:
    """How many texts there are to find."""
    found = select(func.count()).select_from(ModuleVersion).join(Module, _FINDABLE)
    return session.scalar(found) or 0


def forgotten(session: Session, modules: Collection[int]) -> list[int]:
    """Keys of versions of these modules that are not to be found any more."""
    return list(
        session.scalars(
            select(ModuleVersion.id)
            .join(Module, ModuleVersion.module_id == Module.id)
            .where(Module.id.in_(modules))
            .where(ModuleVersion.id.is_distinct_from(Module.latest_id))
            .where(ModuleVersion.id.is_distinct_from(Module.approved_id))
        )
    )


def _document(version: ModuleVersion, body: str) -> SearchDocument:
    """The text of a version; its tags and the claims it uses are words to find it by."""
    words = [value for _, value in tags(version)]
    words += dict.fromkeys(pin["claim"] for pin in version.pins)
    return SearchDocument(version.id, version.code, version.title, body, " ; ".join(words))
