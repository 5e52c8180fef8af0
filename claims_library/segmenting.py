"""Sentences of a text, as ranges of its tokens.

A sentence ends at a block's end, or at a full stop, question or exclamation mark followed by
white space and something that can begin a sentence. ``vs.``, ``e.g.``, ``Dr.``, ``p < 0.001.``
and decimals are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from claims_library.tokens import Tokens

LONGEST = 160  # tokens; no approved sentence comes near
_ENDS = frozenset(".!?…")
_CLOSERS = frozenset(")]}\"'")
_CITED = re.compile(r"\d{1,2}|[,-]")
_LEADING = frozenset(["-", "(", ",", ";"])
_NEVER_LAST = frozenset(
    [
        *("vs", "eg", "ie", "dr", "mr", "mrs", "ms", "prof", "fig", "figs", "approx", "cf", "ca"),
        *("incl", "excl", "resp", "st", "pp", "vol", "tab", "ref", "refs", "viz", "sect", "eq"),
    ]
)
_BEFORE_NUMBER = frozenset(["no", "nos", "art", "sec", "ch", "p", "max", "min", "av", "avg"])
_LETTER_IS_A_WORD = frozenset(
    ["vitamin", "hepatitis", "class", "group", "type", "grade", "stage", "arm", "part", "figure"]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: tokens ``start`` up to ``end``; what its block is, and if it begins it."""

    start: int
    end: int
    heading: bool = False
    item: bool = False
    cell: bool = False
    begins: bool = True


def sentences(tokens: Tokens) -> list[Sentence]:
    """Cut a text into sentences, in order; every token is in exactly one."""
    found: list[Sentence] = []
    start = 0
    count = len(tokens)
    for i in range(count):
        if i in tokens.blocks and i > start:
            found.append(Sentence(start, i))
            start = i
        if tokens.words[i] in _ENDS and _ends_sentence(tokens, i):
            end = _past_closers(tokens, _past_citation(tokens, i + 1))
            if end >= count or (end > i and not _continues(tokens, i, end)):
                found.append(Sentence(start, end))
                start = end
    if start < count:
        found.append(Sentence(start, count))
    found = _placed(tokens, found)
    return [part for run in found if run.start < run.end for part in _cut(tokens, run)]


def _placed(tokens: Tokens, found: list[Sentence]) -> list[Sentence]:
    """Say of each sentence what its block is."""
    placed: list[Sentence] = []
    block = Sentence(0, 0)
    for run in found:
        at = run.start
        begins = at == 0 or at in tokens.blocks
        if begins:
            heading, item, cell = at in tokens.headings, at in tokens.items, at in tokens.cells
            block = Sentence(at, at, heading, item, cell)
        placed.append(replace(block, start=at, end=run.end, begins=begins))
    return placed


def _cut(tokens: Tokens, run: Sentence) -> list[Sentence]:
    """A sentence without an end is cut at a semicolon or comma, or where it has to be."""
    parts: list[Sentence] = []
    start = run.start
    while run.end - start > LONGEST:
        at = start + LONGEST
        for sign in (";", ","):
            near = [i for i in range(start + LONGEST // 2, at) if tokens.words[i] == sign]
            if near:
                at = near[-1] + 1
                break
        parts.append(replace(run, start=start, end=at))
        start = at
    parts.append(replace(run, start=start))
    return parts


def _past_citation(tokens: Tokens, i: int) -> int:
    """A citation that lost its raised figures follows the stop directly: ``with food.2,3 Next``."""
    if i < 2 or tokens.words[i - 1] != "." or tokens.kinds[i - 2] in "nu":
        return i
    at = i
    while at < len(tokens) and tokens.joined[at] and _CITED.fullmatch(tokens.words[at]):
        at += 1
    ends = at >= len(tokens) or not tokens.joined[at]
    return at if ends and tokens.kinds[at - 1] == "n" else i


def _past_closers(tokens: Tokens, i: int) -> int:
    while i < len(tokens) and tokens.joined[i] and tokens.words[i] in _CLOSERS:
        i += 1
    return i


def _continues(tokens: Tokens, stop: int, after: int) -> bool:
    """Whether the sentence goes on at ``after`` although there was a stop before."""
    if after in tokens.blocks:
        return False
    if tokens.joined[after]:
        return True
    if tokens.words[after] in _LEADING and after + 1 < len(tokens):
        after += 1
    char = tokens.source[tokens.starts[after]]
    return char.islower() and tokens.words[stop] in ".…"


def _ends_sentence(tokens: Tokens, i: int) -> bool:
    """Whether the stop at ``i`` is more than the dot of an abbreviation."""
    if tokens.words[i] != "." or i == 0 or not tokens.joined[i]:
        return True
    before = tokens.words[i - 1]
    if before in _NEVER_LAST:
        return tokens.kinds[i - 1] == "u"
    following = tokens.kinds[i + 1 : i + 2]
    if before in _BEFORE_NUMBER and following == "n":
        return False
    if len(before) == 1 and before.isalpha():
        return _letter_ends(tokens, i)
    return True


def _letter_ends(tokens: Tokens, i: int) -> bool:
    """A single letter and a dot: an initial, ``e.g.``, ``a.m.`` or really the end."""
    if i >= 3 and tokens.words[i - 2] == "." and tokens.joined[i - 1] and tokens.joined[i - 2]:
        # the second letter of "e.g." goes on, that of "p.m." or "U.S." may end
        return tokens.words[i - 3] + tokens.words[i - 1] not in {"eg", "ie", "cf"}
    if i + 1 < len(tokens) and tokens.joined[i + 1]:
        return False
    before = tokens.words[i - 2] if i >= 2 else ""
    upper = tokens.source[tokens.starts[i - 1]].isupper()
    return not upper or before in _LETTER_IS_A_WORD
