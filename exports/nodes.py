"""From a module's Markdown tokens to body nodes: claims and personalisation resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from markdown_it.token import Token as MarkdownToken
from markdown_it.tree import SyntaxTreeNode

from exports.body import (
    Alignment,
    Cell,
    Claim,
    Emphasis,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    Token,
)
from records.errors import Objection, Refused

ClaimTexts: TypeAlias = Mapping[tuple[str, int], str]
LINKS = ("https://", "http://", "mailto:")


def build_nodes(
    tokens: Sequence[MarkdownToken],
    *,
    claim_text: ClaimTexts,
    values: Mapping[str, str],
    where: str = "",
) -> tuple[Node, ...]:
    """Turn one body's tokens into nodes.

    Args:
        tokens: what ``modules.content.parse`` returns for the body.
        claim_text: approved wording by (claim id, variation); variation 0 is the claim's own text.
        values: personalisation value by token name, already checked.
        where: the module's id, for messages.

    Raises:
        Refused: with one objection for each claim, token or construct that cannot be printed.
    """
    builder = _Builder(claim_text, values, where, [])
    nodes = builder.blocks(SyntaxTreeNode(tokens))
    if builder.objections:
        raise Refused(builder.objections)
    return _levelled(nodes)


def _levelled(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Shift headings so that the highest one in the body is the block's own (level 1)."""
    levels = [node.level for node in nodes if isinstance(node, Heading)]
    if not levels:
        return nodes
    shift = min(levels) - 1
    return tuple(
        replace(node, level=min(node.level - shift, 3)) if isinstance(node, Heading) else node
        for node in nodes
    )


@dataclass(frozen=True)
class _Builder:
    claim_text: ClaimTexts
    values: Mapping[str, str]
    where: str
    objections: list[Objection]

    def blocks(self, parent: SyntaxTreeNode) -> tuple[Node, ...]:
        nodes = (self._block(child) for child in parent.children)
        return tuple(node for node in nodes if node is not None)

    def _block(self, child: SyntaxTreeNode) -> Node | None:
        node: Node | None = None
        match child.type:
            case "heading":
                node = Heading(int(child.tag[1:]), self.inlines(child))
            case "paragraph":
                node = Paragraph(self.inlines(child))
            case "bullet_list" | "ordered_list":
                node = self._list(child)
            case "table":
                node = self._table(child)
            case "blockquote":
                node = Quote(self.blocks(child))
            case "fence" | "code_block":
                node = Paragraph((Text(child.content.strip()),))
            case "hr":
                pass
            case other:
                self._object("unprintable", f"A body may not contain {other.replace('_', ' ')}.")
        return node

    def _list(self, child: SyntaxTreeNode) -> ListNode:
        ordered = child.type == "ordered_list"
        start = int(child.attrs.get("start", 1)) if ordered else 1
        return ListNode(ordered, start, tuple(self.blocks(item) for item in child.children))

    def _table(self, child: SyntaxTreeNode) -> Table:
        rows = [row for part in child.children for row in part.children]
        cells: list[tuple[Cell, ...]] = [
            tuple(self.inlines(cell) for cell in row.children) for row in rows
        ]
        return Table(tuple(map(_alignment, rows[0].children)), cells[0], tuple(cells[1:]))

    def inlines(self, parent: SyntaxTreeNode) -> tuple[Inline, ...]:
        found: list[Inline] = []
        for child in parent.children:
            if child.type == "inline":
                found += self.inlines(child)
            elif (inline := self._inline(child)) is not None:
                found.append(inline)
        return tuple(found)

    def _inline(self, child: SyntaxTreeNode) -> Inline | None:
        inline: Inline | None = None
        match child.type:
            case "text" | "text_special" | "code_inline":
                inline = Text(child.content) if child.content else None
            case "softbreak":
                inline = Text(" ")
            case "hardbreak":
                inline = LineBreak()
            case "strong":
                inline = Strong(self.inlines(child))
            case "em":
                inline = Emphasis(self.inlines(child))
            case "link":
                inline = self._link(child)
            case "claim":
                inline = self._claim(child)
            case "field":
                inline = self._token(child)
            case other:
                self._object("unprintable", f"A text may not contain {other.replace('_', ' ')}.")
        return inline

    def _link(self, child: SyntaxTreeNode) -> Inline | None:
        href = str(child.attrs.get("href", ""))
        if not href.startswith(LINKS):
            self._object("link_scheme", f"A link may not lead to “{href}”.")
            return None
        return Link(href, self.inlines(child))

    def _claim(self, child: SyntaxTreeNode) -> Inline | None:
        claim, variation = child.meta["claim"], child.meta["variation"]
        text = self.claim_text.get((claim, variation))
        if text is None:
            which = f"variation {variation} of claim {claim}" if variation else f"claim {claim}"
            self._object("claim_missing", f"There is no approved wording for {which}.")
            return None
        return Claim(claim, variation, text)

    def _token(self, child: SyntaxTreeNode) -> Inline | None:
        name = child.meta["name"]
        if not self.values.get(name):
            self._object("value_missing", f"There is no value for {{{{{name}}}}}.")
            return None
        return Token(name, self.values[name])

    def _object(self, code: str, sentence: str) -> None:
        self.objections.append(Objection(code, sentence, where=self.where))


def _alignment(cell: SyntaxTreeNode) -> Alignment:
    style = str(cell.attrs.get("style", ""))
    if "right" in style:
        return "right"
    return "center" if "center" in style else "left"
