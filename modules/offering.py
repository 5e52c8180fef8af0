"""Claims that may be placed in a module's text, as the editor offers them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from claims_library.models import Claim, ClaimVersion, LabelVersion, Product
from records import clock


class Offer(NamedTuple):
    """What is shown of a claim that may be placed; ``label`` is the version of its label."""

    code: str
    text: str
    variations: list[str]
    locator: str
    excerpt: str
    label: int


def offered_claims(
    session: Session, product: Product, *, words: str = "", limit: int = 20
) -> list[Offer]:
    """Approved claims of a product that are valid today, best first.

    Without ``words`` by code. With words, all must be found in code, wording or variations; those
    whose code begins with what was typed come first.
    """
    today = clock.today()
    query = (
        select(
            ClaimVersion.code,
            ClaimVersion.text,
            ClaimVersion.variations,
            ClaimVersion.locator,
            ClaimVersion.excerpt,
            LabelVersion.version,
        )
        .join(Claim, Claim.approved_id == ClaimVersion.id)
        .join(LabelVersion, LabelVersion.id == ClaimVersion.label_version_id)
        .where(
            Claim.product_id == product.id,
            ClaimVersion.valid_from <= today,
            ClaimVersion.valid_until > today,
        )
    )
    typed = words.split()[:8]
    for word in typed:
        query = query.where(_said(word))
    if typed:
        first = ClaimVersion.code.istartswith(typed[0], autoescape=True)
        query = query.order_by(first.desc())
    rows = session.execute(query.order_by(ClaimVersion.code).limit(limit))
    return [Offer(*row) for row in rows]


def _said(word: str) -> ColumnElement[bool]:
    columns = (ClaimVersion.code, ClaimVersion.text, type_coerce(ClaimVersion.variations, Text))
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
