"""What pages read of products, labels and claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, Text, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from claims_library.models import Claim, ClaimVersion, LabelSection, LabelVersion, Product
from records.errors import NotFound
from records.lifecycle import EDITABLE, VersionState
from records.remembering import remembered
from records.vocabulary import ClaimType, Pillar

# what a version may be submitted from
SUBMITTABLE = (VersionState.DRAFT, VersionState.CHANGES_REQUESTED)


@dataclass(frozen=True)
class ClaimFilter:
    """What a list of claims is narrowed to; within a field any value does, empty ones all."""

    text: str = ""
    products: tuple[str, ...] = ()
    states: tuple[VersionState, ...] = ()
    types: tuple[ClaimType, ...] = ()
    pillars: tuple[Pillar, ...] = ()

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The chosen values by the name of their facet."""
        return {
            "product": self.products,
            "state": self.states,
            "type": self.types,
            "pillar": self.pillars,
        }


EVERY = ClaimFilter()
_COLUMNS = {
    "product": Product.brand,
    "state": ClaimVersion.state,
    "type": ClaimVersion.type,
    "pillar": ClaimVersion.pillar,
}


def _narrowed(query: Select[Any], narrowed: ClaimFilter) -> Select[Any]:
    query = _worded(query, narrowed.text)
    for name, values in narrowed.chosen.items():
        if values:
            query = query.where(_COLUMNS[name].in_(values))
    return query


def _worded(query: Select[Any], text: str) -> Select[Any]:
    for word in text.split()[:8]:
        query = query.where(
            or_(
                ClaimVersion.text.icontains(word, autoescape=True),
                ClaimVersion.code.icontains(word, autoescape=True),
                type_coerce(ClaimVersion.variations, Text).icontains(word, autoescape=True),
            )
        )
    return query


def _latest(columns: Any) -> Select[Any]:
    return (
        select(columns)
        .select_from(Claim)
        .join(ClaimVersion, ClaimVersion.id == Claim.latest_id)
        .join(Product, Product.id == Claim.product_id)
    )


def list_claims(
    session: Session, *, narrowed: ClaimFilter = EVERY, after: str = "", limit: int = 50
) -> list[Claim]:
    """One page of claims by code, each with its product, latest and approved version."""
    query = (
        _narrowed(_latest(Claim), narrowed)
        .options(
            contains_eager(Claim.latest).joinedload(ClaimVersion.label_version),
            contains_eager(Claim.product),
            joinedload(Claim.approved),
        )
        .where(Claim.code > after)
        .order_by(Claim.code)
        .limit(limit)
    )
    return list(session.scalars(query))


@dataclass(frozen=True)
class Counts:
    """How many claims a list has, and how many each further choice would give."""

    total: int
    facets: dict[str, dict[str, int]]


def count_claims(session: Session, *, narrowed: ClaimFilter = EVERY) -> Counts:
    """Counts for all facets from one query: a facet's own choice does not narrow its counts."""
    cube = remembered(session, ("claims", narrowed.text), lambda: _cube(session, narrowed.text))
    names, chosen = list(_COLUMNS), narrowed.chosen
    facets: dict[str, dict[str, int]] = {name: {} for name in names}
    total = 0
    for count, *values in cube:
        missed = [n for n, v in zip(names, values, strict=True) if chosen[n] and v not in chosen[n]]
        total += 0 if missed else count
        for name, value in zip(names, values, strict=True):
            found = facets[name]
            found.setdefault(str(value), 0)
            if not missed or missed == [name]:
                found[str(value)] += count
    return Counts(total, facets)


def _cube(session: Session, text: str) -> list[tuple[Any, ...]]:
    """How many claims have each combination of values: (count, product, state, type, pillar)."""
    columns = list(_COLUMNS.values())
    query = _worded(_latest(func.count()).add_columns(*columns), text)
    return [tuple(row) for row in session.execute(query.group_by(*columns).order_by(*columns))]


def submittable(session: Session, *, narrowed: ClaimFilter = EVERY) -> list[ClaimVersion]:
    """The latest versions that can be submitted for review, by code."""
    query = _narrowed(_latest(ClaimVersion), narrowed)
    query = query.where(ClaimVersion.state.in_(SUBMITTABLE)).order_by(Claim.code)
    return list(session.scalars(query))


def count_submittable(session: Session, *, narrowed: ClaimFilter = EVERY) -> int:
    """How many versions of a list can be submitted."""
    states = tuple(state for state in SUBMITTABLE if state in (narrowed.states or SUBMITTABLE))
    if not states:
        return 0
    query = _narrowed(_latest(func.count()), replace(narrowed, states=states))
    return session.scalar(query) or 0


def get_claim(session: Session, code: str) -> Claim:
    """The claim with this code and its product, or ``NotFound``."""
    claim = session.scalar(
        select(Claim).where(Claim.code == code).options(joinedload(Claim.product))
    )
    if claim is None or claim.latest is None:
        raise NotFound(f"There is no claim {code}.")
    return claim


def version_of(claim: Claim, number: str) -> ClaimVersion:
    """One version of a claim by its number, e.g. ``1.0``, or ``NotFound``."""
    for version in claim.versions:
        if version.version == number:
            return version
    raise NotFound(f"{claim.code} has no version {number}.")


def labels_of(session: Session, product_id: int) -> Sequence[LabelVersion]:
    """All versions of a product's label, newest first."""
    return session.scalars(
        select(LabelVersion)
        .where(LabelVersion.product_id == product_id)
        .order_by(LabelVersion.effective.desc(), LabelVersion.version.desc())
        .options(joinedload(LabelVersion.product))
    ).all()


def get_label(session: Session, set_id: str, version: int) -> LabelVersion:
    """One label version, or ``NotFound``."""
    label = session.scalar(
        select(LabelVersion)
        .where(LabelVersion.set_id == set_id, LabelVersion.version == version)
        .options(joinedload(LabelVersion.product), joinedload(LabelVersion.imported_by))
    )
    if label is None:
        raise NotFound("There is no such label version.")
    return label


def list_labels(session: Session) -> Sequence[LabelVersion]:
    """Every label version by brand, the newest of each first."""
    return session.scalars(
        select(LabelVersion)
        .join(LabelVersion.product)
        .options(contains_eager(LabelVersion.product), joinedload(LabelVersion.imported_by))
        .order_by(Product.brand, LabelVersion.effective.desc(), LabelVersion.version.desc())
    ).all()


def find_labels(session: Session, text: str, *, limit: int) -> tuple[Sequence[LabelVersion], int]:
    """The newest label versions of products that have each word, and how many there are.

    Words are looked for in the product's names, its maker and application, and the set id.
    """
    places = (Product.brand, Product.generic, Product.manufacturer, Product.application_number)
    words = [
        or_(*(place.icontains(word, autoescape=True) for place in (*places, LabelVersion.set_id)))
        for word in text.split()[:8]
    ]
    found = select(LabelVersion).join(LabelVersion.product).where(*words)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = (LabelVersion.effective.desc(), LabelVersion.version.desc())
    rows = session.scalars(
        found.options(contains_eager(LabelVersion.product))
        .order_by(*newest, LabelVersion.id)
        .limit(limit)
    )
    return rows.all(), total


def count_sections(session: Session) -> dict[int, int]:
    """Sections of each label version, by its id."""
    return _by_id(
        session.execute(
            select(LabelSection.label_version_id, func.count()).group_by(
                LabelSection.label_version_id
            )
        )
    )


def count_anchored(session: Session) -> dict[int, int]:
    """Claims whose version in use rests on each label version, by its id."""
    return _by_id(
        session.execute(
            select(ClaimVersion.label_version_id, func.count())
            .join(Claim, func.coalesce(Claim.approved_id, Claim.latest_id) == ClaimVersion.id)
            .group_by(ClaimVersion.label_version_id)
        )
    )


def _by_id(rows: Iterable[Row[int, int]]) -> dict[int, int]:
    return {row[0]: row[1] for row in rows}


def versions_with(session: Session, ids: Iterable[int]) -> list[ClaimVersion]:
    """Claim versions by id, each with its label version, in order of their codes."""
    return list(
        session.scalars(
            select(ClaimVersion)
            .where(ClaimVersion.id.in_(list(ids)))
            .options(joinedload(ClaimVersion.label_version))
            .order_by(ClaimVersion.code)
        )
    )


def begun_on(
    session: Session, ids: Collection[int], label: LabelVersion
) -> dict[int, ClaimVersion]:
    """By approved version, the later version of its claim that rests on ``label``."""
    approved = aliased(ClaimVersion)
    rows = session.execute(
        select(approved.id, ClaimVersion)
        .join(Claim, Claim.id == approved.claim_id)
        .join(ClaimVersion, ClaimVersion.id == Claim.latest_id)
        .where(
            approved.id.in_(list(ids)),
            ClaimVersion.id != approved.id,
            ClaimVersion.label_version_id == label.id,
            ClaimVersion.state.in_(EDITABLE),
        )
    )
    return {row[0]: row[1] for row in rows}
