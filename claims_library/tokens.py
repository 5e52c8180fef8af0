"""The words, numbers and signs of a text, each with a key by which it is compared.

White space is no token. A number's key is its quantity: ``120 mg`` and ``0.12 g`` have the same
keys, so have ``three weeks`` and ``21 days``; ``6.4`` and ``6.5`` have not. The digit of a name
(MONALEESA-2, CDK4/6) has a key of its own and equals no number.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass

from claims_library.layout import lay_out
from claims_library.normalising import Mark, Normalised, Oddity, normalise
from claims_library.quantities import NUMBER_WORDS, UNITS, quantity

_TOKEN = re.compile(
    r"\[\[claim:[^\[\]\n]{1,80}\]\]|\{\{[^{}\n]{1,80}\}\}"
    r"|\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)*|(?<![\w.])\.\d+"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-"
    r"(?:one|two|three|four|five|six|seven|eight|nine)(?![^\W_])"
    r"|[^\W\d_][^\W_]*(?:'[^\W_]+)*"
    r"|>=|<=|\S"
)
# before a hyphen and digits these make a number, every other word makes a name
_COUNTING = frozenset(
    [
        *("day", "week", "month", "year", "cycle", "grade", "stage", "phase", "class", "type"),
        *("dose", "age", "aged", "arm", "visit", "part", "day's", "n", "p", "to", "post", "pre"),
        *("non", "under", "over", "level", "line", "step", "version", "about", "of"),
    ]
)
_SIGNS = {">=": "≥", "<=": "≤", "=>": "≥"}


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, column by column.

    ``keys`` are compared, ``words`` are what stands there (normalised), ``starts``/``ends`` are
    offsets in the text as given. ``kinds`` says for each: ``w`` word, ``n`` number, ``u`` unit,
    ``i`` digit of a name, ``s`` sign, ``p`` placeholder. ``joined`` tokens follow the one before
    without white space. ``blocks`` are the token indices where a block begins.
    """

    source: str
    keys: list[str]
    words: list[str]
    kinds: str
    starts: list[int]
    ends: list[int]
    joined: list[bool]
    blocks: frozenset[int]
    headings: frozenset[int]
    items: frozenset[int]
    cells: frozenset[int]
    marks: dict[int, str]
    oddities: list[Oddity]

    def __len__(self) -> int:
        return len(self.keys)

    def text(self, start: int, end: int) -> str:
        """What stands in the source from token ``start`` up to ``end``."""
        if start >= end:
            return ""
        return self.source[self.starts[start] : self.ends[end - 1]]


_JOINING = frozenset(["to", "or", "and", "-", "through", "&", "/", "±", "×", "x", "then", "+"])
_AGAINST = (["vs", "."], ["vs"], ["versus"])
_OPENS_INTERVAL = ([":"], ["("], ["["])
_LAST_OF_LIST = ([",", "and"], [",", "or"])


def tokenise(text: str, *, known: Container[str] = ()) -> Tokens:
    """Read the tokens of a text.

    Args:
        text: Markdown or plain text.
        known: words of the library; a word broken by a hyphen at a line's end is put together
            again if the library knows the whole and not the hyphened form.
    """
    layout = lay_out(text)
    normal = normalise(text, skip=layout.skip)
    words, spans = _split(normal, known)
    joined = _joined(normal.text, words, spans)
    kinds, keys = _keys(words, joined)
    starts = [normal.starts[a] for a, _ in spans]
    blocks = {bisect_left(starts, at) for at in layout.blocks}
    blocks |= {bisect_left(spans, (at, 0)) for at in normal.breaks}
    return Tokens(
        source=text,
        keys=keys,
        words=words,
        kinds="".join(kinds),
        starts=starts,
        ends=[normal.ends[b - 1] for _, b in spans],
        joined=joined,
        blocks=frozenset(blocks),
        headings=frozenset(bisect_left(starts, at) for at in layout.headings),
        items=frozenset(bisect_left(starts, at) for at in layout.items),
        cells=frozenset(bisect_left(starts, at) for at in layout.cells),
        marks=_marks(normal.marks, spans),
        oddities=normal.oddities,
    )


def _split(normal: Normalised, known: Container[str]) -> tuple[list[str], list[tuple[int, int]]]:
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    text = normal.text
    for match in _TOKEN.finditer(text):
        word, start = match.group(), match.start()
        if _rejoins(words, spans, word, text[spans[-1][1] : start] if spans else "", known):
            words.pop()
            spans.pop()
            words[-1] += word
            spans[-1] = (spans[-1][0], match.end())
            continue
        words.append(_SIGNS.get(word, word))
        spans.append((start, match.end()))
    return words, spans


def _rejoins(
    words: list[str],
    spans: list[tuple[int, int]],
    word: str,
    gap: str,
    known: Container[str],
) -> bool:
    """Whether ``word`` is the rest of a word that a line's end broke with a hyphen."""
    if "\n" not in gap or len(words) < 2 or words[-1] != "-" or not word[0].isalpha():
        return False
    head = words[-2]
    return (
        spans[-2][1] == spans[-1][0]
        and head[0].isalpha()
        and head + word in known
        and f"{head}-{word}" not in known
    )


def _joined(text: str, words: list[str], spans: list[tuple[int, int]]) -> list[bool]:
    """Whether each token follows the one before directly; a line may break after a hyphen."""
    joined = [False] * len(spans)
    end = -1
    for i, (start, stop) in enumerate(spans):
        joined[i] = start == end or (
            i > 1 and words[i - 1] == "-" and joined[i - 1] and "\n" in text[end:start]
        )
        end = stop
    return joined


def _keys(words: list[str], joined: list[bool]) -> tuple[list[str], list[str]]:
    kinds: list[str] = []
    keys: list[str] = []
    unit_at = -1
    for i, word in enumerate(words):
        first = word[0]
        if i == unit_at:
            kinds.append("u")
            keys.append("u:" + UNITS[word][0])
        elif first.isdecimal() or (first == "." and len(word) > 1) or word in NUMBER_WORDS:
            if first.isdecimal() and _is_name(words, joined, i):
                kinds.append("i")
                keys.append("i:" + word)
                continue
            unit_at = _unit(words, joined, i)
            kinds.append("n")
            keys.append(quantity(word, words[unit_at] if unit_at > 0 else ""))
        else:
            kinds.append("p" if word[:2] in {"[[", "{{"} else "w" if first.isalpha() else "s")
            keys.append(word)
    _share_units(words, kinds, keys)
    return kinds, keys


def _share_units(words: list[str], kinds: list[str], keys: list[str]) -> None:
    """Give a range's or list's unit to each of its figures: ``2 to 4 weeks``, ``24, 36 or 48 h``.

    Without it ``2 to 28 days`` would be equal to ``2 to 4 weeks``.
    """
    unit = ""
    after = -1  # the figure that has the unit, or has been given it
    listed = False  # whether a figure was joined to it already
    for i in range(len(words) - 1, -1, -1):
        if kinds[i] == "u":
            unit, after, listed = words[i], -1, False
        elif kinds[i] == "n" and unit:
            if after < 0 and _unit_follows(words, kinds, i):
                after = i
            elif after > i and _joins(words, kinds, i, after, listed=listed):
                keys[i] = quantity(words[i], unit)
                after, listed = i, True
            else:
                unit, after = "", -1


def _joins(words: list[str], kinds: list[str], i: int, after: int, *, listed: bool) -> bool:
    """Whether figure ``i`` and the one ``after`` it are a range, a list or a comparison."""
    between = words[i + 1 : after]
    if between == [","]:
        interval = words[i - 1 : i] in _OPENS_INTERVAL and words[after + 1 : after + 2] != ["%"]
        return listed or interval
    if between in _LAST_OF_LIST:
        return words[i - 1 : i] == [","] and kinds[i - 2 : i - 1] == ["n"]
    return between in _AGAINST or (0 < len(between) <= 2 and _JOINING.issuperset(between))


def _unit_follows(words: list[str], kinds: list[str], i: int) -> bool:
    at = i + 1 + (words[i + 1 : i + 2] == ["-"])
    return kinds[at : at + 1] == ["u"]


def _is_name(words: list[str], joined: list[bool], i: int) -> bool:
    """Whether digits belong to a name: after ``word-`` without white space, or ``4/6`` after it."""
    if i < 2 or words[i - 1] not in {"-", "/"} or not (joined[i] and joined[i - 1]):
        return False
    before = words[i - 2]
    if words[i - 1] == "-":
        return before[0].isalpha() and before not in _COUNTING and before not in NUMBER_WORDS
    return before[0].isalpha() and before[-1].isdecimal()


def _unit(words: list[str], joined: list[bool], i: int) -> int:
    """Index of the unit that belongs to the number at ``i``, or -1."""
    at = i + 1
    if at < len(words) and words[at] == "-" and joined[at]:
        at += 1
    return at if at < len(words) and words[at] in UNITS else -1


def _marks(marks: list[Mark], spans: list[tuple[int, int]]) -> dict[int, str]:
    """Ambiguous citation marks, by the index of the token they follow."""
    if not marks:
        return {}
    ends = [end for _, end in spans]
    found: dict[int, str] = {}
    for mark in marks:
        if mark.ambiguous:
            at = bisect_right(ends, mark.at) - 1
            found[at] = found.get(at, "") + mark.text
    return found
