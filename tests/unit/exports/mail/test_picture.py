"""The logo of an email: the size it has room for, on the ground it brings with it."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import replace

import pytest
from PIL import Image

from exports.brand import PICTURE, Brand
from exports.mail.picture import HEIGHT, WIDEST, logo_of_mail
from tests.documents.letter import BRAND, LOGO


def opened(brand: Brand) -> Image.Image:
    logo = logo_of_mail(brand)
    assert logo is not None
    picture = Image.open(io.BytesIO(logo.data))
    assert (picture.width, picture.height) == (2 * logo.width, 2 * logo.height)
    return picture


def points(width: int, height: int) -> str:
    """A PNG logo: white, but for its see-through left half."""
    picture = Image.new("RGBA", (width, height), "#ffffff")
    picture.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return PICTURE + b64encode(target.getvalue()).decode()


def test_shapes_are_drawn_sharp_on_the_covers_ground() -> None:
    picture = opened(BRAND)
    assert picture.size == (6 * HEIGHT, 2 * HEIGHT)
    assert picture.mode == "RGB"
    assert picture.getpixel((HEIGHT, HEIGHT)) == (255, 255, 255)
    assert picture.getpixel((3 * HEIGHT, HEIGHT)) == (0x0B, 0x20, 0x36)  # the cover, between both
    assert picture.getpixel((5 * HEIGHT, HEIGHT)) == (0x7F, 0xE0, 0xD4)


def test_a_see_through_picture_stands_on_the_covers_ground_too() -> None:
    picture = opened(replace(BRAND, logo=points(400, 200)))
    assert picture.size == (4 * HEIGHT, 2 * HEIGHT)
    assert picture.getpixel((4, HEIGHT)) == (0x0B, 0x20, 0x36)
    assert picture.getpixel((4 * HEIGHT - 4, HEIGHT)) == (255, 255, 255)


@pytest.mark.parametrize("logo", [LOGO.replace("60 20", "2000 20"), points(4000, 40)])
def test_a_long_name_drawn_as_a_logo_is_no_wider_than_a_phone_has_room_for(logo: str) -> None:
    assert opened(replace(BRAND, logo=logo)).width == 2 * WIDEST


def test_without_a_logo_there_is_none() -> None:
    assert logo_of_mail(replace(BRAND, logo="")) is None


def test_what_the_file_says_of_its_size_does_not_matter() -> None:
    pulled = LOGO.replace("<svg ", '<svg width="100%" height="3" ')
    first, second = logo_of_mail(BRAND), logo_of_mail(replace(BRAND, logo=pulled))
    assert first is not None
    assert second is not None
    assert (first.id, first.width) == (second.id, second.width)
