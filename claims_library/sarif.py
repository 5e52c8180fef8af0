"""Answers of a check as a SARIF 2.1.0 log, which code hosts show beside the text.

Offsets and columns count code points. Files whose text has pages or slides get a place by name and
no lines, for the text is none of the file's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from claims_library.findings import Finding, Severity
from claims_library.reporting import Against, Report

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.BLOCK: "error", Severity.WARN: "warning", Severity.RECORD: "note"}


def as_sarif(reports: Sequence[Report], against: Against) -> dict[str, Any]:
    """All answers as one SARIF log; code hosts show it beside the text."""
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for report in reports:
        for finding in report.result.findings:
            rules.setdefault(finding.rule, _rule(finding, against))
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


def _rule(finding: Finding, against: Against) -> dict[str, Any]:
    """A rule with its default level: a pack may treat one finding otherwise than another."""
    rule = against.known.get(finding.rule)
    told: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.name,
        "shortDescription": {"text": finding.name.replace("-", " ").capitalize()},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"tags": list(finding.regulation)},
    }
    if rule is not None:
        told["fullDescription"] = {"text": rule.sentence}
        told["help"] = {"text": f"Source: {rule.source}."}
    return told


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
    """A file's address: relative as it was given, so that a code host finds it; else ``file:``."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), safe="/.-_~")
