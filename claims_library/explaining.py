"""Findings in words: what differs, word by word, and what to write instead."""

from __future__ import annotations

from dataclasses import replace

from claims_library.compiling import Library
from claims_library.findings import (
    VERDICT_RULES,
    Change,
    Evidence,
    Finding,
    Severity,
    Verdict,
    verdict_finding,
)
from claims_library.nearing import Explained
from claims_library.tokens import Tokens

_ADVICE = "Use the approved wording, or submit this one for review as a variation."
_HIDDEN = {
    "hidden": (
        "C110",
        "hidden-characters",
        "There are invisible characters here. They were read over; delete them.",
        Severity.WARN,
    ),
    "turned": (
        "C112",
        "hidden-direction",
        "Hidden signs turn the writing direction here: a reader sees other words. Delete them.",
        Severity.BLOCK,
    ),
    "concealed": (
        "C113",
        "concealed-text",
        "Text is made invisible here: a reader sees other words than stand there. Delete it.",
        Severity.BLOCK,
    ),
    "comment": (
        "C114",
        "comment",
        "A comment stands here that no reader sees. It was not checked; delete it.",
        Severity.WARN,
    ),
    "lookalike": (
        "C111",
        "look-alike-letters",
        "A letter here comes from another alphabet and only looks like a Latin one. Retype it.",
        Severity.WARN,
    ),
}


def finding_of(explained: Explained, tokens: Tokens, library: Library) -> list[Finding]:
    """One finding for each thing the difference amounts to, the gravest first."""
    changes = changes_of(explained, tokens)
    start, end = _place(explained, tokens)
    claim = library.claims.get(explained.wording.claim)
    evidence = claim and Evidence(claim.reference, claim.locator, claim.excerpt)
    return [
        replace(
            verdict_finding(
                verdict,
                start=start,
                end=end,
                text=tokens.source[start:end],
                message=f"{_sentence(verdict, explained, changes)} {_ADVICE}",
                evidence=evidence or None,
            ),
            claim=explained.wording.claim,
            variation=explained.wording.variation,
            fix=_fix(explained.wording.text, tokens.source[start:end]),
            difference=changes,
        )
        for verdict in explained.verdicts
    ]


def changes_of(explained: Explained, tokens: Tokens) -> tuple[Change, ...]:
    """The word-by-word difference, as both sides are written."""
    changes = []
    own = explained.view.tokens
    for hunk, verdicts in zip(explained.hunks, explained.single, strict=True):
        approved = own.text(hunk.c0, hunk.c1)
        found = tokens.text(explained.start + hunk.t0, explained.start + hunk.t1)
        if hunk.equal:
            changes.append(Change("same", approved, found))
            continue
        kind = "changed" if approved and found else "added" if found else "dropped"
        gravest = next((v for v in VERDICT_RULES if v in verdicts), None)
        changes.append(Change(kind, approved, found, gravest))
    return tuple(changes)


def _place(explained: Explained, tokens: Tokens) -> tuple[int, int]:
    """Where the finding stands, so that the approved wording can be put in its place.

    With the closing stop if the wording has one, and with both ends of an emphasis or with none.
    """
    start, end = tokens.starts[explained.start], tokens.ends[explained.end - 1]
    after = explained.end
    if (
        explained.wording.text.endswith(".")
        and after < len(tokens)
        and tokens.words[after] == "."
        and tokens.joined[after]
    ):
        end = tokens.ends[after]
    source = tokens.source
    for mark in ("**", "__", "*", "_"):
        if source.count(mark, start, end) % 2:
            if source.endswith(mark, 0, start):
                start -= len(mark)
            elif source.startswith(mark, end):
                end += len(mark)
    return start, end


def _fix(approved: str, found: str) -> str | None:
    """The approved wording, unless it would have to replace cells of a table or several blocks."""
    return None if "|" in found or "\n\n" in found else approved


def _sentence(verdict: Verdict, explained: Explained, changes: tuple[Change, ...]) -> str:
    """Say what is the matter, with the first change that makes it so."""
    code = explained.wording.claim
    if explained.reason:
        return explained.reason.format(code=code)
    own = [change for change in changes if change.verdict is verdict]
    own = own or [change for change in changes if change.kind != "same"]
    first = own[0] if own else Change("changed", "", "")
    return _SENTENCES[verdict](code, _quote(first.approved), _quote(first.found))


def _number_sentence(code: str, approved: str, found: str) -> str:
    if approved and found:
        return f"{code} says {approved}, this text says {found}."
    return f"A figure here is not the one approved in {code}: {approved or found}."


def _turned_sentence(code: str, approved: str, found: str) -> str:
    if approved and found:
        return f"This turns {code} round: {approved} became {found}."
    what = "left out" if approved else "added"
    return f"This turns {code} round: {approved or found} was {what}."


def _dropped_sentence(code: str, approved: str, _found: str) -> str:
    return f"{code} is approved only with {approved or 'all of its limits'}, left out here."


def _stronger_sentence(code: str, approved: str, found: str) -> str:
    own = f"where {code} has {approved}" if approved else f"than {code} as approved"
    return f"{found or 'This'} says more {own}."


def _reworded_sentence(code: str, _approved: str, _found: str) -> str:
    return f"This is near {code} but is not its approved wording."


_SENTENCES = {
    Verdict.NUMBER_CHANGED: _number_sentence,
    Verdict.POLARITY_FLIPPED: _turned_sentence,
    Verdict.QUALIFIER_DROPPED: _dropped_sentence,
    Verdict.STRENGTHENED: _stronger_sentence,
    Verdict.REWORDED: _reworded_sentence,
}


def _quote(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= 80 else plain[:79] + '…'}”" if plain else ""


def oddity_findings(tokens: Tokens) -> list[Finding]:
    """Invisible characters and look-alike letters, one finding for each run of them."""
    runs: list[tuple[str, int, int]] = []
    for oddity in tokens.oddities:
        start = oddity.start
        if runs and (oddity.kind, start) == (runs[-1][0], runs[-1][2]):
            start = runs.pop()[1]
        runs.append((oddity.kind, start, oddity.end))
    return [_oddity(kind, start, end, tokens) for kind, start, end in runs]


def _oddity(kind: str, start: int, end: int, tokens: Tokens) -> Finding:
    rule, name, message, severity = _HIDDEN[kind]
    return Finding(
        rule=rule,
        name=name,
        severity=severity,
        start=start,
        end=end,
        text=tokens.source[start:end],
        message=message,
    )
