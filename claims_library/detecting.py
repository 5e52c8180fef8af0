"""The judges of text that is no approved wording, put together for one library.

Pure and without state between texts: the rules come from ``claims_library.rules``, the label's
indications are parsed once. R-106 to R-147, R-205, R-909.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain

from claims_library.compiling import Library
from claims_library.detectors.apart import Apart, large_figures, rows
from claims_library.detectors.off_label import OffLabel
from claims_library.detectors.patterns import pattern_set
from claims_library.detectors.reading import Line, LineReader
from claims_library.detectors.sentences import plain_sentences
from claims_library.detectors.slogans import slogans
from claims_library.detectors.unsupported import Reason, Unsupported
from claims_library.detectors.uses import UseReader
from claims_library.detectors.weighing import learned
from claims_library.detectors.wording import Rules, finding_of, groups_of
from claims_library.findings import Finding, Piece, Sentence
from claims_library.indications import parse
from claims_library.piece import Pieces, is_piece
from claims_library.rules.loading import BUILT_IN, built_in, packs_for, read_pack, rulebook
from claims_library.rules.model import Pack, Rule, Rulebook
from claims_library.tokens import tokenise


class Judges:
    """Judges sentences and pieces for one library (the ``Detectors`` of ``compiling``)."""

    def __init__(self, library: Library, book: Rulebook) -> None:
        self.book = book
        self._reader = LineReader(book.classes, pattern_set(_groups(book)), names_of(library))
        self._unsupported = Unsupported(book.sentences, learned())
        reader = UseReader(book.status, book.types, book.members)
        self.indications = parse(library.label, reader, self._lines, _printed(library))
        self._kinds: dict[tuple[str, tuple[bool, ...]], str] = {}
        self._partial = library.partial
        self._rules = Rules(book, library, self.indications)
        self._pieces = Pieces(self._rules.applied, library)
        self._off_label = OffLabel(self.indications, reader, library.product.brand)

    def line(self, sentence: Sentence) -> Line:
        """One sentence as the judges read it."""
        return self._reader.read(sentence)

    def _lines(self, text: str) -> list[Line]:
        return [self.line(sentence) for sentence in plain_sentences(text)]

    def sentence(self, sentence: Sentence) -> Iterable[Finding]:
        """What is to say about one sentence."""
        found: list[Finding] = []
        if sentence.cleared:
            return found
        line = self.line(sentence)
        finding = self._off_label.finding(line)
        reason = self._unsupported.reason(line)
        self._remember(sentence, reason.kind if reason else "")
        if finding is None and sentence.near is None:
            finding = self._unsupported.finding(line, reason) if reason else self._unknown(line)
        if finding is not None:
            found.append(finding)
        if "whole" not in line.hits:
            found += self._rules.findings(line)
        return found

    def apart(self, piece: Piece, found: Sequence[Finding]) -> Iterable[Finding]:
        """What is to say about parts that claim something side by side, and about none yet."""
        yield from self._slogans(piece, found)
        parts = chain(rows(piece.text, piece.sentences), large_figures(piece.text, piece.sentences))
        said = sorted((finding.start, finding.end) for finding in found)
        reach = list(accumulate((end for _, end in said), max))
        for part in parts:
            at = bisect_left(said, (part.end,))
            if at and reach[at - 1] > part.start:
                continue
            line = self.line(part.sentence)
            reason = self._unsupported.ruled(line)
            if reason is not None and (reason.kind != "statement" or self._under_arm(part)):
                yield self._unsupported.of_parts(part, reason)

    def _slogans(self, piece: Piece, found: Sequence[Finding]) -> Iterable[Finding]:
        """Fragments in a row that promise by degree, one finding for each row."""
        starts = {finding.start for finding in found}
        for row in slogans(piece.text, piece.sentences):
            if starts.isdisjoint(sentence.start for sentence in row):
                words = piece.text[row[0].start : row[-1].end]
                reason = Reason("promise", " ".join(words.split())[:80], 0, 1)
                yield self._unsupported.finding(self.line(row[0]), reason)

    def _under_arm(self, part: Apart) -> bool:
        """Whether a figure stands in the column of the product or of what it is compared with."""
        lines = [self.line(head) for head in part.heads]
        return any(line.has(name) for line in lines for name in ("product", "drug", "treatment"))

    def _unknown(self, line: Line) -> Finding | None:
        """A statement that may be altered wording, where the wordings are not there to compare."""
        rules = self.book.named("partial") if self._partial else ()
        if not rules or line.sentence.heading or len(line.words) < rules[0].limit("words", 5):
            return None
        speaks = any(line.has(name) for name in _SPEAKING)
        if not speaks and any(name in line.hits for name in self.book.neutral):
            return None
        return finding_of(rules[0], line, 0, len(line.words))

    def piece(self, piece: Piece) -> Iterable[Finding]:
        """What is to say about the text as a whole."""
        if not is_piece(piece):
            return []
        said = [self._kind(sentence) for sentence in piece.sentences]
        return self._pieces.findings(piece, said)

    def _kind(self, sentence: Sentence) -> str:
        """The kind of claim that a sentence makes without approval."""
        if sentence.cleared:
            return ""
        key = (sentence.text, tuple(sentence.approved))
        kind = self._kinds.get(key)
        if kind is None:
            reason = self._unsupported.reason(self.line(sentence))
            kind = self._remember(sentence, reason.kind if reason else "")
        return kind

    def _remember(self, sentence: Sentence, kind: str) -> str:
        """Keep what a sentence claims, for the rules on the whole piece."""
        if len(self._kinds) >= _KEPT:
            self._kinds.clear()
        self._kinds[sentence.text, tuple(sentence.approved)] = kind
        return kind


def build(library: Library, *, custom: Sequence[Pack] = ()) -> Judges:
    """The judges for ``library``: its packs, else the core and the pack of its market.

    An entry of ``library.packs`` is the name of a built-in pack or the YAML text of a customer's.

    Args:
        library: the compiled claims and label.
        custom: rule packs of the customer, applied after the built-in ones.

    Raises:
        BadPack: the library names a rule pack that there is not, or one cannot be read.
    """
    named, own = _packs(library)
    return Judges(library, rulebook(named, (*own, *custom)))


def prepare() -> None:
    """Read what every library has in common: the built-in rules, their patterns, the weights."""
    learned()
    for market in BUILT_IN:
        pattern_set(_groups(rulebook(packs_for(market))))


def _packs(library: Library) -> tuple[tuple[str, ...], tuple[Pack, ...]]:
    """The names of the built-in packs that hold for a library, and the customer's own."""
    named = tuple(pack for pack in library.packs if "\n" not in pack)
    own = (read_pack(text, filename="rule pack") for text in library.packs if "\n" in text)
    return named or packs_for(library.scope.market), tuple(own)


def applied_packs(library: Library) -> tuple[str, ...]:
    """The rule packs and weights that a check with ``library`` applies, each with its version."""
    named, own = _packs(library)
    packs = (*map(built_in, named), *own)
    return (*(pack.label for pack in packs), f"weights {learned().version}")


def applied_rules(library: Library) -> Mapping[str, Rule]:
    """The rules of those packs, by id."""
    named, own = _packs(library)
    return rulebook(named, own).rules


def names_of(library: Library) -> list[tuple[str, ...]]:
    """The product's names as sequences of words: brand, established name, its first word."""
    found: list[tuple[str, ...]] = []
    for name in (library.product.brand, library.product.generic):
        words = tuple(word for word in tokenise(name).words if word[0].isalnum())
        if words:
            found.append(words)
            if len(words) > 1 and len(words[0]) > 5 and words[0] not in _NOT_ALONE:
                found.append(words[:1])
    return found


def _printed(library: Library) -> tuple[str, ...]:
    return (library.product.brand, library.product.generic)


_KEPT = 512
_SPEAKING = ("num", "product", "drug", "disease", "treatment", "outcome", "safety", "effect")
_NOT_ALONE = frozenset(["sodium", "calcium", "insulin", "human", "vaccine", "injection"])


def _groups(book: Rulebook) -> dict[str, Sequence[str]]:
    groups: dict[str, Sequence[str]] = {
        f"claim:{kind}:{strength}": patterns
        for kind, words in book.claims.items()
        for strength, patterns in words.items()
    }
    groups |= book.neutral
    groups |= groups_of(book)
    groups |= {f"use:{name}": patterns for name, patterns in book.uses.items()}
    return groups
