"""Body nodes as HTML: every character of content passes through escaping, none is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from markupsafe import Markup, escape

from exports.body import (
    Cell,
    Citation,
    Claim,
    Emphasis,
    FootnoteMark,
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
    adjoins,
    runs,
    words,
)

# a number with what belongs to it, at the start of a wording: 57%, 160 mg, 14.7
FIGURE = re.compile(r"[<>≤≥]?\s?\d[\d.,]*(?:\s?(?:%|mg|g|mL))?(?=\s)")
_UNBROKEN = re.compile(
    r"(?:\b[pnN] )?[<>≤≥=] ?\d[\d.,]{0,30}(?: (?:%|ms|msec|mg|g|mL)\b)?"
    r"|\b\d[\d.,]{0,30} (?:mg|g|mL|ms|msec|%)(?!\w)"
)
# what is dialled or typed in: 1-800-FDA-1088, www.fda.gov/medwatch
HELD = re.compile(
    r"(?<![\w-])\d{1,4}(?:-[A-Z\d]{2,5}){2,4}(?![\w-])"
    r"|(?<![\w./-])(?:[a-z\d]{1,20}\.){1,3}[a-z]{2,6}/\w{1,12}(?![\w/-])"
)
# before a mark: the renderer would break a line between a full stop and a digit
_HAIR = Markup('<span class="hair">\u202f</span>')
# millimetres of the stylesheet: a table in the main column or over both, a letter, a cell's sides
_NARROW, _WIDE, _LETTER, _PADDING = 124, 172, 1.75, 4.6
# points of the narrowest head beside its text: width and size; lines of one
_HEAD, _MOST_LINES = (96.4, 8.4), 9
_SHORT_ITEMS, _SHORT_WORDS = 8, 60  # of a list that stays on one page


def body_html(nodes: Sequence[Node], scope: str) -> Markup:
    """Nodes as HTML; ``scope`` is the id of the section, which footnote marks lead to."""
    return Markup("\n").join(
        _node(node, scope, leads=_leads(node, follower))
        for node, follower in zip(nodes, (*nodes[1:], None), strict=False)
    )


def _leads(node: Node, follower: Node | None) -> bool:
    """Whether a paragraph says what the table or list below it is, and stays with it."""
    if not isinstance(node, Paragraph):
        return False
    told = isinstance(follower, ListNode) and words(node.children).rstrip().endswith(":")
    return told or isinstance(follower, Table)


def run_in_html(nodes: Sequence[Node], scope: str) -> Markup:
    """Safety information: the strong words that begin a paragraph stand beside it as its head."""
    return Markup("\n").join(
        _run_in(node, scope) if isinstance(node, Paragraph) else _node(node, scope)
        for node in nodes
    )


def inline_html(run: Iterable[Inline], scope: str) -> Markup:
    """A run of inline nodes; adjoining marks are parted by a comma."""
    html = Markup()
    before: Inline | None = None
    for inline in run:
        if adjoins(before, inline):
            html += Markup('<sup class="join">,</sup>')
        elif isinstance(inline, Citation | FootnoteMark):
            html += _HAIR
        html += _inline(inline, scope)
        before = inline
    return html


def figures(nodes: Sequence[Node]) -> tuple[Cell, ...]:
    """The items of a callout that is a list of two to four wordings beginning with a figure."""
    lists = [node for node in nodes if isinstance(node, ListNode)]
    others = [node for node in nodes if not isinstance(node, ListNode | Heading)]
    if len(lists) != 1 or others or not 2 <= len(lists[0].items) <= 4:
        return ()
    cells = tuple(
        item[0].children
        for item in lists[0].items
        if len(item) == 1 and isinstance(item[0], Paragraph)
    )
    fits = len(cells) == len(lists[0].items) and all(FIGURE.match(words(cell)) for cell in cells)
    return cells if fits else ()


def figure_html(cell: Cell, scope: str) -> Markup:
    """One key figure: the same words in the same order, the leading number set large."""
    found = FIGURE.match(words(cell[:1]))
    if found is None or not isinstance(cell[0], Text | Claim):
        return inline_html(cell, scope)
    first = replace(cell[0], text=cell[0].text[found.end() :])
    return Markup("<b>{}</b>{}").format(found.group(), inline_html((first, *cell[1:]), scope))


def _node(node: Node, scope: str, *, leads: bool = False) -> Markup:
    match node:
        case Heading():
            return _heading(node, scope)
        case Paragraph(children=children):
            lead = Markup(' class="lead"') if is_lead(node) else Markup()
            lead = lead or (Markup(' class="leads"') if leads else Markup())
            return Markup("<p{}>{}</p>").format(lead, inline_html(children, scope))
        case ListNode():
            return _list(node, scope)
        case Table():
            return _table(node, scope)
        case Quote(children=children):
            return Markup("<blockquote>{}</blockquote>").format(body_html(children, scope))


def title_of(node: Heading) -> str:
    """A heading's words without its marks, for bookmarks and running heads."""
    return words([part for part in node.children if not isinstance(part, Citation | FootnoteMark)])


def _heading(node: Heading, scope: str) -> Markup:
    return Markup('<h{0} data-title="{1}">{2}</h{0}>').format(
        node.level + 1, title_of(node), inline_html(node.children, scope)
    )


def is_lead(node: Paragraph) -> bool:
    """Whether a paragraph is strong as a whole: a question, or a head of its own."""
    return len(node.children) == 1 and isinstance(node.children[0], Strong)


def _run_in(node: Paragraph, scope: str) -> Markup:
    first, rest = node.children[0], node.children[1:]
    if not isinstance(first, Strong) or not rest:
        return Markup('<p class="whole">{}</p>').format(inline_html(node.children, scope))
    text = rest[0]
    if isinstance(text, Text):
        rest = (replace(text, text=text.text.lstrip()), *rest[1:])
    return Markup(
        '<p class="item h{}"><span class="head">{}</span><span class="gap"> </span>{}</p>'
    ).format(
        _head_lines(first.children),
        inline_html(first.children, scope),
        inline_html(rest, scope),
    )


def _head_lines(head: Cell) -> int:
    """Lines a head takes in the column beside its text, so that nothing is set over its end."""
    from exports.deck.measuring import lines

    return min(lines(head, *_HEAD, "bold"), _MOST_LINES)


def _list(node: ListNode, scope: str) -> Markup:
    items = Markup().join(Markup("<li>{}</li>").format(_item(item, scope)) for item in node.items)
    short = Markup(' class="short"') if _is_short(node) else Markup()
    if not node.ordered:
        return Markup("<ul{}>{}</ul>").format(short, items)
    start = Markup(' start="{}"').format(node.start) if node.start != 1 else Markup()
    return Markup("<ol{}{}>{}</ol>").format(short, start, items)


def _is_short(node: ListNode) -> bool:
    """A list that would look lost with an item or two on the next page."""
    count = sum(len(words(run).split()) for item in node.items for run in runs(item))
    return len(node.items) <= _SHORT_ITEMS and count <= _SHORT_WORDS


def _item(item: Sequence[Node], scope: str) -> Markup:
    """A tight item's only paragraph is the item itself."""
    if len(item) == 1 and isinstance(item[0], Paragraph):
        return inline_html(item[0].children, scope)
    return body_html(item, scope)


def _table(node: Table, scope: str) -> Markup:
    columns = Markup().join(
        Markup('<col class="w{}">').format(width) for width in column_widths(node)
    )
    head = _row(node.head, node, scope, "th", Markup(' scope="col"'))
    rows = Markup().join(_row(row, node, scope, "td", Markup()) for row in node.rows)
    wide = Markup(' class="wide"') if is_wide(node) else Markup()
    return Markup(
        "<table{}><colgroup>{}</colgroup><thead>{}</thead><tbody>{}</tbody></table>"
    ).format(wide, columns, head, rows)


def _row(row: Sequence[Cell], node: Table, scope: str, tag: str, extra: Markup) -> Markup:
    cells = Markup().join(
        Markup("<{0} class={1}{2}>{3}</{0}>").format(tag, side, extra, inline_html(cell, scope))
        for cell, side in zip(row, node.alignments, strict=True)
    )
    return Markup("<tr>{}</tr>").format(cells)


def is_wide(node: Table) -> bool:
    """Whether a table takes the side column too: many columns, or cells with much to say."""
    longest = max(len(words(cell)) for row in (node.head, *node.rows) for cell in row)
    return len(node.alignments) > 3 or longest > 80


def column_widths(node: Table) -> tuple[int, ...]:
    """Column widths in whole per cent: short columns fit, long ones share what is left.

    Fixed layout is several times cheaper than letting the renderer measure the cells.
    """
    room = _WIDE if is_wide(node) else _NARROW
    columns = [
        [words(cell) for cell in column] for column in zip(node.head, *node.rows, strict=True)
    ]
    needs = [_width(word for text in texts for word in text.split()) for texts in columns]
    wishes = [_width(texts) for texts in columns]
    short = [wish <= room / len(columns) for wish in wishes]
    left = max(room - sum(wish for wish, fits in zip(wishes, short, strict=True) if fits), 0)
    long = sum(wish**0.5 for wish, fits in zip(wishes, short, strict=True) if not fits)
    widths = [
        wish if fits else max(need, left * wish**0.5 / long)
        for need, wish, fits in zip(needs, wishes, short, strict=True)
    ]
    ends = [round(sum(widths[:place]) / sum(widths) * 100) for place in range(len(widths) + 1)]
    return tuple(max(after - before, 1) for before, after in pairwise(ends))


def _width(texts: Iterable[str]) -> float:
    """Millimetres the longest of some texts takes on one line of a cell."""
    return max(map(len, texts), default=0) * _LETTER + _PADDING


def _inline(inline: Inline, scope: str) -> Markup:
    html = Markup()
    match inline:
        case Text(text=text) | Claim(text=text):
            html = _wording(inline, _set(text))
        case Strong(children=children):
            html = Markup("<strong>{}</strong>").format(inline_html(children, scope))
        case Emphasis(children=children):
            html = Markup("<em>{}</em>").format(inline_html(children, scope))
        case Link(href=href, children=children):
            inner = inline_html(children, scope)
            html = Markup('<a class="out" href="{}">{}</a>').format(href, inner)
        case LineBreak():
            html = Markup("<br>")
        case Token(name=name, value=value):
            html = Markup('<span data-token="{}">{}</span>').format(name, value)
        case Citation() | FootnoteMark():
            html = _mark(inline, scope)
    return html


def _set(text: str) -> Markup:
    """Escaped text; spaces within p < 0.001 or 60 ms become no-break spaces."""
    html, end = Markup(), 0
    for found in HELD.finditer(text):
        html += escape(unbroken(text[end : found.start()]))
        html += Markup('<span class="held">{}</span>').format(found.group())
        end = found.end()
    return html + escape(unbroken(text[end:]))


def unbroken(text: str) -> str:
    """Text in which p < 0.001 or 60 ms hold together on one line."""
    return _UNBROKEN.sub(lambda found: found.group().replace(" ", "\xa0"), text)


def _mark(mark: Citation | FootnoteMark, scope: str) -> Markup:
    if isinstance(mark, FootnoteMark):
        return Markup('<sup class="mark"><a href="#{0}-{1}">{1}</a></sup>').format(scope, mark.mark)
    links = Markup(",").join(
        Markup('<a href="#ref-{0}">{0}</a>').format(number) for number in mark.numbers
    )
    return Markup('<sup class="cite">{}</sup>').format(links)


def _wording(inline: Text | Claim, html: Markup) -> Markup:
    if isinstance(inline, Text):
        return html
    return Markup('<span data-claim="{}">{}</span>').format(inline.claim, html)
