"""From one block to its slides: the layout is chosen by what the block holds and how long it is.

Nothing is shortened and nothing left out: what does not fit one slide goes on on the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from exports.deck import fitting
from exports.deck.charts import chart_of
from exports.deck.parting import parted
from exports.deck.slides import (
    BODY_BOTTOM,
    BODY_TOP,
    CHART_HEIGHT,
    CHART_TEXT,
    GUTTER,
    INNER,
    STATEMENT,
    TABLE_SIZES,
    TEXT_SIZES,
    TITLE_SIZES,
    Panel,
    Slide,
)
from exports.document import Block, Footnote
from exports.markup import column_widths, figures
from records.errors import Objection, refuse

Notes = Mapping[str, Footnote]
ROOM = BODY_BOTTOM - BODY_TOP
_FEW_WORDS, _LONG_ITEM = 60, 12  # words of a short text, and of an item that says much
_SHORT_UNIT, _SHORT_LEAD = 30, 45
_PARTS = (2, 3, 4, 6, 9)  # parts of a paragraph too tall for a slide


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a block under one subheading (or question), or its beginning without one."""

    head: Cell
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Planner:
    """Plans the slides of one block; ``sizes`` of its running text."""

    block: Block
    place: str
    notes: Notes
    sizes: Sequence[float] = TEXT_SIZES

    def slides(self) -> list[Slide]:
        """The block's slides, numbered among themselves."""
        made = [self._with_notes(slide) for slide in self._plan()]
        titles = [slide.title for slide in made]
        return [
            replace(
                slide,
                part=(titles[: place + 1].count(slide.title), titles.count(slide.title)),
                first=place == 0,
                last=place == len(made) - 1,
            )
            for place, slide in enumerate(made)
        ]

    def _plan(self) -> Iterator[Slide]:
        heading, units = split(self.block)
        base = Slide(
            "text",
            heading,
            _text(self.block.pillar) if heading != _text(self.block.pillar) else (),
            place=self.place,
            module=self.block.module,
            pillar=self.block.pillar,
        )
        cells = figures(self.block.body)
        if self.block.kind == "callout" and cells:
            yield self._titled(self._figures(base, cells))
        elif self.block.kind == "isi":
            yield from self._rows(replace(base, kind="safety"), _safety_rows(units))
        elif self.block.kind == "faq" and all(unit.head for unit in units[1:]):
            lead, asked = _lead(units)
            panels = [Panel(unit.head, unit.nodes) for unit in asked]
            yield from self._rows(replace(base, kind="rows", lead=lead), panels)
        else:
            yield from self._units(base, units)

    def _units(self, base: Slide, units: list[Unit]) -> Iterator[Slide]:
        """Charts and tables have slides of their own; what stands between them shares one."""
        lead, rest = _lead(units)
        rest = _gathered([part for unit in rest for part in _one_chart_each(unit)])
        alone = len(rest) == 1
        waiting: list[Unit] = []
        for unit in rest:
            chart = chart_of((*lead, *unit.nodes))
            table = next((node for node in unit.nodes if isinstance(node, Table)), None)
            if chart is None and table is None:
                waiting.append(unit)
                continue
            if waiting:
                yield from self._group(replace(base, lead=lead), waiting)
                waiting, lead = [], ()
            own = self._under(base, unit, alone=alone)
            if chart is not None:
                drawn = replace(own, kind="chart", chart=chart, nodes=(*lead, *unit.nodes))
                yield from self._chart(self._titled(drawn))
            elif table is not None:
                yield from self._table(self._titled(own), (*lead, *unit.nodes), table)
            lead = ()
        if waiting or lead:
            yield from self._group(replace(base, lead=lead), waiting, alone=alone)

    def _under(self, base: Slide, unit: Unit, *, alone: bool) -> Slide:
        """A unit with a slide of its own: its subheading is the title, the block's stands above."""
        if not unit.head:
            return base
        if alone and not base.title:
            return replace(base, title=unit.head)
        return replace(base, kicker=base.title, title=unit.head)

    def _group(self, base: Slide, units: list[Unit], *, alone: bool = False) -> Iterator[Slide]:
        """Units without charts and tables: columns if they are short, else rows or plain text."""
        if len(units) <= 1:
            unit = units[0] if units else Unit((), ())
            if base.lead and unit.head:
                # what stands before a subheading does not stand under it
                unit = Unit((), (Heading(2, unit.head), *unit.nodes))
            base = self._titled(self._under(base, unit, alone=alone))
            columns = _long_items(unit.nodes) if not base.lead else ()
            if columns and (slide := self._columns(base, columns)):
                yield slide
            else:
                yield from self._text(replace(base, lead=()), (*base.lead, *unit.nodes))
            return
        panels = [Panel(unit.head, unit.nodes) for unit in units]
        slide = self._columns(self._titled(base), panels)
        if slide is not None:
            yield slide
        else:
            yield from self._rows(replace(base, kind="rows"), panels)

    def _titled(self, slide: Slide) -> Slide:
        return replace(slide, title_size=fitting.title_size(slide.title, TITLE_SIZES))

    def _figures(self, base: Slide, cells: Sequence[Cell]) -> Slide:
        return replace(base, kind="figures", panels=tuple(Panel(cell) for cell in cells))

    def _text(self, base: Slide, nodes: Sequence[Node]) -> Iterator[Slide]:
        if _word_count(nodes) <= _FEW_WORDS and (slide := self._statement(base, nodes)):
            yield slide
            return
        pieces = list(_pieces(nodes))
        found = self._cut_text(base, pieces)
        for count in _PARTS if found is None else ():
            pieces = parted(list(_pieces(nodes)), count)
            if found := self._cut_text(base, pieces):
                break
        size, parts = self._found(found)
        for part in parts:
            shown = tuple(nodes) if len(parts) == 1 else tuple(pieces[part])
            yield replace(base, size=size, nodes=shown)

    def _cut_text(self, base: Slide, pieces: Sequence[Node]) -> tuple[float, list[slice]] | None:
        def cut(size: float) -> list[slice] | None:
            def cost(start: int, stop: int) -> float:
                shown = pieces[start:stop]
                return fitting.nodes_height(shown, INNER, size) + self._notes(base, shown)

            return fitting.share_out(len(pieces), cost, ROOM)

        return fitting.fewest(self.sizes, cut)

    def _statement(self, base: Slide, nodes: Sequence[Node]) -> Slide | None:
        """A short text in a panel."""
        room = ROOM - self._notes(base, nodes) - 2 * STATEMENT[1]
        width = INNER - 2 * STATEMENT[0]
        size = fitting.largest(
            self.sizes, lambda size: fitting.nodes_height(nodes, width, size) <= room
        )
        return replace(base, size=size, nodes=tuple(nodes), narrow=True) if size else None

    def _columns(self, base: Slide, panels: Sequence[Panel]) -> Slide | None:
        if not 2 <= len(panels) <= 3:
            return None
        width = (INNER - GUTTER * (len(panels) - 1)) / len(panels)
        nodes = [node for panel in panels for node in panel.nodes]

        def fits(size: float) -> bool:
            room = self._room(base, nodes) - self._lead_height(base, size)
            return max(fitting.card_height(panel, width, size) for panel in panels) <= room

        size = fitting.largest(self.sizes[:3], fits)
        if size is None:
            return None
        return replace(base, kind="columns", size=size, panels=tuple(panels))

    def _rows(self, base: Slide, panels: Sequence[Panel]) -> Iterator[Slide]:
        base = self._titled(base)
        found = self._cut_rows(base, panels)
        if found is None:
            panels = [part for panel in panels for part in _parted(panel)]
            found = self._cut_rows(base, panels)
        rows = panels
        for count in _PARTS if found is None else ():
            panels = [
                Panel(row.head, (piece,)) for row in rows for piece in parted(row.nodes, count)
            ]
            if found := self._cut_rows(base, panels):
                break
        size, parts = self._found(found)
        for part in parts:
            yield replace(
                base,
                size=size,
                panels=tuple(panels[part]),
                lead=base.lead if part.start == 0 else (),
            )

    def _cut_rows(self, base: Slide, panels: Sequence[Panel]) -> tuple[float, list[slice]] | None:
        def cut(size: float) -> list[slice] | None:
            heights = [fitting.panel_height(panel, size) for panel in panels]
            lead = self._lead_height(base, size)

            def cost(start: int, stop: int) -> float:
                shown = [node for panel in panels[start:stop] for node in panel.nodes]
                own = replace(base, panels=tuple(panels[start:stop]))
                above = 0.0 if start else lead
                return above + sum(heights[start:stop]) + self._notes(own, shown)

            return fitting.share_out(len(panels), cost, ROOM)

        return fitting.fewest(self.sizes, cut)

    def _chart(self, base: Slide) -> Iterator[Slide]:
        room = self._room(base, base.nodes)

        def fits(size: float) -> bool:
            text = fitting.nodes_height(base.nodes, CHART_TEXT, size)
            return max(text, CHART_HEIGHT) <= room

        size = fitting.largest(self.sizes, fits)
        if size is not None:
            yield replace(base, size=size)
        else:
            yield from self._text(replace(base, kind="text", chart=None), base.nodes)

    def _table(self, base: Slide, nodes: Sequence[Node], table: Table) -> Iterator[Slide]:
        place = next(place for place, node in enumerate(nodes) if node is table)
        lead, tail = tuple(nodes[:place]), tuple(nodes[place + 1 :])
        widths = column_widths(table)
        # the rows, then what stands below them as one more piece
        count = len(table.rows) + bool(tail)

        def cut(size: float) -> list[slice] | None:
            head, *rows = fitting.row_heights(table, widths, INNER, size)
            above = fitting.nodes_height(lead, INNER, size) + 14 if lead else 0.0
            below = fitting.nodes_height(tail, INNER, size) + 14 if tail else 0.0

            def cost(start: int, stop: int) -> float:
                shown = [*_rows_of(table, start, stop), *(tail if stop > len(rows) else ())]
                own = replace(base, lead=lead if start == 0 else ())
                around = (0.0 if start else above) + (below if stop > len(rows) else 0.0)
                return around + head + sum(rows[start:stop]) + self._notes(own, shown)

            return fitting.share_out(count, cost, ROOM)

        size, parts = self._found(fitting.fewest(TABLE_SIZES, cut))
        for part in parts:
            shown = _rows_of(table, part.start, part.stop)
            yield replace(
                base,
                kind="table",
                size=size,
                widths=widths,
                lead=lead if part.start == 0 else (),
                table=shown[0] if shown else None,
                nodes=tail if part.stop > len(table.rows) else (),
            )

    def _lead_height(self, base: Slide, size: float) -> float:
        return fitting.nodes_height(base.lead, INNER, size) + 14 if base.lead else 0.0

    def _room(self, base: Slide, nodes: Sequence[Node]) -> float:
        """What is left of a slide that shows these nodes, its footnotes taken off."""
        return ROOM - self._notes(base, nodes)

    def _notes(self, base: Slide, nodes: Sequence[Node]) -> float:
        """Points the footnotes of a slide that shows these nodes take."""
        return fitting.notes_height([self.notes[mark] for mark in _marks(base, nodes)])

    def _found(self, found: tuple[float, list[slice]] | None) -> tuple[float, list[slice]]:
        if found is None:
            sentence = f"A part of {self.block.module} is too long for a slide."
            instead = "Split its longest paragraph or table cell, or use a brief."
            refuse([Objection("slide-overflow", sentence, self.block.module, instead)])
            raise AssertionError(sentence)
        return found

    def _with_notes(self, slide: Slide) -> Slide:
        marks = tuple(_marks(slide, _shown(slide)))
        under = [self.notes[mark] for mark in marks]
        return replace(slide, notes=marks, notes_height=fitting.notes_height(under))


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
    return heading or _text(block.pillar), units


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


def _marks(slide: Slide, nodes: Sequence[Node]) -> list[str]:
    heads = [slide.kicker, slide.title, *(panel.head for panel in slide.panels)]
    found = [mark for run in (*heads, *runs(slide.lead), *runs(nodes)) for mark in marks_of(run)]
    return sorted(dict.fromkeys(found), key=lambda mark: (len(mark), mark))


def _shown(slide: Slide) -> list[Node]:
    panels = [node for panel in slide.panels for node in panel.nodes]
    return [*([slide.table] if slide.table else []), *slide.nodes, *panels]


def _text(words: str) -> Cell:
    return (Text(words),) if words else ()


def _lead(units: list[Unit]) -> tuple[tuple[Node, ...], list[Unit]]:
    """The beginning of a block stands above what follows, if something follows."""
    first, rest = units[0], units[1:]
    table = any(isinstance(node, Table) for node in first.nodes)
    long = _word_count(first.nodes) > _SHORT_LEAD or chart_of(first.nodes) is not None
    if not rest or table or long:
        return (), [unit for unit in units if unit.nodes or unit.head]
    return first.nodes, rest


def _one_chart_each(unit: Unit) -> list[Unit]:
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


def _gathered(units: list[Unit]) -> list[Unit]:
    """A short unit after one with a chart stands beside that chart, not on a slide of its own."""
    made: list[Unit] = []
    for unit in units:
        drawn = made and chart_of(made[-1].nodes) is not None
        if drawn and _word_count(unit.nodes) <= _SHORT_UNIT and chart_of(unit.nodes) is None:
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


def _long_items(nodes: Sequence[Node]) -> list[Panel]:
    """The items of a list that is all there is, if there are two or three and they say much."""
    if len(nodes) != 1 or not isinstance(nodes[0], ListNode) or nodes[0].ordered:
        return []
    items = nodes[0].items
    long = all(_word_count(item) >= _LONG_ITEM for item in items)
    return [Panel((), item) for item in items] if long and 2 <= len(items) <= 3 else []


def _safety_rows(units: Sequence[Unit]) -> list[Panel]:
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


def _pieces(nodes: Sequence[Node]) -> Iterator[Node]:
    """What may go to another slide by itself: paragraphs, list items, quotes."""
    for node in nodes:
        if isinstance(node, ListNode):
            for place, item in enumerate(node.items):
                yield ListNode(node.ordered, node.start + place, (item,))
        elif isinstance(node, Quote):
            yield from (Quote((child,)) for child in node.children)
        else:
            yield node


def _rows_of(table: Table, start: int, stop: int) -> list[Table]:
    """Some rows of a table as a table; nothing when there are none."""
    rows = table.rows[start:stop]
    return [replace(table, rows=rows)] if rows else []


def _parted(panel: Panel) -> list[Panel]:
    """A row too tall for a slide as several: each repeats the head, so that none stands without."""
    return [Panel(panel.head, (piece,)) for piece in _pieces(panel.nodes)]


def _word_count(nodes: Sequence[Node]) -> int:
    return sum(len(words(run).split()) for run in runs(nodes))
