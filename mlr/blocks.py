"""Blocks of text, and the words they are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# a number keeps its decimals and its percent sign, so that 57% against 75% is one change
_TOKEN = re.compile(r"(\d+(?:[.,]\d+)*%?|\w+(?:[-'’]\w+)*|[^\w\s])(\s*)|(\s+)")


@dataclass(frozen=True)
class Block:
    """One block of text; ``claims`` are the codes of the claims placed in it.

    ``approved`` says that it was signed before, as part of something else: whoever reads it here
    for the first time may read it, and need not.
    """

    kind: str
    text: str
    claims: tuple[str, ...] = ()
    approved: bool = False


@lru_cache(maxsize=64)  # one comparison asks for its blocks again and again
def tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Words with the white space after them; leading white space has an empty word."""
    return tuple((found[1] or "", found[2] or found[3] or "") for found in _TOKEN.finditer(text))


def cores(text: str) -> Iterator[str]:
    """The words and marks of a text, without white space."""
    return (core for core, _ in tokens(text) if core)


def is_word(core: str) -> bool:
    """Whether this is a word or a number, and no punctuation."""
    return bool(core) and (core[0].isalnum() or core[0] == "_")


def count_words(text: str) -> int:
    """Words and numbers of a text; punctuation does not count."""
    return sum(is_word(found[1] or "") for found in _TOKEN.finditer(text))
