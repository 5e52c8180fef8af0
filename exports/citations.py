"""Reference numbers and footnote letters, given in reading order over the whole document.

References are numbered by first citation and merged by their key; a footnote keeps one letter
throughout and is set again under every block that marks it, so that what limits a claim stands in
the same view as the claim (R-109).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from exports.body import (
    Cell,
    Citation,
    Claim,
    Emphasis,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Table,
)
from exports.document import Block, Footnote, Reference
from records.errors import Objection, refuse


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim's evidence is: a reference (merged by ``key``) and the place within it."""

    key: str
    text: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The blocks with their marks, and the lists the marks point to."""

    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]
    references: tuple[Reference, ...]
    isi: Block | None


def number(
    blocks: Sequence[Block],
    *,
    isi: Block | None,
    sources: Mapping[str, Sequence[Source]],
    footnotes: Mapping[str, Block],
    notes_of_claim: Mapping[str, Sequence[str]],
    notes_of_module: Mapping[str, Sequence[str]],
) -> Numbered:
    """Insert citation and footnote marks behind every claim.

    Args:
        blocks: blocks in reading order, their bodies without marks.
        isi: the safety information, numbered last.
        sources: evidence by claim id.
        footnotes: footnote blocks by module id.
        notes_of_claim: ids of the footnotes that must stand with a claim.
        notes_of_module: ids of the footnotes a module requires; those that none of its claims
            marks are marked on the module's first heading or, without one, its first paragraph.

    Raises:
        Refused: a footnote is called for by no claim and no module, and would be lost.
    """
    numbering = _Numbering(sources, footnotes, notes_of_claim)
    numbered = tuple(
        numbering.block(block, notes_of_module.get(block.module, ())) for block in blocks
    )
    safety = numbering.block(isi, notes_of_module.get(isi.module, ())) if isi else None
    refuse(
        Objection(
            "footnote_unplaced",
            f"Nothing in this material calls for the footnote {note}, so it stands nowhere.",
            where=note,
            instead="Remove it, or add the module it belongs to.",
        )
        for note in footnotes
        if note not in numbering.letters
    )
    return Numbered(numbered, numbering.printed_footnotes(), numbering.printed_references(), safety)


def letter(position: int) -> str:
    """0 → a, 25 → z, 26 → aa."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


@dataclass
class _Numbering:
    sources: Mapping[str, Sequence[Source]]
    footnotes: Mapping[str, Block]
    notes_of_claim: Mapping[str, Sequence[str]]
    cited: dict[str, tuple[int, Source, list[str]]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    set_notes: dict[str, Block] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)

    def block(self, block: Block, required: Sequence[str]) -> Block:
        """Number one block, then the footnotes that are set under it."""
        self.marked = []
        body = tuple(self._node(node) for node in block.body)
        loose = [note for note in required if note in self.footnotes and note not in self.marked]
        if loose:
            body = _mark_first(body, tuple(FootnoteMark(self._letter(note)) for note in loose))
        marked = sorted(self.marked, key=lambda note: (len(self.letters[note]), self.letters[note]))
        for note in marked:
            if note not in self.set_notes:
                self.set_notes[note] = self._footnote(self.footnotes[note])
        return replace(block, body=body, notes=tuple(self.letters[note] for note in marked))

    def printed_footnotes(self) -> tuple[Footnote, ...]:
        return tuple(Footnote(mark, self.set_notes[note]) for note, mark in self.letters.items())

    def printed_references(self) -> tuple[Reference, ...]:
        return tuple(
            Reference(number, source.key, source.text, tuple(sorted(locators, key=_natural)))
            for number, source, locators in self.cited.values()
        )

    def _footnote(self, block: Block) -> Block:
        """A footnote's claims are cited, but carry no footnotes of their own."""
        outer, self.notes_of_claim = self.notes_of_claim, {}
        body = tuple(self._node(node) for node in block.body)
        self.notes_of_claim = outer
        return replace(block, body=body)

    def _node(self, node: Node) -> Node:
        match node:
            case Heading() | Paragraph():
                return replace(node, children=self._run(node.children))
            case ListNode():
                items = tuple(tuple(self._node(part) for part in item) for item in node.items)
                return replace(node, items=items)
            case Quote():
                return replace(node, children=tuple(self._node(part) for part in node.children))
            case Table():
                return replace(
                    node,
                    head=self._cells(node.head),
                    rows=tuple(self._cells(row) for row in node.rows),
                )

    def _cells(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(self._run(cell) for cell in row)

    def _run(self, run: Sequence[Inline]) -> tuple[Inline, ...]:
        return tuple(part for inline in run for part in self._inline(inline))

    def _inline(self, inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case Claim(claim=claim):
                return (inline, *self._marks(claim))
            case Strong() | Emphasis() | Link():
                return (replace(inline, children=self._run(inline.children)),)
            case _:
                return (inline,)

    def _marks(self, claim: str) -> tuple[Inline, ...]:
        numbers = {self._cite(source) for source in self.sources.get(claim, ())}
        citation = (Citation(tuple(sorted(numbers))),) if numbers else ()
        notes = [note for note in self.notes_of_claim.get(claim, ()) if note in self.footnotes]
        return (*citation, *(FootnoteMark(self._letter(note)) for note in notes))

    def _cite(self, source: Source) -> int:
        entry = self.cited.setdefault(source.key, (len(self.cited) + 1, source, []))
        if source.locator and source.locator not in entry[2]:
            entry[2].append(source.locator)
        return entry[0]

    def _letter(self, note: str) -> str:
        if note not in self.marked:
            self.marked.append(note)
        return self.letters.setdefault(note, letter(len(self.letters)))


def _mark_first(body: tuple[Node, ...], marks: tuple[Inline, ...]) -> tuple[Node, ...]:
    """Put marks behind the first heading, or else the first paragraph, of a body."""
    for kind in (Heading, Paragraph):
        for place, node in enumerate(body):
            if isinstance(node, kind):
                marked = replace(node, children=(*node.children, *marks))
                return (*body[:place], marked, *body[place + 1 :])
    return (*body, Paragraph(marks))


def _natural(locator: str) -> list[tuple[int, str]]:
    """2.2 before 14: digits compare as numbers."""
    parts = re.findall(r"\d+|\D+", locator)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
