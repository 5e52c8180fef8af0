"""Every rule of the packs, and how its own examples fare: for the page that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims_library.rules import examples
from claims_library.rules.loading import BUILT_IN, built_in
from claims_library.rules.model import Example, Pack, Rule


@dataclass(frozen=True, slots=True)
class Measured:
    """How many violating examples a rule finds and how many clean ones it leaves alone."""

    found: int
    violating: int
    spared: int
    clean: int

    @property
    def holds(self) -> bool:
        """Whether every example does what it says."""
        return self.found == self.violating and self.spared == self.clean


def all_packs(packs: Sequence[str] = BUILT_IN, custom: Sequence[Pack] = ()) -> tuple[Pack, ...]:
    """The packs by name, then the customer's own.

    Raises:
        BadPack: a name is unknown.
    """
    return (*(built_in(name) for name in packs), *custom)


def all_rules(packs: Sequence[str] = BUILT_IN, custom: Sequence[Pack] = ()) -> tuple[Rule, ...]:
    """Every rule of the packs, by id.

    Raises:
        BadPack: a name is unknown.
    """
    rules = (rule for pack in all_packs(packs, custom) for rule in pack.rules)
    return tuple(sorted(rules, key=lambda rule: rule.id))


@lru_cache(maxsize=512)
def _measure(name: str, rule_id: str) -> Measured:
    return _measured(next(rule for rule in built_in(name).rules if rule.id == rule_id))


def measured(rule: Rule, custom: tuple[Pack, ...] = ()) -> Measured:
    """How a rule fares on its own examples; a built-in one is checked once in a process."""
    if rule.pack in BUILT_IN:
        return _measure(rule.pack, rule.id)
    return _measured(rule, custom)


def _measured(rule: Rule, custom: tuple[Pack, ...] = ()) -> Measured:
    found = sum(_finds(rule, example, custom) for example in rule.violates)
    spared = sum(not _finds(rule, example, custom) for example in rule.clean)
    return Measured(found, len(rule.violates), spared, len(rule.clean))


def _finds(rule: Rule, example: Example, custom: tuple[Pack, ...]) -> bool:
    return any(finding.rule == rule.id for finding in examples.findings(example, custom))
