"""The answer of a check for people and for other tools: text and JSON (SARIF: ``sarif``).

The JSON is a contract (``findings``, ``matches``, ``summary``); what it holds beyond that may grow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims_library.compiling import Scope
from claims_library.extracting import Extract
from claims_library.findings import Finding, Match, Result, Severity
from claims_library.rules.model import Rule


@dataclass(frozen=True, slots=True)
class Report:
    """One checked file."""

    file: str
    extract: Extract
    result: Result

    @property
    def blocks(self) -> bool:
        return self.result.blocking > 0


@dataclass(frozen=True, slots=True)
class Against:
    """What files were checked against: told with every answer, so that it can be repeated.

    ``known`` are the rules by id; ``pack`` is the digest of the pack, empty for an installation's
    own library; ``note`` is what a reader has to know beyond that.
    """

    product: str
    library: str
    day: date
    scope: Scope = field(default_factory=Scope)
    pack: str = ""
    rules: Sequence[str] = ()
    known: Mapping[str, Rule] = field(default_factory=dict)
    program: str = ""
    note: str = ""

    def source(self, finding: Finding) -> str:
        """The regulation a finding rests on, as its rule names it."""
        rule = self.known.get(finding.rule)
        return rule.source if rule else ""

    @property
    def sentence(self) -> str:
        use = ", ".join(filter(None, (self.scope.market, self.scope.audience, self.scope.channel)))
        told = [self.product, self.library, f"for {use}" if use else ""]
        told += [f"rules {', '.join(self.rules)}", f"clearcopy {self.program}"]
        end = f" {self.note}" if self.note else ""
        return f"Checked against {', '.join(filter(None, told))}.{end}"

    def as_json(self) -> dict[str, Any]:
        """The same for tools."""
        return {
            "product": self.product,
            "pack": self.pack or None,
            "day": self.day.isoformat(),
            "market": self.scope.market or None,
            "audience": self.scope.audience or None,
            "channel": self.scope.channel or None,
            "rules": list(self.rules),
            "program": self.program,
        }


def as_json(report: Report, against: Against | None = None) -> dict[str, Any]:
    """One answer, as the check contract has it; ``checked`` says against what."""
    result = report.result
    told = {} if against is None else {"checked": against.as_json()}
    return {
        "findings": [_finding(each, report.extract, against) for each in result.findings],
        "matches": [_match(each) for each in result.matches],
        "summary": {
            "block": result.blocking,
            "warn": sum(each.severity is Severity.WARN for each in result.findings),
            "matched": len(result.matches),
        },
        **told,
    }


def _finding(finding: Finding, extract: Extract, against: Against | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "claim": finding.claim,
        "message": finding.message,
        "suggestion": finding.fix,
        "regulation": list(finding.regulation),
    }
    if source := against.source(finding) if against else "":
        found["source"] = source
    if finding.difference:
        found["difference"] = [
            {"kind": each.kind, "approved": each.approved, "found": each.found}
            for each in finding.difference
        ]
    if finding.evidence:
        found["evidence"] = {
            "reference": finding.evidence.reference,
            "locator": finding.evidence.locator,
            "excerpt": finding.evidence.excerpt,
        }
    if place := extract.place(finding.start):
        found["place"] = place
    return found


def _match(match: Match) -> dict[str, Any]:
    return {
        "claim": match.claim,
        "kind": match.kind.value,
        "start": match.start,
        "end": match.end,
        "variation": match.variation,
    }


def as_text(report: Report, against: Against | None = None) -> str:
    """Findings for people, by place, with what to write instead."""
    text = report.extract.text
    lines = []
    for finding in report.result.findings:
        lines.append(
            f"{report.file}:{place_of(finding, report.extract)}: {finding.severity.value} "
            f"{finding.rule} {finding.name}: {finding.message}"
        )
        lines.append(f"    “{_shown(finding.text)}”")
        if finding.claim:
            where = (
                f", {finding.evidence.reference} {finding.evidence.locator}"
                if finding.evidence
                else ""
            )
            lines.append(f"    claim {finding.claim}{where}")
        if finding.fix:
            lines.append(f"    write: {finding.fix}")
        if source := against.source(finding) if against else "":
            lines.append(f"    rule of: {source}")
    result = report.result
    counts = as_json(report)["summary"]
    words = len(text.split())
    matched = "1 approved wording" if len(result.matches) == 1 else None
    lines.append(
        f"{report.file}: {words} words, {matched or f'{len(result.matches)} approved wordings'}, "
        f"{counts['block']} to fix, {counts['warn']} to look at."
    )
    return "\n".join(lines)


def place_of(finding: Finding, extract: Extract) -> str:
    """Page or slide, or line and column."""
    if named := extract.place(finding.start):
        return named
    before = extract.text[: finding.start]
    return f"{before.count(chr(10)) + 1}:{finding.start - before.rfind(chr(10))}"


def _shown(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 160 else f"{short[:157]}…"


def segments(report: Report) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with what it is: ``approved``, a severity, or nothing.

    Where approved wording and a finding overlap it is the finding, the gravest first.
    """
    text = report.extract.text
    kinds = [""] * (len(text) + 1)
    for match in report.result.matches:
        kinds[match.start : match.end] = ["approved"] * (match.end - match.start)
    order: Mapping[Severity, int] = {Severity.RECORD: 0, Severity.WARN: 1, Severity.BLOCK: 2}
    for finding in sorted(report.result.findings, key=lambda each: order[each.severity]):
        length = finding.end - finding.start
        kinds[finding.start : finding.end] = [finding.severity.value] * length
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or kinds[at] != kinds[start]:
            yield kinds[start], text[start:at]
            start = at
