"""The whole deck of a document: cover, agenda, sections, safety information, references, close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from math import floor

from exports.body import Paragraph, Text
from exports.deck import fitting
from exports.deck.planning import Planner
from exports.deck.slides import (
    BODY_BOTTOM,
    BODY_TOP,
    INNER,
    LEADING,
    REFERENCE_SIZES,
    TEXT_SIZES,
    Panel,
    Slide,
)
from exports.document import Block, Document, Reference

# safety information is set no smaller than this share of the largest running text
SAFETY_SHARE = 0.8
_LEAST_SECTION = 2  # slides a section needs for a divider of its own
_REFERENCE_AFTER = 5


@lru_cache(maxsize=8)
def compose(document: Document, *, safety_share: float = SAFETY_SHARE) -> tuple[Slide, ...]:
    """The slides of a document, in order and numbered.

    Raises:
        Refused: a paragraph or cell is too long for any slide.
    """
    body = list(_body(document))
    largest = max((slide.size for slide in body if slide.place), default=TEXT_SIZES[-1])
    slides = [
        Slide("cover", title=(Text(document.title),)),
        *body,
        *_safety(document, largest * safety_share),
        *_references(document.references),
        Slide("closing", title=(Text("Is this document still valid?"),)),
    ]
    return tuple(replace(slide, number=number) for number, slide in enumerate(slides, start=1))


def safety_pointer(document: Document, slides: Sequence[Slide]) -> str:
    """What every slide says of where the safety information stands (R-127)."""
    numbers = [slide.number for slide in slides if slide.place == "isi"]
    if not numbers or document.isi is None:
        return ""
    first, last = numbers[0], numbers[-1]
    where = f"slide {first}" if first == last else f"slides {first} to {last}"
    return f"See Important Safety Information on {where}"


def _body(document: Document) -> Iterator[Slide]:
    notes = {note.mark: note for note in document.footnotes}
    planned = [
        (block, Planner(block, f"b{place}", notes).slides())
        for place, block in enumerate(document.blocks, start=1)
    ]
    opening, rest = _opening(planned)
    for _, slides in opening:
        yield from slides
    if document.agenda:
        yield _agenda(document.agenda)
    groups = [
        (pillar, [slide for _, slides in members for slide in slides])
        for pillar, members in groupby(rest, key=lambda each: each[0].pillar)
    ]
    dividers = len(groups) > 1 and any(len(slides) >= _LEAST_SECTION for _, slides in groups)
    sections = 0
    for pillar, slides in groups:
        if dividers and len(slides) >= _LEAST_SECTION:
            sections += 1
            yield _divider(sections, pillar, slides)
        yield from slides


def _opening(
    planned: Sequence[tuple[Block, list[Slide]]],
) -> tuple[list[tuple[Block, list[Slide]]], list[tuple[Block, list[Slide]]]]:
    """Key figures and the indication come before any section."""
    cut = 0
    for block, _ in planned:
        if block.kind != "callout" and not block.module.endswith("-IND"):
            break
        cut += 1
    return list(planned[:cut]), list(planned[cut:])


def _agenda(lines: Sequence[str]) -> Slide:
    panels = tuple(
        Panel((Text(line),), figure=f"{place:02d}") for place, line in enumerate(lines, 1)
    )
    return Slide("agenda", title=(Text("Agenda"),), panels=panels)


def _divider(number: int, pillar: str, slides: Sequence[Slide]) -> Slide:
    """A section slide names what follows by the headings of its blocks."""
    titles = dict.fromkeys(_block_title(slide) for slide in slides)
    # a block without a heading has its section's name, which stands above already
    nodes = tuple(Paragraph((Text(title),)) for title in titles if title not in ("", pillar))
    return Slide(
        "section",
        title=(Text(pillar),),
        kicker=(Text(f"{number:02d}"),),
        pillar=pillar,
        nodes=nodes if len(nodes) <= 6 else (),
    )


def _block_title(slide: Slide) -> str:
    from exports.body import Heading
    from exports.markup import title_of

    above = slide.kicker and slide.kicker != (Text(slide.pillar),)
    return title_of(Heading(1, slide.kicker if above else slide.title))


def _safety(document: Document, least: float) -> Iterator[Slide]:
    if document.isi is None:
        return
    notes = {note.mark: note for note in document.footnotes}
    size = -floor(-least * 2) / 2  # up to the next half point
    yield from Planner(document.isi, "isi", notes, sizes=(size,)).slides()


def _references(references: Sequence[Reference]) -> Iterator[Slide]:
    if not references:
        return
    room = BODY_BOTTOM - BODY_TOP

    def cut_at(size: float) -> list[slice] | None:
        heights = [_reference_height(each, size) for each in references]
        return fitting.share_out(len(heights), lambda start, stop: sum(heights[start:stop]), room)

    size, cuts = fitting.fewest(REFERENCE_SIZES, cut_at) or (
        REFERENCE_SIZES[-1],
        [slice(0, len(references))],
    )
    for number, cut in enumerate(cuts, start=1):
        yield Slide(
            "references",
            title=(Text("References"),),
            size=size,
            references=tuple(each.number for each in references[cut]),
            part=(number, len(cuts)),
            first=number == 1,
            last=number == len(cuts),
        )


def _reference_height(reference: Reference, size: float) -> float:
    text = Paragraph((Text(reference_text(reference)),))
    return fitting.nodes_height([text], INNER - 30, size) + _REFERENCE_AFTER


def reference_text(reference: Reference) -> str:
    """A reference with the sections that are cited of it."""
    cited = f" Sections cited: {', '.join(reference.locators)}." if reference.locators else ""
    return reference.text + cited


__all__ = ["LEADING", "SAFETY_SHARE", "compose", "reference_text", "safety_pointer"]
