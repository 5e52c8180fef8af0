"""A sentence as the judges read it: words and numbers without layout, each with its classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from claims_library.detectors.patterns import Hit, PatternSet
from claims_library.findings import Sentence

# signs that say something; hyphens, brackets, quotes and commas are left out
_SIGNS = {"%": "%", "+": "plus", "&": "and", "?": "?", "≥": "≥", "≤": "≤", "<": "<", ">": ">"}
_SIGNS |= {"=": "=", "®": "", "™": "", "©": "©", "@": "@", "!": "!", "$": "$", "€": "€", "£": "£"}
# after these, words of an account's work mean something else (``immune system``, ``in practice``)
_NOT_OF_ACCOUNTS = {
    "system": frozenset(
        [
            *(
                "immune",
                "nervous",
                "cardiovascular",
                "digestive",
                "endocrine",
                "lymphatic",
                "organ",
            ),
            *("respiratory", "renin", "reproductive", "musculoskeletal"),
        ]
    ),
    "practice": frozenset(["in", "clinical", "daily", "routine", "everyday", "world"]),
    "state": frozenset(["steady", "disease", "mental"]),
    "pathway": frozenset(["signaling", "signalling", "1", "l1", "mapk", "kinase", "receptor"]),
    "delivery": frozenset(["drug", "targeted"]),
    "unit": frozenset(["per", "international"]),
    "floor": frozenset(["pelvic"]),
}
# a group is an arm of a trial, unless one of these stands before it
_ARMS = frozenset(["group", "groups"])
_OF_ACCOUNTS = frozenset(
    [
        *(
            "medical",
            "physician",
            "physicians",
            "practice",
            "purchasing",
            "user",
            "hospital",
            "our",
        ),
        *("health", "oncology", "working", "the", "large", "private", "specialty"),
    ]
)
_NOTHING: frozenset[str] = frozenset()
KEPT = 20_000


@dataclass(slots=True)
class Line:
    """One sentence: ``words[i]`` is word ``at[i]`` of the sentence and has ``classes[i]``."""

    sentence: Sentence
    words: list[str]
    at: list[int]
    classes: list[frozenset[str]]
    present: frozenset[str]
    hits: Mapping[str, list[Hit]] = field(default_factory=dict)

    @property
    def question(self) -> bool:
        return self.words[-1:] == ["?"] and self.words[:3] != ["did", "you", "know"]

    def has(self, name: str) -> bool:
        """Whether a word of a class, or a pattern of a group, is in the sentence."""
        return name in self.present or name in self.hits

    def places(self, name: str) -> list[int]:
        """Where words of a class stand."""
        if name not in self.present:
            return []
        return [i for i, classes in enumerate(self.classes) if name in classes]

    def fresh(self, hit: Hit) -> bool:
        """Whether a hit has a word that is not approved wording."""
        approved = self.sentence.approved
        return not approved or not all(approved[self.at[i]] for i in range(hit.start, hit.end))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given of words ``start`` up to ``end``."""
        first, last = self.at[start], self.at[max(start, end - 1)]
        return self.sentence.starts[first], self.sentence.ends[last]

    def quote(self, start: int, end: int) -> str:
        """What stands in the text from word ``start`` up to ``end``."""
        first, last = self.span(start, end)
        base = self.sentence.start
        return " ".join(self.sentence.text[first - base : last - base].split())


class WordClasses:
    """Which classes a word belongs to; the same for every product."""

    def __init__(self, classes: Iterable[tuple[str, Sequence[str]]]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._prefix: dict[str, set[str]] = {}
        self._suffix: dict[str, set[str]] = {}
        for name, words in classes:
            for word in words:
                book, key = self._exact, word
                if word.endswith("*"):
                    book, key = self._prefix, word[:-1]
                elif word.startswith("*"):
                    book, key = self._suffix, word[1:]
                book.setdefault(key, set()).add(name)
        self._prefixes = sorted({len(key) for key in self._prefix})
        self._suffixes = sorted({len(key) for key in self._suffix})
        self._seen: dict[str, frozenset[str]] = {}

    def knows(self, word: str) -> bool:
        """Whether a word is listed as it stands."""
        return word in self._exact

    def of(self, word: str) -> frozenset[str]:
        """The classes of a word by itself."""
        known = self._seen.get(word)
        if known is not None:
            return known
        found: set[str] = set(self._exact.get(word, ()))
        for length in self._prefixes:
            if len(word) >= length:
                found.update(self._prefix.get(word[:length], ()))
        for length in self._suffixes:
            if len(word) > length + 1:
                found.update(self._suffix.get(word[-length:], ()))
        found -= self._exact.get(f"not-{word}", set())
        if len(self._seen) >= KEPT:
            self._seen.clear()
        answer = self._seen[word] = frozenset(found)
        return answer


@lru_cache(maxsize=4)
def _word_classes(classes: tuple[tuple[str, tuple[str, ...]], ...]) -> WordClasses:
    return WordClasses(classes)


class LineReader:
    """Reads sentences into lines; knows the word classes and the product's names."""

    def __init__(
        self,
        classes: Mapping[str, Sequence[str]],
        patterns: PatternSet,
        names: Sequence[tuple[str, ...]] = (),
    ) -> None:
        listed = tuple((name, tuple(words)) for name, words in classes.items())
        self._classes = _word_classes(listed)
        self.classes_of = self._classes.of
        self._patterns = patterns
        self._names: dict[str, list[tuple[str, ...]]] = {}
        for sequence in names:
            self._names.setdefault(sequence[0], []).append(sequence)

    def read(self, sentence: Sentence) -> Line:
        """Read one sentence."""
        words, at, classes = self._words(sentence)
        self._mark_names(words, classes)
        present: frozenset[str] = frozenset().union(*classes) if classes else _NOTHING
        line = Line(sentence, words, at, classes, present)
        hits: dict[str, list[Hit]] = {}
        for hit in self._patterns.find(words, classes):
            hits.setdefault(hit.group, []).append(hit)
        line.hits = hits
        return line

    def _words(self, sentence: Sentence) -> tuple[list[str], list[int], list[frozenset[str]]]:
        words: list[str] = []
        at: list[int] = []
        classes: list[frozenset[str]] = []
        kinds = sentence.kinds
        for index, given in enumerate(sentence.words):
            kind = kinds[index] if index < len(kinds) else "w"
            word = _SIGNS.get(given, "") if kind == "s" else self._base(given)
            if not word:
                continue
            own = self.classes_of(word)
            if kind == "n":
                own |= {"num"}
            elif words and _is_no_account(word, words[-1]):
                own -= {"organisation"}
            elif kind == "u":
                own = (own - {"organisation"}) | {"unit"}
            elif kind == "p":
                own |= {"slot"}
            if word == "%" and classes and "num" in classes[-1]:
                classes[-1] |= {"pct"}
            words.append(word)
            at.append(index)
            classes.append(own)
        return words, at, classes

    def _base(self, word: str) -> str:
        """A word without the sign of possession, unless the classes know it with it."""
        return word[:-2] if word.endswith("'s") and not self._classes.knows(word) else word

    def _mark_names(self, words: list[str], classes: list[frozenset[str]]) -> None:
        for index, word in enumerate(words):
            for sequence in self._names.get(word, ()):
                end = index + len(sequence)
                if tuple(words[index:end]) == sequence:
                    for place in range(index, end):
                        classes[place] = (classes[place] - {"drug"}) | {"product"}


def _is_no_account(word: str, before: str) -> bool:
    """Whether a word of an account's work means something else after this one."""
    return before in _NOT_OF_ACCOUNTS.get(word, _NOTHING) or (
        word in _ARMS and before not in _OF_ACCOUNTS
    )
