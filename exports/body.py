"""The body of a block as plain, frozen nodes: what every renderer of a material reads.

Nodes carry text only, never markup. A claim keeps its identity beside its printed words, a token
its name beside its value, so that each printed sentence can be traced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they are printed."""

    text: str
    node: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasised strongly (set semi-bold)."""

    children: tuple[Inline, ...]
    node: Literal["strong"] = "strong"


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasised (set italic)."""

    children: tuple[Inline, ...]
    node: Literal["emphasis"] = "emphasis"


@dataclass(frozen=True, slots=True)
class Claim:
    """An approved wording placed by reference; variation 0 is the claim's own text."""

    claim: str
    variation: int
    text: str
    node: Literal["claim"] = "claim"


@dataclass(frozen=True, slots=True)
class Token:
    """A personalisation value in its slot, e.g. ``account.name``."""

    name: str
    value: str
    node: Literal["token"] = "token"


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation mark: numbers of the reference list, ascending."""

    numbers: tuple[int, ...]
    node: Literal["citation"] = "citation"


@dataclass(frozen=True, slots=True)
class FootnoteMark:
    """The letter of a footnote that is set under the same section."""

    mark: str
    node: Literal["footnote_mark"] = "footnote_mark"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a public address (http, https or mailto only)."""

    href: str
    children: tuple[Inline, ...]
    node: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A hard line break within a paragraph."""

    node: Literal["line_break"] = "line_break"


Inline: TypeAlias = Annotated[
    Text | Strong | Emphasis | Claim | Token | Citation | FootnoteMark | Link | LineBreak,
    Field(discriminator="node"),
]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the block's own title, 2 and 3 stand below it."""

    level: int
    children: tuple[Inline, ...]
    node: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    children: tuple[Inline, ...]
    node: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list; each item is a sequence of nodes, ``start`` counts ordered lists."""

    ordered: bool
    start: int
    items: tuple[tuple[Node, ...], ...]
    node: Literal["list"] = "list"


Cell: TypeAlias = tuple[Inline, ...]
Alignment: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; every row has as many cells as ``alignments``."""

    alignments: tuple[Alignment, ...]
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    node: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted passage; within safety information: a boxed warning."""

    children: tuple[Node, ...]
    node: Literal["quote"] = "quote"


Node: TypeAlias = Annotated[
    Heading | Paragraph | ListNode | Table | Quote, Field(discriminator="node")
]


def words(inlines: Sequence[Inline]) -> str:
    """The printed text of a run of inline nodes, marks included, without any markup."""
    before = (None, *inlines)
    return "".join(
        f",{_printed(inline)}" if adjoins(last, inline) else _printed(inline)
        for last, inline in zip(before, inlines, strict=False)
    )


def adjoins(before: Inline | None, inline: Inline) -> bool:
    """Whether a mark follows another mark directly, and a comma parts them in print."""
    return isinstance(inline, FootnoteMark) and isinstance(before, Citation | FootnoteMark)


def _printed(inline: Inline) -> str:
    match inline:
        case Text(text=text) | Claim(text=text):
            return text
        case Token(value=value):
            return value
        case Citation(numbers=numbers):
            return ",".join(str(number) for number in numbers)
        case FootnoteMark(mark=mark):
            return mark
        case LineBreak():
            return "\n"
        case Strong(children=children) | Emphasis(children=children) | Link(children=children):
            return words(children)


def runs(nodes: Sequence[Node]) -> Iterator[tuple[Inline, ...]]:
    """Every run of inline nodes in reading order: headings, paragraphs, list items, cells."""
    for node in nodes:
        match node:
            case Heading(children=children) | Paragraph(children=children):
                yield children
            case ListNode(items=items):
                for item in items:
                    yield from runs(item)
            case Table(head=head, rows=rows):
                yield from head
                for row in rows:
                    yield from row
            case Quote(children=children):
                yield from runs(children)


def claims_in(nodes: Sequence[Node]) -> Iterator[Claim]:
    """Every claim placed in the nodes, in reading order, repeats included."""
    for run in runs(nodes):
        yield from _claims(run)


def _claims(run: Sequence[Inline]) -> Iterator[Claim]:
    for inline in run:
        match inline:
            case Claim():
                yield inline
            case Strong(children=children) | Emphasis(children=children) | Link(children=children):
                yield from _claims(children)
            case _:
                pass
