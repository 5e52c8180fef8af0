"""The logo on a deck's cover: shapes as native, sharp outlines; a picture as a picture.

A logo that native outlines cannot show as it is (see-through fills, lines that are pulled) is left
out, and the company's name stands alone: nobody is shown half a logo.
"""

from __future__ import annotations

import io
import re
import struct
from base64 import b64decode
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, radians
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from fontTools.svgLib.path.shapes import PathBuilder

from exports.brand import PICTURE, SVG, Brand

LEFT, TOP, HEIGHT, GAP = 72.0, 60.0, 24.0, 9.0  # points on the cover
_WIDEST = 240.0
_SCALE = 1000  # outlines are written in thousandths of the drawing's own unit
_EMU = 12700
_GROUPS = ("svg", "g")
_SEE_THROUGH = ("fill-opacity",)
_NEAR = 1e-6
_CALL = re.compile(r"(\w+)\s*\(([^()]*)\)")
_CAPS = {"butt": "flat", "round": "rnd", "square": "sq"}
_JOINS = {
    "miter": '<a:miter lim="400000"/>',
    "round": "<a:round/>",
    "bevel": "<a:bevel/>",
}
_STEPS = {"moveTo": "moveTo", "lineTo": "lnTo", "curveTo": "cubicBezTo", "qCurveTo": "quadBezTo"}


@dataclass(frozen=True, slots=True)
class _Paint:
    """What SVG hands down from a group to its shapes."""

    fill: str = "#000000"
    stroke: str = "none"
    width: float = 1.0
    cap: str = "butt"
    join: str = "miter"

    def within(self, element: Element) -> _Paint:
        """The paint of an element under this one."""
        if any(element.get(name) is not None for name in _SEE_THROUGH):
            raise ValueError("a see-through fill")
        get = element.get
        return _Paint(
            get("fill", self.fill),
            get("stroke", self.stroke),
            float(get("stroke-width", self.width)),
            get("stroke-linecap", self.cap),
            get("stroke-linejoin", self.join),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """The line around a shape: colour as ``RRGGBB``, width in the drawing's own unit."""

    colour: str
    width: float
    cap: str
    join: str


@dataclass(frozen=True, slots=True)
class Outline:
    """One shape: its colour as ``RRGGBB`` or nothing, its steps as DrawingML, its line."""

    colour: str
    steps: str
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A logo ready to be placed; exactly one of outlines and picture, width in points."""

    width: float
    size: tuple[int, int] = (0, 0)
    outlines: tuple[Outline, ...] = ()
    picture: bytes = b""


@lru_cache(maxsize=8)
def mark_of(brand: Brand) -> Mark | None:
    """The logo of a company, or None where there is none that can be shown."""
    if brand.logo.startswith(PICTURE):
        data = b64decode(brand.logo.removeprefix(PICTURE))
        across, down = struct.unpack(">II", data[16:24])  # the first chunk of a PNG says its size
        return Mark(min(HEIGHT * across / down, _WIDEST), picture=data)
    return _drawn(brand.logo) if brand.logo else None


def beside(brand: Brand) -> float:
    """Where the company's name begins: behind the logo, if there is one."""
    mark = mark_of(brand)
    return LEFT + (mark.width + GAP if mark else 0)


def shapes(brand: Brand, first: int) -> str:
    """The outlines of a logo as shapes of a layout, numbered from ``first``."""
    mark = mark_of(brand)
    outlines = mark.outlines if mark else ()
    return "".join(
        _shape(number, outline, mark)
        for number, outline in enumerate(outlines, start=first)
        if mark is not None
    )


def add_picture(page: Any, brand: Brand) -> None:
    """A logo that is a picture, placed on a cover slide."""
    from pptx.util import Pt

    mark = mark_of(brand)
    if mark is None or not mark.picture:
        return
    box = (Pt(LEFT), Pt(TOP), Pt(mark.width))
    shown = page.shapes.add_picture(io.BytesIO(mark.picture), *box)
    shown.name = "Logo"
    shown._element.nvPicPr.cNvPr.set("descr", brand.name)


def _drawn(svg: str) -> Mark | None:
    root = fromstring(svg)
    try:
        x, y, across, down = map(float, (root.get("viewBox") or "").replace(",", " ").split())
        outlines = tuple(_outlines(root, _Paint(), Transform().translate(-x, -y)))
    except (ValueError, NotImplementedError):
        return None
    if not outlines or across <= 0 or down <= 0:
        return None
    size = (round(across * _SCALE), round(down * _SCALE))
    return Mark(min(HEIGHT * across / down, _WIDEST), size, outlines)


def _outlines(element: Element, above: _Paint, placed: Transform) -> Iterator[Outline]:
    """Shapes in their order; ``ValueError`` for what an outline cannot show."""
    paint = above.within(element)
    placed = placed.transform(_transform(element.get("transform", "")))
    tag = str(element.tag).removeprefix(f"{{{SVG}}}")
    if tag in _GROUPS:
        for child in element:
            yield from _outlines(child, paint, placed)
    elif tag != "title" and (paint.fill, paint.stroke) != ("none", "none"):
        yield Outline(
            "" if paint.fill == "none" else _colour(paint.fill),
            _steps(element, placed),
            _line(paint, placed),
        )


def _line(paint: _Paint, placed: Transform) -> Line | None:
    if paint.stroke == "none" or not paint.width:
        return None
    # a line is as wide in every direction; turned and mirrored it stays so, pulled it does not
    one, other = hypot(placed.xx, placed.xy), hypot(placed.yx, placed.yy)
    askew = placed.xx * placed.yx + placed.xy * placed.yy
    if abs(one - other) > _NEAR * one or abs(askew) > _NEAR * one * other:
        raise ValueError("a line that is pulled")
    return Line(_colour(paint.stroke), paint.width * one, _CAPS[paint.cap], _JOINS[paint.join])


def _transform(text: str) -> Transform:
    """What ``transform`` of SVG says; ``ValueError`` for what it cannot say."""
    if _CALL.sub("", text).strip(" ,"):
        raise ValueError("no transform")
    made = Transform()
    for name, given in _CALL.findall(text):
        values = [float(value) for value in given.replace(",", " ").split()]
        made = made.transform(_called(name, values))
    return made


def _called(name: str, values: list[float]) -> Transform:
    match name, values:
        case "matrix", [a, b, c, d, e, f]:
            return Transform(a, b, c, d, e, f)
        case "translate", [x, *rest] if len(rest) < 2:
            return Transform().translate(x, *rest)
        case "scale", [x, *rest] if len(rest) < 2:
            return Transform().scale(x, *(rest or [x]))
        case "rotate", [angle]:
            return Transform().rotate(radians(angle))
        case "rotate", [angle, x, y]:
            return Transform().translate(x, y).rotate(radians(angle)).translate(-x, -y)
        case "skewX" | "skewY", [angle]:
            along = radians(angle)
            return Transform().skew(*((along, 0) if name == "skewX" else (0, along)))
    raise ValueError("no transform")


def _colour(text: str) -> str:
    from PIL import ImageColor

    channels = ImageColor.getrgb(text)
    if len(channels) != 3:
        raise ValueError("a see-through colour")
    return "".join(f"{part:02X}" for part in channels)


def _steps(element: Element, placed: Transform) -> str:
    alone = copy(element)
    alone.attrib.pop("transform", None)  # it is in ``placed`` already
    builder = PathBuilder()
    builder.add_path_from_element(alone)
    pen = RecordingPen()
    for path in builder.paths:
        parse_path(path, TransformPen(pen, placed))
    return "".join(_step(name, points) for name, points in pen.value)


def _step(name: str, points: tuple[Any, ...]) -> str:
    if name not in _STEPS:
        return "<a:close/>" if name == "closePath" else ""
    told = "".join(f'<a:pt x="{round(x * _SCALE)}" y="{round(y * _SCALE)}"/>' for x, y in points)
    return f"<a:{_STEPS[name]}>{told}</a:{_STEPS[name]}>"


def _shape(number: int, outline: Outline, mark: Mark) -> str:
    x, y, w, h = (round(value * _EMU) for value in (LEFT, TOP, mark.width, HEIGHT))
    fill = f'<a:solidFill><a:srgbClr val="{outline.colour}"/></a:solidFill>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Logo {number}" descr=""/><p:cNvSpPr/><p:nvPr'
        f' userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}"'
        f' cy="{h}"/></a:xfrm><a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>'
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{mark.size[0]}" h="{mark.size[1]}">{outline.steps}</a:path></a:pathLst>'
        f"</a:custGeom>{fill if outline.colour else '<a:noFill/>'}"
        f"{_line_xml(outline.line, h / mark.size[1] * _SCALE)}</p:spPr></p:sp>"
    )


def _line_xml(line: Line | None, unit: float) -> str:
    """``unit`` is how many EMU one unit of the drawing is on the slide."""
    if line is None:
        return "<a:ln><a:noFill/></a:ln>"
    return (
        f'<a:ln w="{round(line.width * unit)}" cap="{line.cap}"><a:solidFill>'
        f'<a:srgbClr val="{line.colour}"/></a:solidFill>{line.join}</a:ln>'
    )
