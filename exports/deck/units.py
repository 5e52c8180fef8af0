"""The stretches of a block under its subheadings, and the pieces they can be cut into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from exports.body import (
    Cell,
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
    Text,
    runs,
    words,
)
from exports.deck.charts import chart_of
from exports.deck.slides import (
    Panel,
    Slide,
)
from exports.document import Block

_LONG_ITEM = 12  # words of an item that says much
_SHORT_UNIT, _SHORT_LEAD = 30, 45


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a block under one subheading (or question), or its beginning without one."""

    head: Cell
    nodes: tuple[Node, ...]


def split(block: Block) -> tuple[Cell, list[Unit]]:
    """A block's own heading, and its units: the first is what stands before any subheading.

    A block of several equal headings has none of its own; its pillar stands above all of them.
    """
    highest = [node for node in block.body if isinstance(node, Heading) and node.level == 1]
    heading: Cell = ()
    units = [Unit((), ())]
    for node in block.body:
        if (
            isinstance(node, Heading)
            and len(highest) == 1
            and node is highest[0]
            and units == [Unit((), ())]
        ):
            heading = node.children
        elif isinstance(node, Heading) and node.level <= 2:
            units.append(Unit(node.children, ()))
        elif block.kind == "faq" and (question := _question(node)):
            units.append(Unit(question, ()))
        else:
            units[-1] = replace(units[-1], nodes=(*units[-1].nodes, node))
    return heading or in_cell(block.pillar), units


def marks_of(run: Sequence[Inline]) -> Iterator[str]:
    """The footnote letters in a run, in reading order."""
    for inline in run:
        match inline:
            case FootnoteMark(mark=mark):
                yield mark
            case Strong(children=children) | Emphasis(children=children) | Link(children=children):
                yield from marks_of(children)
            case _:
                pass


def marks_in(slide: Slide, nodes: Sequence[Node]) -> list[str]:
    """The marks of the footnotes a slide needs, each once, a before b and z before aa."""
    heads = [slide.kicker, slide.title, *(panel.head for panel in slide.panels)]
    found = [mark for run in (*heads, *runs(slide.lead), *runs(nodes)) for mark in marks_of(run)]
    return sorted(dict.fromkeys(found), key=lambda mark: (len(mark), mark))


def shown_on(slide: Slide) -> list[Node]:
    """What stands on a slide below its title and lead."""
    panels = [node for panel in slide.panels for node in panel.nodes]
    return [*([slide.table] if slide.table else []), *slide.nodes, *panels]


def in_cell(words: str) -> Cell:
    """Plain words as a cell; no words, no cell."""
    return (Text(words),) if words else ()


def lead_of(units: list[Unit]) -> tuple[tuple[Node, ...], list[Unit]]:
    """The beginning of a block stands above what follows, if something follows."""
    first, rest = units[0], units[1:]
    table = any(isinstance(node, Table) for node in first.nodes)
    long = word_count(first.nodes) > _SHORT_LEAD or chart_of(first.nodes) is not None
    if not rest or table or long:
        return (), [unit for unit in units if unit.nodes or unit.head]
    return first.nodes, rest


def one_chart_each(unit: Unit) -> list[Unit]:
    """A unit with several comparisons as one for each, cut between paragraphs only."""
    charted = [chart_of([node]) is not None for node in unit.nodes]
    if sum(charted) < 2 or any(isinstance(node, Table) for node in unit.nodes):
        return [unit]
    starts = [place for place, drawn in enumerate(charted) if drawn]
    ends = [*starts[1:], len(unit.nodes)]
    return [
        replace(unit, nodes=unit.nodes[0 if place == 0 else start : end])
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def gathered(units: list[Unit]) -> list[Unit]:
    """A short unit after one with a chart stands beside that chart, not on a slide of its own."""
    made: list[Unit] = []
    for unit in units:
        drawn = made and chart_of(made[-1].nodes) is not None
        if drawn and word_count(unit.nodes) <= _SHORT_UNIT and chart_of(unit.nodes) is None:
            head = (Heading(2, unit.head),) if unit.head else ()
            made[-1] = replace(made[-1], nodes=(*made[-1].nodes, *head, *unit.nodes))
        else:
            made.append(unit)
    return made


def _question(node: Node) -> Cell:
    if isinstance(node, Paragraph) and len(node.children) == 1:
        only = node.children[0]
        if isinstance(only, Strong):
            return only.children
    return ()


def long_items(nodes: Sequence[Node]) -> list[Panel]:
    """The items of a list that is all there is, if there are two or three and they say much."""
    if len(nodes) != 1 or not isinstance(nodes[0], ListNode) or nodes[0].ordered:
        return []
    items = nodes[0].items
    long = all(word_count(item) >= _LONG_ITEM for item in items)
    return [Panel((), item) for item in items] if long and 2 <= len(items) <= 3 else []


def safety_rows(units: Sequence[Unit]) -> list[Panel]:
    """Safety information: the strong words that begin a paragraph stand beside it as its head."""
    panels = []
    for unit in units:
        if unit.head:
            panels.append(Panel((), (Heading(2, unit.head),)))
        for node in unit.nodes:
            children = node.children if isinstance(node, Paragraph) else ()
            if isinstance(node, Paragraph) and len(children) > 1 and _is_strong(children[0]):
                first = children[0]
                assert isinstance(first, Strong)  # noqa: S101 - said one line above, for the types
                panels.append(Panel(first.children, (Paragraph(_trimmed(children[1:])),)))
            else:
                panels.append(Panel((), (node,)))
    return panels


def _is_strong(inline: Inline) -> bool:
    return isinstance(inline, Strong)


def _trimmed(run: Sequence[Inline]) -> Cell:
    """Without the space that parted it from its head."""
    first = run[0]
    return (
        (replace(first, text=first.text.lstrip()), *run[1:]) if isinstance(first, Text) else (*run,)
    )


def pieces_of(nodes: Sequence[Node]) -> Iterator[Node]:
    """What may go to another slide by itself: paragraphs, list items, quotes."""
    for node in nodes:
        if isinstance(node, ListNode):
            for place, item in enumerate(node.items):
                yield ListNode(node.ordered, node.start + place, (item,))
        elif isinstance(node, Quote):
            yield from (Quote((child,)) for child in node.children)
        else:
            yield node


def rows_of(table: Table, start: int, stop: int) -> list[Table]:
    """Some rows of a table as a table; nothing when there are none."""
    rows = table.rows[start:stop]
    return [replace(table, rows=rows)] if rows else []


def word_count(nodes: Sequence[Node]) -> int:
    """How many words nodes hold."""
    return sum(len(words(run).split()) for run in runs(nodes))
