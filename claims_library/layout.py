"""The lines of a text: which characters are layout (list markers, heading signs), where blocks end.

Markdown and plain text alike. A block is what a sentence cannot cross: a paragraph, a heading, a
list item, a table row; hard line wraps inside a paragraph or an item end nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_BULLET = re.compile(r"[ \t]*([-*•▪◦‣·●○■□✓✔+–—])[ \t]+")
_NUMBER = re.compile(r"[ \t]*(\d{1,3}|[a-zA-Z])[.)][ \t]+")
_DIGIT_NEXT = re.compile(r"(?:[\s*_]|&(?:nbsp|#160);){0,12}\d")
_OPENS = re.compile(r"[*_\[(\"'“‘]{0,4}[A-Z]")  # how a statement begins
_SHORT = 50  # characters; a wrapped line is longer
_QUOTE = re.compile(r"[ \t]*>[ \t]?(?!=)")


@dataclass(slots=True)
class Layout:
    """What of a text is layout: spans to leave out, and offsets where a block begins."""

    skip: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)


def lay_out(text: str) -> Layout:
    """Read the line structure of ``text``."""
    layout = Layout()
    before = _Before()
    at = 0
    for line in text.splitlines(keepends=True):
        _read_line(line, at, layout, before)
        at += len(line)
    return layout


@dataclass(slots=True)
class _Before:
    """What the line before was."""

    blank: bool = True
    kind: str = ""
    table: bool = False
    end: str = ""
    short: bool = False
    number: int = 0  # the last one of a list that may go on after items of its own


def _read_line(line: str, at: int, layout: Layout, before: _Before) -> None:
    bare = line.strip()
    if not bare:
        before.blank, before.kind, before.end = True, "", ""
        return
    if _is_rule(bare):
        layout.skip.append((at, at + len(line)))
        before.blank = True
        return
    start = at
    quote = _quote(line, before)
    start += quote
    kind, length = _prefix(line[quote:], before)
    start += length
    if start > at:
        layout.skip.append((at, start))
    table = bare.startswith("|") or (before.table and "|" in bare)
    if kind or before.blank or before.kind == "heading" or table or before.table:
        layout.blocks.append(start)
    if kind == "heading":
        layout.headings.append(start)
    elif kind:
        layout.items.append(start)
    if table:
        layout.cells.append(start)
        _cells(line, at, layout)
    inherits = not kind and not before.blank and before.kind in {"item", "number"}
    before.kind = kind or (before.kind if inherits else "quote" if quote else "")
    before.blank, before.table, before.end = False, table, bare[-1]
    before.short = len(bare) < _SHORT


def _is_rule(bare: str) -> bool:
    """A line of one sign three times or more, or the second line of a table."""
    signs = set(bare) - {" ", "\t"}
    if len(signs) == 1 and bare[0] in "-=*_":
        return bare.count(bare[0]) >= 3
    return "--" in bare and signs <= {"-", ":", "|"}


def _quote(line: str, before: _Before) -> int:
    """Length of a block quote sign; ``> 500 ms`` at a wrapped line's start is a comparison."""
    match = _QUOTE.match(line)
    if match is None:
        return 0
    alone = not line[match.end() :].strip() and not before.blank
    if before.kind == "quote" or not (alone or _DIGIT_NEXT.match(line, match.end())):
        return match.end()
    return 0


def _prefix(line: str, before: _Before) -> tuple[str, int]:
    """Kind and length of what makes a line a heading or an item."""
    if match := _HEADING.match(line):
        return "heading", match.end()
    if (match := _BULLET.match(line)) and _is_item(match, line, before):
        return "item", match.end()
    if (match := _NUMBER.match(line)) and _is_numbered(match, line, before):
        before.number = int(match.group(1)) if match.group(1).isdecimal() else 0
        return "number", match.end()
    return "", 0


def _is_item(match: re.Match[str], line: str, before: _Before) -> bool:
    """A wrapped line may begin with a dash, a plus or a product's dot: then it is no list."""
    if before.blank or before.kind in {"item", "number", "heading", "quote"}:
        return True
    opens = _OPENS.match(line, match.end()) is not None
    return match.group(1) in "-*•▪◦‣●○■□✓✔" and (before.end in ":;.," or opens)


def _is_numbered(match: re.Match[str], line: str, before: _Before) -> bool:
    """A list goes on, or begins: after a blank line, a colon, or what is plainly an end."""
    number = match.group(1)
    if (before.blank and not number.isalpha()) or before.kind == "number":
        return True
    if before.kind == "item" and number == str(before.number + 1) and before.number:
        return True
    if before.end == ":" and number in {"1", "a", "A"}:
        return True
    ended = before.end in ".!?;" or before.short or before.kind in {"item", "heading", "quote"}
    return number == "1" and ended and _OPENS.match(line, match.end()) is not None


def _cells(line: str, at: int, layout: Layout) -> None:
    """Each cell of a table row is a block; the bars are layout."""
    for index, char in enumerate(line):
        if char == "|" and line[index - 1 : index] != "\\":
            layout.skip.append((at + index, at + index + 1))
            layout.blocks.append(at + index + 1)
            layout.cells.append(at + index + 1)
