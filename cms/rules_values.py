"""View-models of the page that lists the rules; made once, for they do not change while running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from claims_library.findings import Severity
from claims_library.rules.catalogue import all_packs, measured
from claims_library.rules.loading import read_pack
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
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RulesPage:
    """The page: packs with their rules."""

    packs: tuple[PackRows, ...]
    count: int


@lru_cache(maxsize=2)
def rules_page(own: tuple[str, ...] = ()) -> RulesPage:
    """All packs with their rules, then the company's own, given by their texts."""
    custom = tuple(read_pack(text, filename="rule pack") for text in own)
    packs = tuple(_pack(pack, custom) for pack in all_packs(custom=custom))
    return RulesPage(packs, sum(len(pack.rows) for pack in packs))


def _pack(pack: Pack, custom: tuple[Pack, ...]) -> PackRows:
    rows = tuple(_row(rule, custom) for rule in pack.rules)
    changes = tuple(_change(id, change) for id, change in sorted(pack.change.items()))
    return PackRows(pack.name, pack.title, pack.version, rows, changes)


def _change(rule: str, change: Mapping[str, object]) -> str:
    """What a pack makes of a rule of another pack, in words."""
    if change.get("remove"):
        return f"{rule} is left out"
    told = []
    if "severity" in change:
        told.append(_WORDS[Severity(str(change["severity"]))].lower())
    for name, words in (("add", "finds also"), ("without", "no longer finds")):
        if patterns := change.get(name):
            told.append(f"{words} {', '.join(f'“{each}”' for each in _texts(patterns))}")
    if limits := change.get("limits"):
        told.append(f"has other thresholds: {limits}".replace("{", "").replace("}", ""))
    return f"{rule} {'; '.join(told)}"


def _texts(patterns: object) -> list[str]:
    return [str(each) for each in patterns] if isinstance(patterns, (list, tuple)) else []


def _row(rule: Rule, custom: tuple[Pack, ...]) -> RuleRow:
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
        hits=_hits(rule, custom),
    )


def _hits(rule: Rule, custom: tuple[Pack, ...]) -> str:
    """How the rule fares on its own examples in this version of the pack."""
    if not rule.violates and not rule.clean:
        return "tested with every approved claim"
    of = measured(rule, custom)
    return f"finds {of.found} of {of.violating}, leaves {of.spared} of {of.clean} alone"


def _example(example: Example) -> str:
    return " ".join(example.text.split())
