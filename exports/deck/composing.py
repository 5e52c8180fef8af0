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
_LARGEST = TEXT_SIZES[:3]  # how large the largest running text may be
_EASY = 16.0  # a size of safety information that nobody has to strain for
_LEAST_SECTION = 2  # slides a section needs for a divider of its own
_NAMED = 6  # headings a divider has room for
_REFERENCE_AFTER = 5


@lru_cache(maxsize=8)
def compose(document: Document, *, safety_share: float = SAFETY_SHARE) -> tuple[Slide, ...]:
    """The slides of a document, in order and numbered.

    Raises:
        Refused: a paragraph or cell is too long for any slide.
    """
    body, safety = min(_settings(document, safety_share), key=lambda each: len(each[0] + each[1]))
    slides = [
        Slide("cover", title=(Text(document.title),)),
        *body,
        *safety,
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


def _settings(document: Document, safety_share: float) -> Iterator[tuple[list[Slide], list[Slide]]]:
    """Body and safety information, the largest text first.

    Text a little smaller may save slides of safety information, which is as large as its share
    of it; that is only worth it while safety information stays easy to read.
    """
    for most in _LARGEST:
        body = list(_body(document, [size for size in TEXT_SIZES if size <= most]))
        largest = max((slide.size for slide in body if slide.place), default=TEXT_SIZES[-1])
        size = -floor(-largest * safety_share * 2) / 2  # up to the next half point
        if most == _LARGEST[0] or size >= _EASY:
            yield body, _safety(document, size)


def _body(document: Document, sizes: Sequence[float]) -> Iterator[Slide]:
    notes = {note.mark: note for note in document.footnotes}
    planned = [
        (block, Planner(block, f"b{place}", notes, sizes=sizes).slides())
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
    divided = [
        len(slides) >= _LEAST_SECTION and bool(_headings(pillar, slides))
        for pillar, slides in groups
    ]
    sections = 0
    for (pillar, slides), has_divider in zip(groups, divided, strict=True):
        # one divider alone divides nothing
        if has_divider and sum(divided) > 1:
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
    nodes = tuple(Paragraph((Text(title),)) for title in _headings(pillar, slides))
    return Slide(
        "section",
        title=(Text(pillar),),
        kicker=(Text(f"{number:02d}"),),
        pillar=pillar,
        nodes=nodes if len(nodes) <= _NAMED else (),
    )


def _headings(pillar: str, slides: Sequence[Slide]) -> list[str]:
    """The headings of a section's blocks; those without one have the section's own name."""
    titles = dict.fromkeys(_block_title(slide) for slide in slides)
    return [title for title in titles if title not in ("", pillar)]


def _block_title(slide: Slide) -> str:
    from exports.body import Heading
    from exports.markup import title_of

    above = slide.kicker and slide.kicker != (Text(slide.pillar),)
    return title_of(Heading(1, slide.kicker if above else slide.title))


def _safety(document: Document, size: float) -> list[Slide]:
    if document.isi is None:
        return []
    notes = {note.mark: note for note in document.footnotes}
    return Planner(document.isi, "isi", notes, sizes=(size,)).slides()


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
