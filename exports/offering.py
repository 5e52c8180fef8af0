"""Which modules a material is offered: read as narrowly as the question allows, then judged.

Tags narrow in SQL; whether a version stands approved and may be used is always worked out from the
version itself (``modules.validity``), so that a tag that lags behind hides or shows nothing wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from claims_library.validity import Use
from exports import rules, selecting
from exports.frame import Frame, of_json
from exports.models import MaterialVersion
from exports.selecting import Offer, Wanted
from modules import validity
from modules.models import Module, ModuleTag, ModuleVersion
from records.vocabulary import Tier


@dataclass(frozen=True)
class Ground:
    """What offers are judged on: for what, in which frame, at which moment."""

    product_id: int
    wanted: Wanted
    frame: Frame
    at: datetime

    @property
    def use(self) -> Use:
        return Use(self.wanted.market, self.wanted.audience, self.wanted.channel)


def ground_of(version: MaterialVersion, *, at: datetime) -> Ground:
    """The ground of a material that exists."""
    material = version.material
    wanted = Wanted(
        market=material.market,
        audience=material.audience,
        channel=material.channel,
        role=material.role,
        phase=material.phase,
        tier=Tier(version.frame["tier"]),
    )
    return Ground(material.product_id, wanted, of_json(version.template_version.frame), at)


def judge(session: Session, ground: Ground, versions: Sequence[ModuleVersion]) -> list[Offer]:
    """Offers of exactly these versions."""
    found = validity.objections(session, versions, at=ground.at, use=ground.use)
    return selecting.offers(versions, found, ground.wanted, ground.frame)


def every(session: Session, ground: Ground) -> list[Offer]:
    """Every module of the product, with why it fits or why not."""
    return judge(session, ground, list(session.scalars(_of_product(ground))))


def with_demands(session: Session, ground: Ground, codes: Iterable[str]) -> dict[str, Offer]:
    """Offers of these modules and of everything they demand, by code."""
    found: dict[str, ModuleVersion] = {}
    wanted = set(codes)
    while wanted:
        query = _of_product(ground).where(Module.code.in_(sorted(wanted)))
        rows = {version.code: version for version in session.scalars(query)}
        found |= rows
        wanted = {code for row in rows.values() for code in rules.demanded(row)} - found.keys()
        wanted -= rows.keys()
        if not rows:
            break
    return {offer.version.code: offer for offer in judge(session, ground, list(found.values()))}


def tagged(
    session: Session,
    ground: Ground,
    *,
    text: str = "",
    without: Iterable[str] = (),
    limit: int | None = None,
) -> list[Offer]:
    """Approved modules with the material's tags, those that fit first and best first.

    ``text`` narrows by code and title. A tag is not all: each says whether it fits.
    """
    query = _tagged(ground, _of_product(ground), text, without).limit(limit)
    return judge(session, ground, list(session.scalars(query)))


def count_tagged(
    session: Session, ground: Ground, *, text: str = "", without: Iterable[str] = ()
) -> int:
    """How many approved modules have the tags, without judging each of them."""
    query = _tagged(ground, _of_product(ground), text, without)
    counted = query.with_only_columns(func.count(Module.id)).order_by(None)
    return session.scalar(counted) or 0


def others(
    session: Session, ground: Ground, *, without: Iterable[str], text: str = "", limit: int
) -> tuple[list[Offer], int]:
    """The first modules that are not offered, with the reasons, and how many there are in all."""
    query = _narrowed(_of_product(ground), text, without).where(~_has_tags(ground))
    total = session.scalar(query.with_only_columns(func.count(Module.id)).order_by(None)) or 0
    rows = list(session.scalars(query.limit(limit)))
    return [offer for offer in judge(session, ground, rows) if not offer.fits], total


def _of_product(ground: Ground) -> Select[ModuleVersion]:
    return (
        select(ModuleVersion)
        .join(Module, func.coalesce(Module.approved_id, Module.latest_id) == ModuleVersion.id)
        .where(Module.product_id == ground.product_id)
        .order_by(Module.code)
    )


def _narrowed(
    query: Select[ModuleVersion], text: str, without: Iterable[str]
) -> Select[ModuleVersion]:
    for word in text.split()[:8]:
        query = query.where(
            or_(
                ModuleVersion.title.icontains(word, autoescape=True),
                ModuleVersion.code.icontains(word, autoescape=True),
            )
        )
    held = sorted(without)
    return query.where(Module.code.not_in(held)) if held else query


def _tagged(
    ground: Ground, query: Select[ModuleVersion], text: str, without: Iterable[str]
) -> Select[ModuleVersion]:
    return _narrowed(query, text, without).where(_has_tags(ground))


def _has_tags(ground: Ground) -> ColumnElement[bool]:
    """Approved, and tagged for it; tags are those of the latest version, so drafts are judged."""
    wanted = ground.wanted
    tags = (("roles", wanted.role), ("phases", wanted.phase), ("tiers", wanted.tier))
    tagged = [
        select(ModuleTag.module_id)
        .where(
            ModuleTag.module_id == Module.id,
            ModuleTag.facet == facet,
            ModuleTag.value == value.value,
        )
        .exists()
        for facet, value in tags
    ]
    moved_on = Module.approved_id != Module.latest_id
    return and_(Module.approved_id.is_not(None), or_(and_(*tagged), moved_on))
