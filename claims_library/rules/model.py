"""What a rule, its examples and a pack of rules are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from claims_library.findings import Severity


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must find, or must leave alone.

    ``whole`` texts are checked as a piece; ``facts`` are flags of the product the example needs
    (``boxed_warning``, ``investigational``, ``accelerated_approval``, ``additional_monitoring``).
    """

    text: str
    market: str = ""
    channel: str = ""
    audience: str = ""
    whole: bool = False
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack.

    ``judge`` is the code that applies it: ``words`` (its patterns decide), or the name of a judge
    in ``claims_library``. ``words`` are patterns by role: ``find`` speaks for a finding,
    ``unless`` against it.
    """

    id: str
    name: str
    pack: str
    sentence: str
    source: str
    severity: Severity
    judge: str
    message: str = ""
    regulation: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    violates: tuple[Example, ...] = ()
    clean: tuple[Example, ...] = ()

    def limit(self, name: str, otherwise: float) -> float:
        """A threshold of the rule."""
        return self.limits.get(name, otherwise)


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one market or customer, under a version."""

    name: str
    version: str
    title: str
    rules: tuple[Rule, ...]
    change: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The pack with its version, as findings and results are filed under it."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules that hold for one check, by id, and the words the judges read."""

    packs: tuple[str, ...]
    rules: Mapping[str, Rule]
    classes: Mapping[str, tuple[str, ...]]
    claims: Mapping[str, Mapping[str, tuple[str, ...]]]
    sentences: Mapping[str, str]
    neutral: Mapping[str, tuple[str, ...]]
    uses: Mapping[str, tuple[str, ...]]
    status: Mapping[str, frozenset[str]]
    types: frozenset[str]
    members: Mapping[str, frozenset[str]]

    def named(self, judge: str) -> tuple[Rule, ...]:
        """The rules that a judge applies, in the order of their ids."""
        return tuple(rule for rule in self.rules.values() if rule.judge == judge)
