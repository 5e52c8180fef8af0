"""What is set on the pages of a PDF: each run of type with its place, size, colour and ground.

Read from the file's own drawing instructions, so it is what a reader sees and not what a
stylesheet asked for. ``exports.truth`` measures it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from exports.printed import TooMuch, glyph_texts

if TYPE_CHECKING:
    import pikepdf

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_DEEPEST = 6
_MOST_RUNS = 200_000
WHITE = "#ffffff"
SHADED = ""  # a ground that is a gradient: its colours are those of the brand's cover


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of type; lengths in points, ``x`` from the left, ``y`` from the top of the page.

    ``ground`` is the colour it stands on (``SHADED`` for a gradient), ``running`` whether it
    belongs to the running head or foot, ``missing`` how many of its signs have no glyph.
    """

    page: int
    x: float
    y: float
    width: float
    size: float
    colour: str
    ground: str
    font: str
    text: str
    running: bool
    missing: int = 0

    @property
    def area(self) -> float:
        """Square centimetres the run takes, with the usual space between lines."""
        return self.width * self.size * 1.2 / (72 / 2.54) ** 2


def read_runs(pdf: pikepdf.Pdf) -> tuple[Run, ...]:
    """Every run of type that stands on a page, in the order it is drawn.

    What is set beside the page is in the file, but nobody reads it.

    Raises:
        TooMuch: more than any document of ours.
    """
    fonts = _Fonts()
    found: list[Run] = []
    for number, page in enumerate(pdf.pages, start=1):
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        reader = _Page(number, height, fonts)
        reader.follow(page.obj, page.obj.get("/Resources"), 0)
        found += [run for run in reader.runs if _is_on(run, width, height)]
        if len(found) > _MOST_RUNS:
            raise TooMuch("too many runs of type")
    return tuple(found)


def _is_on(run: Run, width: float, height: float) -> bool:
    return run.x + run.width > 0 and run.x < width and run.y > 0 and run.y - run.size < height


@dataclass(frozen=True)
class _Font:
    name: str
    texts: Mapping[int, str]
    widths: Mapping[int, float]
    usual: float

    def width(self, glyph: int) -> float:
        return self.widths.get(glyph, self.usual)


_NONE = _Font("", {}, {}, 0)


@dataclass
class _Fonts:
    known: dict[Any, _Font] = field(default_factory=dict)

    def get(self, font: Any) -> _Font:
        if font.objgen not in self.known:
            below = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
            self.known[font.objgen] = _Font(
                str(font.get("/BaseFont", "")).lstrip("/").split("+")[-1],
                glyph_texts(font),
                _widths(below.get("/W", [])),
                float(below.get("/DW", 1000)),
            )
        return self.known[font.objgen]


def _widths(table: Any) -> dict[int, float]:
    """``[first [w w …] first last w …]`` as widths by glyph, in thousandths of the size."""
    import pikepdf

    found: dict[int, float] = {}
    entries = list(table)
    while len(entries) > 1:
        first, second = int(entries[0]), entries[1]
        if isinstance(second, pikepdf.Array):
            found |= {first + step: float(width) for step, width in enumerate(second)}
            entries = entries[2:]
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(entries[2]))
            entries = entries[3:]
    return found


@dataclass
class _State:
    matrix: Matrix = _SAME
    fill: str = "#000000"


@dataclass
class _Page:
    number: int
    height: float
    fonts: _Fonts
    runs: list[Run] = field(default_factory=list)
    grounds: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)
    path: list[tuple[float, float, float, float] | None] = field(default_factory=list)
    font: _Font = _NONE
    size: float = 0
    text_matrix: Matrix = _SAME

    def follow(self, stream: Any, resources: Any, depth: int) -> None:
        import pikepdf

        for instruction in pikepdf.parse_content_stream(stream):
            name, given = str(instruction.operator), list(instruction.operands)
            if name == "Do" and depth < _DEEPEST:
                self._enter(resources, str(given[0]), depth)
            elif name == "Tf":
                self.font = self.fonts.get(resources["/Font"][str(given[0])])
                self.size = float(given[1])
            elif (act := _ACTS.get(name)) is not None:
                act(self, given)

    def _enter(self, resources: Any, name: str, depth: int) -> None:
        form = resources["/XObject"][name] if resources is not None else None
        if form is None or form.get("/Subtype") != "/Form":
            return
        self.save([])
        if "/Matrix" in form:
            self.transform(list(form["/Matrix"]))
        self.follow(form, form.get("/Resources", resources), depth + 1)
        self.restore([])

    def save(self, _given: list[Any]) -> None:
        self.stack.append(_State(self.state.matrix, self.state.fill))

    def restore(self, _given: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def transform(self, given: list[Any]) -> None:
        self.state.matrix = _times(_matrix(given), self.state.matrix)

    def colour(self, given: list[Any]) -> None:
        self.state.fill = _hex([float(part) for part in given])

    def grey(self, given: list[Any]) -> None:
        self.state.fill = _hex([float(given[0])] * 3)

    def shade(self, given: list[Any]) -> None:
        numbers = [part for part in given if not str(part).startswith("/")]
        self.state.fill = SHADED if len(numbers) < len(given) else _hex([float(n) for n in numbers])

    def rectangle(self, given: list[Any]) -> None:
        x, y, width, height = (float(part) for part in given)
        first, second = self._point(x, y), self._point(x + width, y + height)
        (left, right), (top, foot) = sorted((first[0], second[0])), sorted((first[1], second[1]))
        self.path.append((left, top, right, foot))

    def line(self, _given: list[Any]) -> None:
        self.path.append(None)

    def forget(self, _given: list[Any]) -> None:
        self.path = []

    def paint(self, _given: list[Any]) -> None:
        """A single filled rectangle is a ground; borders are drawn in other ways."""
        if len(self.path) == 1 and self.path[0] is not None:
            self.grounds.append((*self.path[0], self.state.fill))
        self.path = []

    def begin(self, given: list[Any]) -> None:
        self.marked.append(str(given[0]) == "/Artifact")

    def end(self, _given: list[Any]) -> None:
        if self.marked:
            self.marked.pop()

    def place(self, given: list[Any]) -> None:
        self.text_matrix = _matrix(given)

    def show(self, given: list[Any]) -> None:
        import pikepdf

        shown = given[-1]
        pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
        text, width, missing = "", 0.0, 0
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                width -= float(piece)
                continue
            raw = bytes(piece)
            for at in range(0, len(raw), 2):
                glyph = int.from_bytes(raw[at : at + 2])
                sign = self.font.texts.get(glyph, "\ufffd")
                missing += glyph == 0 or sign == "\ufffd"
                text += sign
                width += self.font.width(glyph)
        self._keep(text, width / 1000 * self.size, missing)

    def _keep(self, text: str, width: float, missing: int) -> None:
        matrix = _times(self.text_matrix, self.state.matrix)
        across = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
        down = (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        x, y = matrix[4], self.height - matrix[5]
        size = self.size * down
        ground = self._ground(x + min(1.0, width / 2), y - size * 0.3)
        running = any(self.marked)
        self.runs.append(
            Run(
                self.number, x, y, width * across, size, self.state.fill, ground, self.font.name,
                text, running, missing,
            )
        )  # fmt: skip

    def _ground(self, x: float, y: float) -> str:
        """The colour that was painted last where the run stands; paper is white."""
        for left, top, right, foot, colour in reversed(self.grounds):
            if left <= x <= right and top <= y <= foot:
                return colour
        return WHITE

    def _point(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.state.matrix
        return a * x + c * y + e, self.height - (b * x + d * y + f)


_ACTS: Mapping[str, Any] = {
    "q": _Page.save,
    "Q": _Page.restore,
    "cm": _Page.transform,
    "rg": _Page.colour,
    "g": _Page.grey,
    "scn": _Page.shade,
    "sc": _Page.shade,
    "re": _Page.rectangle,
    "m": _Page.line,
    "l": _Page.line,
    "c": _Page.line,
    "n": _Page.forget,
    "f*": _Page.forget,
    "S": _Page.forget,
    "B": _Page.forget,
    "f": _Page.paint,
    "F": _Page.paint,
    "BDC": _Page.begin,
    "BMC": _Page.begin,
    "EMC": _Page.end,
    "Tm": _Page.place,
    "Tj": _Page.show,
    "TJ": _Page.show,
}


def _matrix(given: list[Any]) -> Matrix:
    a, b, c, d, e, f = (float(part) for part in given)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _hex(parts: list[float]) -> str:
    red, green, blue = (round(max(0.0, min(1.0, part)) * 255) for part in parts[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
