"""Slides as plain data: what stands where, before anything is drawn.

Sizes and places are points on a slide of 960 by 540.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exports.body import Cell, Node, Table

WIDTH, HEIGHT = 960, 540
LEFT, RIGHT = 58, 58
INNER = WIDTH - LEFT - RIGHT
KICKER_TOP, TITLE_TOP = 36, 55
BODY_TOP, BODY_BOTTOM = 132, 488  # the body begins on one line, whatever the title's length
FOOT_TOP = 503
GUTTER = 24
CHART_WIDTH, CHART_HEIGHT, CHART_TEXT = 488, 260, 320  # a chart, and what stands beside it

TEXT_SIZES = (18.0, 17.0, 16.0, 15.0, 14.0)
FIGURE_TEXT = 16.0  # the words below a key figure
STATEMENT = (34, 26)  # sides and top of the panel a short text stands in
TABLE_SIZES = (16.0, 15.0, 14.0, 13.0)
TITLE_SIZES = (30.0, 26.0, 23.0, 20.0)
NOTE_SIZE, REFERENCE_SIZES = 10.0, (16.0, 14.0, 12.0)
LEADING, NOTE_LEADING = 1.4, 1.32
AFTER = 0.5  # of the size, below a paragraph

Kind = Literal[
    "cover",
    "agenda",
    "section",
    "figures",
    "text",
    "columns",
    "rows",
    "chart",
    "table",
    "safety",
    "references",
    "closing",
]


@dataclass(frozen=True, slots=True)
class Panel:
    """A head with what belongs to it: a column, a row, a figure card, an agenda item."""

    head: Cell
    nodes: tuple[Node, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value as the approved wording prints it, and its interval."""

    label: str
    value: float
    printed: str
    span: str = ""

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends of its interval; its value twice if there is none."""
        low, _, high = self.span.partition(", ")
        return (float(low), float(high)) if high else (self.value, self.value)


@dataclass(frozen=True, slots=True)
class Chart:
    """A comparison read from one approved wording, from zero, with unit and intervals (R-124)."""

    claim: str
    axis: str
    bars: tuple[Bar, ...]
    top: float
    step: float
    interval: str = ""

    @property
    def description(self) -> str:
        """What somebody hears who cannot see it."""
        told = "; ".join(
            f"{bar.label}: {bar.printed}" + (f" ({self.interval}: {bar.span})" if bar.span else "")
            for bar in self.bars
        )
        return f"Bar chart. {self.axis}, from 0 to {self.top:g}. {told}."


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide.

    Attributes:
        kind: which layout it is set in.
        place: the block it shows (``b3``, ``isi``), empty for frame slides.
        module: the module of that block.
        kicker: the small line above the title.
        title: its heading, from the block.
        size: size of its running text.
        title_size: size of its title.
        lead: what stands above table, panels or chart.
        nodes: its running text, or what stands below a table.
        part: which of how many slides of its title.
        notes: letters of the footnotes set at its foot, and their height.
        first, last: whether the block begins and ends here.
        pillar: the section it belongs to.
        narrow: whether a short text stands in a panel.
    """

    kind: Kind
    title: Cell = ()
    kicker: Cell = ()
    place: str = ""
    module: str = ""
    pillar: str = ""
    size: float = TEXT_SIZES[0]
    title_size: float = TITLE_SIZES[0]
    lead: tuple[Node, ...] = ()
    nodes: tuple[Node, ...] = ()
    panels: tuple[Panel, ...] = ()
    table: Table | None = None
    widths: tuple[int, ...] = ()
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    notes_height: float = 0.0
    references: tuple[int, ...] = ()
    part: tuple[int, int] = (1, 1)
    number: int = 0
    first: bool = True
    last: bool = True
    narrow: bool = False
