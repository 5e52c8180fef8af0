"""Claims placed by reference (``[[claim:KIS-0007/2]]``) in a text that is checked unresolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from claims_library import strength
from claims_library.compiling import Library
from claims_library.findings import (
    VERDICT_REGULATIONS,
    VERDICT_RULES,
    Finding,
    Match,
    Severity,
    Verdict,
)
from claims_library.segmenting import Sentence as Run
from claims_library.tokens import Tokens

_REFERENCE = re.compile(
    r"\[\[claim:\s*([^\[\]/\s]{1,60})\s*(?:/\s*(\d{1,3})\s*)?\]\]", re.IGNORECASE
)


@dataclass(slots=True)
class Placed:
    """What stands by reference in a text; ``tokens`` are the references' own tokens."""

    matches: list[Match] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


def placed(tokens: Tokens, runs: Sequence[Run], library: Library) -> Placed:
    """Read the references of a text: known ones match, unknown ones are findings."""
    found = Placed()
    if "p" not in tokens.kinds:
        return found
    for run in runs:
        for i in range(run.start, run.end):
            if tokens.kinds[i] == "p":
                _read(i, run, tokens, library, found)
    return found


def _read(i: int, run: Run, tokens: Tokens, library: Library, found: Placed) -> None:
    start, end = tokens.starts[i], tokens.ends[i]
    match = _REFERENCE.fullmatch(tokens.source[start:end])
    if match is None:
        return
    code, variation = match.group(1), int(match.group(2) or 0)
    claim = library.claims.get(code)
    found.tokens.append(i)
    if claim is None or variation > len(claim.variations):
        what = f"{code}/{variation}" if claim else code
        message = (
            f"{what} is not in the approved library for this use. Choose a claim that is, or ask "
            "the librarian why it is not."
        )
        found.findings.append(_finding("C109", "unknown-claim", tokens, i, message, code))
        return
    kind = Verdict.VARIATION if variation else Verdict.VERBATIM
    words = [tokens.words[at] for at in range(run.start, run.end) if tokens.kinds[at] != "p"]
    verdict = _turned(words)
    if verdict is None:
        found.matches.append(Match(code, kind, start, end, variation))
        return
    message = f"The words around {code} change what it says. Place it by itself."
    found.findings.append(
        _finding(VERDICT_RULES[verdict], verdict.value, tokens, i, message, code, verdict)
    )


def _turned(words: list[str]) -> Verdict | None:
    """What the words of the same sentence do to a claim placed in it."""
    if strength.denies(words) or any(word in strength.TURNING for word in words):
        return Verdict.POLARITY_FLIPPED
    return Verdict.STRENGTHENED if strength.boosters(words, loose=True) else None


def _finding(
    rule: str,
    name: str,
    tokens: Tokens,
    i: int,
    message: str,
    code: str,
    verdict: Verdict | None = None,
) -> Finding:
    start, end = tokens.starts[i], tokens.ends[i]
    return Finding(
        rule=rule,
        name=name,
        severity=Severity.BLOCK,
        start=start,
        end=end,
        text=tokens.source[start:end],
        message=message,
        verdict=verdict,
        claim=code,
        regulation=VERDICT_REGULATIONS.get(verdict, ()) if verdict else ("R-906",),
    )
