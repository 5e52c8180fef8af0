"""View-models of the page that lists the rules; made once, for they do not change while running."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from claims_library.findings import Severity
from claims_library.rules.catalogue import all_packs, measured
from claims_library.rules.model import Example, Pack, Rule

_STATES = {Severity.BLOCK: "stp", Severity.WARN: "rsk", Severity.RECORD: "dft"}
_WORDS = {Severity.BLOCK: "Blocks", Severity.WARN: "Warns", Severity.RECORD: "Records"}


@dataclass(frozen=True)
class RuleRow:
    """One rule in the list."""

    id: str
    name: str
    sentence: str
    source: str
    regulation: str
    state: str
    severity: str
    patterns: int
    violates: tuple[str, ...]
    clean: tuple[str, ...]
    hits: str


@dataclass(frozen=True)
class PackRows:
    """The rules of one pack."""

    name: str
    title: str
    version: str
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True)
class RulesPage:
    """The page: packs with their rules."""

    packs: tuple[PackRows, ...]
    count: int


@lru_cache(maxsize=1)
def rules_page() -> RulesPage:
    """All packs with their rules."""
    packs = tuple(_pack(pack) for pack in all_packs())
    return RulesPage(packs, sum(len(pack.rows) for pack in packs))


def _pack(pack: Pack) -> PackRows:
    return PackRows(pack.name, pack.title, pack.version, tuple(_row(rule) for rule in pack.rules))


def _row(rule: Rule) -> RuleRow:
    return RuleRow(
        id=rule.id,
        name=rule.name,
        sentence=rule.sentence,
        source=rule.source,
        regulation=", ".join(rule.regulation),
        state=_STATES[rule.severity],
        severity=_WORDS[rule.severity],
        patterns=sum(len(patterns) for patterns in rule.words.values()),
        violates=tuple(_example(example) for example in rule.violates),
        clean=tuple(_example(example) for example in rule.clean),
        hits=_hits(rule),
    )


def _hits(rule: Rule) -> str:
    """How the rule fares on its own examples in this version of the pack."""
    if not rule.violates and not rule.clean:
        return "tested with every approved claim"
    of = measured(rule)
    return f"finds {of.found} of {of.violating}, leaves {of.spared} of {of.clean} alone"


def _example(example: Example) -> str:
    return " ".join(example.text.split())
