"""Claims that may be placed in a module's text, as the editor offers them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, or_, select, type_coerce
from sqlalchemy.orm import Session, joinedload, load_only

from claims_library.models import Claim, ClaimVersion, LabelVersion, Product
from records import clock

# what an offer shows; the rest of a claim is long
_OFFERED = (
    *(ClaimVersion.code, ClaimVersion.text, ClaimVersion.variations),
    *(ClaimVersion.locator, ClaimVersion.excerpt),
)


def offered_claims(
    session: Session, product: Product, *, words: str = "", limit: int = 20
) -> Sequence[ClaimVersion]:
    """Approved claims of a product that are valid today, best first.

    Without ``words`` by code. With words, all must be found in code, wording or variations; those
    whose code begins with what was typed come first. Each comes with its label version.
    """
    today = clock.today()
    query = (
        select(ClaimVersion)
        .join(Claim, Claim.approved_id == ClaimVersion.id)
        .where(
            Claim.product_id == product.id,
            ClaimVersion.valid_from <= today,
            ClaimVersion.valid_until > today,
        )
        .options(
            load_only(*_OFFERED),
            joinedload(ClaimVersion.label_version).load_only(LabelVersion.version),
        )
    )
    typed = words.split()[:8]
    for word in typed:
        query = query.where(_said(word))
    if typed:
        first = ClaimVersion.code.istartswith(typed[0], autoescape=True)
        query = query.order_by(first.desc())
    return session.scalars(query.order_by(ClaimVersion.code).limit(limit)).all()


def _said(word: str) -> ColumnElement[bool]:
    columns = (ClaimVersion.code, ClaimVersion.text, type_coerce(ClaimVersion.variations, Text))
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
