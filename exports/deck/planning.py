"""From one block to its slides: the layout is chosen by what the block holds and how long it is.

Nothing is shortened and nothing left out: what does not fit one slide goes on on the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.body import (
    Cell,
    Heading,
    Node,
    Table,
)
from exports.deck import fitting
from exports.deck.charts import chart_of
from exports.deck.parting import STEPS, Part, parts_of, rejoined
from exports.deck.slides import (
    BODY_BOTTOM,
    BODY_TOP,
    CHART_HEIGHT,
    CHART_TEXT,
    FIGURE_TEXT,
    GUTTER,
    INNER,
    STATEMENT,
    TABLE_SIZES,
    TEXT_SIZES,
    TITLE_SIZES,
    Panel,
    Slide,
)
from exports.deck.units import (
    Unit,
    gathered,
    in_cell,
    lead_of,
    long_items,
    marks_in,
    one_chart_each,
    rows_of,
    safety_rows,
    shown_on,
    split,
    word_count,
)
from exports.document import Block, Footnote
from exports.markup import column_widths, figures
from records.errors import Objection, refuse

Notes = Mapping[str, Footnote]
ROOM = BODY_BOTTOM - BODY_TOP
_FEW_WORDS = 60  # words of a short text


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
            in_cell(self.block.pillar) if heading != in_cell(self.block.pillar) else (),
            place=self.place,
            module=self.block.module,
            pillar=self.block.pillar,
        )
        cells = figures(self.block.body)
        if self.block.kind == "callout" and cells:
            yield self._titled(self._figures(base, cells))
        elif self.block.kind == "isi":
            yield from self._rows(replace(base, kind="safety"), safety_rows(units))
        elif self.block.kind == "faq" and all(unit.head for unit in units[1:]):
            lead, asked = lead_of(units)
            panels = [Panel(unit.head, unit.nodes) for unit in asked]
            yield from self._rows(replace(base, kind="rows", lead=lead), panels)
        else:
            yield from self._units(base, units)

    def _units(self, base: Slide, units: list[Unit]) -> Iterator[Slide]:
        """Charts and tables have slides of their own; what stands between them shares one."""
        lead, rest = lead_of(units)
        rest = gathered([part for unit in rest for part in one_chart_each(unit)])
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
            columns = long_items(unit.nodes) if not base.lead else ()
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
        panels = tuple(Panel(cell) for cell in cells)
        return replace(base, kind="figures", size=FIGURE_TEXT, panels=panels)

    def _text(self, base: Slide, nodes: Sequence[Node]) -> Iterator[Slide]:
        if word_count(nodes) <= _FEW_WORDS and (slide := self._statement(base, nodes)):
            yield slide
            return
        found: tuple[float, list[slice]] | None = None
        parts: list[Part] = []
        for step in STEPS[1:]:
            parts = parts_of([Panel((), tuple(nodes))], step, lambda _row: False)
            if found := self._cut_text(base, parts):
                break
        size, cuts = self._found(found)
        for part in cuts:
            yield replace(base, size=size, nodes=_text_of(parts[part]))

    def _cut_text(self, base: Slide, parts: Sequence[Part]) -> tuple[float, list[slice]] | None:
        def cut(size: float) -> list[slice] | None:
            def cost(start: int, stop: int) -> float:
                shown = _text_of(parts[start:stop])
                return fitting.nodes_height(shown, INNER, size) + self._notes(base, shown)

            return fitting.share_out(len(parts), cost, ROOM)

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
        found: tuple[float, list[slice]] | None = None
        parts: list[Part] = []
        for step in STEPS:
            parts = parts_of(panels, step, lambda row: self._stands_alone(base, panels, row))
            if found := self._cut_rows(base, parts):
                break
        size, cuts = self._found(found)
        for part in cuts:
            yield replace(
                base,
                size=size,
                panels=tuple(rejoined(parts[part])),
                lead=base.lead if part.start == 0 else (),
            )

    def _stands_alone(self, base: Slide, panels: Sequence[Panel], row: int) -> bool:
        """Whether a slide can show a row whole, in the smallest size."""
        above = self._lead_height(base, self.sizes[-1]) if row == 0 else 0.0
        return self._rows_height(base, panels[row : row + 1], self.sizes[-1]) + above <= ROOM

    def _rows_height(self, base: Slide, panels: Sequence[Panel], size: float) -> float:
        shown = [node for panel in panels for node in panel.nodes]
        own = replace(base, panels=tuple(panels))
        heights = sum(fitting.panel_height(panel, size) for panel in panels)
        return heights + self._notes(own, shown)

    def _cut_rows(self, base: Slide, parts: Sequence[Part]) -> tuple[float, list[slice]] | None:
        def cut(size: float) -> list[slice] | None:
            lead = self._lead_height(base, size)

            def cost(start: int, stop: int) -> float:
                above = 0.0 if start else lead
                return above + self._rows_height(base, rejoined(parts[start:stop]), size)

            return fitting.share_out(len(parts), cost, ROOM)

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
                shown = [*rows_of(table, start, stop), *(tail if stop > len(rows) else ())]
                own = replace(base, lead=lead if start == 0 else ())
                around = (0.0 if start else above) + (below if stop > len(rows) else 0.0)
                return around + head + sum(rows[start:stop]) + self._notes(own, shown)

            return fitting.share_out(count, cost, ROOM)

        size, parts = self._found(fitting.fewest(TABLE_SIZES, cut))
        for part in parts:
            shown = rows_of(table, part.start, part.stop)
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
        return fitting.notes_height([self.notes[mark] for mark in marks_in(base, nodes)])

    def _found(self, found: tuple[float, list[slice]] | None) -> tuple[float, list[slice]]:
        if found is None:
            sentence = f"A part of {self.block.module} is too long for a slide."
            instead = "Split its longest paragraph or table cell, or use a brief."
            refuse([Objection("slide-overflow", sentence, self.block.module, instead)])
            raise AssertionError(sentence)
        return found

    def _with_notes(self, slide: Slide) -> Slide:
        marks = tuple(marks_in(slide, shown_on(slide)))
        under = [self.notes[mark] for mark in marks]
        return replace(slide, notes=marks, notes_height=fitting.notes_height(under))


def _text_of(parts: Sequence[Part]) -> tuple[Node, ...]:
    return tuple(node for panel in rejoined(parts) for node in panel.nodes)
