"""How the layout of each printed kind sets its slots: sizes in points, widths in millimetres.

These are the measures of ``templates/documents``. Where the renderer has set a slot otherwise, no
plate is made (``casting``); what has no measures here is rendered in full.
"""

from __future__ import annotations

from dataclasses import dataclass

from exports.bulk.faces import Unfit
from exports.document import Document

POINTS = 72 / 25.4  # points in a millimetre
MARGIN = 19  # millimetres beside the sheet
_SHEETS = {"letter": 177.9, "a4": 172.0}  # millimetres between the margins
_HEAD = 0.55  # share of the sheet that the name takes at the head of other pages
_HEAD_SIZE = 8.5  # points: what is set smaller than this stands at the head
_ROWS = 84 + 8  # the rows of the imprint and the space before them


@dataclass(frozen=True, slots=True)
class Flow:
    """A slot whose text may take several lines: its face, size in points and width in points."""

    face: str
    size: float
    width: float
    most: int


@dataclass(frozen=True, slots=True)
class Look:
    """The measures of one kind.

    ``title_width`` and ``side`` are the title's width and the column beside the text; no width is
    the whole sheet. ``prepared_for`` says that a name which the title lacks has a line of its own,
    ``facts`` that the account's facts are shown. ``memo``: they stand three in a row, its name
    among them.
    """

    title_face: str
    title_size: float
    title_width: float = 0
    side: float = 48
    size: float = 9.5
    code_width: float = 24
    address_size: float = 8
    prepared_for: bool = True
    facts: bool = True
    memo: bool = False


_SERIF, _SEMI_BOLD = "IBM-Plex-Serif-Medium", "IBM-Plex-Sans-Semi-Bold"
_MEMO = Look(_SERIF, 20, memo=True)
_LOOKS = {
    "brief": Look(_SERIF, 27, title_width=148),
    "leave-behind": Look(
        *(_SEMI_BOLD, 9.5, 0, 42, 9),
        code_width=20,
        address_size=7.4,
        prepared_for=False,
        facts=False,
    ),
    "faq-sheet": Look(_SERIF, 27, facts=False),
    "meeting-prep": _MEMO,
    "talk-track": _MEMO,
    "hand-off": _MEMO,
}


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one kind on one size of page."""

    look: Look
    sheet: float

    @property
    def title(self) -> Flow:
        width = self.look.title_width or self.sheet
        return Flow(self.look.title_face, self.look.title_size, width * POINTS, 4)

    @property
    def column(self) -> Flow:
        """Plain paragraphs of a section."""
        width = (self.sheet - self.look.side) * POINTS
        return Flow("IBM-Plex-Sans", self.look.size, width, 20)

    @property
    def address(self) -> Flow:
        """Between the code and the rows of the imprint."""
        width = (self.sheet - self.look.code_width - _ROWS) * POINTS
        return Flow("IBM-Plex-Sans-Bold", self.look.address_size, width, 3)

    def fact(self, count: int) -> float:
        """Millimetres for the value of a fact, of so many."""
        return (self.sheet * 0.32 if self.look.memo else self.sheet / max(count, 1)) - 4

    def name(self, size: float) -> float:
        """Millimetres for the account's name where it is set at a size in points."""
        if size < _HEAD_SIZE:
            return self.sheet * _HEAD - 1
        return self.fact(1) if self.look.memo else self.sheet - 28


def measures_of(document: Document, paper: str = "") -> Measures:
    """The measures of a document; ``Unfit`` for a kind that has none.

    ``paper`` is the page size of a brand that has its own, whatever a template says.
    """
    look = _LOOKS.get(document.kind)
    if look is None:
        raise Unfit(f"there are no slots for this {document.kind}")
    return Measures(look, _SHEETS[paper if paper in _SHEETS else document.page_size])
