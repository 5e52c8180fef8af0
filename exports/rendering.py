"""From a document tree to HTML and to a tagged PDF; the same HTML serves both."""

from __future__ import annotations

import io
from typing import Any

from exports import glyphs
from exports.brand import Brand
from exports.document import Document
from exports.engine import Engine, RenderingFailed, engine
from exports.finishing import finish, save
from exports.layouts import stylesheet, template
from exports.presentation import view


def render_html(
    document: Document, *, brand: Brand, stylesheet_url: str = "", nonce: str = ""
) -> str:
    """The document as a page, for a preview under a strict content security policy.

    Args:
        document: what to show.
        brand: in which company's look.
        stylesheet_url: where ``render_stylesheet`` is served, or
        nonce: the page's nonce, to carry the stylesheet inline. Neither: no styles at all.
    """
    style = render_stylesheet(document, brand=brand) if nonce and not stylesheet_url else ""
    return template(document.kind).render(
        view=view(document, brand), stylesheet_url=stylesheet_url, style=style, nonce=nonce
    )


def render_stylesheet(document: Document, *, brand: Brand) -> str:
    """The stylesheet of the preview."""
    return stylesheet(document.kind, brand, document.page_size, screen=True)


def render_pdf(document: Document, *, brand: Brand) -> bytes:
    """The document as a tagged PDF/A-3, not yet sealed (see ``exports.sealing``).

    Raises:
        Refused: a character is in none of the bundled fonts; each names module and character.
        RenderingFailed: something would be missing or was asked for from outside.
        RenderingUnavailable: the machine lacks a system library.
    """
    glyphs.check(document, brand=brand)
    html = render_html(document, brand=brand)
    css = stylesheet(document.kind, brand, document.page_size)
    maker: Engine = engine()
    pages = maker.lay_out(html, css)
    _check_anchors(document, pages)
    return _finished(maker.write(pages))


def _finished(data: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        finish(pdf)
        return save(pdf)


def _check_anchors(document: Document, pages: Any) -> None:
    """Every block, footnote, reference and the safety information must stand on a page."""
    placed = {anchor for page in pages.pages for anchor in page.anchors}
    wanted = {f"b{place}-end" for place in range(1, len(document.blocks) + 1)}
    wanted |= {
        f"b{place}-{mark}"
        for place, block in enumerate(document.blocks, start=1)
        for mark in block.notes
    }
    wanted |= {f"ref-{reference.number}" for reference in document.references}
    wanted |= {"isi", "isi-end"} if document.isi else set()
    if lost := sorted(wanted - placed):
        raise RenderingFailed(f"Parts of the document are on no page: {', '.join(lost)}.")
