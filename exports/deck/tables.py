"""Native tables: data as tables, heads beside their texts, facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exports.body import Cell, Text
from exports.deck import fitting
from exports.deck.paragraphs import A, Style, nodes, paragraph, put, tag
from exports.deck.slides import INNER, LEFT, Slide

_ALIGN = {"left": "l", "center": "ctr", "right": "r"}


def add_table(page: Any, slide: Slide, top: float, name: str) -> float:
    """The slide's table; returns its height in points."""
    table = slide.table
    if table is None:
        return 0.0
    heights = fitting.row_heights(table, slide.widths, INNER, slide.size)
    widths = [INNER * share / 100 for share in slide.widths]
    grid = _grid(page, heights, widths, (LEFT, top), name, header=True)
    for place, row in enumerate((table.head, *table.rows)):
        for column, (cell, side) in enumerate(zip(row, table.alignments, strict=True)):
            colour, bold = ("tx2", True) if place == 0 else ("tx1", False)
            style = Style(slide.size, colour, bold, after=0, align=_ALIGN[side])
            rule = ("tx2", 1.6) if place == 0 else ("accent5", 0.75)
            _set(
                grid.cell(place, column),
                [paragraph(cell, style)],
                (fitting.CELL_X, fitting.CELL_Y),
                below=rule,
                anchor="b" if place == 0 else "t",
            )
    return sum(heights)


def add_rows(page: Any, slide: Slide, top: float, name: str) -> None:
    """Heads beside their texts; a row without a head goes over both columns."""
    heights = [fitting.panel_height(panel, slide.size) for panel in slide.panels]
    left = fitting.HEAD_WIDTH + fitting.HEAD_GAP
    safety = slide.kind == "safety"
    grid = _grid(page, heights, [left, INNER - left], (LEFT, top), name, header=False)
    for place, panel in enumerate(slide.panels):
        first, second = grid.cell(place, 0), grid.cell(place, 1)
        last = place == len(slide.panels) - 1
        below = ("accent5", 0.75) if not last else None
        above = ("tx2", 1.4) if safety and place == 0 else None
        text = list(nodes(panel.nodes, Style(slide.size)))
        if panel.head:
            head = Style(slide.size, "tx2" if safety else "accent1", bold=True, after=0)
            insets = (0, fitting.ROW_PADDING, fitting.HEAD_GAP)
            _set(first, [paragraph(panel.head, head)], insets, below=below, above=above)
            _set(second, text, (0, fitting.ROW_PADDING), below=below, above=above)
        else:
            first.merge(second)
            boxed = any(type(node).__name__ == "Quote" for node in panel.nodes)
            pad = (
                (fitting.QUOTE_PADDING + 4, fitting.QUOTE_PADDING + fitting.ROW_PADDING)
                if boxed
                else (0, fitting.ROW_PADDING)
            )
            edge = ("tx2", 1.4) if boxed else None
            _set(first, text, pad, below=edge or below, above=edge or above, sides=edge)


def add_facts(page: Any, facts: Sequence[tuple[str, str]], box: tuple[float, float, float]) -> None:
    """Labels and values."""
    left, top, width = box
    if not facts:
        return
    grid = _grid(
        page, [36.0] * len(facts), [150, width - 150], (left, top), "About this file", header=False
    )
    for place, (label, value) in enumerate(facts):
        rule = ("accent5", 0.75)
        for column, (text, colour) in enumerate(((label, "accent6"), (value, "tx1"))):
            cell: Cell = (Text(text),)
            style = Style(14.0, colour, after=0)
            _set(grid.cell(place, column), [paragraph(cell, style)], (0, 8), below=rule)


def _grid(
    page: Any,
    heights: Sequence[float],
    widths: Sequence[float],
    at: tuple[float, float],
    name: str,
    *,
    header: bool,
) -> Any:
    from pptx.util import Pt

    left, top = at
    frame = page.shapes.add_table(
        len(heights), len(widths), Pt(left), Pt(top), Pt(sum(widths)), Pt(sum(heights))
    )
    frame.name = name[:120]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"Table: {name}")
    grid = frame.table
    grid.first_row, grid.horz_banding = header, False
    style = frame._element.find(f".//{{{A}}}tableStyleId")
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for place, height in enumerate(heights):
        grid.rows[place].height = Pt(height)
    for place, width in enumerate(widths):
        grid.columns[place].width = Pt(width)
    return grid


def _set(
    cell: Any,
    made: Sequence[Any],
    insets: Sequence[float],
    *,
    below: tuple[str, float] | None = None,
    above: tuple[str, float] | None = None,
    sides: tuple[str, float] | None = None,
    anchor: str = "t",
) -> None:
    """Text and lines of one cell; the lines before the fill, as the schema wants it."""
    from pptx.util import Pt

    x, y, *right = insets
    cell.margin_left, cell.margin_right = Pt(x), Pt(right[0] if right else x)
    cell.margin_top = cell.margin_bottom = Pt(y)
    put(cell._tc.txBody, made)
    properties = cell._tc.get_or_add_tcPr()
    properties.set("anchor", anchor)
    for child in list(properties):
        properties.remove(child)
    for name, line in (("lnL", sides), ("lnR", sides), ("lnT", above), ("lnB", below)):
        properties.append(_line(name, line))
    properties.append(tag("noFill"))


def _line(name: str, line: tuple[str, float] | None) -> Any:
    if line is None:
        made = tag(name, w="0")
        made.append(tag("noFill"))
        return made
    colour, width = line
    made = tag(name, w=str(round(width * 12700)))
    fill = tag("solidFill")
    fill.append(tag("schemeClr", val=colour))
    made.append(fill)
    return made
