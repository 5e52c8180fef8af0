"""The text part of an email: the same words in the same order, from the same tree as the HTML."""

from __future__ import annotations

from collections.abc import Iterator

from exports.brand import Brand
from exports.document import Block, Document, Letter
from exports.mail.view import audience, banners, facts
from exports.spoken import block_text

_RULE = "-" * 64


def mail_text(document: Document, letter: Letter, brand: Brand) -> str:
    """The whole letter; safety information stands above the signature (R-810)."""
    parts = [_head(document), letter.greeting]
    parts += [_block(block, document) for block in document.blocks]
    parts.append(f"Full Prescribing Information:\n{letter.prescribing_information}")
    if document.isi:
        parts.append(f"{_RULE}\n{_block(document.isi, document)}\n{_RULE}")
    parts.append("\n".join(_signature(letter, brand)))
    if document.references:
        parts.append("\n".join(["References", *_references(document)]))
    parts.append("\n".join([_RULE, *_foot(document, letter, brand)]))
    return "\n\n\n".join(parts) + "\n"


def _head(document: Document) -> str:
    lines = [*(line.upper() for line in banners(document)), audience(document)]
    return "\n".join([*(line for line in lines if line), document.product.name])


def _block(block: Block, document: Document) -> str:
    notes = {note.mark: note.block for note in document.footnotes}
    under = [f"{mark}) {block_text(notes[mark].body)}" for mark in block.notes]
    return "\n\n".join([block_text(block.body), *under])


def _signature(letter: Letter, brand: Brand) -> Iterator[str]:
    yield letter.closing
    yield ""
    if letter.signed_by:
        yield letter.signed_by
    if letter.signed_title:
        yield letter.signed_title
    yield brand.name


def _references(document: Document) -> Iterator[str]:
    for reference in document.references:
        cited = f" Sections cited: {', '.join(reference.locators)}." if reference.locators else ""
        yield f"{reference.number}. {reference.text}{cited}"


def _foot(document: Document, letter: Letter, brand: Brand) -> Iterator[str]:
    yield letter.reason
    yield f"Unsubscribe: {letter.unsubscribe}"
    yield ""
    yield brand.name
    yield from brand.address_for(document.market)
    yield from brand.boilerplate_for(document.market)
    yield ""
    yield from facts(document)
    if document.validity:
        yield f"Is this email still valid? {document.validity.url}"
