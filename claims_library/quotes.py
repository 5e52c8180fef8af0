"""Quotes in label versions: what stands around them, and what became of them in another version.

Label versions never change, and what a claim version quotes is named by its content hash, so what
was found once holds for ever and is kept per process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from claims_library.anchors import Anchor, Fate, Relocation, fold, relocate
from claims_library.label_document import LabelDocument
from claims_library.models import ClaimVersion, LabelVersion

AROUND = 320
_MOST_DOCUMENTS = 4
_MOST_FATES = 50_000
_documents: OrderedDict[tuple[int, str], LabelDocument] = OrderedDict()
_documents_lock = Lock()
_fates: dict[tuple[str, str], Relocation] = {}


@dataclass(frozen=True)
class Quote:
    """The words of a claim's evidence in what stands around them."""

    before: str
    words: str
    after: str


def document_of(label: LabelVersion) -> LabelDocument:
    """A stored label version as the plain document that anchors are located in; kept for a few."""
    key = (label.id, label.source_sha256)
    with _documents_lock:
        document = _documents.get(key)
        if document is None:
            while len(_documents) >= _MOST_DOCUMENTS:
                _documents.popitem(last=False)
            document = _documents[key] = label.document()
        _documents.move_to_end(key)
    return document


def fates(
    session: Session, versions: Iterable[ClaimVersion], label: LabelVersion
) -> dict[int, Relocation]:
    """What became of each claim version's quote in ``label``, by version id."""
    found: dict[int, Relocation] = {}
    for version in versions:
        anchor = anchor_of(version)
        if anchor is None:
            found[version.id] = Relocation(Fate.GONE, None)
            continue
        if version.label_version_id == label.id:
            found[version.id] = Relocation(Fate.UNCHANGED, anchor)
            continue
        key = (version.content_sha256, label.source_sha256)
        became = _fates.get(key)
        if became is None:
            if len(_fates) > _MOST_FATES:
                _fates.clear()
            became = relocate(anchor, version.excerpt, document_of(with_text(session, label)))
            _fates[key] = became
        found[version.id] = became
    return found


def anchor_of(version: ClaimVersion) -> Anchor | None:
    """Where the claim's quote stands in its own label; None for one that was never located."""
    try:
        return Anchor.from_json(version.anchor)
    except TypeError:
        return None


def with_text(session: Session, label: LabelVersion) -> LabelVersion:
    """The label with its sections loaded in one query."""
    return session.scalars(
        select(LabelVersion)
        .where(LabelVersion.id == label.id)
        .options(selectinload(LabelVersion.sections))
    ).one()


def in_context(document: LabelDocument, anchor: Anchor) -> Quote:
    """The quote with a few lines of its section before and after, cut at spaces."""
    number, _, name = anchor.locator.rpartition(" ")
    text = fold(" ".join(part.text for part in document.parts_of(name, number)))
    start, end = max(0, anchor.start - AROUND), min(len(text), anchor.end + AROUND)
    before, after = text[start : anchor.start], text[anchor.end : end]
    if start > 0:
        before = "… " + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Quote(before, text[anchor.start : anchor.end], after)
