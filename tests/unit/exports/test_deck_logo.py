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
        '<path d="M0 0h9" stroke="#ffffff" fill="none"/>',
        '<rect width="4" height="4" fill-opacity="0.5"/>',
        '<g transform="rotate(9)"><rect width="4" height="4"/></g>',
        '<rect width="4" height="4" transform="matrix(1 0 0 1 2 2)"/>',
        '<rect width="4" height="4" transform="rotate(4)"/>',
        '<rect width="4" height="4" fill="currentColor"/>',
        "<title>Nothing drawn</title>",
    ],
)
def test_what_outlines_cannot_show_is_left_out_whole(inside: str) -> None:
    brand = svg('<rect width="2" height="2" fill="#ffffff"/>' * ("title" not in inside) + inside)
    assert logo.mark_of(brand) is None
    assert logo.beside(brand) == logo.LEFT
    assert "<a:custGeom>" not in layouts(brand)


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
