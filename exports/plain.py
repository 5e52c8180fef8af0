"""A document as plain text: the same words in the same order, wrapped at no column.

For readers of mail without HTML, for search and for comparing two versions by eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exports.body import Cell, Heading, ListNode, Node, Paragraph, Quote, Table, words
from exports.document import Block, Document
from exports.presentation import day


def plain_text(document: Document) -> str:
    """Title, blocks with their footnotes, safety information, references and facts."""
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
    parts.append("\n".join(_foot(document)))
    return "\n\n\n".join(parts) + "\n"


def block_text(nodes: Sequence[Node]) -> str:
    """Body nodes as paragraphs, parted by empty lines."""
    return "\n\n".join(_node(node) for node in nodes)


def _head(document: Document) -> str:
    lines = [document.title, "=" * len(document.title), document.product.name]
    if document.status != "approved":
        lines.insert(0, "PREVIEW – NOT APPROVED FOR DISTRIBUTION\n")
    if document.audience == "internal":
        lines.insert(0, "INTERNAL USE ONLY – DO NOT HAND OVER\n")
    return "\n".join([*lines, f"Prepared for {document.account.name}, {document.role}"])


def _people(document: Document) -> Iterator[str]:
    for person in document.people:
        named = ", ".join(part for part in (person.name, person.title) if part)
        yield f"{person.role}: {named or 'not named'}"


def _block(block: Block, notes: dict[str, Block]) -> str:
    under = [f"{mark}) {block_text(notes[mark].body)}" for mark in block.notes]
    return "\n\n".join([block_text(block.body), *under])


def _node(node: Node) -> str:
    match node:
        case Heading(level=level, children=children):
            text = words(children)
            return f"{text}\n{'-' * len(text)}" if level == 1 else text
        case Paragraph(children=children):
            return words(children)
        case ListNode():
            return "\n".join(_items(node))
        case Quote(children=children):
            return "\n".join(f"| {line}".rstrip() for line in block_text(children).split("\n"))
        case Table(head=head, rows=rows):
            return "\n".join(_row(head, row) for row in rows)


def _items(node: ListNode) -> Iterator[str]:
    for number, item in enumerate(node.items, start=node.start):
        mark = f"{number}. " if node.ordered else "- "
        yield mark + block_text(item).replace("\n", "\n" + " " * len(mark))


def _row(head: Sequence[Cell], row: Sequence[Cell]) -> str:
    """``Fatigue – HALVORYN: 31%; Docetaxel: 28%``: a row that reads well aloud."""
    pairs = [
        f"{words(name)}: {words(cell)}" if words(name) else words(cell)
        for name, cell in zip(head[1:], row[1:], strict=True)
        if words(cell)
    ]
    return f"{words(row[0])} – {'; '.join(pairs)}" if pairs else words(row[0])


def _references(document: Document) -> Iterator[str]:
    for reference in document.references:
        cited = f" Sections cited: {', '.join(reference.locators)}." if reference.locators else ""
        yield f"{reference.number}. {reference.text}{cited}"


def _foot(document: Document) -> Iterator[str]:
    yield f"{document.code}, version {document.version}"
    yield f"Date of preparation {day(document.prepared)}"
    if document.valid_until:
        yield f"Valid until {day(document.valid_until)}"
    if document.validity:
        yield f"Is this document still valid? {document.validity.url}"
