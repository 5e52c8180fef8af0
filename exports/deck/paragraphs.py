"""Body nodes as DrawingML paragraphs: the words of the nodes, nothing added and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from exports.body import (
    Cell,
    Citation,
    Emphasis,
    FootnoteMark,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Table,
    adjoins,
    words,
)
from exports.deck.fitting import BULLET
from exports.deck.slides import AFTER, LEADING

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MAJOR, MINOR = "+mj-lt", "+mn-lt"
MARK = "30000"  # a raised mark, in thousandths of a per cent


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is set; ``colour`` is a name of the theme."""

    size: float
    colour: str = "tx1"
    bold: bool = False
    italic: bool = False
    font: str = MINOR
    leading: float = LEADING
    after: float | None = None
    align: str = "l"
    indent: float = 0.0

    @property
    def below(self) -> float:
        """Points below a paragraph."""
        return self.size * AFTER if self.after is None else self.after


def tag(name: str, **attributes: str) -> Any:
    """An element of DrawingML."""
    return etree.Element(f"{{{A}}}{name}", {key: str(value) for key, value in attributes.items()})


def put(body: Any, paragraphs: Sequence[Any]) -> None:
    """Set the paragraphs of a text body; the last one has no space below."""
    for old in body.findall(f"{{{A}}}p"):
        body.remove(old)
    made = list(paragraphs) or [tag("p")]
    last = made[-1].find(f"{{{A}}}pPr/{{{A}}}spcAft/{{{A}}}spcPts")
    if last is not None:
        last.set("val", "0")
    for paragraph in made:
        body.append(paragraph)


def paragraph(run: Sequence[Inline], style: Style, *, bullet: str = "", level: float = 0.0) -> Any:
    """One paragraph; ``bullet`` is ``•``, or a number with its full stop for ordered lists."""
    made = tag("p")
    hang = style.size * BULLET if bullet else 0.0
    left = level + style.indent + hang
    rules = tag("pPr", algn=style.align, marL=_emu(left), indent=_emu(-hang))
    rules.append(_spacing("lnSpc", style.size * style.leading))
    rules.append(_spacing("spcBef", 0))
    rules.append(_spacing("spcAft", style.below))
    if bullet:
        rules.append(_coloured("buClr", "accent1"))
        rules.append(_bullet(bullet))
    else:
        rules.append(tag("buNone"))
    made.append(rules)
    for each in _runs(run, style):
        made.append(each)
    return made


def _bullet(bullet: str) -> Any:
    if bullet == "•":
        return tag("buChar", char=bullet)
    return tag("buAutoNum", type="arabicPeriod", startAt=bullet)


def plain(text: str, style: Style) -> Any:
    """One paragraph of plain words."""
    from exports.body import Text

    return paragraph((Text(text),), style)


def nodes(parts: Sequence[Node], style: Style, *, level: float = 0.0) -> Iterator[Any]:
    """Paragraphs of some nodes; tables stand in tables of their own and are no part of this."""
    for node in parts:
        match node:
            case Heading(children=children):
                head = replace(style, bold=True, colour="tx2", after=style.size * AFTER * 0.6)
                yield paragraph(children, head, level=level)
            case Paragraph(children=children):
                yield paragraph(children, style, level=level)
            case ListNode():
                yield from _list(node, style, level)
            case Quote(children=children):
                yield from nodes(children, style, level=level)
            case Table(head=head, rows=rows):
                yield from (paragraph(cell, style, level=level) for cell in _cells((head, *rows)))


def _cells(rows: Sequence[Sequence[Cell]]) -> Iterator[Cell]:
    for row in rows:
        yield from row


def _list(node: ListNode, style: Style, level: float) -> Iterator[Any]:
    for place, item in enumerate(node.items):
        bullet = str(node.start + place) if node.ordered else "•"
        first, rest = item[:1], item[1:]
        if first and isinstance(first[0], Paragraph):
            yield paragraph(first[0].children, style, bullet=bullet, level=level)
        else:
            rest = item
        yield from nodes(rest, style, level=level + style.size * BULLET)


def _runs(run: Sequence[Inline], style: Style) -> Iterator[Any]:
    before: Inline | None = None
    for inline in run:
        match inline:
            case Strong(children=children):
                yield from _runs(children, replace(style, bold=True))
            case Emphasis(children=children):
                yield from _runs(children, replace(style, italic=True))
            case Link(children=children):
                # words only: a deck leads nowhere by a click, and no relationship leads outside
                yield from _runs(children, style)
            case LineBreak():
                yield tag("br")
            case Citation() | FootnoteMark():
                comma = "," if adjoins(before, inline) else ""
                colour = "accent4" if isinstance(inline, FootnoteMark) else "accent1"
                marked = replace(style, bold=True, colour=colour)
                yield _run(comma + words([inline]), marked, raised=True)
            case _:
                yield _run(words([inline]), style)
        before = inline


def _run(text: str, style: Style, *, raised: bool = False) -> Any:
    made = tag("r")
    rules = tag("rPr", lang="en-US", sz=str(round(style.size * 100)))
    for name, on in (("b", style.bold), ("i", style.italic)):
        rules.set(name, "1" if on else "0")
    if raised:
        rules.set("baseline", MARK)
    rules.append(_coloured("solidFill", style.colour))
    rules.append(tag("latin", typeface=style.font))
    made.append(rules)
    words_ = tag("t")
    words_.text = text
    made.append(words_)
    return made


def _coloured(name: str, colour: str) -> Any:
    made = tag(name)
    made.append(tag("schemeClr", val=colour))
    return made


def _spacing(name: str, points: float) -> Any:
    made = tag(name)
    made.append(tag("spcPts", val=str(round(points * 100))))
    return made


def _emu(points: float) -> str:
    return str(round(points * 12700))
