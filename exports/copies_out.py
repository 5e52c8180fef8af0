"""Where copies are, whoever holds them: for those who must be able to say it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Account
from exports.models import ControlledCopy, CopyState, Material, MaterialVersion
from exports.queries import copies_where
from records.models import Person


def copies_out(
    session: Session,
    *,
    states: Sequence[CopyState] = (),
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> list[ControlledCopy]:
    """Copies of every holder, newest first; ``text`` narrows by material, account or holder."""
    return copies_where(session, _narrowed(states, text), after, limit)


def _narrowed(states: Sequence[CopyState], text: str) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if states:
        conditions.append(ControlledCopy.state.in_(states))
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


def count_by_state(session: Session) -> dict[CopyState, int]:
    """How many copies stand in each state, of all holders."""
    rows = session.execute(
        select(ControlledCopy.state, func.count()).group_by(ControlledCopy.state)
    )
    return dict(rows.all())
