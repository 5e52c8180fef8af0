"""The modules that repeat the label: a check recognises them, and they are no claims."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.compiling import ClaimText, Passage
from claims_library.models import Product
from mlr.standing import approvals
from modules import content
from modules.claim_checks import is_label_text
from modules.models import Module, ModuleVersion
from modules.pinning import pinned_claims, wording_of


def label_texts(session: Session, product: Product) -> tuple[Passage, ...]:
    """The label texts of a product whose approval holds, as they print."""
    versions = [
        version
        for version in session.scalars(
            select(ModuleVersion)
            .join(Module, Module.approved_id == ModuleVersion.id)
            .where(Module.product_id == product.id)
            .order_by(Module.code)
        )
        if is_label_text(version.code, version.kind)
    ]
    standing = approvals(session, versions)
    claims = pinned_claims(session, versions)
    return tuple(
        Passage(version.code, content.plain_text(version.body, wording_of(version, claims)))
        for version in versions
        if standing[version.id].holds
    )


def passage(code: str, body: str, claims: Mapping[str, ClaimText]) -> Passage:
    """A label text from a file, with the claims of a file in their places."""

    def wording(claim: str, variation: int) -> str:
        known = claims.get(claim)
        return known.wording(variation) if known and variation <= len(known.variations) else ""

    return Passage(code, content.plain_text(body, wording))
