"""Values of an account in running text: the lines of such a paragraph become slots of their own.

Only whole plain paragraphs of a section's main column are taken, those whose words are set in one
face and whose text nothing else repeats or measures. A value that stands anywhere else (a heading,
a list, a table, beside a citation) raises ``Unfit``: that document is rendered in full.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.body import Inline, LineBreak, ListNode, Node, Paragraph, Text, Token, runs
from exports.bulk.faces import Unfit
from exports.document import Block, Document
from exports.markup import unbroken
from exports.personalising import FROM_THE_ACCOUNT
from exports.truth import WEIGHED

FIRST, LINES, MOST = 100, 20, 40  # numbers of the slots: so many lines for each paragraph
_VARYING = frozenset(FROM_THE_ACCOUNT)
_PLAIN = frozenset(["text", "agenda"])  # kinds of blocks that are set as plain sections
_INDICATION = "-M-IND"
# signs between which lines end otherwise than after a space, a hyphen or a stroke
_ODD = re.compile(r"[—–\u2010-\u2015\u200b]|[.,:;!?)\]][(\[“‘\"'«]")


@dataclass(frozen=True, slots=True)
class Flowing:
    """One paragraph with values: where it stands, and its words, each value apart."""

    block: int
    node: int
    pieces: tuple[str, ...]

    def first(self, number: int) -> int:
        """The number of its first line's slot, as the paragraph of this number."""
        return FIRST + LINES * number


def paragraphs(document: Document) -> tuple[Flowing, ...]:
    """Every paragraph with a value of the account; ``Unfit`` if one stands elsewhere."""
    found: list[Flowing] = []
    for place, block in enumerate(document.blocks):
        if not _names(block):
            continue
        if block.kind not in _PLAIN or block.module.endswith(_INDICATION) or _is_weighed(block):
            raise Unfit(f"a value of the account stands in the {block.kind} {block.module}")
        found += _of_block(place, block)
    notes = (note.block for note in document.footnotes)
    safety = (document.isi,) if document.isi else ()
    if any(_names(part) for part in (*notes, *safety)):
        raise Unfit("a value of the account stands in a note")
    if len(found) > MOST:
        raise Unfit("too many paragraphs name the account")
    return tuple(found)


def _is_weighed(block: Block) -> bool:
    """Whether its words are counted where benefit and risk are set side by side."""
    return any(use.type in WEIGHED for use in block.claims)


def _of_block(place: int, block: Block) -> Iterator[Flowing]:
    following = (*block.body[1:], None)
    for at, (node, follower) in enumerate(zip(block.body, following, strict=True)):
        if not _holds([node]):
            continue
        if not isinstance(node, Paragraph) or not all(
            isinstance(each, Text | Token) for each in node.children
        ):
            raise Unfit(f"a value of the account stands in a part of {block.module} with a form")
        pieces = _pieces(node)
        text = "".join(pieces)
        if _ODD.search(text) or (isinstance(follower, ListNode) and text.endswith(":")):
            raise Unfit(f"only the renderer knows how “{text[:60]}” is set")
        yield Flowing(place, at, pieces)


def _pieces(node: Paragraph) -> tuple[str, ...]:
    """The texts that the renderer sets one after the other: each value is one of its own."""
    found: list[str] = []
    adjoining = False
    for each in node.children:
        if isinstance(each, Token):
            found.append(each.value)
        elif isinstance(each, Text):
            text = unbroken(each.text)
            found[-1:] = [found[-1] + text] if adjoining else [*found[-1:], text]
        adjoining = isinstance(each, Text)
    found[0], found[-1] = found[0].lstrip(), found[-1].rstrip()
    return tuple(each for each in found if each)


# documents of one layout share the very blocks that hold no value; a block never changes
_known: OrderedDict[int, tuple[Block, bool]] = OrderedDict()


def _names(block: Block) -> bool:
    """Whether a block holds a value of the account."""
    known = _known.get(id(block))
    if known is not None and known[0] is block:
        return known[1]
    answer = _holds(block.body)
    _known[id(block)] = (block, answer)
    while len(_known) > 2_000:
        _known.popitem(last=False)
    return answer


def _holds(nodes: Sequence[Node]) -> bool:
    return any(
        _varies(inline) or any(map(_varies, getattr(inline, "children", ())))
        for run in runs(nodes)
        for inline in run
    )


def _varies(inline: Inline) -> bool:
    return isinstance(inline, Token) and inline.name in _VARYING


def with_values(blocks: Sequence[Block], value_of: Callable[[str], str]) -> tuple[Block, ...]:
    """Blocks with other values of the account; what holds none stays the same object."""
    return tuple(
        replace(block, body=tuple(_valued(node, value_of) for node in block.body))
        if _names(block)
        else block
        for block in blocks
    )


def _valued(node: Node, value_of: Callable[[str], str]) -> Node:
    if not isinstance(node, Paragraph):
        return node
    children = tuple(
        replace(each, value=value_of(each.name))
        if isinstance(each, Token) and _varies(each)
        else each
        for each in node.children
    )
    return replace(node, children=children)


def with_lines(
    document: Document, found: Sequence[Flowing], lines: Mapping[int, Sequence[str]]
) -> tuple[Block, ...]:
    """Blocks in which each paragraph says its lines, by its number, one below the other."""
    blocks = list(document.blocks)
    for number, each in enumerate(found):
        block = blocks[each.block]
        children: list[Inline] = []
        for line in lines[number]:
            children += [LineBreak(), Text(line)]
        body = [*block.body]
        body[each.node] = Paragraph(tuple(children[1:]))
        blocks[each.block] = replace(block, body=tuple(body))
    return tuple(blocks)


def values_in(document: Document) -> dict[str, str]:
    """The account's values that stand in running text, by name."""
    return {
        inline.name: inline.value
        for block in document.blocks
        if _names(block)
        for run in runs(block.body)
        for inline in run
        if isinstance(inline, Token) and _varies(inline)
    }
