"""Checking a module's text: one answer for the editor, for submitting and for whoever imports.

``check_text`` is what runs while somebody types: findings with their place in the text.
``check_draft`` adds everything that stands in the way of review, whatever part it is in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.findings import Finding, Result, Severity
from claims_library.models import ClaimVersion, Product
from claims_library.validity import window_objections
from modules import content, pinning, policy
from modules.claim_checks import Purpose, claims_in
from modules.content import Placed
from modules.draft import CONTROL, FIELDS, MAXIMUM_BODY, TAG, ModuleDraft
from modules.models import Module, ModuleVersion
from modules.pinning import Pinned
from records import clock
from records.errors import Objection
from records.lifecycle import VersionState

# the rules of this file; those of the claims checker have other letters
OURS = "M"
# a reference the compiled library lacks: pinning says more of it, and approving waits for it
UNKNOWN_CLAIM = "C109"
# where an objection of the claims checker belongs: the list of findings
BY_CLAIMS = "claims"
_MOST_STEPS = 500


@dataclass(frozen=True)
class Checked:
    """What a check of a draft found; ``objections`` are what keeps it from review."""

    pinned: Pinned
    companions: tuple[str, ...]
    findings: tuple[Finding, ...]
    objections: tuple[Objection, ...]

    @property
    def blocking(self) -> int:
        """How many findings must be fixed before approval."""
        return sum(finding.severity is Severity.BLOCK for finding in self.findings)

    @property
    def unfixed(self) -> tuple[Objection, ...]:
        """What the claims checker found, as objections; the policy objects to the rest itself."""
        return tuple(
            Objection(
                finding.name, f"“{finding.text.strip()[:80]}”: {finding.message}", where=BY_CLAIMS
            )
            for finding in self.findings
            if finding.severity is Severity.BLOCK
            and not finding.rule.startswith(OURS)
            and finding.rule != UNKNOWN_CLAIM
        )


def check_text(session: Session, body: str, product: Product, purpose: Purpose) -> Result:
    """Findings in one text by place, and the approved wordings in it; offsets are code points."""
    return _result(session, body, pinning.resolve(session, body), product, purpose)


def check_draft(session: Session, draft: ModuleDraft, product: Product) -> Checked:
    """Everything that is to be said about a draft before it goes to review."""
    pinned = pinning.resolve(session, draft.body)
    companions = pinning.companion_codes(session, product.id, pinned, besides=draft.code)
    known = existing_codes(session, (*draft.requires, *draft.excludes, *companions))
    objections = [
        *policy.submit_objections(draft, pinned, companions, known, clock.today()),
        *_circle(session, draft, known),
    ]
    purpose = Purpose(draft.code, draft.kind, draft.market, draft.audience)
    findings = _result(session, draft.body, pinned, product, purpose).findings
    return Checked(
        pinned=pinned,
        companions=tuple(companions),
        findings=findings,
        objections=tuple(objections),
    )


def existing_codes(session: Session, codes: Iterable[str]) -> frozenset[str]:
    """Those of ``codes`` that are modules."""
    wanted = set(codes)
    if not wanted:
        return frozenset()
    return frozenset(session.scalars(select(Module.code).where(Module.code.in_(wanted))))


def _circle(session: Session, draft: ModuleDraft, known: Collection[str]) -> Iterator[Objection]:
    """A module that would require itself by way of others."""
    requires: dict[str, Sequence[str]] = {draft.code: draft.requires}
    ahead = [code for code in draft.requires if code in known]
    while ahead and len(requires) < _MOST_STEPS:
        rows = session.execute(
            select(ModuleVersion.code, ModuleVersion.requires)
            .join(Module, Module.latest_id == ModuleVersion.id)
            .where(Module.code.in_(ahead))
        ).all()
        requires.update({row.code: row.requires for row in rows})
        ahead = [code for row in rows for code in row.requires if code not in requires]
    if cycle := policy.requirement_cycle(requires):
        sentence = f"These modules require each other in a circle: {' → '.join(cycle)}."
        yield Objection("cycle", sentence, where="requires")


def _result(
    session: Session, body: str, pinned: Pinned, product: Product, purpose: Purpose
) -> Result:
    if len(body) > MAXIMUM_BODY:
        message = f"The text has more than {MAXIMUM_BODY:,} characters."
        return Result((_block("M100", "too-long", body, (0, len(body)), message),))
    by_claims = claims_in(session, body, product, purpose, at=clock.now())
    found = [*_markup(body), *_references(body, pinned)]
    # what is wrong with a reference is said once, by whom it is said best
    said = {finding.span for finding in found}
    found += [finding for finding in by_claims.findings if finding.span not in said]
    return Result(
        findings=tuple(sorted(found, key=lambda finding: finding.order)),
        matches=by_claims.matches,
    )


def _markup(body: str) -> Iterator[Finding]:
    """What may not stand in a module's text at all."""
    for tag in TAG.finditer(body):
        message = "HTML is not allowed; it would print as it stands. Use Markdown."
        yield _block("M101", "markup", body, tag.span(), message)
    for sign in CONTROL.finditer(body):
        message = "There is an invisible control character here. Delete it."
        yield _block("M102", "control-character", body, sign.span(), message)
    spans = content.leftover_spans(body)
    if not spans and content.leftovers(body):  # a reference inside of code, for example
        spans = ((0, len(body)),)
    for span in spans:
        message = (
            "This looks like a reference and is none. Write [[claim:ID]], [[claim:ID/2]] or "
            "{{account.name}}, and nothing of it inside of code."
        )
        yield _block("M103", "reference", body, span, message)


def _references(body: str, pinned: Pinned) -> Iterator[Finding]:
    for place in content.placed(body):
        if place.claim is None:
            if place.field not in FIELDS:
                message = f"There is no such account fact; there are {', '.join(FIELDS)}."
                yield _block("M104", "field", body, (place.start, place.end), message)
        elif place.claim in pinned.unknown:
            yield _unknown(body, place, pinned.versions.get(place.claim.claim))
        else:
            yield from _standing(body, place, pinned.versions[place.claim.claim])


def _unknown(body: str, place: Placed, version: ClaimVersion | None) -> Finding:
    ref = place.claim
    if version is None or ref is None:
        code = ref.claim if ref else ""
        message = f"{code} is not in the claims library. Choose an approved claim."
    else:
        count = len(version.variations)
        message = f"{ref.claim} has {count} variations; there is no number {ref.variation}."
    return _block("M105", "unknown-claim", body, (place.start, place.end), message)


def _standing(body: str, place: Placed, version: ClaimVersion) -> Iterator[Finding]:
    """A claim that is not approved, or not valid today: the module could not be used."""
    span = (place.start, place.end)
    if version.state is not VersionState.APPROVED:
        message = (
            f"{version.label} is not approved ({version.state.value.replace('-', ' ')}). "
            "The module cannot be approved before it is."
        )
        yield _finding("M106", "claim-not-approved", Severity.WARN, body, span, message)
        return
    window = window_objections(
        version.label, version.valid_from, version.valid_until, clock.today()
    )
    for objection in window:
        yield _finding("M107", objection.code, Severity.WARN, body, span, objection.sentence)


def _block(rule: str, name: str, body: str, span: tuple[int, int], message: str) -> Finding:
    return _finding(rule, name, Severity.BLOCK, body, span, message)


def _finding(
    rule: str, name: str, severity: Severity, body: str, span: tuple[int, int], message: str
) -> Finding:
    start, end = span
    return Finding(rule, name, severity, start, end, body[start:end], message)
