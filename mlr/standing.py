"""What "approved" means: signatures that hold for the content as it stands, verified when read.

The state column is only a claim. A version stands approved when its stored content still hashes to
what was signed, and one job's signatures of different people, none of them the author, cover every
discipline that job demanded, at a review tier that is enough for this version. Nothing here trusts
a job or task row: everything needed is sealed inside the signatures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mlr.models import ReviewTier, Verdict
from records.errors import Objection
from records.lifecycle import VersionState
from records.models import Signature
from records.signatures import valid
from records.versions import Versioned

_WORDS = {
    VersionState.DRAFT: "is a draft",
    VersionState.IN_REVIEW: "is still in review",
    VersionState.CHANGES_REQUESTED: "waits for changes",
    VersionState.SUPERSEDED: "has been superseded by a newer version",
    VersionState.WITHDRAWN: "has been withdrawn",
    VersionState.REJECTED: "has been rejected",
    VersionState.CANCELLED: "was cancelled",
}


# the verdict of the signature that takes an approved version out of use
WITHDRAWAL = "withdraw"


@dataclass(frozen=True)
class Approval:
    """Whether a version stands approved, by whose signatures, and if not, why."""

    holds: bool
    objection: Objection | None
    signatures: tuple[Signature, ...] = ()


def approval(session: Session, version: Versioned) -> Approval:
    """``approvals`` for one version."""
    return approvals(session, [version])[version.id]


def approvals(
    session: Session, versions: Sequence[Versioned], *, ended: bool = False
) -> dict[int, Approval]:
    """The standing of versions of one kind, in one query, by version id.

    ``ended``: judge a version that was superseded or withdrawn since as it stood before that. It
    serves to prove what was issued once, never to decide whether something may be used.
    """
    if not versions:
        return {}
    rows = session.scalars(
        select(Signature)
        .where(
            Signature.subject_kind == versions[0].KIND,
            Signature.subject_id.in_({version.id for version in versions}),
            Signature.verdict.in_((Verdict.APPROVE.value, WITHDRAWAL)),
        )
        .order_by(Signature.id)
    )
    found: dict[int, list[Signature]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(row)
    standing = (VersionState.APPROVED, *(_ENDED if ended else ()))
    return {
        version.id: _judge(session, version, found[version.id], standing) for version in versions
    }


_ENDED = (VersionState.SUPERSEDED, VersionState.WITHDRAWN)


def _judge(
    session: Session,
    version: Versioned,
    signatures: list[Signature],
    standing: Sequence[VersionState],
) -> Approval:
    label = version.label
    if version.state not in standing:
        code = version.state.value
        return Approval(False, Objection(code, f"{label} {_WORDS[version.state]}.", where=label))
    content = version.content_hash()
    if content != version.content_sha256:
        sentence = f"The content of {label} is not what was written down for it."
        return Approval(False, Objection("content-altered", sentence, where=label))
    holding = [
        signature
        for signature in signatures
        if valid(session, signature, kind=version.KIND, id=version.id, content=content)
    ]
    if version.state is VersionState.APPROVED and _ended(version, holding):
        sentence = f"{label} was taken out of use, though its record says that it is approved."
        return Approval(False, Objection("record-altered", sentence, where=label))
    given = [signature for signature in holding if signature.verdict == Verdict.APPROVE.value]
    complete = _complete(version, given)
    if not complete:
        sentence = f"{label} says it is approved, but no complete set of signatures holds for it."
        return Approval(False, Objection("signatures-missing", sentence, where=label))
    return Approval(True, None, complete)


def _ended(version: Versioned, holding: Iterable[Signature]) -> bool:
    """Whether it was withdrawn by signature or has an end, whatever its state says now."""
    signed = any(signature.verdict == WITHDRAWAL for signature in holding)
    return signed or version.ended_at is not None


def _complete(version: Versioned, holding: Iterable[Signature]) -> tuple[Signature, ...]:
    """The signatures of one job that cover all it demanded; empty when there are none."""
    by_job: dict[int, list[Signature]] = defaultdict(list)
    for signature in holding:
        if signature.person_id != version.author_id:
            by_job[signature.context.get("job", 0)].append(signature)
    for signatures in by_job.values():
        context = signatures[0].context
        people = {signature.person_id for signature in signatures}
        disciplines = {signature.discipline for signature in signatures}
        if (
            disciplines >= set(context.get("disciplines") or ["?"])
            and len(people) == len(signatures)
            and all(signature.context == context for signature in signatures)
            and context.get("tier") in (ReviewTier.FULL.value, version.least_tier())
        ):
            return tuple(signatures)
    return ()
