"""What the template of an email is given: finished words and finished pieces of HTML.

The markup is the same as in print, without what mail programs do badly: links within the message,
narrow spaces, and the marks that trace a wording (those are in the manifest).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exports.body import Heading, Node
from exports.brand import Brand
from exports.document import Block, Document, Footnote, Letter
from exports.mail.picture import Logo, logo_of_mail
from exports.markup import body_html, figure_html, figures
from exports.presentation import INTERNAL, PREVIEW, day

AUDIENCES = {"hcp": "For US health care professionals", "payer": "For US payers and formularies"}
_WITHIN = re.compile(r'<a href="#[^"]*">([^<]*)</a>')
_TRACE = re.compile(r' data-(?:claim|token|title)="[^"]*"')
_BARE = re.compile(r"<span>([^<]*)</span>")
_HAIR = re.compile('<span class="hair">[^<]*</span>')


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of the email; ``cards`` are key figures set beside each other."""

    kind: str
    html: Markup
    notes: tuple[tuple[str, Markup], ...] = ()
    cards: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class MailView:
    """Everything the template places."""

    document: Document
    letter: Letter
    brand: Brand
    logo: Logo | None
    banners: tuple[str, ...]
    audience: str
    pieces: tuple[Piece, ...]
    isi: Piece | None
    facts: tuple[str, ...]
    address: tuple[str, ...]
    boilerplate: tuple[str, ...]


def mail_view(document: Document, letter: Letter, brand: Brand) -> MailView:
    """Prepare one email in one company's look."""
    notes = {note.mark: note for note in document.footnotes}
    return MailView(
        document=document,
        letter=letter,
        brand=brand,
        logo=logo_of_mail(brand),
        banners=banners(document),
        audience=audience(document),
        pieces=tuple(_piece(block, notes) for block in document.blocks),
        isi=_piece(document.isi, notes) if document.isi else None,
        facts=facts(document),
        address=brand.address_for(document.market),
        boilerplate=brand.boilerplate_for(document.market),
    )


def banners(document: Document) -> tuple[str, ...]:
    """What must be said first of all of an email that may not be sent."""
    internal = (INTERNAL,) if document.audience == "internal" else ()
    return ((PREVIEW,) if document.status == "preview" else ()) + internal


def audience(document: Document) -> str:
    """For whom it is, in words; only the United States have words of their own yet."""
    if document.market != "US":
        return "For health care professionals" if document.audience == "hcp" else ""
    return AUDIENCES.get(document.audience, "")


def facts(document: Document) -> tuple[str, ...]:
    """Material code, date of preparation, validity, copy: what identifies the email."""
    copy = document.copy
    rows = (
        f"{document.code}, version {document.version}",
        f"Date of preparation {day(document.prepared)}",
        f"Valid until {day(document.valid_until)}" if document.valid_until else "",
        f"Copy {copy.number}" if copy else "",
    )
    return tuple(row for row in rows if row)


def _piece(block: Block, notes: Mapping[str, Footnote]) -> Piece:
    cells = figures(block.body) if block.kind == "callout" else ()
    shown = tuple(node for node in block.body if isinstance(node, Heading)) if cells else block.body
    return Piece(
        kind=block.kind,
        html=_html(shown),
        notes=tuple((mark, _html(notes[mark].block.body)) for mark in block.notes),
        cards=tuple(_plain(figure_html(cell, "")) for cell in cells),
    )


def _html(nodes: Sequence[Node]) -> Markup:
    return _plain(body_html(nodes, ""))


def _plain(html: Markup) -> Markup:
    """Content is escaped, so these patterns meet our own tags only."""
    text = _HAIR.sub("", _WITHIN.sub(r"\1", str(html)))
    return Markup(_BARE.sub(r"\1", _TRACE.sub("", text)))  # noqa: S704 - taken from safe HTML
