"""Design tokens of the company whose material it is: colours, logo, wordmark, boilerplate.

A customer sets them without touching code. Colours must keep text legible (R-126), and a logo is
cleaned to plain shapes, because it is printed in documents and shown in pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from math import inf
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from records.canonical import sha256
from records.errors import DomainError

SVG = "http://www.w3.org/2000/svg"
LEAST_CONTRAST = 4.5
PICTURE = "data:image/png;base64,"  # how a logo that is no SVG begins
_COLOUR = re.compile(r"#[0-9a-f]{6}")
COLOURS = (
    *("ink", "text", "muted", "accent", "caution", "panel", "line"),
    *("cover", "cover_end", "cover_ink", "cover_accent", "cover_text"),
)
_SHAPES = frozenset(
    ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title"]
)
_ATTRIBUTE = re.compile(
    r"viewBox|d|[xy][12]?|c[xy]|r[xy]?|width|height|points|transform"
    r"|fill(-rule|-opacity)?|stroke(-width|-linecap|-linejoin)?"
)


class BrokenBrand(DomainError):
    """Design tokens that cannot be printed or would be illegible."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Colours as ``#rrggbb``; ``logo`` is SVG for the dark cover, its ``title`` the company.

    ``address`` is the postal address in lines, which every email carries (R-805).
    """

    name: str
    logo: str = ""
    boilerplate: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    ink: str = "#0c2238"
    text: str = "#14263a"
    muted: str = "#52616f"
    accent: str = "#0f7478"
    caution: str = "#a34a06"
    panel: str = "#f1f6f6"
    line: str = "#d3dce3"
    cover: str = "#0b2036"
    cover_end: str = "#0f5f68"
    cover_ink: str = "#ffffff"
    cover_accent: str = "#7fe0d4"
    cover_text: str = "#d3e6e9"
    sans: str = "IBM Plex Sans"
    serif: str = "IBM Plex Serif"
    # name and SHA-256 of each font file a company brings; none: the bundled faces
    fonts: tuple[tuple[str, str], ...] = ()
    # legal lines and address of single markets; the others have ``boilerplate`` and ``address``
    markets: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    page_size: str = ""  # letter or a4; empty: as the template says
    safety_share: float = 0.8  # least size of safety information, as a share of the text's

    def __post_init__(self) -> None:
        for name, colour in self.colours():
            if not _COLOUR.fullmatch(colour):
                raise BrokenBrand(f"The colour {name} must be written like #0c2238.")
        for front, ground in PAIRS:
            found = contrast(getattr(self, front), getattr(self, ground, "#ffffff"))
            if found < LEAST_CONTRAST:
                raise BrokenBrand(
                    f"The colour {front} on {ground} has a contrast of {found:.1f}; text needs at"
                    f" least {LEAST_CONTRAST}."
                )

    @staticmethod
    def is_colour(text: str) -> bool:
        """Whether a text is a colour as it must be written, ``#0c2238``."""
        return _COLOUR.fullmatch(text) is not None

    @property
    def sha256(self) -> str:
        """Hash of all tokens: two renditions of one document can differ by it alone."""
        return sha256(asdict(self))

    def colours(self) -> Iterator[tuple[str, str]]:
        """Name and value of each colour, for the stylesheet."""
        for token in fields(self):
            if token.name in COLOURS:
                yield token.name, getattr(self, token.name)

    def lines_for(self, market: str) -> tuple[str, ...]:
        """The legal lines at the end of a document, then the address."""
        return (*self.boilerplate_for(market), *self.address_for(market))

    def boilerplate_for(self, market: str) -> tuple[str, ...]:
        """The legal lines in a market."""
        return self._market(market)[0]

    def address_for(self, market: str) -> tuple[str, ...]:
        """The postal address in a market."""
        return self._market(market)[1]

    def _market(self, market: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        for name, lines, address in self.markets:
            if name == market:
                return lines or self.boilerplate, address or self.address
        return self.boilerplate, self.address


PAIRS = (
    ("ink", "paper"),
    ("text", "paper"),
    ("muted", "paper"),
    ("accent", "paper"),
    ("caution", "paper"),
    ("text", "panel"),
    ("muted", "panel"),
    ("cover_text", "cover"),
    ("cover_text", "cover_end"),
    ("cover_ink", "cover"),
    ("cover_ink", "cover_end"),
    ("cover_accent", "cover"),
    ("cover_accent", "cover_end"),
)


def contrast(front: str, ground: str) -> float:
    """Contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""
    high, low = sorted((_luminance(front), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightened(colour: str, ground: str) -> str:
    """A colour mixed with white until text in it can be read on a dark ground."""
    for share in range(0, 101, 5):
        channels = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        mixed = "#" + "".join(f"{round(c + (255 - c) * share / 100):02x}" for c in channels)
        if contrast(mixed, ground) >= LEAST_CONTRAST:
            return mixed
    return "#ffffff"


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def clean_logo(svg: str) -> str:
    """A logo reduced to shapes and fills; scripts, links, styles, text and images are dropped.

    Raises:
        BrokenBrand: the file is not SVG or has no ``viewBox``.
    """
    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException, ValueError):
        raise BrokenBrand("The logo is not a readable SVG file.") from None
    if root.tag != f"{{{SVG}}}svg" or _box(root) is None:
        raise BrokenBrand("The logo must be an SVG file whose root has a viewBox of four numbers.")
    _keep_shapes(root)
    register_namespace("", SVG)
    return tostring(root, encoding="unicode")


def sized_logo(logo: str) -> tuple[str, float]:
    """A cleaned logo that says its own size, and how wide it is for its height.

    What its file says of width and height may be a share of whatever holds it.
    """
    root = fromstring(logo)
    wide, high = _box(root) or (1.0, 1.0)
    root.set("width", f"{wide:g}")
    root.set("height", f"{high:g}")
    register_namespace("", SVG)
    return tostring(root, encoding="unicode"), wide / high


def _box(root: Element) -> tuple[float, float] | None:
    """Width and height of a drawing; None if its ``viewBox`` does not say them."""
    try:
        _, _, wide, high = map(float, re.split(r"[\s,]+", (root.get("viewBox") or "").strip()))
    except ValueError:
        return None
    return (wide, high) if 0 < wide < inf and 0 < high < inf else None


def _keep_shapes(element: Element) -> None:
    for name in list(element.attrib):
        refers = "(" in element.attrib[name] and name != "transform"  # url(…) would fetch
        if refers or not _ATTRIBUTE.fullmatch(name):
            del element.attrib[name]
    for child in list(element):
        tag = str(child.tag)
        if tag.removeprefix(f"{{{SVG}}}") not in _SHAPES or not tag.startswith("{"):
            element.remove(child)
        else:
            _keep_shapes(child)
