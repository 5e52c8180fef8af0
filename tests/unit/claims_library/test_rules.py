"""Rule packs: every example does what it says, packs are refused with reasons, customers change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims_library.checking import check
from claims_library.findings import Severity
from claims_library.rules import examples
from claims_library.rules.catalogue import all_rules, measured
from claims_library.rules.loading import BUILT_IN, BadPack, built_in, read_pack, rulebook
from claims_library.rules.model import Example, Rule

RULES = all_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pack}-{rule.id}")
def test_every_example_does_what_it_says(rule: Rule) -> None:
    assert measured(rule).holds


def test_every_rule_has_sentence_source_and_either_examples_or_the_core_as_judge() -> None:
    for rule in RULES:
        assert rule.sentence.endswith("."), rule.id
        assert rule.source, rule.id
        if rule.judge not in {"matching", "companions", "partial"}:
            assert rule.violates, rule.id
            assert rule.clean, rule.id


def test_ids_are_unique_over_all_packs() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))


def test_packs_have_versions() -> None:
    assert all(built_in(name).version for name in BUILT_IN)


def test_a_customer_adds_words_to_a_rule_and_to_a_kind_of_claim() -> None:
    pack = read_pack(
        """
        pack: acme
        version: '1'
        change:
          C202: {add: ['rocket fuel'], severity: block}
        claims:
          promise: {strong: ['sky is the limit']}
        rules:
        - id: A001
          name: house-style
          sentence: We do not say pill.
          source: house style
          severity: record
          find: |
            pill|pills
          violates: ['A pill']
          clean: ['A tablet']
        """,
        filename="acme.yaml",
    )
    said = "Zelvanta is rocket fuel."
    before = examples.findings(Example(said))
    after = examples.findings(Example(said), (pack,))
    assert "C202" not in {finding.rule for finding in before}
    assert {f.severity for f in after if f.rule == "C202"} == {Severity.BLOCK}
    assert [f.name for f in examples.findings(Example("A pill."), (pack,))] == ["house-style"]
    limit = Example("The sky is the limit.")
    assert not examples.findings(limit)
    assert [f.name for f in examples.findings(limit, (pack,))] == ["unsupported"]


def test_a_library_carries_the_text_of_a_customers_pack() -> None:
    own = replace(examples.library(Example("")), packs=("pack: a\nchange: {C205: {remove: true}}",))
    own.detectors = None
    assert "C205" not in {f.rule for f in check("Individual results may vary.", own).findings}


def test_a_customer_takes_a_pattern_or_a_rule_out() -> None:
    pack = read_pack(
        "pack: acme\nchange:\n  C206: {remove: true}\n  C205: {without: ['not for everyone']}",
        filename="a.yaml",
    )
    book = rulebook(("core",), (pack,))
    assert "C206" not in book.rules
    assert "not for everyone" not in book.rules["C205"].words["find"]


def test_a_market_pack_changes_the_severity_of_a_core_rule() -> None:
    assert rulebook(("core",)).rules["C201"].severity is Severity.WARN
    assert rulebook(("core", "uk")).rules["C201"].severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pack: [", "not readable"),
        ("rules: []", "does not begin"),
        ("pack: a\nrules: [{id: X}]", "missing"),
        ("pack: a\nchange: {C999: {remove: true}}", "which no pack has"),
        ("pack: a\nchange: {C201: {colour: red}}", "unknown field colour"),
        (
            "pack: a\nrules: [{id: X, name: n, sentence: s, source: o, severity: loud}]",
            "block, warn or record",
        ),
        (
            "pack: a\nrules: [{id: X, name: n, sentence: s, source: o, severity: warn, find: x(}]",
            "no word, class or gap",
        ),
        (
            "pack: a\nrules: [&r {id: X, name: n, sentence: s, source: o, severity: warn}, *r]",
            "two rules X",
        ),
    ],
)
def test_a_bad_pack_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(BadPack, match=says):
        rulebook(("core",), (read_pack(text, filename="a.yaml"),))


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(BadPack, match="no rule pack"):
        rulebook(("core", "mars"))
