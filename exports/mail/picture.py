"""The company's logo in an email: a picture that travels in the message, so nothing is fetched.

It stands on the ground of the cover, which it brings with it: a mail program that turns colours
around in the dark cannot make it unreadable. The company's name stands beside it as text, so a
program that shows no pictures loses nothing, and nobody hears the name twice.
"""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from exports.brand import PICTURE, Brand, sized_logo
from exports.engine import engine
from records.canonical import sha256_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

HEIGHT, WIDEST = 30, 220  # CSS pixels
_DENSE = 2  # points of the picture for a CSS pixel
_POINTS = 96 / 72  # PDF counts in points, a stylesheet in pixels
_STYLE = (
    "@page {{ size: {wide}px {high}px; margin: 0; background: {ground} }} body {{ margin: 0 }}"
    " svg {{ display: block; width: {wide}px; height: {high}px }}"
)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture as PNG, and the size it is shown at."""

    data: bytes
    width: int
    height: int

    @property
    def id(self) -> str:
        """Its Content-ID: the same picture has the same one."""
        return f"logo.{sha256_bytes(self.data)[:24]}@clearcopy"

    @property
    def embedded(self) -> str:
        """An address that holds the picture itself, for pages that are no message."""
        return f"data:image/png;base64,{b64encode(self.data).decode()}"


@lru_cache(maxsize=16)
def logo_of_mail(brand: Brand) -> Logo | None:
    """The logo of a company as emails show it; None if it has none."""
    if not brand.logo:
        return None
    drawn = _picture(brand) if brand.logo.startswith(PICTURE) else _drawing(brand)
    return Logo(_png(drawn), round(drawn.width / _DENSE), round(drawn.height / _DENSE))


def _picture(brand: Brand) -> Image:
    """A logo of points, on the ground of the cover."""
    from PIL import Image

    with Image.open(io.BytesIO(b64decode(brand.logo.removeprefix(PICTURE)))) as opened:
        picture = opened.convert("RGBA")
    high = HEIGHT * _DENSE
    wide = max(1, round(picture.width * high / picture.height))
    picture = picture.resize(_within(wide, high), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", picture.size, brand.cover)
    return Image.alpha_composite(ground, picture).convert("RGB")


def _drawing(brand: Brand) -> Image:
    """A logo of shapes, drawn by the engine that draws it in print."""
    import pypdfium2

    svg, ratio = sized_logo(brand.logo)
    wide, high = _within(max(1, round(ratio * HEIGHT * _DENSE)), HEIGHT * _DENSE)
    style = _STYLE.format(wide=wide, high=high, ground=brand.cover)
    pdf = engine().write(engine().lay_out(f'<html lang="en"><title>Logo</title>{svg}', style))
    with pypdfium2.PdfDocument(pdf) as opened:
        drawn: Image = opened[0].render(scale=_POINTS).to_pil().convert("RGB")
        return drawn


def _within(wide: int, high: int) -> tuple[int, int]:
    """A size no wider than emails have room for."""
    most = WIDEST * _DENSE
    return (wide, high) if wide <= most else (most, max(1, round(high * most / wide)))


def _png(picture: Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
