"""A deck as PPTX: native text, tables and charts in real layouts, the same slides as the PDF."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from exports.body import Cell, Claim, ListNode, Paragraph, Text, words
from exports.brand import Brand
from exports.deck import logo, shapes, tables
from exports.deck.charting import add_chart
from exports.deck.composing import compose, reference_text, safety_pointer
from exports.deck.fitting import CARD, card_height, nodes_height, notes_height, title_size
from exports.deck.master import CODES, EXTRA, FOOTER, KICKER, NOTES, NUMBER, blank
from exports.deck.measuring import lines
from exports.deck.packaging import package
from exports.deck.pages import cover_size, title_of_slide
from exports.deck.paragraphs import MAJOR, Style, nodes, paragraph, plain, put
from exports.deck.slides import (
    BODY_BOTTOM,
    BODY_TOP,
    CHART_HEIGHT,
    CHART_WIDTH,
    GUTTER,
    INNER,
    LEFT,
    NOTE_LEADING,
    NOTE_SIZE,
    STATEMENT,
    Panel,
    Slide,
)
from exports.deck.speaking import notes_text
from exports.document import Document
from exports.markup import FIGURE
from exports.presentation import banners_of, footer_of, imprint_of, names_account, signed_of

_LAYOUTS = {
    "cover": "Cover",
    "section": "Section",
    "text": "Text",
    "chart": "Chart and text",
    "table": "Title and table",
    "rows": "Title and table",
    "safety": "Safety information",
    "references": "References",
    "closing": "Proof",
    "agenda": "Title and cards",
    "figures": "Title and cards",
}
_COLUMNS = {2: "Two columns", 3: "Three columns"}


def render_pptx(document: Document, *, brand: Brand) -> bytes:
    """The document as an unsealed PPTX; the same bytes for the same document and look.

    Raises:
        Refused: a character is in none of the fonts, or a part is too long for any slide.
    """
    from pptx import Presentation

    from exports import glyphs

    glyphs.check(document, brand=brand)
    slides = compose(document, safety_share=brand.safety_share)
    deck = Presentation(io.BytesIO(blank(brand)))
    layouts = {layout.name: layout for layout in deck.slide_layouts}
    maker = _Maker(document, brand, deck, layouts, safety_pointer(document, slides))
    for slide in slides:
        maker.add(slide)
    return package(deck, document, brand)


@dataclass
class _Maker:
    document: Document
    brand: Brand
    deck: Any
    layouts: dict[str, Any]
    pointer: str

    def add(self, slide: Slide) -> None:
        name = _COLUMNS[len(slide.panels)] if slide.kind == "columns" else _LAYOUTS[slide.kind]
        page = self.deck.slides.add_slide(self.layouts[name])
        self._head(page, slide)
        getattr(self, f"_{slide.kind}")(page, slide)
        self._notes(page, slide)
        if slide.kind != "cover":
            self._foot(page, slide)
        for place in list(page.placeholders):
            if place.has_text_frame and not place.text_frame.text:
                place._element.getparent().remove(place._element)
        page.notes_slide.notes_text_frame.text = notes_text(self.document, slide)

    # what every slide has

    def _head(self, page: Any, slide: Slide) -> None:
        dark = slide.kind in ("cover", "section")
        size = slide.title_size
        if slide.kind == "cover":
            size = cover_size(slide.title)
        elif slide.kind == "section":
            size = title_size(slide.title, (44.0, 36.0), 800)
        style = Style(size, "accent2" if dark else "tx2", font=MAJOR, leading=1.18, after=0)
        title = paragraph(slide.title, style)
        number, count = slide.part
        if count > 1:
            part = replace(style, size=13.0, colour="accent6", font="+mn-lt")
            for run in plain(f" {number} of {count}", part).findall("{*}r"):
                title.append(run)
        put(page.shapes.title._element.txBody, [title])
        if slide.kicker:
            colour = "accent3" if dark else "accent1"
            kicker = Style(16.0 if dark else 12.0, colour, bold=True, leading=1.3, after=0)
            self._fill(page, KICKER, [paragraph(slide.kicker, kicker)])

    def _foot(self, page: Any, slide: Slide) -> None:
        parts = (*banners_of(self.document), self.pointer, *footer_of(self.document))
        colour = "accent2" if slide.kind == "section" else "accent6"
        style = Style(8.5, colour, leading=1.3, after=0)
        for place in page.slide_layout.placeholders:
            index = place.placeholder_format.idx
            if index not in (FOOTER, NUMBER):
                continue
            element = copy.deepcopy(place._element)
            page.shapes._spTree.append(element)
            properties = element.find(".//{*}spPr")
            for child in list(properties):
                properties.remove(child)
            if index == FOOTER:
                put(element.txBody, [plain("  ·  ".join(part for part in parts if part), style)])
            else:
                element.find(".//{*}fld/{*}t").text = str(slide.number)

    def _notes(self, page: Any, slide: Slide) -> None:
        known = {note.mark: note for note in self.document.footnotes}
        under = [known[mark] for mark in slide.notes]
        if not under:
            return
        style = Style(NOTE_SIZE, "accent6", leading=NOTE_LEADING, after=3)
        made = []
        for note in under:
            first, *rest = list(nodes(note.block.body, style))
            mark = plain(note.mark + " ", replace(style, bold=True, colour="accent4"))
            first.insert(1, mark.find("{*}r"))
            made += [first, *rest]
        self._bottom(page, made, notes_height(under))

    def _bottom(self, page: Any, made: list[Any], tall: float) -> None:
        place = self._fill(page, NOTES, made)
        shapes.move(place, LEFT, BODY_BOTTOM - tall + 8, INNER, tall - 8)
        shapes.rule(page, LEFT, BODY_BOTTOM - tall, INNER, 0.75, "accent5")

    def _fill(self, page: Any, index: int, paragraphs: Sequence[Any]) -> Any:
        place = next(p for p in page.placeholders if p.placeholder_format.idx == index)
        put(place._element.txBody, paragraphs)
        return place

    # one for each kind of slide

    def _cover(self, page: Any, slide: Slide) -> None:
        document = self.document
        title = Style(20.0, "accent2", font=MAJOR, leading=1.3, after=0)
        size = cover_size(slide.title)
        tall = lines(slide.title, 800, size, "head") * size * 1.18
        shapes.move(page.shapes.title, 72, 286 - tall, 800, tall)
        eyebrow = Style(14.0, "accent3", bold=True, after=0)
        role = self._fill(page, KICKER, [plain(document.role, eyebrow)])
        shapes.move(role, 72, 258 - tall, 800, 20)
        self._fill(page, 1, [plain(document.product.name, title)])
        quiet = Style(17.0, "accent2", after=0)
        if not names_account(document):
            self._fill(page, EXTRA, [plain(f"Prepared for {document.account.name}", quiet)])
        logo.add_picture(page, self.brand)
        codes = "  ·  ".join(footer_of(document))
        self._fill(page, CODES, [plain(codes, replace(quiet, size=10.5))])
        banners = "  ·  ".join(banners_of(document))
        if banners:
            style = Style(12.0, "bg1", bold=True, leading=1.3, after=0)
            shapes.box(
                page, "Warning", (0, 0, 960, 34), [plain(banners, style)], "accent4", (72, 9)
            )

    def _section(self, page: Any, slide: Slide) -> None:
        self._fill(page, 1, list(nodes(slide.nodes, Style(16.0, "accent2", after=4))))

    def _text(self, page: Any, slide: Slide) -> None:
        made = list(nodes(slide.nodes, Style(slide.size)))
        place = self._fill(page, 1, made)
        if slide.narrow:
            tall = nodes_height(slide.nodes, INNER - 2 * STATEMENT[0], slide.size)
            shapes.move(place, LEFT, BODY_TOP, INNER, tall + 2 * STATEMENT[1])
            shapes.paint(place, "bg2", STATEMENT)
            shapes.rule(page, LEFT, BODY_TOP, 2.4, tall + 2 * STATEMENT[1], "accent1")

    def _columns(self, page: Any, slide: Slide) -> None:
        top = BODY_TOP + self._lead(page, slide)
        width = (INNER - GUTTER * (len(slide.panels) - 1)) / len(slide.panels)
        tall = max(card_height(panel, width, slide.size) for panel in slide.panels)
        head = Style(slide.size + 2, "tx2", font=MAJOR, leading=1.25, after=8)
        for place, panel in enumerate(slide.panels):
            made = [paragraph(panel.head, head)] if panel.head else []
            made += nodes(panel.nodes, Style(slide.size))
            left = LEFT + place * (width + GUTTER)
            shape = self._fill(page, 1 + place, made)
            shapes.move(shape, left, top, width, tall)
            shapes.paint(shape, "bg2", (CARD, CARD))
            shapes.rule(page, left, top, width, 2.4, "accent1")

    def _rows(self, page: Any, slide: Slide) -> None:
        top = BODY_TOP + self._lead(page, slide)
        tables.add_rows(page, slide, top, title_of_slide(slide))

    _safety = _rows

    def _table(self, page: Any, slide: Slide) -> None:
        top = BODY_TOP + self._lead(page, slide)
        if slide.table is not None:
            top += tables.add_table(page, slide, top, title_of_slide(slide)) + 14
        if slide.nodes:
            tall = nodes_height(slide.nodes, INNER, slide.size)
            made = list(nodes(slide.nodes, Style(slide.size)))
            shapes.box(page, "Text below", (LEFT, top, INNER, tall), made)

    def _chart(self, page: Any, slide: Slide) -> None:
        if slide.chart is not None:
            add_chart(page, slide.chart, (LEFT, BODY_TOP - 6, CHART_WIDTH, CHART_HEIGHT))
        self._fill(page, 1, list(nodes(slide.nodes, Style(slide.size))))

    def _agenda(self, page: Any, slide: Slide) -> None:
        columns = len(slide.panels) if len(slide.panels) <= 4 else -(-len(slide.panels) // 2)
        width = (INNER - GUTTER * (columns - 1)) / columns
        head = Style(18.0, "tx2", font=MAJOR, leading=1.3, after=0)
        number = Style(13.0, "accent1", bold=True, leading=1.3, after=26)
        for place, panel in enumerate(slide.panels):
            left = LEFT + place % columns * (width + GUTTER)
            top = BODY_TOP + place // columns * 172
            made = [plain(panel.figure, number), paragraph(panel.head, head)]
            box = (left, top, width, 152)
            shapes.box(page, f"Agenda {place + 1}", box, made, "bg2", (CARD, 16))
            shapes.rule(page, left, top, width, 2.4, "accent1")

    def _figures(self, page: Any, slide: Slide) -> None:
        count = len(slide.panels)
        width = (INNER - GUTTER * (count - 1)) / count
        # Georgia's figures hang below the line: large numbers are set in the text font
        large = Style(40.0 if count > 3 else 52.0, "accent1", bold=True, leading=1.2, after=6)
        for place, panel in enumerate(slide.panels):
            figure, rest = _parted(panel)
            made = [plain(figure, large), paragraph(rest, Style(16.0, after=0))]
            left = LEFT + place * (width + GUTTER)
            box = (left, BODY_TOP, width, 218)
            shapes.box(page, f"Key figure {place + 1}", box, made, "bg1", (20, 18), line=True)
            shapes.rule(page, left, BODY_TOP, width, 2.4, "accent1")

    def _references(self, page: Any, slide: Slide) -> None:
        texts = {each.number: reference_text(each) for each in self.document.references}
        items = tuple((Paragraph((Text(texts[number]),)),) for number in slide.references)
        listed = ListNode(True, slide.references[0], items)
        style = Style(slide.size, after=5)
        self._fill(page, 1, list(nodes([listed], style)))

    def _closing(self, page: Any, slide: Slide) -> None:
        document = self.document
        if document.validity:
            shapes.qr(page, document.validity.url)
            style = Style(14.0, after=0)
            made = [
                plain("Scan the code or open", style),
                plain(document.validity.url, replace(style, bold=True)),
            ]
            shapes.box(page, "Validity address", (LEFT, BODY_TOP + 152, 300, 60), made)
        tables.add_facts(page, imprint_of(document), (LEFT + 330, BODY_TOP, 514))
        style = Style(NOTE_SIZE, "accent6", leading=NOTE_LEADING, after=0)
        signed = (signed_of(each) for each in document.approvals)
        said = [*signed, *self.brand.lines_for(document.market)]
        if said:
            cells: list[Cell] = [(Text(line),) for line in said]
            tall = sum(lines(cell, INNER, NOTE_SIZE) for cell in cells) * NOTE_SIZE * NOTE_LEADING
            self._bottom(page, [plain(line, style) for line in said], tall + 8)

    def _lead(self, page: Any, slide: Slide) -> float:
        """What stands above, and the points it takes."""
        if not slide.lead:
            return 0.0
        tall = nodes_height(slide.lead, INNER, slide.size)
        made = list(nodes(slide.lead, Style(slide.size)))
        shapes.box(page, "Introduction", (LEFT, BODY_TOP, INNER, tall), made)
        return tall + 14


def _parted(panel: Panel) -> tuple[str, Cell]:
    """A figure and the words behind it, as ``exports.markup.figure_html`` parts them."""
    first = panel.head[0]
    found = FIGURE.match(words(panel.head[:1]))
    if found is None or not isinstance(first, Text | Claim):
        return "", panel.head
    rest = replace(first, text=first.text[found.end() :].lstrip())
    return found.group(), (rest, *panel.head[1:])
