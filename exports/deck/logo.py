"""The logo on a deck's cover: shapes as native, sharp outlines; a picture as a picture.

A logo that native outlines cannot show as it is (strokes, see-through fills, turned groups) is left
out, and the company's name stands alone: nobody is shown half a logo.
"""

from __future__ import annotations

import io
import struct
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.svgLib.path.shapes import PathBuilder

from exports.brand import PICTURE, SVG, Brand

LEFT, TOP, HEIGHT, GAP = 72.0, 60.0, 24.0, 9.0  # points on the cover
_WIDEST = 240.0
_SCALE = 1000  # outlines are written in thousandths of the drawing's own unit
_EMU = 12700
_GROUPS = ("svg", "g")
_PAINTS = ("stroke", "fill-opacity")  # what a plain filled outline cannot show
_STEPS = {"moveTo": "moveTo", "lineTo": "lnTo", "curveTo": "cubicBezTo", "qCurveTo": "quadBezTo"}


@dataclass(frozen=True, slots=True)
class Outline:
    """One filled shape: its colour as ``RRGGBB``, its steps as DrawingML."""

    colour: str
    steps: str


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
        outlines = tuple(_outlines(root, "#000000", (x, y)))
    except (ValueError, NotImplementedError):
        return None
    if not outlines or across <= 0 or down <= 0:
        return None
    size = (round(across * _SCALE), round(down * _SCALE))
    return Mark(min(HEIGHT * across / down, _WIDEST), size, outlines)


def _outlines(element: Element, fill: str, origin: tuple[float, float]) -> Iterator[Outline]:
    """Filled shapes in their order; ``ValueError`` for what an outline cannot show."""
    if any(element.get(name, "none") != "none" for name in _PAINTS):
        raise ValueError("a stroke or a see-through fill")
    fill = element.get("fill", fill)
    tag = str(element.tag).removeprefix(f"{{{SVG}}}")
    if tag in _GROUPS:
        if element.get("transform"):
            raise ValueError("a turned group")
        for child in element:
            yield from _outlines(child, fill, origin)
    elif tag != "title" and fill != "none":
        yield Outline(_colour(fill), _steps(element, origin))


def _colour(text: str) -> str:
    from PIL import ImageColor

    channels = ImageColor.getrgb(text)
    if len(channels) != 3:
        raise ValueError("a see-through colour")
    return "".join(f"{part:02X}" for part in channels)


def _steps(element: Element, origin: tuple[float, float]) -> str:
    builder = PathBuilder()
    builder.add_path_from_element(element)
    if any(builder.transforms):
        raise ValueError("a turned shape")
    pen = RecordingPen()
    for path in builder.paths:
        parse_path(path, pen)
    return "".join(_step(name, points, origin) for name, points in pen.value)


def _step(name: str, points: tuple[Any, ...], origin: tuple[float, float]) -> str:
    if name not in _STEPS:
        return "<a:close/>" if name == "closePath" else ""
    told = "".join(
        f'<a:pt x="{round((x - origin[0]) * _SCALE)}" y="{round((y - origin[1]) * _SCALE)}"/>'
        for x, y in points
    )
    return f"<a:{_STEPS[name]}>{told}</a:{_STEPS[name]}>"


def _shape(number: int, outline: Outline, mark: Mark) -> str:
    x, y, w, h = (round(value * _EMU) for value in (LEFT, TOP, mark.width, HEIGHT))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Logo {number}" descr=""/><p:cNvSpPr/><p:nvPr'
        f' userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}"'
        f' cy="{h}"/></a:xfrm><a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>'
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{mark.size[0]}" h="{mark.size[1]}">{outline.steps}</a:path></a:pathLst>'
        f'</a:custGeom><a:solidFill><a:srgbClr val="{outline.colour}"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
