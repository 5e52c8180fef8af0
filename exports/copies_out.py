"""Where copies are, whoever holds them: for those who must be able to say it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Account
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion
from exports.queries import copies_where
from records import clock
from records.lifecycle import VersionState
from records.models import Person


class Which(StrEnum):
    """Which copies a list is about: in use, out although they may not be used, or all."""

    OUT = "out"
    STOPPED = "stopped"
    ALL = "all"


def copies_out(
    session: Session, which: Which, *, text: str = "", after: int | None = None, limit: int = 50
) -> list[ControlledCopy]:
    """Copies of every holder, newest first; ``text`` narrows by material, account or holder."""
    return copies_where(session, and_(_is(which), _named(text)), after, limit)


def stopped_of(session: Session, holder: Person, *, limit: int = 20) -> list[ControlledCopy]:
    """The copies somebody still holds although they may not be used any more, newest first."""
    held = ControlledCopy.holder_id == holder.id
    return copies_where(session, and_(_is(Which.STOPPED), held), None, limit)


def count_copies_out(session: Session) -> dict[Which, int]:
    """How many copies of all holders each list has."""
    count = select(func.count()).select_from(ControlledCopy)
    return {which: session.scalar(count.where(_is(which))) or 0 for which in Which}


def _is(which: Which) -> ColumnElement[bool]:
    if which is Which.ALL:
        return true()
    issued = ControlledCopy.state == CopyState.ISSUED
    called_back = ControlledCopy.state.in_((CopyState.RECALLED, CopyState.ACKNOWLEDGED))
    holds = ControlledCopy.material_version.has(
        and_(
            MaterialVersion.state == VersionState.APPROVED,
            MaterialVersion.valid_until > clock.today(),
        )
    )
    if which is Which.OUT:
        return and_(issued, holds)
    return or_(called_back, and_(issued, not_(holds)))


def _named(text: str) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if text:
        of_account = Material.account.has(Account.name.icontains(text, autoescape=True))
        conditions.append(
            or_(
                ControlledCopy.holder.has(Person.name.icontains(text, autoescape=True)),
                ControlledCopy.material_version.has(
                    MaterialVersion.material.has(
                        or_(Material.code.icontains(text, autoescape=True), of_account)
                    )
                ),
            )
        )
    return and_(*conditions)
