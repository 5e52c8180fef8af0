"""From a document tree to HTML and to a tagged PDF; the same HTML serves both."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from exports import glyphs
from exports.brand import Brand
from exports.deck.printing import deck_html, lay_out_deck
from exports.document import Document
from exports.engine import Engine, RenderingFailed, engine
from exports.finishing import finish, save
from exports.kinds import DECKS, PRINTED
from exports.layouts import has_sheet, stylesheet, template
from exports.mail.message import mail_page
from exports.presentation import View, view
from exports.proofing import faces, note

if TYPE_CHECKING:
    import pikepdf

# anchors that stand where content begins or ends, not references and imprint
_CONTENT = re.compile(r"(b\d+|isi)(-end)?")
_FULL = 0.35  # share of a last page above which it is worth its paper


def render_html(
    document: Document, *, brand: Brand, stylesheets: Sequence[str] = (), nonce: str = ""
) -> str:
    """The document as a page, for a preview under a strict content security policy.

    Args:
        document: what to show.
        brand: in which company's look.
        stylesheets: addresses to link, such as the one that declares the fonts, or the one where
            ``render_stylesheet`` is served.
        nonce: the policy's nonce, to carry the document's own stylesheet within the page.
    """
    if document.letter is not None:
        plain = render_stylesheet(document, brand=brand) if nonce else ""
        return mail_page(document, brand, style=plain, stylesheets=stylesheets, nonce=nonce)
    # the stylesheet holds nothing but our files and checked colours, and quotes must stay quotes
    style = Markup(render_stylesheet(document, brand=brand)) if nonce else Markup()  # noqa: S704
    if document.kind == "deck":
        return deck_html(document, brand, stylesheets=stylesheets, style=style, nonce=nonce)
    return template(document.kind).render(
        view=view(document, brand), stylesheets=stylesheets, style=style, nonce=nonce
    )


def render_stylesheet(document: Document, *, brand: Brand) -> str:
    """The stylesheet of the preview."""
    return stylesheet(document.kind, brand, document.page_size, "screen")


def render_pdf(document: Document, *, brand: Brand) -> bytes:
    """The document as a tagged PDF/A-3, not yet sealed (see ``exports.sealing``).

    Raises:
        Refused: a character is in none of the bundled fonts; each names module and character.
        RenderingFailed: something would be missing or was asked for from outside.
        RenderingUnavailable: the machine lacks a system library.
    """
    glyphs.check(document, brand=brand)
    maker: Engine = engine()
    if document.kind == "deck":
        pages = lay_out_deck(document, brand, maker)
    else:
        pages = _lay_out(document, view(document, brand), maker)
    _check_anchors(document, pages)
    return _finished(maker.write(pages), document, brand)


def render_prepared(document: Document, prepared: View, shown: Document) -> bytes:
    """``render_pdf`` of a view that differs from the document's own, as plates do.

    What is measured on the pages is ``shown``: the document as the view words it.
    """
    maker: Engine = engine()
    pages = _lay_out(document, prepared, maker)
    _check_anchors(document, pages)
    return _finished(maker.write(pages), shown, prepared.brand)


def _lay_out(document: Document, prepared: View, maker: Engine) -> Any:
    """Pages of a document; set tighter if that saves a last page of little, or one too many.

    What goes beyond the most pages of its kind even then stays so: it is measured and refused when
    it is submitted or sealed (``exports.truth``), and can be looked at until then.
    """
    kind, size = document.kind, document.page_size
    html = template(kind).render(view=prepared, stylesheets=(), style=Markup(), nonce="")

    def drawn(*more: str) -> Any:
        return maker.lay_out(html, stylesheet(kind, prepared.brand, size, *more))

    pages = drawn()
    if _is_beyond(document, pages) or not _is_filled(pages.pages[-1]):
        pages = _shorter(pages, drawn("tight"))
    if _is_beyond(document, pages) and has_sheet(kind, "dense"):
        pages = _shorter(pages, drawn("tight", "dense"))
    return pages


def _shorter(pages: Any, others: Any) -> Any:
    return others if len(others.pages) < len(pages.pages) else pages


def _is_beyond(document: Document, pages: Any) -> bool:
    return document.most_pages is not None and len(pages.pages) > document.most_pages


def _is_filled(page: Any) -> bool:
    """Whether content, and not references and imprint alone, takes a good part of a page."""
    ends = [place[1] for anchor, place in page.anchors.items() if _CONTENT.fullmatch(anchor)]
    return bool(max(ends, default=0.0) > _FULL * page.height)


def _finished(data: bytes, document: Document, brand: Brand) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        _check_fonts(pdf, faces(brand))
        finish(pdf)
        if document.kind in PRINTED | DECKS:
            note(pdf, document, brand)
        return save(pdf)


def _check_fonts(pdf: pikepdf.Pdf, allowed: tuple[str, ...]) -> None:
    """Only faces of the house may be embedded: one of the machine would change words and bytes."""
    fonts = {str(name) for page in pdf.pages for name in _font_names(page.obj.get("/Resources"))}
    if foreign := sorted(name for name in fonts if not name.split("+")[-1].startswith(allowed)):
        raise RenderingFailed(f"A font that is not bundled was used: {foreign[0]}.")


def _font_names(resources: Any) -> list[Any]:
    fonts = resources.get("/Font", {}) if resources is not None else {}
    return [font.BaseFont for font in fonts.values()]


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
    if document.isi:
        wanted |= {"isi", "isi-end", *(f"isi-{mark}" for mark in document.isi.notes)}
    if lost := sorted(wanted - placed):
        raise RenderingFailed(f"Parts of the document are on no page: {', '.join(lost)}.")
