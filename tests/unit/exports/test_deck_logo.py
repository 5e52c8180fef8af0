"""The logo on a PPTX's cover: native outlines, a picture, or nothing at all."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode

import pytest
from PIL import Image

from exports.brand import PICTURE, Brand
from exports.deck import logo
from exports.deck.powerpoint import render_pptx
from exports.rendering import render_pdf
from tests.unit.exports.test_deck_slides import DOCUMENTS

DOCUMENT = DOCUMENTS["small"]
NAMED = "Northlight Oncology"


def svg(inside: str, box: str = "0 0 20 10") -> Brand:
    return Brand(
        NAMED, logo=f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'
    )


def picture(across: int = 90, down: int = 30) -> Brand:
    target = io.BytesIO()
    Image.new("RGBA", (across, down), "#ff8800").save(target, "PNG")
    return Brand(NAMED, logo=PICTURE + b64encode(target.getvalue()).decode())


def layouts(brand: Brand) -> str:
    with zipfile.ZipFile(io.BytesIO(render_pptx(DOCUMENT, brand=brand))) as parts:
        names = [name for name in parts.namelist() if "slideLayouts/slideLayout" in name]
        return "".join(parts.read(name).decode() for name in names)


def test_shapes_become_native_outlines_in_their_colours_and_places() -> None:
    brand = svg(
        '<g fill="#7fe0d4"><rect x="2" y="1" width="4" height="8"/>'
        '<path fill="white" d="M10 0C12 2 14 2 16 0Z"/></g>',
        box="2 1 20 10",
    )
    mark = logo.mark_of(brand)
    assert mark is not None
    assert mark.width == 2 * logo.HEIGHT
    assert [outline.colour for outline in mark.outlines] == ["7FE0D4", "FFFFFF"]
    assert mark.outlines[0].steps.startswith('<a:moveTo><a:pt x="0" y="0"/></a:moveTo>')
    assert "<a:cubicBezTo>" in mark.outlines[1].steps
    text = layouts(brand)
    assert text.count("<a:custGeom>") == 2
    assert 'val="7FE0D4"' in text
    assert logo.beside(brand) == logo.LEFT + mark.width + logo.GAP


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h9" stroke="#ffffff" fill="none" transform="scale(2 1)"/>',
        '<g transform="skewX(20)"><path d="M0 0h9" stroke="#ffffff"/></g>',
        '<path d="M0 0h9" stroke="#ffffff" stroke-width="2px"/>',
        '<rect width="4" height="4" fill-opacity="0.5"/>',
        '<g fill-opacity="0.5"><rect width="4" height="4"/></g>',
        '<rect width="4" height="4" transform="turn(4)"/>',
        '<rect width="4" height="4" transform="rotate(4 5)"/>',
        '<rect width="4" height="4" transform="rotate(4) and more"/>',
        '<rect width="4" height="4" fill="currentColor"/>',
        "<title>Nothing drawn</title>",
    ],
)
def test_what_outlines_cannot_show_is_left_out_whole(inside: str) -> None:
    brand = svg('<rect width="2" height="2" fill="#ffffff"/>' * ("title" not in inside) + inside)
    assert logo.mark_of(brand) is None
    assert logo.beside(brand) == logo.LEFT
    assert "<a:custGeom>" not in layouts(brand)


def test_lines_are_native_lines() -> None:
    """A line's width is that of the drawing, at the size in which the logo stands."""
    brand = svg(
        '<g stroke="#7fe0d4" stroke-width="2" stroke-linecap="round" fill="none">'
        '<path d="M1 1h9"/><path d="M0 0h3" transform="rotate(90) scale(.5)" fill="#ffffff"/></g>'
    )
    mark = logo.mark_of(brand)
    assert mark is not None
    assert [(each.colour, each.line and each.line.width) for each in mark.outlines] == [
        ("", 2.0),
        ("FFFFFF", 1.0),
    ]
    text = layouts(brand)
    # 24 points for 10 units, 12,700 EMU for a point
    assert f'<a:noFill/><a:ln w="{round(2 * 2.4 * 12700)}" cap="rnd"><a:solidFill>' in text
    assert f'<a:ln w="{round(2.4 * 12700)}" cap="rnd">' in text


@pytest.mark.parametrize(
    ("group", "shape", "corner"),
    [
        ("translate(3,1)", "", (3000, 1000)),
        ("translate(3)", "scale(2)", (3000, 0)),
        ("", "matrix(1 0 0 1 2 2)", (2000, 2000)),
        ("scale(2)", "translate(1 2)", (2000, 4000)),
        ("rotate(90)", "translate(1 0)", (0, 1000)),
        ("", "rotate(180 5 2)", (10000, 4000)),
        ("translate(1 1) scale(2 3)", "translate(1 1)", (3000, 4000)),
    ],
)
def test_shapes_stand_where_groups_and_transforms_put_them(
    group: str, shape: str, corner: tuple[int, int]
) -> None:
    inside = f'<path d="M0 0h2v1z" transform="{shape}" fill="#ffffff"/>'
    mark = logo.mark_of(svg(f'<g transform="{group}">{inside}</g>'))
    assert mark is not None
    first = '<a:moveTo><a:pt x="{}" y="{}"/></a:moveTo>'.format(*corner)
    assert mark.outlines[0].steps.startswith(first)


def test_a_picture_stands_on_the_cover_with_the_company_as_its_text() -> None:
    brand = picture()
    with zipfile.ZipFile(io.BytesIO(render_pptx(DOCUMENT, brand=brand))) as parts:
        cover = parts.read("ppt/slides/slide1.xml").decode()
    assert 'name="Logo"' in cover
    assert f'descr="{NAMED}"' in cover
    assert logo.beside(brand) == logo.LEFT + 3 * logo.HEIGHT + logo.GAP
    assert b"%PDF" in render_pdf(DOCUMENT, brand=brand)[:8]


def test_a_very_wide_logo_leaves_room_for_the_name() -> None:
    mark = logo.mark_of(picture(4000, 10))
    assert mark is not None
    assert mark.width <= 240
