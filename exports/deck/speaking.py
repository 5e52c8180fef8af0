"""Speaker notes: the approved words of a slide and where they come from, nothing freer."""

from __future__ import annotations

from collections.abc import Iterator

from exports.body import Node, words
from exports.deck.slides import Slide
from exports.document import Block, Document
from exports.spoken import block_text

FRAME = "This slide is part of the approved template."


def notes_text(document: Document, slide: Slide) -> str:
    """What stands below a slide in the presenter's view."""
    return "\n".join(_lines(document, slide))


def _lines(document: Document, slide: Slide) -> Iterator[str]:
    block = _block(document, slide)
    if block is None:
        yield FRAME
        return
    yield f"Approved text of this slide ({block.module}, version {block.version}):"
    for panel in slide.panels:
        if panel.head and not panel.nodes:
            yield words(panel.head)
    shown = block_text(_nodes(slide))
    if shown:
        yield shown
    notes = {note.mark: note.block for note in document.footnotes}
    for mark in slide.notes:
        yield f"{mark}) {block_text(notes[mark].body)}"
    yield "Questions beyond the approved text go to Medical Information."


def _block(document: Document, slide: Slide) -> Block | None:
    if not slide.place:
        return None
    if slide.place == "isi":
        return document.isi
    return document.blocks[int(slide.place[1:]) - 1]


def _nodes(slide: Slide) -> list[Node]:
    from exports.body import Heading

    found: list[Node] = [*slide.lead]
    for panel in slide.panels:
        if panel.head and panel.nodes:
            found.append(Heading(2, panel.head))
        found += panel.nodes
    if slide.table is not None:
        found.append(slide.table)
    return [*found, *slide.nodes]
