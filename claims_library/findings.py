"""What a check says: verdicts, findings with their difference and fix, matches, sentences.

Plain frozen data, the same for pages, jobs, the command line and the offline pack. Offsets are
code points of the text as given; ``end`` is exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What one claim-bearing sentence is; the first three and ``none`` pass."""

    VERBATIM = "verbatim"
    VARIATION = "variation"
    NUMBER_CHANGED = "number-changed"
    QUALIFIER_DROPPED = "qualifier-dropped"
    STRENGTHENED = "strengthened"
    POLARITY_FLIPPED = "polarity-flipped"
    REWORDED = "reworded"
    UNSUPPORTED = "unsupported"
    OFF_LABEL = "off-label"
    NONE = "none"

    @property
    def passes(self) -> bool:
        return self in {Verdict.VERBATIM, Verdict.VARIATION, Verdict.NONE}


class Severity(StrEnum):
    """Block: cannot be approved. Warn: a named reviewer closes it with a reason. Record: kept."""

    BLOCK = "block"
    WARN = "warn"
    RECORD = "record"


# the rule of each verdict that does not pass; the most severe comes first
VERDICT_RULES: dict[Verdict, str] = {
    Verdict.OFF_LABEL: "C102",
    Verdict.POLARITY_FLIPPED: "C103",
    Verdict.NUMBER_CHANGED: "C104",
    Verdict.STRENGTHENED: "C105",
    Verdict.QUALIFIER_DROPPED: "C106",
    Verdict.REWORDED: "C107",
    Verdict.UNSUPPORTED: "C101",
}
VERDICT_REGULATIONS: dict[Verdict, tuple[str, ...]] = {
    Verdict.OFF_LABEL: ("R-106",),
    Verdict.POLARITY_FLIPPED: ("R-908", "R-107"),
    Verdict.NUMBER_CHANGED: ("R-907", "R-118"),
    Verdict.STRENGTHENED: ("R-110", "R-906"),
    Verdict.QUALIFIER_DROPPED: ("R-908", "R-109"),
    Verdict.REWORDED: ("R-906",),
    Verdict.UNSUPPORTED: ("R-110", "R-118"),
}
_RANK = {verdict: rank for rank, verdict in enumerate(VERDICT_RULES)}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text as given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a word-by-word difference.

    ``kind`` is ``same``, ``added`` (only in the text), ``dropped`` (only in the approved wording)
    or ``changed``; ``verdict`` says what a change amounts to.
    """

    kind: str
    approved: str
    found: str
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the support of a claim is."""

    reference: str
    locator: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reviewer has to look at.

    ``rule`` is its number in a rule pack, ``name`` the word people filter by; for a verdict it is
    the verdict. ``fix`` is wording to put in place of ``start``–``end``, or None.
    """

    rule: str
    name: str
    severity: Severity
    start: int
    end: int
    text: str
    message: str
    verdict: Verdict | None = None
    claim: str | None = None
    variation: int = 0
    fix: str | None = None
    difference: tuple[Change, ...] = ()
    evidence: Evidence | None = None
    regulation: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """Sort key: by place, at one place the most severe verdict first."""
        rank = _RANK[self.verdict] if self.verdict in _RANK else len(_RANK)
        return (self.start, rank, -self.end, self.rule, self.claim or "")


def verdict_finding(
    verdict: Verdict,
    *,
    start: int,
    end: int,
    text: str,
    message: str,
    evidence: Evidence | None = None,
) -> Finding:
    """The finding of a verdict that does not pass: its rule and regulation, and it blocks."""
    return Finding(
        rule=VERDICT_RULES[verdict],
        name=verdict.value,
        severity=Severity.BLOCK,
        start=start,
        end=end,
        text=text,
        message=message,
        verdict=verdict,
        evidence=evidence,
        regulation=VERDICT_REGULATIONS[verdict],
    )


@dataclass(frozen=True, slots=True)
class Match:
    """Approved wording found: ``variation`` 0 is the claim's text, n its n-th variation.

    ``kind`` is verbatim or variation. ``claim`` is the code of the claim, or of the approved
    passage (a module such as the ISI) when ``passage`` is true.
    """

    claim: str
    kind: Verdict
    start: int
    end: int
    variation: int = 0
    passage: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """The approved wording a sentence is near to, and which of its words the wording lacks."""

    claim: str
    variation: int
    likeness: float
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the text as the detectors read it.

    ``words`` are normalised (lower case, without layout, emphasis and citation marks; signs are
    words too), word ``i`` stands at ``starts[i]``–``ends[i]`` of the text as given. ``approved``
    says, word by word, what is approved wording: a detector looks for claims in the rest, and
    reads the whole for context.
    """

    text: str
    start: int
    end: int
    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    kinds: str = ""
    approved: Sequence[bool] = ()
    heading: bool = False
    item: bool = False
    cell: bool = False
    near: Near | None = None

    @property
    def plain(self) -> str:
        """The normalised words with single blanks between them."""
        return " ".join(self.words)

    @property
    def cleared(self) -> bool:
        """Whether all of it is approved wording."""
        return bool(self.approved) and all(self.approved)


@dataclass(frozen=True, slots=True)
class Piece:
    """The text as a whole, for rules that no single sentence decides."""

    text: str
    sentences: Sequence[Sentence]
    matches: Sequence[Match]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one text."""

    findings: tuple[Finding, ...] = ()
    matches: tuple[Match, ...] = ()
    sentences: tuple[Sentence, ...] = field(default=(), repr=False)

    @property
    def blocking(self) -> int:
        return sum(finding.severity is Severity.BLOCK for finding in self.findings)


def verdict_of(result: Result) -> Verdict:
    """The verdict on a text that is one statement: its gravest finding, its match, or none."""
    named = {finding.verdict for finding in result.findings}
    for verdict in VERDICT_RULES:
        if verdict in named:
            return verdict
    kinds = {match.kind for match in result.matches}
    for kind in (Verdict.VERBATIM, Verdict.VARIATION):
        if kind in kinds:
            return kind
    return Verdict.NONE
