"""What a slide of a PPTX is drawn with beside its layout's places: boxes, lines, a QR code.

Colours are those of the theme; lengths are points.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from exports.deck.paragraphs import put
from exports.deck.slides import BODY_TOP, LEFT


def move(shape: Any, left: float, top: float, width: float, tall: float) -> None:
    """Give a shape its place on the slide."""
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(tall)


def paint(shape: Any, colour: str, insets: tuple[float, float]) -> None:
    """A ground of the theme, and how far the text stands from its sides and its top."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Pt

    shape.fill.solid()
    shape.fill.fore_color.theme_color = MSO_THEME_COLOR.from_xml(colour)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = Pt(insets[0])
    frame.margin_top = frame.margin_bottom = Pt(insets[1])


def box(
    page: Any,
    name: str,
    box: tuple[float, float, float, float],
    made: Sequence[Any],
    ground: str = "",
    insets: tuple[float, float] = (0, 0),
    *,
    line: bool = False,
) -> None:
    """A text box of a fixed size; what it holds was measured before."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.util import Pt

    shape = page.shapes.add_textbox(*(Pt(value) for value in box))
    shape.name = name
    shape.text_frame.word_wrap = True
    shape.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    for side in ("left", "right", "top", "bottom"):
        setattr(shape.text_frame, f"margin_{side}", 0)
    if ground:
        paint(shape, ground, insets)
    if line:
        shape.line.color.theme_color = MSO_THEME_COLOR.from_xml("accent5")
        shape.line.width = Pt(0.75)
    put(shape._element.txBody, made)


def rule(page: Any, left: float, top: float, width: float, tall: float, colour: str) -> None:
    """A line or an accent: decoration, which no reader announces."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Pt

    shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(left), Pt(top), Pt(width), Pt(tall))
    shape.name = "Rule"
    shape.fill.solid()
    shape.fill.fore_color.theme_color = MSO_THEME_COLOR.from_xml(colour)
    shape.line.fill.background()
    style = shape._element.find("{*}style")
    if style is not None:
        shape._element.remove(style)


def qr(page: Any, url: str) -> None:
    """The code that leads to the page which says whether the material is still valid."""
    import segno
    from pptx.util import Pt

    code = io.BytesIO()
    segno.make(url, error="m", micro=False).save(code, kind="png", scale=8, border=2)
    code.seek(0)
    picture = page.shapes.add_picture(code, Pt(LEFT - 8), Pt(BODY_TOP - 8), Pt(150), Pt(150))
    picture.name = "QR code"
    said = f"QR code: is this document still valid? {url}"
    picture._element.nvPicPr.cNvPr.set("descr", said)
