"""A compiled library: approved wordings with their index, the label, and what detectors need.

Pure: claims, label and rule packs in, a :class:`Library` out, that checks read and nobody changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from claims_library.findings import Finding, Piece, Sentence
from claims_library.label_document import LabelDocument


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


@dataclass(frozen=True, slots=True)
class Passage:
    """Approved text that is no claim (ISI, footnotes, glue text): recognised, never a near match."""

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

    def piece(self, piece: Piece) -> Iterable[Finding]:
        """Findings on the text as a whole."""
        ...


@dataclass(slots=True)
class Library:
    """Everything a check needs; made by :func:`compile_library`."""

    product: ProductFacts
    claims: Mapping[str, ClaimText]
    label: LabelDocument | None = None
    passages: tuple[Passage, ...] = ()
    scope: Scope = Scope()
    packs: tuple[str, ...] = ()
    detectors: Detectors | None = field(default=None, repr=False)


def compile_library(
    product: ProductFacts,
    claims: Sequence[ClaimText],
    *,
    label: LabelDocument | None = None,
    passages: Sequence[Passage] = (),
    scope: Scope = Scope(),
    packs: Sequence[str] = (),
) -> Library:
    """Compile the approved claims of one product."""
    return Library(
        product,
        {claim.code: claim for claim in claims},
        label=label,
        passages=tuple(passages),
        scope=scope,
        packs=tuple(packs),
    )
