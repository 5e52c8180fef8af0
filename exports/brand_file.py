"""``brand.yaml``: a company's look, set without touching code; every problem named by its field."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exports.brand import (
    COLOURS,
    LEAST_CONTRAST,
    PAIRS,
    PICTURE,
    Brand,
    BrokenBrand,
    clean_logo,
    contrast,
)
from exports.engine import use_fonts
from records.canonical import sha256_bytes
from records.problems import BadInput, Problem
from records.vocabulary import Market

NAME = "brand.yaml"
LARGEST = 1_000_000  # bytes of a logo
_HIGHEST = 240  # pixels a picture is drawn anew with
_FACES = (".ttf", ".otf")
# letters, figures and signs no document does without
NEEDED = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?()[]/%&+-–—’‘“”"
    "®™©§†‡•≤≥±×µ°β€£éèüöäßñç\u00a0\u202f\u2009"
)


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    boilerplate: tuple[str, ...] = ()
    address: tuple[str, ...] = ()


class _Fonts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sans: str = Field("IBM Plex Sans", pattern=r"^[A-Za-z0-9 ]{2,40}$")
    serif: str = Field("IBM Plex Serif", pattern=r"^[A-Za-z0-9 ]{2,40}$")


class _File(_Texts):
    company: str = Field(min_length=2, max_length=80)
    logo: str = ""
    colours: dict[str, str] = Field(default_factory=dict)
    fonts: _Fonts = Field(default_factory=_Fonts)
    markets: dict[Market, _Texts] = Field(default_factory=dict)
    page_size: Literal["", "letter", "a4"] = ""
    safety_share: float = Field(0.8, ge=0.8, le=1.2)


def read_brand(folder: Path, *, otherwise: Brand) -> Brand:
    """The look a folder describes, ``otherwise`` where it has no ``brand.yaml``.

    Raises:
        BadInput: with every problem of the file, by field.
    """
    path = folder / NAME
    if not path.is_file():
        use_fonts(None)
        return otherwise
    given = _parse(path)
    problems = [*_colours(given), *_texts(given)]
    logo = ""
    fonts: tuple[tuple[str, str], ...] = ()
    try:
        logo = _logo(folder, given.logo)
    except BrokenBrand as problem:
        problems.append(_problem("logo", str(problem)))
    try:
        fonts = _fonts(folder / "fonts", given.fonts)
    except BrokenBrand as problem:
        problems.append(_problem("fonts", str(problem)))
    if problems:
        raise BadInput(problems)
    use_fonts(folder / "fonts" if fonts else None)
    return Brand(
        name=given.company,
        logo=logo,
        boilerplate=given.boilerplate,
        address=given.address or otherwise.address,
        sans=given.fonts.sans,
        serif=given.fonts.serif,
        fonts=fonts,
        markets=tuple(
            (market.value, texts.boilerplate, texts.address)
            for market, texts in sorted(given.markets.items())
        ),
        page_size=given.page_size,
        safety_share=given.safety_share,
        **given.colours,
    )


def _parse(path: Path) -> _File:
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError) as problem:
        raise BadInput([_problem(None, f"This is not valid YAML: {problem}.")]) from None
    if not isinstance(plain, Mapping):
        raise BadInput([_problem(None, "A brand is a list of 'key: value' lines.")])
    try:
        return _File.model_validate(plain)
    except ValidationError as error:
        raise BadInput(
            _problem(".".join(map(str, each["loc"])), _said(each["msg"]))
            for each in error.errors(include_url=False)
        ) from None


def _said(message: str) -> str:
    return "There is no such field." if message.startswith("Extra inputs") else f"{message}."


def _problem(field: str | None, message: str) -> Problem:
    return Problem(NAME, None, field, message, "brand")


def _colours(given: _File) -> Iterator[Problem]:
    """Each colour by itself, then each pair that sets text on a ground (R-126)."""
    usual = {name: str(getattr(Brand("-"), name)) for name in COLOURS}
    for name, colour in given.colours.items():
        if name not in COLOURS:
            there = ", ".join(COLOURS)
            yield _problem(f"colours.{name}", f"There is no such colour; there are {there}.")
        elif not Brand.is_colour(colour):
            yield _problem(f"colours.{name}", "Write a colour like #0c2238, in small letters.")
    shown = {**usual, **given.colours, "paper": "#ffffff"}
    for front, ground in PAIRS:
        if not (Brand.is_colour(shown[front]) and Brand.is_colour(shown[ground])):
            continue
        found = contrast(shown[front], shown[ground])
        if found < LEAST_CONTRAST:
            own = front if front in given.colours else ground
            yield _problem(
                f"colours.{own}",
                f"{front} on {ground} has a contrast of {found:.1f}:1; text needs"
                f" {LEAST_CONTRAST}:1. Take a darker or a lighter one.",
            )


def _texts(given: _File) -> Iterator[Problem]:
    named = {"": given, **{f"markets.{market}.": each for market, each in given.markets.items()}}
    for where, texts in named.items():
        for name in ("boilerplate", "address"):
            for line in getattr(texts, name):
                if len(line) > 400 or not line.isprintable() or not line.strip():
                    message = "A line has 1 to 400 signs, and none that cannot be printed."
                    yield _problem(f"{where}{name}", message)


def _logo(folder: Path, name: str) -> str:
    if not name:
        return ""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise BrokenBrand(f"There is no file {name} beside {NAME}.")
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise BrokenBrand(f"The logo is larger than {LARGEST:,} bytes.")
    if path.suffix.lower() == ".svg":
        return clean_logo(data.decode("utf-8", "replace"))
    if path.suffix.lower() == ".png":
        return PICTURE + b64encode(_drawn_anew(data)).decode()
    raise BrokenBrand("The logo must be an SVG or a PNG file.")


def _drawn_anew(data: bytes) -> bytes:
    """A picture's points and nothing else: comments, profiles and what follows the end are gone."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > 16_000_000:
                raise BrokenBrand("The logo has more than 16 million points.")
            plain = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BrokenBrand("The logo is not a readable PNG file.") from None
    plain.thumbnail((_HIGHEST * 8, _HIGHEST))
    clean = Image.new("RGBA", plain.size)
    clean.paste(plain)
    target = io.BytesIO()
    clean.save(target, "PNG")
    return target.getvalue()


def _fonts(folder: Path, given: _Fonts) -> tuple[tuple[str, str], ...]:
    """The files of a company's faces with their hashes; each must print what documents need."""
    usual = _Fonts()
    own = {given.sans, given.serif} - {usual.sans, usual.serif}
    if not own:
        return ()
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in _FACES)
    found: dict[str, list[Path]] = {name: [] for name in own}
    for path in files:
        found.setdefault(_family(path), []).append(path)
    for name in sorted(own):
        if len(found[name]) < 2:
            raise BrokenBrand(
                f"The family {name} needs a regular and a bold or semi-bold face as .ttf or .otf in"
                f" the folder fonts beside {NAME}; there are {len(found[name])}."
            )
    return tuple(
        (path.name, sha256_bytes(path.read_bytes())) for name in sorted(own) for path in found[name]
    )


def _family(path: Path) -> str:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        font = TTFont(path, lazy=True)
        lacking = sorted(NEEDED - set(map(chr, font.getBestCmap())))
        name = font["name"].getDebugName(16) or font["name"].getDebugName(1) or ""
    except (TTLibError, KeyError, OSError):
        raise BrokenBrand(f"{path.name} is not a readable font.") from None
    if lacking:
        shown = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in lacking[:6])
        raise BrokenBrand(f"{path.name} has no glyph for {shown}. Bring the complete font.")
    return str(name)
