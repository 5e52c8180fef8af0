"""Modules in review: this room's side of an MLR job."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from claims_library import validity as claim_validity
from mlr.circulating import ReviewedKind, Steps
from modules import checking, notices, pinning, policy
from modules.draft import ModuleDraft
from modules.models import ModuleVersion
from modules.reading import reading
from records import clock
from records.actions import Action
from records.errors import Objection


def _prepare(session: Session, version: ModuleVersion) -> None:
    """A submitted version pins the claims as they stand now."""
    pinning.pin(session, version)
    session.flush()
    pinning.write_links(session, version)


def submit_objections(session: Session, version: ModuleVersion) -> tuple[Objection, ...]:
    """Why a version may not be submitted; the editor shows the same list while one writes."""
    draft = ModuleDraft.of(version)
    checked = checking.check_draft(session, draft, version.module.product)
    return (*checked.objections, *checked.unfixed)


def _approve_objections(session: Session, version: ModuleVersion) -> Iterator[Objection]:
    claims = pinning.pinned_claims(session, [version])
    found = claim_validity.objections(session, list(claims.values()), at=clock.now())
    names = {id: claim.label for id, claim in claims.items()}
    return policy.approve_objections(version, found, names)


MODULES: ReviewedKind[ModuleVersion] = ReviewedKind(
    model=ModuleVersion,
    steps=Steps(
        submit=Action.MODULE_SUBMIT,
        recall=Action.MODULE_RECALL,
        decide=Action.MODULE_DECIDE,
        approve=Action.MODULE_APPROVE,
        supersede=Action.MODULE_SUPERSEDE,
        withdraw=Action.MODULE_WITHDRAW,
    ),
    thing=lambda version: version.module,
    title=lambda version: version.title,
    market=lambda version: version.market,
    prepare=_prepare,
    submit_objections=submit_objections,
    approve_objections=_approve_objections,
    reading=reading,
    changed=notices.changed,
)

submit = MODULES.submit
recall = MODULES.recall
decide = MODULES.decide
withdraw = MODULES.withdraw
