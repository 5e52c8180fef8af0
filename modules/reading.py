"""A module version as a reviewer reads it: its text in blocks, its tags and rules as facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from markdown_it.token import Token
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from mlr.comparing import Block, Reading
from modules import content
from modules.models import ModuleVersion
from modules.pinning import pinned_claims, wording_of
from records.vocabulary import Audience, Channel, ModuleKind, Phase, Role, Tier, Word

# cells of a table row, kept apart by more than one space
CELLS = " | "


def reading(session: Session, version: ModuleVersion) -> Reading:
    """Claims are spelled out as pinned; fields stand as ``{{name}}``."""
    claims = pinned_claims(session, [version])
    return Reading(tuple(blocks(version, claims)), tuple(_facts(version, claims)))


def blocks(
    version: ModuleVersion,
    claims: Mapping[int, ClaimVersion],
    field: Callable[[str], str] | None = None,
) -> Iterator[Block]:
    """The text in reading order, one block for each heading, paragraph, item and table row."""
    wording = wording_of(version, claims)
    usual = {ModuleKind.ISI: "isi", ModuleKind.FOOTNOTE: "fn"}.get(version.kind, "p")
    tokens = content.parse(version.body)
    levels = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
    lists, row = 0, list[Token]()
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.type in ("list_item_open", "list_item_close"):
            lists += 1 if token.nesting > 0 else -1
        elif token.type == "tr_open":
            row = []
        elif token.type == "inline" and before is not None and before.tag in ("th", "td"):
            row.append(token)
        elif token.type == "tr_close":
            yield _block("row", row, wording, field)
        elif token.type == "inline" and before is not None and before.type == "heading_open":
            kind = "h2" if int(before.tag[1:]) == min(levels) else "h3"
            yield _block(kind, [token], wording, field)
        elif token.type == "inline":
            yield _block("li" if lists else usual, [token], wording, field)
        elif token.type in ("fence", "code_block"):
            yield Block(usual, token.content.strip())


def _block(
    kind: str,
    tokens: Sequence[Token],
    wording: content.Wording,
    field: Callable[[str], str] | None,
) -> Block:
    placed = (
        child.meta["claim"] for child in content.inlines(tokens) if child.type == content.CLAIM
    )
    text = CELLS.join(content.inline_text(token, wording, field) for token in tokens)
    return Block(kind, text, tuple(dict.fromkeys(placed)))


def _facts(version: ModuleVersion, claims: Mapping[int, ClaimVersion]) -> Iterator[tuple[str, str]]:
    used = dict.fromkeys(claims[pin["version"]].label for pin in version.pins)
    yield "Title", version.title
    yield "Kind", version.kind.label
    yield "Pillar", version.pillar.label
    yield "Journey phases", _labels(Phase, version.phases)
    yield "Roles", _labels(Role, version.roles)
    yield "Account tiers", _labels(Tier, version.tiers)
    yield "Channels", _labels(Channel, version.channels)
    yield "Market", version.market.label
    yield "Audience", Audience(version.audience).label
    yield "Requires", ", ".join(version.requires)
    yield "Excludes", ", ".join(version.excludes)
    yield "Companions", ", ".join(version.companions)
    yield "Valid until", f"{version.valid_until:%d %b %Y}"
    yield "Claims", ", ".join(used)


def _labels(words: type[Word], values: Sequence[str]) -> str:
    """All of a list is said in one word: what is missing matters, not the length of the list."""
    if set(values) == {word.value for word in words}:
        return "All"
    return ", ".join(words(value).label for value in values)
