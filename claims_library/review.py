"""Claims in review: this room's side of an MLR job."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from claims_library.reading import reading
from mlr.circulating import ReviewedKind, Steps
from mlr.packs import markets
from records.actions import Action
from records.errors import Objection
from records.vocabulary import Market


def _market(version: ClaimVersion) -> Market:
    """The first of the claim's markets that can be reviewed here."""
    served = [market for market in markets() if market.value in version.markets]
    return served[0] if served else Market(version.markets[0])


def _submit_objections(_session: Session, version: ClaimVersion) -> Iterator[Objection]:
    if not version.anchor:
        yield Objection(
            "no-anchor",
            f"The excerpt of {version.label} has no place in the label.",
            where=version.label,
            instead="Import the claim again with an excerpt from the label.",
        )


def _nothing(session: Session, version: ClaimVersion) -> None:
    """Claims have no pins to bring up to date and no index to feed."""


CLAIMS: ReviewedKind[ClaimVersion] = ReviewedKind(
    model=ClaimVersion,
    steps=Steps(
        submit=Action.CLAIM_SUBMIT,
        recall=Action.CLAIM_RECALL,
        decide=Action.CLAIM_DECIDE,
        approve=Action.CLAIM_APPROVE,
        supersede=Action.CLAIM_SUPERSEDE,
        withdraw=Action.CLAIM_WITHDRAW,
    ),
    thing=lambda version: version.claim,
    title=lambda version: version.text[:300],
    market=_market,
    prepare=_nothing,
    submit_objections=_submit_objections,
    approve_objections=_submit_objections,
    reading=reading,
    changed=_nothing,
)

submit = CLAIMS.submit
recall = CLAIMS.recall
decide = CLAIMS.decide
withdraw = CLAIMS.withdraw
