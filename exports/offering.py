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
from records.errors import Objection
from records.lifecycle import VersionState
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


def tagged(session: Session, ground: Ground) -> list[Offer]:
    """Every approved module with the material's tags, those that fit first and best first.

    A tag is not all: each says whether it fits.
    """
    query = _of_product(ground).where(_has_tags(ground))
    return judge(session, ground, list(session.scalars(query)))


@dataclass(frozen=True)
class Around:
    """What a material could hold besides what it holds, for the composer; the first of each."""

    fitting: tuple[Offer, ...]
    fitting_total: int
    others: tuple[Offer, ...]
    others_total: int


def around(
    session: Session,
    ground: Ground,
    *,
    without: Iterable[str],
    text: str = "",
    most: int = 60,
    most_others: int = 40,
) -> Around:
    """The first modules that fit and the first that do not, each with its reasons.

    ``text`` narrows what fits. Only what a person could add is judged in full; for the others the
    first glance (tags, state) has given the reason already.
    """
    held = sorted(without)
    narrowed = _narrowed(_of_product(ground), text, held).where(_has_tags(ground))
    rest = _narrowed(_of_product(ground), "", held).where(~_has_tags(ground))
    tagged = list(session.scalars(narrowed.limit(most + 1)))
    further = list(session.scalars(rest.limit(most_others)))
    glanced = selecting.offers(further, _unapproved(further), ground.wanted, ground.frame)
    addable = [offer.version for offer in glanced if offer.choosable]
    judged = {offer.version.id: offer for offer in judge(session, ground, [*tagged, *addable])}
    offers = [judged[version.id] for version in tagged]
    brought = {slot.name for slot in ground.frame.slots if slot.companions_only}
    fitting = sorted(
        (offer for offer in offers if offer.fits and offer.slot not in brought),
        key=lambda offer: (-offer.score, offer.version.code),
    )
    amiss = [offer for offer in offers if not offer.fits]
    others = [*amiss, *(judged.get(offer.version.id, offer) for offer in glanced)]
    total = _count(session, narrowed) if len(tagged) > most else len(fitting)
    more = _count(session, rest) if len(further) == most_others else len(further)
    return Around(tuple(fitting[:most]), total, tuple(others[:most_others]), more + len(amiss))


def _unapproved(versions: Iterable[ModuleVersion]) -> dict[int, list[Objection]]:
    return {
        version.id: [Objection("not-approved", "No version is approved yet.", version.code)]
        for version in versions
        if version.state is not VersionState.APPROVED
    }


def _count(session: Session, query: Select[ModuleVersion]) -> int:
    counted = query.with_only_columns(func.count(Module.id)).order_by(None)
    return session.scalar(counted) or 0


def _of_product(ground: Ground) -> Select[ModuleVersion]:
    return (
        select(ModuleVersion)
        .join(Module, func.coalesce(Module.approved_id, Module.latest_id) == ModuleVersion.id)
        .where(Module.product_id == ground.product_id)
        .order_by(Module.code)
    )


def _narrowed(
    query: Select[ModuleVersion], text: str, held: Sequence[str]
) -> Select[ModuleVersion]:
    for word in text.split()[:8]:
        query = query.where(
            or_(
                ModuleVersion.title.icontains(word, autoescape=True),
                ModuleVersion.code.icontains(word, autoescape=True),
            )
        )
    return query.where(Module.code.not_in(held)) if held else query


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
