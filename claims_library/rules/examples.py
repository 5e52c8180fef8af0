"""The invented product that the examples of the rules speak of, and the check of an example."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from claims_library.compiling import ClaimText, Library, ProductFacts, Scope, compile_library
from claims_library.findings import Finding
from claims_library.label_document import LabelDocument, LabelSection
from claims_library.rules.model import Example, Pack

BRAND, GENERIC = "Zelvanta", "norimetine"
_SECTIONS = (
    (
        "indications_and_usage",
        "1",
        "ZELVANTA is indicated for the maintenance treatment of asthma in adults.",
        "Limitations of Use: ZELVANTA is not indicated for the relief of acute bronchospasm.",
    ),
    ("dosage_and_administration", "2", "The recommended dosage is 40 mg once daily.", ""),
    ("contraindications", "4", "ZELVANTA is contraindicated in hypersensitivity.", ""),
    ("adverse_reactions", "6", "The most common adverse reactions were headache, tremor.", ""),
    (
        "clinical_studies",
        "14",
        "In a randomized, double-blind trial FEV1 improved more than with placebo.",
        "The rate of attacks was lower than with placebo.",
    ),
)


@lru_cache(maxsize=1)
def label() -> LabelDocument:
    """The label of the invented product."""
    sections = tuple(
        LabelSection(
            "", name, name, number, place, (f"{number} {name.upper()}", *filter(None, text))
        )
        for place, (name, number, *text) in enumerate(_SECTIONS)
    )
    return LabelDocument(
        "zelvanta", 1, date(2026, 1, 1), BRAND, GENERIC, "Example Pharma", "", "", "made", sections
    )


def library(example: Example) -> Library:
    """A library of the invented product for an example's market and facts."""
    return _library(example.market, example.audience, example.channel, example.facts)


@lru_cache(maxsize=64)
def _library(market: str, audience: str, channel: str, facts: tuple[str, ...]) -> Library:
    claim = ClaimText("ZEL-0001", "Zelvanta tablets are white and round.", type="access")
    product = ProductFacts(BRAND, GENERIC, **dict.fromkeys(facts, True))
    return compile_library(product, [claim], label=label(), scope=Scope(market, audience, channel))


def findings(example: Example, custom: tuple[Pack, ...] = ()) -> tuple[Finding, ...]:
    """What the check says of an example."""
    from claims_library import checking, detecting

    own = library(example)
    if custom:
        own.detectors = detecting.build(own, custom=custom)
    found = checking.check(example.text, own, whole=example.whole).findings
    if custom:
        own.detectors = None
    return found


def failing(pack: Pack) -> list[str]:
    """A sentence for each example of a customer's pack that does not do what it says."""
    found = []
    for rule in pack.rules:
        for example in (*rule.violates, *rule.clean):
            finds = any(each.rule == rule.id for each in findings(example, (pack,)))
            if finds != (example in rule.violates):
                text = " ".join(example.text.split())[:80]
                found.append(
                    f"Rule {rule.id} {'finds' if finds else 'does not find'} its example “{text}”."
                )
    return found
