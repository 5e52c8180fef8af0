"""Body nodes as plain text that reads well, also aloud: no mark may run into the words before it.

Plain text cannot raise a letter, so citations and footnote letters stand in brackets: glued to a
number they would be read as one of its figures. Rows of a table become sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exports.body import (
    Cell,
    Citation,
    Emphasis,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Table,
    words,
)


def block_text(nodes: Sequence[Node]) -> str:
    """Body nodes as paragraphs, parted by empty lines."""
    return "\n\n".join(_node(node) for node in nodes)


def spoken(run: Sequence[Inline]) -> str:
    """The words of a run, marks in brackets, addresses of links behind their words."""
    return "".join(_said(inline) for inline in run)


def _said(inline: Inline) -> str:
    match inline:
        case Citation() | FootnoteMark():
            return f" [{words([inline])}]"
        case Strong(children=children) | Emphasis(children=children):
            return spoken(children)
        case Link(href=href, children=children):
            shown = words(children)
            return shown if shown == href else f"{shown} ({href})"
        case _:
            return words([inline])


def _node(node: Node) -> str:
    match node:
        case Heading(level=level, children=children):
            text = spoken(children)
            return f"{text}\n{'-' * len(text)}" if level == 1 else text
        case Paragraph(children=children):
            return spoken(children)
        case ListNode():
            return "\n".join(_items(node))
        case Quote(children=children):
            return "\n".join(f"| {line}".rstrip() for line in block_text(children).split("\n"))
        case Table():
            return "\n".join(_rows(node))


def _items(node: ListNode) -> Iterator[str]:
    """One line for each item; a list within an item follows it directly."""
    for number, item in enumerate(node.items, start=node.start):
        mark = f"{number}. " if node.ordered else "- "
        lines = "\n".join(_node(part) for part in item).split("\n")
        yield mark + ("\n" + " " * len(mark)).join(lines)


def _rows(table: Table) -> Iterator[str]:
    """``Fatigue – HALVORYN: 31%; Docetaxel: 28%``, below the name of the first column."""
    if words(table.head[0]):
        yield f"{spoken(table.head[0])}:"
    for row in table.rows:
        yield _row(table.head, row)


def _row(head: Sequence[Cell], row: Sequence[Cell]) -> str:
    pairs = [
        f"{spoken(name)}: {spoken(cell)}" if words(name) else spoken(cell)
        for name, cell in zip(head[1:], row[1:], strict=True)
        if words(cell)
    ]
    return f"{spoken(row[0])} – {'; '.join(pairs)}" if pairs else spoken(row[0])
