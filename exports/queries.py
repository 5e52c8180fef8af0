"""Reading materials and copies: lists for writers, the rep's shelf, holders, where-used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from accounts.models import Account
from accounts.queries import may_see, visible_to
from claims_library.models import ClaimVersion, Product
from exports import validity
from exports.models import ControlledCopy, CopyState, Material, MaterialPart, MaterialVersion
from exports.policy import may_receive
from modules.models import ModuleClaim, ModuleVersion
from records.errors import NotFound, Objection
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Role


@dataclass(frozen=True)
class MaterialFilter:
    """What a list of materials is narrowed to; empty values do not narrow."""

    text: str = ""
    brands: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    phases: tuple[Phase, ...] = ()
    states: tuple[VersionState, ...] = ()
    owner_id: int | None = None
    account_id: int | None = None

    def apply(self, query: Select[Any]) -> Select[Any]:
        for word in self.text.split()[:8]:
            query = query.where(
                or_(
                    MaterialVersion.title.icontains(word, autoescape=True),
                    Material.code.icontains(word, autoescape=True),
                )
            )
        for column, values in (
            (Product.brand, self.brands),
            (Material.role, self.roles),
            (Material.phase, self.phases),
            (MaterialVersion.state, self.states),
        ):
            if values:
                query = query.where(column.in_(values))
        if self.owner_id is not None:
            query = query.where(Material.owner_id == self.owner_id)
        if self.account_id is not None:
            query = query.where(Material.account_id == self.account_id)
        return query


EVERY = MaterialFilter()


def _materials(person: Person) -> Select[Material]:
    return (
        select(Material)
        .join(MaterialVersion, MaterialVersion.id == Material.latest_id)
        .join(Account, Account.id == Material.account_id)
        .join(Product, Product.id == Material.product_id)
        .where(visible_to(person))
        .options(
            contains_eager(Material.latest),
            contains_eager(Material.account),
            contains_eager(Material.product),
            joinedload(Material.owner),
        )
    )


def list_materials(
    session: Session,
    *,
    person: Person,
    narrowed: MaterialFilter = EVERY,
    after: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Material]:
    """One page of materials, newest first; ``after`` is the id of the last row of the page before.

    ``before`` is the id of the first row of the page after, to go back. Each comes with its latest
    version, account, product and owner.
    """
    query = narrowed.apply(_materials(person))
    if before is not None:
        back = query.where(Material.id > before).order_by(Material.id).limit(limit)
        return list(reversed(session.scalars(back).all()))
    if after is not None:
        query = query.where(Material.id < after)
    return list(session.scalars(query.order_by(Material.id.desc()).limit(limit)))


def count_materials(session: Session, *, person: Person, narrowed: MaterialFilter = EVERY) -> int:
    """How many materials a list has in all."""
    query = narrowed.apply(_materials(person)).with_only_columns(Material.id)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


FACETS = {
    "product": ("brands", Product.brand),
    "role": ("roles", Material.role),
    "phase": ("phases", Material.phase),
    "state": ("states", MaterialVersion.state),
}


def count_by(
    session: Session, facet: str, *, person: Person, narrowed: MaterialFilter = EVERY
) -> dict[str, int]:
    """How many materials each value of a facet has, under all other filters."""
    name, column = FACETS[facet]
    free: dict[str, Any] = {name: ()}
    others = replace(narrowed, **free)
    query = others.apply(_materials(person)).with_only_columns(column, func.count())
    rows = session.execute(query.group_by(column).order_by(None))
    return {str(value): count for value, count in rows}


def shaken(session: Session, versions: Sequence[MaterialVersion], *, day: date) -> set[int]:
    """Ids of those with a part that ended or was replaced by nothing, for lists (two queries).

    A list says "at risk" by this; whether a copy may be issued is computed in full when asked.
    """
    ids = [version.id for version in versions]
    of_modules = (
        select(MaterialPart.material_version_id)
        .join(ModuleVersion, ModuleVersion.id == MaterialPart.module_version_id)
        .where(MaterialPart.material_version_id.in_(ids))
    )
    of_claims = (
        of_modules.join(ModuleClaim, ModuleClaim.module_version_id == ModuleVersion.id)
        .join(ClaimVersion, ClaimVersion.id == ModuleClaim.claim_version_id)
        .where(or_(*_ended(ClaimVersion, day)))
    )
    found = set(session.scalars(of_modules.where(or_(*_ended(ModuleVersion, day)))))
    return found | set(session.scalars(of_claims))


def _ended(table: type[ModuleVersion | ClaimVersion], day: date) -> tuple[ColumnElement[bool], ...]:
    return (table.state != VersionState.APPROVED, table.valid_until <= day)


def get_material(session: Session, code: str, *, person: Person) -> Material:
    """The material, or ``NotFound``: also when its account is in another territory."""
    material = session.scalar(_materials(person).where(Material.code == code))
    if material is None:
        raise NotFound(f"There is no material {code}.")
    return material


@dataclass(frozen=True)
class Shelved:
    """A material as a rep sees it: the version to use, and why it may not be used, if so."""

    material: Material
    version: MaterialVersion
    objections: tuple[Objection, ...]


def last_approved(session: Session, material: Material) -> MaterialVersion | None:
    """The version that was approved last, whatever became of it since."""
    return session.scalar(
        select(MaterialVersion)
        .where(MaterialVersion.material_id == material.id, MaterialVersion.approved_at.is_not(None))
        .order_by(MaterialVersion.id.desc())
        .limit(1)
    )


def shelf(
    session: Session, accounts: Sequence[Account], *, at: datetime
) -> dict[int, list[Shelved]]:
    """What was ever approved for these accounts, by account id, newest first.

    Withdrawn and expired ones stay on the shelf with their reasons, superseded ones do not; who
    may receive what is decided when a copy is asked for (``policy.may_receive``).
    """
    ids = [account.id for account in accounts]
    rows = session.scalars(
        select(MaterialVersion)
        .join(Material, Material.id == MaterialVersion.material_id)
        .where(
            Material.account_id.in_(ids),
            MaterialVersion.state.in_([VersionState.APPROVED, VersionState.WITHDRAWN]),
        )
        .options(
            contains_eager(MaterialVersion.material).joinedload(Material.account),
            joinedload(MaterialVersion.template_version),
            joinedload(MaterialVersion.label_version),
        )
        .order_by(MaterialVersion.id.desc())
    ).all()
    newest = {row.material_id: row for row in reversed(rows)}
    kept = [row for row in rows if newest[row.material_id] is row]
    found = validity.objections_of(session, kept, at=at)
    shelves: dict[int, list[Shelved]] = {id: [] for id in ids}
    for version in kept:
        shelves[version.material.account_id].append(
            Shelved(version.material, version, tuple(found[version.id]))
        )
    return shelves


def receivable(
    session: Session, versions: Sequence[MaterialVersion], *, person: Person, at: datetime
) -> list[MaterialVersion]:
    """The versions a person may have a copy of, now."""
    return [each for each in versions if not may_receive(session, person, each, at=at)]


def copies_of(
    session: Session, material: Material, *, after: int | None = None, limit: int = 50
) -> list[ControlledCopy]:
    """The copies of a material with their holders, newest first."""
    of_material = ControlledCopy.material_version.has(material_id=material.id)
    return copies_where(session, of_material, after, limit)


def copies_held(
    session: Session, holder: Person, *, after: int | None = None, limit: int = 50
) -> list[ControlledCopy]:
    """The copies one person holds, newest first."""
    return copies_where(session, ControlledCopy.holder_id == holder.id, after, limit)


def copies_where(
    session: Session, condition: ColumnElement[bool], after: int | None, limit: int
) -> list[ControlledCopy]:
    """The copies a condition is true of, newest first, with what a list shows of them."""
    query = (
        select(ControlledCopy)
        .where(condition)
        .options(
            joinedload(ControlledCopy.holder),
            joinedload(ControlledCopy.issued_by),
            joinedload(ControlledCopy.material_version).joinedload(MaterialVersion.material),
        )
        .order_by(ControlledCopy.number.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(ControlledCopy.number < after)
    return list(session.scalars(query))


def get_copy(session: Session, number: int, *, person: Person) -> ControlledCopy:
    """A copy for its holder or for who issues copies; ``NotFound`` for everybody else."""
    copy = session.get(ControlledCopy, number)
    if copy is not None and (copy.holder_id == person.id or may(person, Permission.ISSUE_COPIES)):
        return copy
    raise NotFound(f"There is no copy {number} of yours.")


def count_copies(session: Session, materials: Iterable[Material]) -> dict[int, int]:
    """Copies issued, by material id, in one query."""
    ids = [material.id for material in materials]
    rows = session.execute(
        select(MaterialVersion.material_id, func.count())
        .join(ControlledCopy, ControlledCopy.material_version_id == MaterialVersion.id)
        .where(MaterialVersion.material_id.in_(ids))
        .group_by(MaterialVersion.material_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Reach:
    """How far a module version has gone: materials that hold it, copies out, their holders."""

    materials: int
    copies: int
    holders: int


def reach(session: Session, module_version_ids: Iterable[int]) -> Reach:
    """How many materials hold any of these module versions, with their copies and holders."""
    holding = _holding(module_version_ids)
    versions = select(MaterialVersion.id).where(holding)
    materials = session.scalar(
        select(func.count(MaterialVersion.material_id.distinct())).where(holding)
    )
    copies, holders = session.execute(
        select(func.count(), func.count(ControlledCopy.holder_id.distinct())).where(
            ControlledCopy.material_version_id.in_(versions)
        )
    ).one()
    return Reach(materials or 0, copies, holders)


def _holding(module_version_ids: Iterable[int]) -> ColumnElement[bool]:
    return MaterialVersion.id.in_(
        select(MaterialPart.material_version_id).where(
            MaterialPart.module_version_id.in_(list(module_version_ids))
        )
    )


def count_materials_using(session: Session, module_version_ids: Iterable[int]) -> int:
    """How many material versions hold any of these module versions."""
    query = select(func.count()).select_from(MaterialVersion)
    return session.scalar(query.where(_holding(module_version_ids))) or 0


def materials_using(
    session: Session,
    module_version_ids: Iterable[int],
    *,
    after: int | None = None,
    limit: int = 200,
) -> list[MaterialVersion]:
    """Material versions that hold any of these module versions, newest first (R-905).

    ``after`` is the id of the last row of the page before.
    """
    query = (
        select(MaterialVersion)
        .where(_holding(module_version_ids))
        .options(joinedload(MaterialVersion.material).joinedload(Material.account))
        .order_by(MaterialVersion.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(MaterialVersion.id < after)
    return list(session.scalars(query))


def receivers(session: Session, account: Account | None = None) -> list[Person]:
    """Who may hold copies, of this account's materials if one is given, by name."""
    people = session.scalars(
        select(Person).where(Person.deactivated_at.is_(None)).order_by(Person.name)
    )
    return [
        person
        for person in people
        if may(person, Permission.RECEIVE_COPIES) and (account is None or may_see(person, account))
    ]


def copies_out(session: Session, version: MaterialVersion) -> tuple[int, int]:
    """How many copies of a version are in use, and with how many people."""
    row = session.execute(
        select(func.count(), func.count(func.distinct(ControlledCopy.holder_id))).where(
            ControlledCopy.material_version_id == version.id,
            ControlledCopy.state == CopyState.ISSUED,
        )
    ).one()
    return row[0], row[1]
