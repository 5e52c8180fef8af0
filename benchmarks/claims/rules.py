"""How each rule of the packs fares: on its own examples, on real objections, on clean text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.claims import accuracy
from benchmarks.claims.accuracy import PASSING
from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, Scope, compile_library
from claims_library.findings import Result
from claims_library.labels import read_label
from claims_library.rules.catalogue import all_rules, measured
from claims_library.rules.model import Rule

_PRODUCT = re.compile(r"([^(]+?)(?: \((.*)\))?$")
_MARKETS = ("us", "uk", "eu")


@dataclass
class Tally:
    """Texts, and in how many of them each rule found something."""

    texts: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    any_rule: int = 0

    def add(self, *results: Result) -> None:
        """Count one text, checked once or for several markets."""
        rules = {finding.rule for result in results for finding in result.findings}
        self.texts += 1
        self.any_rule += bool(rules)
        self.by_rule.update(rules)


def table(shared: Path) -> list[str]:
    """The section of the page: a row for every rule."""
    wrong, objected, clean = _labelled(shared), _objections(shared), _clean(shared)
    lines = [
        "## Rule by rule",
        "",
        "*Own examples*: those of the rule pack, found / left alone. *Labelled*: texts with the",
        "verdict of the rule's name in which it finds something. *Objections*: statements quoted",
        f"in letters of authorities ({objected.texts}) in which it does. *False alarms*: clean",
        f"texts ({clean.texts}: labelled ones and approved modules, checked for each market) in",
        "which it does. A rule that finds no objection has none of its kind among them.",
        "",
        "| rule | name | severity | own examples | labelled | objections | false alarms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(rule, wrong, objected, clean) for rule in all_rules()]
    share = 100 * objected.any_rule / objected.texts if objected.texts else 0
    return [
        *lines,
        "",
        f"Any rule: {objected.any_rule} of {objected.texts} objections ({share:.1f} %).",
        "",
    ]


def _row(rule: Rule, wrong: dict[str, Tally], objected: Tally, clean: Tally) -> str:
    own = measured(rule)
    examples = f"{own.found}/{own.violating} / {own.spared}/{own.clean}" if own.violating else "–"
    tally = wrong.get(rule.name)
    labelled = f"{tally.by_rule[rule.id]}/{tally.texts}" if tally else "–"
    alarms = clean.by_rule[rule.id]
    rate = f"{alarms} ({100 * alarms / clean.texts:.1f} %)" if clean.texts else "–"
    return (
        f"| {rule.id} | {rule.name} | {rule.severity.value} | {examples} | {labelled} | "
        f"{objected.by_rule[rule.id]} | {rate} |"
    )


def _labelled(shared: Path) -> dict[str, Tally]:
    """The labelled cases that are not clean, by verdict."""
    found: dict[str, Tally] = {}
    for name in accuracy.products(shared):
        library = accuracy.library_of(shared, name)
        for case in _cases(shared, name):
            if case["verdict"] not in PASSING:
                tally = found.setdefault(case["verdict"], Tally())
                tally.add(check(case["text"], library))
    return found


def _cases(shared: Path, name: str) -> list[dict[str, str]]:
    path = shared / "data/products" / name / "cases.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _clean(shared: Path) -> Tally:
    tally = Tally()
    for name in accuracy.products(shared):
        library = accuracy.library_of(shared, name, passages=True)
        texts = [case["text"] for case in _cases(shared, name) if case["verdict"] in PASSING]
        texts += [passage.text for passage in library.passages]
        scoped = [_for_market(library, market) for market in _MARKETS]
        for text in texts:
            tally.add(*(check(text, own, whole=False) for own in scoped))
    return tally


def _for_market(library: Library, market: str) -> Library:
    claims, label = list(library.claims.values()), library.label
    scope = Scope(market.upper())
    return compile_library(
        library.product, claims, label=label, passages=library.passages, scope=scope
    )


def _objections(shared: Path) -> Tally:
    """Statements that authorities objected to, word for word or in part."""
    tally = Tally()
    for market in _MARKETS:
        path = shared / f"data/enforcement_cases_{market}.jsonl"
        for case in _lines(path):
            if case["quote_kind"] != "paraphrase":
                tally.add(check(case["quote"], _library(shared, case["product"], market)))
    return tally


def _lines(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def _library(shared: Path, product: str, market: str) -> Library:
    """A library without claims for the product of a case, with its label where that is there."""
    named = _PRODUCT.match(product)
    brand, generic = (named[1], named[2] or "") if named else (product, "")
    paths = sorted((shared / "data/labels").glob(f"{brand.lower()}_*.json"))
    investigational = generic == "investigational"
    return compile_library(
        ProductFacts(brand, "" if investigational else generic, investigational=investigational),
        [ClaimText("X-1", "Cartons are blue.")],
        label=read_label(paths[0].read_bytes(), filename=paths[0].name) if paths else None,
        scope=Scope(market.upper()),
    )
