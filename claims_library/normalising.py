"""Text with everything typographic taken out of it, and an exact way back to where it stood.

What is seen through: letter case, typographic variants of one character (quotes, dashes, spaces,
ligatures), soft hyphens, Markdown emphasis, citation marks, HTML entities and inline tags,
trademark signs. Nothing else is: no word, number, comparator or punctuation mark is touched.
Invisible characters and letters of other scripts that pass for Latin ones are seen through too,
but reported, because they have no place in honest copy.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from claims_library.quantities import UNITS

# Cyrillic and Greek letters that cannot be told from Latin ones; used only beside Latin letters
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕЅІЈКМНОРСТУХԌԚԜοΟΑΒΕΖΗΙΚΜΝΡΤΥΧ",
    "aeopcyxijshdqwABESIJKMHOPCTYXGQWoOABEZHIKMNPTYX",
)
_HIDDEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u180e\U000e0000-\U000e007f]"
)
# these make a reader see other words or figures than stand there
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SILENT = frozenset("\u00ad\ufe0e\ufe0f")
_TRADE = frozenset("®™℠©")
_NOTE_SIGNS = frozenset("†‡§¶")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")
_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
}
_KEPT = {"½": "½", "¼": "¼", "¾": "¾", "⅓": "⅓", "⅔": "⅔", "≥": "≥", "≤": "≤", "×": "×"}
_MARKS_AT_MOST = 30  # on one letter: as in the stream-safe form of UAX 15
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

_SPECIAL = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|<sup>[^<>]{0,40}</sup>"
    r"|<!--[^<>]{0,4000}-->"
    r"|</?(?:b|i|em|strong|u|span|font|mark|small|sub|a)(?:\s[^<>]{0,300})?>"
    r"|</?(?:br|p|div|li|ul|ol|td|th|tr|table|tbody|thead|h[1-6])(?:\s[^<>]{0,300})?/?>"
    r"|\[\^[\w-]{1,20}\]"
    r"|\[\d{1,3}(?:\s{0,2}[,;\u2013-]\s{0,2}\d{1,3}){0,20}\]"
    r"|\^\d{1,3}(?:[,\u2013-]\d{1,3}){0,10}\^?"
    rf"|[{_SUPERSCRIPTS}⁺⁻](?:[,\u2009 ]?[{_SUPERSCRIPTS}⁺⁻])*"
    r"|[*_]+"
    r"|\\(?=[!-/:-@\[-`{-~])"
    r"|[^\x00-\x7f]",
    re.IGNORECASE,
)
_INTERVAL_BEFORE = re.compile(r"(?:\bCI|\binterval|\brange|\bIQR)[\s:,=(]*$", re.IGNORECASE)
_UNIT_BEFORE = re.compile(r"(?:^|[\s\d/(·.])(?:[cmkdµμ]?m|sec|s)$", re.IGNORECASE)
# what a figure counts: raised or bracketed digits before it belong to the figure, no citation does
_COUNTED = re.compile(
    r"(?:[\s\u00a0\u2009\u202f-]|&nbsp;){0,2}(?:%|(?:"
    + "|".join(sorted((unit for unit in UNITS if unit.isalpha()), key=len, reverse=True))
    + r"|patients|participants|subjects|women|men|people|adults|children|mmhg|percentage|fold)\b)",
    re.IGNORECASE,
)
# nor between the bounds of an interval
_BOUND_BEFORE = re.compile(r"\d\.\d+$")
_BOUND_AFTER = re.compile(r"\s?[,;\u2013-]\s?[-\u2212]?\d")
CONCEALED = re.compile(
    r"\shidden\b|display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?![.\d])"
    r"|(?<![\w-])color\s*:\s*transparent\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:[^\W\d_](?:\s?,\s?[^\W\d_])*|[^\w\s+<>=≤≥/.,-]{1,3}|tm|sm|®|™)", re.IGNORECASE
)
_TEN_BEFORE = re.compile(r"(?:^|[^\w.,-]|(?<=[\d\s])x)10$")


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark that was taken out: where it stood in the normalised text, and what it said.

    ``ambiguous`` marks (``[2]``, ``^2``) could be more than a citation; a wording that has one is
    matched only by a text that has the same one in the same place.
    """

    at: int
    text: str
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that hides in the text as given: invisible characters or foreign look-alikes."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Normalised:
    """The text as it is compared. ``starts[i]:ends[i]`` is where character i stood originally."""

    text: str
    starts: list[int]
    ends: list[int]
    marks: list[Mark] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def normalise(text: str, *, skip: list[tuple[int, int]] | None = None) -> Normalised:
    """Normalise ``text``; ``skip`` are spans of layout (list markers, heading signs) left out."""
    writer = _Writer(text)
    at = 0
    for start, end in skip or ():
        writer.take(at, start)
        at = end
    writer.take(at, len(text))
    return writer.result()


class _Writer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.length = 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.marks: list[Mark] = []
        self.oddities: list[Oddity] = []
        self.breaks: list[int] = []

    def take(self, start: int, end: int) -> None:
        """Normalise one span of the source."""
        source, at = self.source, start
        while True:
            match = _SPECIAL.search(source, at, end)
            if match is None:
                self._plain(at, end)
                return
            if match.start() > at:
                self._plain(at, match.start())
            at = self._special(match, end)

    def result(self) -> Normalised:
        return Normalised(
            "".join(self.out), self.starts, self.ends, self.marks, self.oddities, self.breaks
        )

    def _plain(self, start: int, end: int) -> None:
        if start < end:
            self.out.append(self.source[start:end].lower())
            self.length += end - start
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))

    def _write(self, text: str, start: int, end: int) -> None:
        self.out.append(text)
        self.length += len(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def _mark(self, text: str, *, ambiguous: bool = False) -> None:
        self.marks.append(Mark(self.length, "".join(text.split()), ambiguous))

    def _special(self, match: re.Match[str], limit: int) -> int:
        """Write what a special run means; return where reading goes on."""
        run, start, end = match.group(), match.start(), match.end()
        first = run[0]
        if first == "&":
            self._entity(run, start, end)
        elif first == "<":
            self._tag(run, start, end)
        elif first == "[":
            self._bracket(run, start, end)
        elif first == "^":
            self._raised(run.strip("^"), start, end, ambiguous=True)
        elif first in _SUPERSCRIPTS or first in "⁺⁻":
            self._raised(unicodedata.normalize("NFKC", run), start, end, ambiguous=False)
        elif first in "*_":
            if not self._is_emphasis(start, end):
                self._plain(start, end)
        elif first != "\\":
            return self._foreign(start, limit)
        return end

    def _entity(self, run: str, start: int, end: int) -> None:
        meant = html.unescape(run)
        if meant == run:
            self._plain(start, end)
            return
        for char in meant:
            self._character(char, start, end)

    def _tag(self, run: str, start: int, end: int) -> None:
        if not run.startswith("<!--") and CONCEALED.search(run):
            self.oddities.append(Oddity("concealed", start, end))
        if run.startswith("<!--"):
            # nobody reads it on the page: it approves nothing and is told of instead
            self.oddities.append(Oddity("comment", start, end))
        elif run[:5].lower() == "<sup>":
            inner = run[5:-6].strip()
            if re.fullmatch(r"[+\-−]?\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*", inner):
                self._raised(inner.replace("−", "-"), start, end, ambiguous=False)
            elif _NOTE.fullmatch(inner):
                self._mark(inner)
            else:
                self._write(inner.lower(), start, end)
        elif re.match(
            r"</?(?:br|p|div|li|ul|ol|t[dhr]|table|tbody|thead|h[1-6])\b", run, re.IGNORECASE
        ):
            if not re.match(r"<br", run, re.IGNORECASE):
                self.breaks.append(self.length)
            self._write("\n", start, end)

    def _bracket(self, run: str, start: int, end: int) -> None:
        """A citation in brackets, unless it is an interval: after CI, or large numbers after %."""
        if run.startswith("[^"):
            if run[2:-1].isdigit() or f"{run}:" in self.source:
                self._mark(run)
            else:
                self._plain(start, end)  # no footnote of that name: it is read as it stands
            return
        before = self.source[max(0, start - 20) : start].rstrip()
        numbers = [int(number) for number in re.findall(r"\d+", run)]
        interval = _INTERVAL_BEFORE.search(before) is not None or (
            len(numbers) > 1 and max(numbers) > 20 and before[-1:] in "0123456789%"
        )
        within = self._within_figure(end) or self._before_figure(start, end)
        if interval or within:
            self._plain(start, end)
        else:
            self._mark(run, ambiguous=True)

    def _raised(self, inner: str, start: int, end: int, *, ambiguous: bool) -> None:
        """A raised number: an exponent after 10 or a unit of length, otherwise a citation."""
        before = "".join(self.out[-3:])[-12:]
        plain = inner.replace("−", "-").strip()
        within = self._within_figure(end) or self._before_figure(start, end)
        if _TEN_BEFORE.search(before) or within:
            self._write("^" + plain, start, end)
        elif (
            (_UNIT_BEFORE.search(before) and plain in {"2", "3", "-1", "-2"})
            or "+" in plain
            or plain.startswith("-")
        ):
            self._write(plain, start, end)
        else:
            # after a digit it may still be a power: then a wording that has it must find it
            self._mark(plain, ambiguous=ambiguous or before[-1:].isdigit())

    def _within_figure(self, end: int) -> bool:
        """Whether a digit stands before and what it counts after: no place for a citation."""
        before = "".join(self.out[-2:])[-12:]
        if not before[-1:].isdigit():
            return False
        if _COUNTED.match(self.source, end):
            return True
        return bool(_BOUND_BEFORE.search(before) and _BOUND_AFTER.match(self.source, end))

    def _before_figure(self, start: int, end: int) -> bool:
        """Whether a figure goes on at once; only a note at a line's begin may stand so."""
        at_begin = not self.source[:start].rsplit("\n", 1)[-1].strip()
        return self.source[end : end + 1].isdigit() and not at_begin

    def _is_emphasis(self, start: int, end: int) -> bool:
        """Emphasis hugs a word on one side; ``2 * 3`` and ``snake_case`` are none."""
        before = self.source[start - 1 : start]
        after = self.source[end : end + 1]
        if self.source[start] == "_" and before.isalnum() and after.isalnum():
            return False
        return bool(before.strip() or after.strip())

    def _foreign(self, start: int, limit: int) -> int:
        """One character beyond ASCII, with the combining marks that follow it."""
        end = start + 1
        limit = min(limit, end + _MARKS_AT_MOST)
        while end < limit and unicodedata.combining(self.source[end]):
            end += 1
        self._character(self.source[start:end], start, end)
        return end

    def _character(self, cluster: str, start: int, end: int) -> None:
        char = cluster[0]
        if char in _SILENT:
            return
        if _HIDDEN.match(char):
            self.oddities.append(Oddity("turned" if char in _TURNING else "hidden", start, end))
        elif char in _TRADE or char in _NOTE_SIGNS:
            self._mark(char)
        elif char in _DASHES:
            self._write("-", start, end)
        elif char in _QUOTES:
            self._write(_QUOTES[char], start, end)
        elif cluster in _KEPT:
            self._write(_KEPT[cluster], start, end)
        elif ord(char) in _LOOKALIKES and self._beside_latin(start, end):
            self.oddities.append(Oddity("lookalike", start, end))
            self._write(char.translate(_LOOKALIKES).lower(), start, end)
        else:
            self._write(unicodedata.normalize("NFKC", cluster).casefold(), start, end)

    def _beside_latin(self, start: int, end: int) -> bool:
        """Whether the word around has Latin letters too, and so only pretends to be one."""
        left = right = 0
        while start - left > 0 and self.source[start - left - 1].isalpha() and left < 40:
            left += 1
        while end + right < len(self.source) and self.source[end + right].isalpha() and right < 40:
            right += 1
        word = self.source[start - left : end + right]
        return any(c.isascii() for c in word)
