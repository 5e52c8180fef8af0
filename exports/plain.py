"""A document as plain text: the same words in the same order, wrapped at no column.

For search, for comparing two versions by eye, and for whoever cannot or will not read a page.
"""

from __future__ import annotations

from collections.abc import Iterator

from exports.brand import Brand
from exports.document import Block, Document
from exports.presentation import (
    banners_of,
    facts_of,
    imprint_of,
    names_account,
    signed_of,
)
from exports.spoken import block_text


def plain_text(document: Document, brand: Brand) -> str:
    """Title and facts, blocks with their footnotes, safety information, references, imprint."""
    parts = [_head(document)]
    if document.agenda:
        items = (f"{number}. {item}" for number, item in enumerate(document.agenda, start=1))
        parts.append("\n".join(["Agenda", "------", *items]))
    if document.people:
        parts.append("\n".join(["People and roles", "----------------", *_people(document)]))
    if document.checklist:
        ticks = (f"[ ] {line}" for line in document.checklist)
        parts.append("\n".join(["Checklist", "---------", *ticks]))
    notes = {note.mark: note.block for note in document.footnotes}
    blocks = [*document.blocks, *([document.isi] if document.isi else [])]
    parts += [_block(block, notes) for block in blocks]
    if document.references:
        parts.append("\n".join(["References", "----------", *_references(document)]))
    parts.append("\n".join(_foot(document, brand)))
    return "\n\n\n".join(parts) + "\n"


def _head(document: Document) -> str:
    banners = [f"{banner.upper()}\n" for banner in banners_of(document)]
    lines = [*banners, document.title, "=" * len(document.title), document.product.name]
    if not names_account(document):
        lines.append(f"Prepared for {document.account.name}")
    lines.append(document.role)
    return "\n".join([*lines, *(f"{label}: {value}" for label, value in facts_of(document))])


def _people(document: Document) -> Iterator[str]:
    for person in document.people:
        named = ", ".join(part for part in (person.name, person.title) if part)
        yield f"{person.role}: {named or 'not named'}"


def _block(block: Block, notes: dict[str, Block]) -> str:
    under = [f"{mark}) {block_text(notes[mark].body)}" for mark in block.notes]
    return "\n\n".join([block_text(block.body), *under])


def _references(document: Document) -> Iterator[str]:
    for reference in document.references:
        cited = f" Sections cited: {', '.join(reference.locators)}." if reference.locators else ""
        yield f"{reference.number}. {reference.text}{cited}"


def _foot(document: Document, brand: Brand) -> Iterator[str]:
    yield from (f"{label}: {value}" for label, value in imprint_of(document))
    if document.validity:
        yield f"Is this document still valid? {document.validity.url}"
    yield ""
    yield from (signed_of(each) for each in document.approvals)
    yield brand.name
    yield from brand.lines_for(document.market)
