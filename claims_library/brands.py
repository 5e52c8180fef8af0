"""Brand names as people write them: letter case and trade-mark signs tell no products apart."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.models import Product

_MARKS = re.compile(r"[®™℠]|\((?:R|TM)\)", re.IGNORECASE)


def same_brand(one: str, other: str) -> bool:
    """Whether two spellings name one product: ``REXULTI``, ``Rexulti`` and ``Rexulti®`` do."""
    return _key(one) == _key(other)


def product_named(session: Session, name: str) -> Product | None:
    """The product of a brand name, however it is capitalised."""
    products = session.scalars(select(Product).order_by(Product.id)).all()
    return next((each for each in products if same_brand(each.brand, name)), None)


def _key(name: str) -> str:
    return " ".join(_MARKS.sub(" ", name).split()).casefold()
