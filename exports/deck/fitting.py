"""Heights of nodes, panels and tables on a slide, and how they are shared out over slides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exports.body import Cell, Heading, ListNode, Node, Paragraph, Quote, Table
from exports.deck.measuring import lines
from exports.deck.slides import AFTER, INNER, LEADING, NOTE_LEADING, NOTE_SIZE, Panel
from exports.document import Footnote

BULLET = 1.25  # indent of a list, of the size
QUOTE_PADDING = 10
NOTE_INDENT, NOTE_AFTER, NOTES_RULE = 14, 3, 8
ROW_PADDING, ROW_RULE = 7, 0.75
HEAD_WIDTH, HEAD_GAP = 196, 22
CELL_X, CELL_Y = 8, 6
CARD = 18  # padding of a column card
PART_ROOM = 70  # for "2 of 3" behind a title


def nodes_height(nodes: Sequence[Node], width: float, size: float) -> float:
    """Points some nodes take, the space below the last one left out."""
    tall = sum(_node(node, width, size) for node in nodes)
    return max(tall - size * AFTER, 0) if nodes else 0.0


def _node(node: Node, width: float, size: float) -> float:
    line, after = size * LEADING, size * AFTER
    match node:
        case Heading(children=children):
            return lines(children, width, size, "bold") * line + after * 0.6
        case Paragraph(children=children):
            return lines(children, width, size) * line + after
        case ListNode(items=items):
            inner = width - size * BULLET
            return sum(nodes_height(item, inner, size) + after for item in items)
        case Quote(children=children):
            inner = nodes_height(children, width - 2 * QUOTE_PADDING - 8, size)
            return inner + 2 * QUOTE_PADDING + after
        case Table():
            return table_height(node, even_widths(node), width, size) + after


def even_widths(table: Table) -> tuple[int, ...]:
    """Whole per cent, all columns alike."""
    count = len(table.alignments)
    return tuple(100 // count for _ in range(count))


def row_heights(table: Table, widths: Sequence[int], width: float, size: float) -> list[float]:
    """Points of each row, the head first."""
    return [
        max(
            lines(cell, width * share / 100 - 2 * CELL_X, size, "bold" if top else "text")
            for cell, share in zip(row, widths, strict=True)
        )
        * size
        * LEADING
        + 2 * CELL_Y
        + ROW_RULE
        for top, row in ((True, table.head), *((False, row) for row in table.rows))
    ]


def table_height(table: Table, widths: Sequence[int], width: float, size: float) -> float:
    """Points a whole table takes."""
    return sum(row_heights(table, widths, width, size))


def panel_height(panel: Panel, size: float) -> float:
    """A row of a head beside its text, or over the whole width when it has no head."""
    text = INNER - HEAD_WIDTH - HEAD_GAP if panel.head else INNER
    head = lines(panel.head, HEAD_WIDTH, size, "bold") * size * LEADING if panel.head else 0.0
    return max(head, nodes_height(panel.nodes, text, size)) + 2 * ROW_PADDING + ROW_RULE


def card_height(panel: Panel, width: float, size: float) -> float:
    """A card: its head above its text."""
    inner = width - 2 * CARD
    head = lines(panel.head, inner, size + 2, "head") * (size + 2) * 1.25 + 8 if panel.head else 0.0
    return head + nodes_height(panel.nodes, inner, size) + 2 * CARD


def notes_height(notes: Sequence[Footnote]) -> float:
    """Footnotes at the foot of a slide with the rule above them; nothing if there are none."""
    if not notes:
        return 0.0
    texts = (nodes_note_height(note.block.body, INNER - NOTE_INDENT) + NOTE_AFTER for note in notes)
    return sum(texts) + NOTES_RULE


def nodes_note_height(nodes: Sequence[Node], width: float) -> float:
    """Footnote text: smaller, closer lines."""
    from exports.body import runs

    return sum(lines(run, width, NOTE_SIZE) * NOTE_SIZE * NOTE_LEADING for run in runs(nodes))


def share_out(count: int, cost: Callable[[int, int], float], room: float) -> list[slice] | None:
    """Cut a sequence into as few slides as it takes, about equally full; None if one is too tall.

    Equally full, because a last slide with one leftover line looks like a mistake.

    Args:
        count: how many pieces there are.
        cost: points the pieces from the first up to, not including, the second number take.
        room: points of a slide.
    """
    # by where a slide ends: the fewest slides up to there, the least sum of squared heights with
    # so many, and where the last of them begins
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for stop in range(1, count + 1):
        found = None
        for start in range(stop - 1, -1, -1):
            tall = cost(start, stop)
            if tall > room:
                break
            slides, squares, _ = best[start]
            ending = (slides + 1, squares + tall * tall, start)
            found = ending if found is None else min(found, ending)
        if found is None:
            return None
        best.append(found)
    cuts: list[slice] = []
    stop = count
    while stop or not cuts:
        start = best[stop][2]
        cuts.append(slice(start, stop))
        stop = start
    return cuts[::-1]


def fewest(
    sizes: Sequence[float], cut: Callable[[float], list[slice] | None]
) -> tuple[float, list[slice]] | None:
    """The size that takes the fewest slides, the largest of several; None if none does."""
    found = [(size, parts) for size in sizes if (parts := cut(size)) is not None]
    return min(found, key=lambda each: (len(each[1]), -each[0]), default=None)


def largest(sizes: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """The first (largest) size that fits."""
    return next((size for size in sizes if fits(size)), None)


def title_size(title: Cell, sizes: Sequence[float], width: float = INNER) -> float:
    """The largest size at which a title takes one line, or two where they still fit."""
    for place, size in enumerate(sizes):
        if lines(title, width - PART_ROOM, size, "head") <= (1 if place == 0 else 2):
            return size
    return sizes[-1]
