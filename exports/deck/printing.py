"""A deck as HTML, and as laid out pages whose slides were measured once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from exports.brand import Brand
from exports.deck.composing import compose
from exports.deck.pages import deck_view
from exports.deck.slides import BODY_BOTTOM
from exports.document import Document
from exports.engine import Engine, RenderingFailed
from exports.layouts import stylesheet, template

_SPARE = 0.75  # points that rounding may take


def deck_html(
    document: Document, brand: Brand, *, stylesheets: Sequence[str] = (), style: Markup, nonce: str
) -> str:
    """The slides as one page of HTML."""
    return template("deck").render(
        view=deck_view(document, brand), stylesheets=stylesheets, style=style, nonce=nonce
    )


def lay_out_deck(document: Document, brand: Brand, maker: Engine) -> Any:
    """One page for each slide.

    Raises:
        RenderingFailed: a slide took two pages, or its text runs into its footnotes or its foot.
    """
    html = deck_html(document, brand, style=Markup(), nonce="")
    pages = maker.lay_out(html, stylesheet("deck", brand, document.page_size))
    slides = compose(document, safety_share=brand.safety_share)
    if len(pages.pages) != len(slides):
        raise RenderingFailed(
            f"{len(slides)} slides were planned, but {len(pages.pages)} pages were drawn."
        )
    for slide, page in zip(slides, pages.pages, strict=True):
        _check_room(slide.number, {name: _top(place) for name, place in page.anchors.items()})
    return pages


def _check_room(number: int, places: dict[str, float]) -> None:
    end = places.get(f"s{number}-body")
    bottom = places.get(f"s{number}-notes", float(BODY_BOTTOM))
    if end is not None and end > bottom + _SPARE:
        raise RenderingFailed(
            f"The text of slide {number} is {end - bottom:.0f} points too long for it."
        )


def _top(place: Any) -> float:
    """The height of an anchor in points, from the top of its page."""
    return float(place[1]) * 0.75
