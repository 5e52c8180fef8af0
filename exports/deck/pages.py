"""What the template of a deck is given: each slide as finished pieces of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exports.body import Cell, Node
from exports.brand import Brand
from exports.deck.composing import compose, reference_text, safety_pointer
from exports.deck.drawing import chart_svg
from exports.deck.measuring import lines
from exports.deck.slides import Panel, Slide
from exports.document import Document, Footnote
from exports.markup import body_html, figure_html, inline_html, title_of
from exports.presentation import (
    banners_of,
    footer_of,
    imprint_of,
    logo_of,
    names_account,
    qr_of,
    signed_of,
)

COVER_WIDTH = 800
_ONE_LINE, _TWO_LINES = (44.0, 40.0, 36.0, 34.0), (44.0, 38.0, 33.0, 28.0)


@dataclass(frozen=True, slots=True)
class PanelView:
    """One column, row, card or agenda item."""

    head: Markup
    html: Markup
    figure: str = ""


@dataclass(frozen=True, slots=True)
class NoteView:
    """A footnote at the foot of a slide; ``id`` where the block has it for the first time."""

    id: str
    mark: str
    html: Markup


@dataclass(frozen=True, slots=True)
class SlideView:
    """One slide as the template places it."""

    number: int
    kind: str
    id: str
    end: str
    module: str
    kicker: Markup
    title: Markup
    plain_title: str
    part: str
    size: str
    title_size: str
    lead: Markup
    html: Markup
    table: Markup
    chart: Markup
    panels: tuple[PanelView, ...]
    notes: tuple[NoteView, ...]
    references: tuple[tuple[int, str], ...]
    columns: int
    narrow: bool


@dataclass(frozen=True, slots=True)
class DeckView:
    """Everything the template of a deck places."""

    document: Document
    brand: Brand
    logo: Markup
    banners: tuple[str, ...]
    slides: tuple[SlideView, ...]
    pointer: str
    footer: tuple[str, ...]
    imprint: tuple[tuple[str, str], ...]
    signed: tuple[str, ...]
    qr: Markup
    boilerplate: tuple[str, ...]
    created: str
    names_account: bool


def deck_view(document: Document, brand: Brand) -> DeckView:
    """Prepare one deck in one company's look."""
    slides = compose(document, safety_share=brand.safety_share)
    notes = {note.mark: note for note in document.footnotes}
    seen: set[str] = set()
    return DeckView(
        document=document,
        brand=brand,
        logo=logo_of(brand),
        banners=banners_of(document),
        slides=tuple(_slide(slide, document, brand, notes, seen) for slide in slides),
        pointer=safety_pointer(document, slides),
        footer=footer_of(document),
        imprint=imprint_of(document),
        signed=tuple(signed_of(each) for each in document.approvals),
        qr=qr_of(document),
        boilerplate=brand.lines_for(document.market),
        created=f"{document.prepared.isoformat()}T00:00:00Z",
        names_account=names_account(document),
    )


def size_class(size: float) -> str:
    """The stylesheet's class of a size: f175 for 17.5 points."""
    return f"f{round(size * 10)}"


def part_words(slide: Slide) -> str:
    """``2 of 3``, for slides of one title."""
    number, count = slide.part
    return f"{number} of {count}" if count > 1 else ""


def cover_size(title: Cell) -> float:
    """One line if it may be large enough, so that no word stands alone on a second one."""
    for most, sizes in ((1, _ONE_LINE), (2, _TWO_LINES)):
        for size in sizes:
            if lines(title, COVER_WIDTH, size, "head") <= most:
                return size
    return _TWO_LINES[-1]


def _slide(
    slide: Slide, document: Document, brand: Brand, notes: dict[str, Footnote], seen: set[str]
) -> SlideView:
    scope = slide.place
    title_size = cover_size(slide.title) if slide.kind == "cover" else slide.title_size
    texts = {each.number: reference_text(each) for each in document.references}
    return SlideView(
        number=slide.number,
        kind=slide.kind,
        id=scope if scope and slide.first else "",
        end=f"{scope}-end" if scope and slide.last else "",
        module=slide.module,
        kicker=inline_html(slide.kicker, scope),
        title=inline_html(slide.title, scope),
        plain_title=title_of_slide(slide),
        part=part_words(slide),
        size=size_class(slide.size),
        title_size=size_class(title_size),
        lead=body_html(slide.lead, scope),
        html=body_html(slide.nodes, scope),
        table=body_html([slide.table], scope) if slide.table else Markup(),
        chart=chart_svg(slide.chart, brand) if slide.chart else Markup(),
        panels=tuple(_panel(panel, slide) for panel in slide.panels),
        notes=tuple(_note(notes[mark], scope, seen) for mark in slide.notes),
        references=tuple((number, texts[number]) for number in slide.references),
        columns=_per_row(len(slide.panels)),
        narrow=slide.kind == "text" and slide.narrow,
    )


def title_of_slide(slide: Slide) -> str:
    """A slide's title in plain words, with its part: what bookmarks and outlines show."""
    from exports.body import Heading

    title, part = title_of(Heading(1, slide.title)), part_words(slide)
    return f"{title} ({part})" if part else title


def _panel(panel: Panel, slide: Slide) -> PanelView:
    head = (
        figure_html(panel.head, slide.place)
        if slide.kind == "figures"
        else inline_html(panel.head, slide.place)
    )
    return PanelView(head, _nodes(panel.nodes, slide.place), panel.figure)


def _nodes(nodes: Sequence[Node], scope: str) -> Markup:
    return body_html(nodes, scope)


def _note(note: Footnote, scope: str, seen: set[str]) -> NoteView:
    id = f"{scope}-{note.mark}"
    first = id not in seen
    seen.add(id)
    return NoteView(id if first else "", note.mark, body_html(note.block.body, id))


def _per_row(count: int) -> int:
    """Cards side by side: up to four, else two rows of equal length."""
    return count if count <= 4 else -(-count // 2)
