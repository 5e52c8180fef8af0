"""The answer of a check for people and for other tools: text, JSON, SARIF 2.1.0.

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

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.RECORD: "note"}


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

    ``pack`` is the digest of the pack, empty for an installation's own library; ``note`` is what a
    reader has to know beyond that.
    """

    product: str
    library: str
    day: date
    scope: Scope = field(default_factory=Scope)
    pack: str = ""
    rules: Sequence[str] = ()
    program: str = ""
    note: str = ""

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
        "findings": [_finding(each, report.extract) for each in result.findings],
        "matches": [_match(each) for each in result.matches],
        "summary": {
            "block": result.blocking,
            "warn": sum(each.severity is Severity.WARN for each in result.findings),
            "matched": len(result.matches),
        },
        **told,
    }


def _finding(finding: Finding, extract: Extract) -> dict[str, Any]:
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
            where = f" ({finding.evidence.locator})" if finding.evidence else ""
            lines.append(f"    claim {finding.claim}{where}")
        if finding.fix:
            lines.append(f"    write: {finding.fix}")
    result = report.result
    counts = as_json(report)["summary"]
    words = len(text.split())
    lines.append(
        f"{report.file}: {words} words, {len(result.matches)} approved wordings, "
        f"{counts['block']} to fix, {counts['warn']} to look at."
    )
    if against is not None:
        lines.append(against.sentence)
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


def as_sarif(reports: Sequence[Report], against: Against) -> dict[str, Any]:
    """All answers as one SARIF log; code hosts show it beside the text."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for report in reports:
        for finding in report.result.findings:
            rules.setdefault(finding.rule, _rule(finding))
            results.append(_sarif_result(report, finding, list(rules).index(finding.rule)))
    driver = {
        "name": "clearcopy",
        "semanticVersion": against.program or "0.0.0",
        "rules": list(rules.values()),
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "properties": {"checkedAgainst": against.sentence},
        "artifacts": [{"location": {"uri": _uri(report.file)}} for report in reports],
        "results": results,
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": finding.name.replace("-", " ").capitalize()},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"tags": list(finding.regulation)},
    }


def _sarif_result(report: Report, finding: Finding, index: int) -> dict[str, Any]:
    text = report.extract.text
    region: dict[str, Any] = {
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
        "snippet": {"text": finding.text},
    }
    if not report.extract.places:
        region |= _lines(text, finding.start, finding.end)
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(report.file)}, "region": region}
    }
    if place := report.extract.place(finding.start):
        location["logicalLocations"] = [{"name": place}]
    found: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {"claim": f"{finding.rule}/{finding.claim or ''}/{finding.text}"},
    }
    if finding.fix is not None and not report.extract.places:
        deleted = {key: region[key] for key in ("charOffset", "charLength")}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": finding.fix}}
        change = {
            "artifactLocation": {"uri": _uri(report.file)},
            "replacements": [replacement],
        }
        found["fixes"] = [
            {"description": {"text": "Use the approved wording."}, "artifactChanges": [change]}
        ]
    return found


def _lines(text: str, start: int, end: int) -> dict[str, int]:
    def at(offset: int) -> tuple[int, int]:
        before = text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    (line, column), (last, end_column) = at(start), at(end)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": end_column}


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"), safe="/:.-_~")


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
