"""How search reads text: one way of cutting words for the index, the query and the marks.

Both engines store and compare what this file makes of a text, so that they find the same things
and a marked hit is always what was found. Written for the field's texts: ``63.9``, ``HR 0.765``,
``1,054``, ``KIS-M-003``, ``HER2-negative``, ``CDK4/6``, ``p<.001``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from whoosh.lang.porter import stem as porter

# No word of a text is longer; what is longer is data, and findable by its beginning.
MAXIMUM_WORD = 60

# Letters with their digits and apostrophes, or a number with its thousands and decimals (also
# 0·765 and .001). The possessive quantifiers keep a hostile text linear.
_WORD = re.compile(
    r"""
    [^\W\d_] [^\W_]*+ (?: ['’][^\W\d_]++ )?+
  | (?: \d{1,3} (?:,\d{3})++ (?!\d) | \d++ ) (?: [.·]\d++ )*+
  | (?<!\w) [.·]\d++
  | [^\W_]
    """,
    re.VERBOSE,
)
_NOT_KEPT = re.compile(r"[^\w.]|_")
_PLAIN = re.compile(r"[a-z]+")

# Words that say nothing by themselves; they count inside quotation marks only. "No" and "not" are
# none of them: in this field they turn a sentence round.
_STOP_WORDS = """
a an and are as at be by for from has have if in into is it its of on or such that the their then
there these they this to was were will with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


# One word of a text: its folded form, where it starts and where it ends, in code points.
# A plain tuple: a page of hits makes tens of thousands of them.
Word = tuple[str, int, int]


def words(text: str) -> list[Word]:
    """The words of ``text`` in reading order."""
    return [
        (folded, *match.span()) for match in _WORD.finditer(text) if (folded := fold(match.group()))
    ]


def folded_words(text: str) -> list[str]:
    """The folded forms only, for indexing."""
    return [folded for found in _WORD.findall(text) if (folded := fold(found))]


@lru_cache(maxsize=8_192)
def fold(word: str) -> str:
    """The form in which words are compared: case, accents, possessives and typography removed.

    Holds letters, digits and decimal points only, never white space or quotation marks.
    """
    if word[0] in ".·":
        word = f"0{word}"
    text = unicodedata.normalize("NFKD", word.casefold()).replace("·", ".")
    text = text.removesuffix("'s").removesuffix("’s")
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_KEPT.sub("", text)[:MAXIMUM_WORD]


def inflects(folded: str) -> bool:
    """Whether a folded word has forms found by its stem; numbers and names of genes do not."""
    if len(folded) == 3 and folded[-1] == "s":
        return False  # ALS and SJS are no plurals
    return len(folded) > 2 and _PLAIN.fullmatch(folded) is not None


@lru_cache(maxsize=8_192)
def stem(folded: str) -> str:
    """The stem of a folded word (Porter 1980); what does not inflect is its own stem.

    Every word begins with its stem, the stem's last letter aside; ``neighbourhood`` relies on it.
    """
    if not inflects(folded):
        return folded
    found = str(porter(folded))
    return found if folded.startswith(found[:-1]) else folded


def neighbourhood(stemmed: str) -> str:
    """What every word with this stem begins with."""
    return stemmed[:-1] if len(stemmed) > 2 else stemmed
