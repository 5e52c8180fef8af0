"""A compiled library: approved wordings with their index, the label, and what detectors need.

Pure: claims, label and rule packs in, a :class:`Library` out, that checks read and nobody changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol, TypeVar

from claims_library import indexing
from claims_library.findings import Finding, Piece, Sentence
from claims_library.indexing import Shelf, Wording
from claims_library.label_document import LabelDocument
from claims_library.paraphrases import telling
from claims_library.sides import Side, side
from claims_library.stems import STOP, stem
from claims_library.tokens import Tokens, tokenise

V = TypeVar("V", bound=Hashable)
VIEWS_KEPT = 512
DELTA_MOST = 300


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What rules ask about the product."""

    brand: str
    generic: str
    boxed_warning: bool = False
    accelerated_approval: bool = False
    investigational: bool = False
    additional_monitoring: bool = False


@dataclass(frozen=True, slots=True)
class ClaimText:
    """One approved claim, as far as a check needs it."""

    code: str
    text: str
    variations: tuple[str, ...] = ()
    type: str = ""
    pillar: str = ""
    indication: str = ""
    population: str = ""
    qualifiers: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    reference: str = ""
    locator: str = ""
    excerpt: str = ""

    def wording(self, variation: int) -> str:
        """The approved wording: 0 is the claim's text, n its n-th variation."""
        return self.text if variation == 0 else self.variations[variation - 1]


@lru_cache(maxsize=8192)
def shared(value: V) -> V:
    """The same object for equal words: what claims are for, and rest on, is said of many."""
    return value


@dataclass(frozen=True, slots=True)
class Passage:
    """Approved text that is no claim (ISI, footnotes, glue text): recognised, never near."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What the text is for; empty strings leave that side open."""

    market: str = ""
    audience: str = ""
    channel: str = ""


class Detectors(Protocol):
    """What judges text that is not in the library; built once for each library."""

    def sentence(self, sentence: Sentence) -> Iterable[Finding]:
        """Findings on one sentence (off-label, unsupported, rules of the packs)."""
        ...

    def apart(self, piece: Piece, found: Sequence[Finding]) -> Iterable[Finding]:
        """Findings on rows of tables and large figures, where ``found`` says nothing yet."""
        ...

    def piece(self, piece: Piece) -> Iterable[Finding]:
        """Findings on the text as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """An approved wording made ready to be compared."""

    wording: Wording
    tokens: Tokens
    side: Side
    limits: tuple[bool, ...]
    qualifiers: tuple[tuple[tuple[str, float], ...], ...]


@dataclass(slots=True)
class Library:
    """Everything a check needs; made by :func:`compile_library`.

    ``shelves`` are the wordings with their index: the large one first, then what was added since.
    ``dead`` are the codes withdrawn or changed since, of which the first shelf is not believed.
    ``partial`` says that there are more approved wordings than it holds (``hashed``).
    """

    product: ProductFacts
    claims: Mapping[str, ClaimText]
    label: LabelDocument | None = None
    passages: tuple[Passage, ...] = ()
    scope: Scope = Scope()
    packs: tuple[str, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    dead: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    partial: bool = False
    shelved: Mapping[str, ClaimText] = field(default_factory=dict, repr=False)
    detectors: Detectors | None = field(default=None, repr=False)
    _views: dict[tuple[int, int], View] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> Mapping[str, int]:
        """Words of the library, to put broken words together again."""
        return self.shelves[0].keys

    def knows(self, word: str) -> bool:
        """Whether any approved wording uses a word of this stem."""
        return any(stem(word) in shelf.stems for shelf in self.shelves)

    def weight(self, stem: str | None) -> float:
        """How much a word says about which claim a text is near to; None is a weak word."""
        if stem is None:
            return indexing.WEAK_WEIGHT
        for shelf in self.shelves:
            at = shelf.stems.get(stem)
            if at is not None:
                return shelf.weights[at]
        oov = self.shelves[0].oov
        return oov * indexing.NUMBER_WEIGHT if stem[0] == "#" else oov

    def view(self, at_shelf: int, w: int) -> View:
        """The wording ``w`` of a shelf, read once."""
        view = self._views.get((at_shelf, w))
        if view is None:
            if len(self._views) >= VIEWS_KEPT:
                self._views.clear()
            view = self._views[at_shelf, w] = self._read(self.shelves[at_shelf].wordings[w])
        return view

    def _read(self, wording: Wording) -> View:
        tokens = tokenise(wording.text)
        count = len(indexing.content(tokens))
        claim = self.claims.get(wording.claim)
        phrases = () if claim is None else (*claim.qualifiers, claim.population)
        keyed = [tokenise(phrase) for phrase in phrases if phrase]
        return View(
            wording,
            tokens,
            side(tokens, 0, count),
            _marked(tokens.keys[:count], [tuple(phrase.keys) for phrase in keyed]),
            tuple(self._telling(phrase.words) for phrase in keyed),
        )

    def figures(self, code: str) -> frozenset[str]:
        """The quantities of all wordings of a claim."""
        claim = self.claims.get(code)
        found: set[str] = set()
        for text in () if claim is None else (claim.text, *claim.variations):
            tokens = tokenise(text)
            found.update(side(tokens, 0, len(tokens)).numbers)
        return frozenset(found)

    def _telling(self, words: Iterable[str]) -> tuple[tuple[str, float], ...]:
        """The words of a qualifier with their weights; a hedge weighs as much as a rare word."""
        return tuple(
            (word, 2.0 if word in STOP else self.weight(stem(word))) for word in telling(words)
        )


def _marked(keys: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> tuple[bool, ...]:
    """Which keys of a wording belong to one of its qualifiers."""
    marked = [False] * len(keys)
    for phrase in phrases:
        for i in range(len(keys) - len(phrase) + 1):
            if tuple(keys[i : i + len(phrase)]) == phrase:
                marked[i : i + len(phrase)] = [True] * len(phrase)
    return tuple(marked)


def compile_library(
    product: ProductFacts,
    claims: Sequence[ClaimText],
    *,
    label: LabelDocument | None = None,
    passages: Sequence[Passage] = (),
    scope: Scope = Scope(),
    packs: Sequence[str] = (),
) -> Library:
    """Compile the approved claims of one product; the order of ``claims`` decides ties."""
    return assembled(
        product,
        claims,
        indexing.build(wordings_of(claims, passages)),
        label=label,
        passages=passages,
        scope=scope,
        packs=packs,
    )


def assembled(
    product: ProductFacts,
    claims: Sequence[ClaimText],
    shelf: Shelf,
    *,
    label: LabelDocument | None,
    passages: Sequence[Passage],
    scope: Scope,
    packs: Sequence[str],
) -> Library:
    """A library from claims whose shelf is built already."""
    listed = {claim.code: claim for claim in claims}
    return Library(
        product,
        listed,
        label=label,
        passages=tuple(passages),
        scope=scope,
        packs=tuple(packs),
        shelves=(shelf,),
        names=frozenset(tokenise(f"{product.brand} {product.generic}").words),
        shelved=listed,
    )


def updated_library(library: Library, claims: Sequence[ClaimText]) -> Library:
    """The same library with other claims: what changed goes on a small second shelf.

    The large shelf stays as it is, without the codes that changed or went. When too much has
    changed the whole is compiled anew; the answers are the same either way.
    """
    now = {claim.code: claim for claim in claims}
    if now == library.claims:
        return library
    base = library.shelved
    dead = frozenset(
        # most are the same object: comparing their fields would take most of the time
        [
            code
            for code, claim in base.items()
            if (other := now.get(code)) is not claim and other != claim
        ]
    )
    fresh = [claim for claim in claims if claim.code in dead or claim.code not in base]
    if len(fresh) > DELTA_MOST:
        return compile_library(
            library.product,
            claims,
            label=library.label,
            passages=library.passages,
            scope=library.scope,
            packs=library.packs,
        )
    shelves = (library.shelves[0], indexing.build(wordings_of(fresh), base=library.shelves[0]))
    return replace(
        library,
        claims=now,
        shelves=shelves if fresh else shelves[:1],
        dead=dead,
        detectors=None,
        _views={},
    )


def wordings_of(claims: Iterable[ClaimText], passages: Iterable[Passage] = ()) -> list[Wording]:
    """Every approved wording, and every paragraph of the approved passages."""
    wordings = [
        Wording(claim.code, number, text)
        for claim in claims
        for number, text in enumerate((claim.text, *claim.variations))
        if text
    ]
    wordings += [
        Wording(passage.code, 0, sentence, passage=True)
        for passage in passages
        for sentence in _sentences(passage.text)
    ]
    return wordings


def _sentences(text: str) -> list[str]:
    from claims_library.segmenting import sentences

    tokens = tokenise(text)
    found = [
        tokens.text(run.start, run.end)
        for run in sentences(tokens)
        if _says_enough(tokens.kinds[run.start : run.end])
    ]
    return list(dict.fromkeys(found))


def _says_enough(kinds: str) -> bool:
    """At least three words and no place holder: ``None.`` by itself is no approved statement."""
    return "p" not in kinds and len(kinds) - kinds.count("s") >= 3
