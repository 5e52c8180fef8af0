"""Module bodies: Markdown with claim references and personalisation fields, nothing else.

CommonMark with tables, HTML off, and one inline rule: ``[[claim:ID]]`` or ``[[claim:ID/2]]``
(2 = the second variation) and ``{{name}}``. Every reader of a body (preview, checks, PDF, email,
plain text) works on this one token stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

CLAIM = "claim"
FIELD = "field"

_CLAIM = re.compile(r"\[\[claim:([A-Za-z0-9][A-Za-z0-9_.-]{0,39})(?:/([1-9]\d{0,2}))?\]\]")
_FIELD = re.compile(r"\{\{\s*([a-z][a-z_]*(?:\.[a-z][a-z_]*)?)\s*\}\}")
# what looks like a reference or template syntax but is not: refused, never printed
_LEFTOVER = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{%|%\}|\{#|#\}")

# Walks a claim reference and yields the wording that stands for it.
Wording = Callable[[str, int], str]


@dataclass(frozen=True, order=True)
class ClaimRef:
    """One placed claim: its code and variation (0 = the claim's own text)."""

    claim: str
    variation: int = 0

    def __str__(self) -> str:
        return f"[[claim:{self.claim}{f'/{self.variation}' if self.variation else ''}]]"


def _placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Inline rule, tried before links."""
    if state.src[state.pos] not in "[{":
        return False
    claim = _CLAIM.match(state.src, state.pos)
    found = claim or _FIELD.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push(CLAIM if claim else FIELD, "", 0)
        token.content = found.group(0)
        token.meta = (
            {"claim": found.group(1), "variation": int(found.group(2) or 0)}
            if claim
            else {"name": found.group(1)}
        )
    state.pos = found.end()
    return True


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.disable(["image", "html_block", "html_inline", "autolink"])
    markdown.inline.ruler.before("link", "placed", _placed)
    return markdown


_MARKDOWN = _parser()


# a body takes some 40 kB as tokens: what a few requests need is kept, not the library
@lru_cache(maxsize=64)
def parse(body: str) -> tuple[Token, ...]:
    """The token stream of a body; treat it as frozen, it is shared between callers."""
    return tuple(_MARKDOWN.parse(body))


def inlines(tokens: Sequence[Token]) -> Iterator[Token]:
    """All inline tokens in reading order."""
    for token in tokens:
        yield from token.children or ()


def claim_refs(body: str) -> tuple[ClaimRef, ...]:
    """Placed claims in reading order, repetitions kept."""
    return tuple(
        ClaimRef(token.meta["claim"], token.meta["variation"])
        for token in inlines(parse(body))
        if token.type == CLAIM
    )


def field_names(body: str) -> tuple[str, ...]:
    """Names of personalisation fields in reading order, each once."""
    names = (token.meta["name"] for token in inlines(parse(body)) if token.type == FIELD)
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Placed:
    """One reference as it is written: where, and what it names (a claim or a field)."""

    start: int
    end: int
    claim: ClaimRef | None = None
    field: str = ""


def placed(body: str) -> tuple[Placed, ...]:
    """Every reference in the source with its offsets in code points, by place."""
    claims = (
        Placed(found.start(), found.end(), claim=ClaimRef(found.group(1), int(found.group(2) or 0)))
        for found in _CLAIM.finditer(body)
    )
    fields = (
        Placed(found.start(), found.end(), field=found.group(1)) for found in _FIELD.finditer(body)
    )
    return tuple(sorted((*claims, *fields), key=lambda each: each.start))


def leftover_spans(body: str) -> tuple[tuple[int, int], ...]:
    """Where the source has what looks like a reference or a template and is neither."""
    covered = [(each.start, each.end) for each in placed(body)]
    return tuple(
        found.span()
        for found in _LEFTOVER.finditer(body)
        if not any(start <= found.start() < end for start, end in covered)
    )


def leftovers(body: str) -> tuple[str, ...]:
    """Text that still looks like a reference or a template: a typing mistake or an attack."""
    texts = (
        token.content for token in inlines(parse(body)) if token.type in ("text", "code_inline")
    )
    blocks = (token.content for token in parse(body) if token.type in ("fence", "code_block"))
    return tuple(text for text in (*texts, *blocks) if _LEFTOVER.search(text))


def plain_text(body: str, wording: Wording, field: Callable[[str], str] | None = None) -> str:
    """The body as text for search and checks: claims spelled out, blocks on their own lines."""
    lines = [inline_text(token, wording, field) for token in parse(body) if token.type == "inline"]
    return "\n".join(line for line in lines if line)


def spelled_out(body: str, wording: Wording, field: Callable[[str], str]) -> str:
    """The body as Markdown with claims and fields spelled out: what a check of the whole reads."""

    def claim(found: re.Match[str]) -> str:
        text = wording(found[1], int(found[2] or 0))
        return " ".join(text.replace("|", "\\|").split())

    return _FIELD.sub(lambda found: field(found[1]), _CLAIM.sub(claim, body))


def opening_text(
    body: str, wording: Wording, field: Callable[[str], str] | None = None, *, length: int
) -> str:
    """The first ``length`` characters of a body as text, or more; all of it where it has less."""
    end = body.find("\n\n", length)
    text = plain_text(body if end < 0 else body[:end], wording, field)
    if len(text) < length and end >= 0:  # mostly markup
        return plain_text(body, wording, field)
    return text


def inline_text(token: Token, wording: Wording, field: Callable[[str], str] | None = None) -> str:
    """The words of one inline token: a paragraph, heading or cell."""
    return "".join(_inline_text(child, wording, field) for child in token.children or ())


def _inline_text(token: Token, wording: Wording, field: Callable[[str], str] | None) -> str:
    if token.type == CLAIM:
        return wording(token.meta["claim"], token.meta["variation"])
    if token.type == FIELD:
        return field(token.meta["name"]) if field else token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""
