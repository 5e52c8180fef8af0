"""The claims checker over a module's text, quick enough for every pause of somebody who types.

The library of a product is compiled once and kept until one of its claims or labels changes; a text
that was checked against it is not checked again. What is approved is judged anew, with signatures,
where it counts: on approval, assembling and issuing (``mlr.standing``).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claims_library.checking import check
from claims_library.compiling import Library, Scope
from claims_library.findings import Result
from claims_library.library import compiled, is_on_disk
from claims_library.models import Claim, ClaimVersion, LabelVersion, Product
from modules.models import Module, ModuleVersion
from records.remembering import remembered
from records.vocabulary import Audience, Market, ModuleKind

KEPT = 8
# label text: it is held against the label by its reviewers, and is not made of claims
OF_LABEL = frozenset({ModuleKind.ISI, ModuleKind.FOOTNOTE})
_INDICATION = "-M-IND"


@dataclass(frozen=True, eq=False)
class _Kept:
    """A compiled library and what it was compiled from; compared by identity."""

    stamp: tuple[Any, ...]
    library: Library


_kept: OrderedDict[tuple[Any, ...], _Kept] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Purpose:
    """What a text is for, which decides what may be said in it."""

    code: str
    kind: ModuleKind
    market: Market
    audience: Audience

    @property
    def is_label_text(self) -> bool:
        """Whether it repeats the label: safety information, footnotes, the indications."""
        return is_label_text(self.code, self.kind)


def is_label_text(code: str, kind: ModuleKind) -> bool:
    """Whether a module repeats the label: safety information, footnotes, the indications."""
    return kind in OF_LABEL or code.endswith(_INDICATION)


def claims_in(
    session: Session, body: str, product: Product, purpose: Purpose, *, at: datetime
) -> Result:
    """What the claims checker says of one module's text, as a part of a larger piece."""
    if purpose.is_label_text or not body.strip():
        return Result()
    return _checked(_library(session, product, purpose, at), body)


Wanted = tuple[Product, Market, Audience]


def to_be_compiled(session: Session, *, at: datetime) -> list[Wanted]:
    """What there are modules of, and no library on disk that their texts are checked with.

    The smallest first: most are there in a moment, whatever the largest takes.
    """
    rows = session.execute(
        select(Module.product_id, ModuleVersion.market, ModuleVersion.audience)
        .join(ModuleVersion, ModuleVersion.id == Module.latest_id)
        .distinct()
        .order_by(Module.product_id, ModuleVersion.market, ModuleVersion.audience)
    )
    every = [(session.get_one(Product, id), market, audience) for id, market, audience in rows]
    counted = select(Claim.product_id, func.count()).group_by(Claim.product_id)
    sizes = {row[0]: row[1] for row in session.execute(counted)}
    every.sort(key=lambda wanted: sizes.get(wanted[0].id, 0))
    return [
        (product, market, audience)
        for product, market, audience in every
        if not is_on_disk(session, product, at=at, scope=Scope(market, audience))
    ]


def compile_library(session: Session, wanted: Wanted, *, at: datetime) -> None:
    """Compile the library of one of them and keep it on disk."""
    product, market, audience = wanted
    compiled(session, product, at=at, market=market, audience=audience, quick=True)


@lru_cache(maxsize=256)
def _checked(kept: _Kept, body: str) -> Result:
    said = check(body, kept.library, whole=False)
    # a text cut into sentences is many times its size, and nobody asks for it again
    return Result(findings=said.findings, matches=said.matches)


def _library(session: Session, product: Product, purpose: Purpose, at: datetime) -> _Kept:
    bind = session.get_bind()
    key = (str(bind.engine.url), product.id, purpose.market, purpose.audience)
    stamp = _stamp(session, product, at)
    with _lock:
        kept = _kept.get(key)
        if kept is not None and kept.stamp == stamp:
            _kept.move_to_end(key)
            return kept
    library = compiled(
        session, product, at=at, market=purpose.market, audience=purpose.audience, quick=True
    )
    made = _Kept(stamp, library)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _stamp(session: Session, product: Product, at: datetime) -> tuple[Any, ...]:
    """Something that is another whenever the effective claims or the label could be."""
    key = ("claims to check with", product.id)
    return (*remembered(session, key, lambda: _state(session, product)), at.date())


def _state(session: Session, product: Product) -> tuple[Any, ...]:
    claims = session.execute(
        select(
            func.count(ClaimVersion.id),
            func.max(ClaimVersion.updated_at),
            func.count(Claim.approved_id.distinct()),
        )
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .where(Claim.product_id == product.id)
    ).one()
    label = session.scalar(
        select(func.max(LabelVersion.id)).where(LabelVersion.product_id == product.id)
    )
    return (*claims, label)
