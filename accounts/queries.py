"""Reading accounts: everybody sees the accounts of their territory, some see all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Account
from records.errors import NotFound
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Tier


def visible_to(person: Person) -> ColumnElement[bool]:
    """The condition under which a person may know of an account."""
    if may(person, Permission.READ_ALL_TERRITORIES):
        return true()
    return Account.state.in_(person.territory)


def get_account(session: Session, code: str, *, person: Person) -> Account:
    """The account, or ``NotFound``: also when it is in another territory."""
    account = session.scalar(select(Account).where(Account.code == code, visible_to(person)))
    if account is None:
        raise NotFound(f"There is no account {code} in your territory.")
    return account


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; empty values do not narrow."""

    text: str = ""
    state: str = ""
    tier: Tier | None = None
    phase: Phase | None = None


def list_accounts(
    session: Session,
    *,
    person: Person,
    narrowed: AccountFilter = AccountFilter(),  # noqa: B008 - frozen
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Account]:
    """One page of accounts by name; ``after`` is (name, id) of the last row before it."""
    query = select(Account).where(visible_to(person))
    if narrowed.text:
        query = query.where(
            or_(
                Account.name.icontains(narrowed.text, autoescape=True),
                Account.city.icontains(narrowed.text, autoescape=True),
                Account.code == narrowed.text,
            )
        )
    if narrowed.state:
        query = query.where(Account.state == narrowed.state)
    if narrowed.tier is not None:
        query = query.where(Account.tier == narrowed.tier)
    if narrowed.phase is not None:
        query = query.where(Account.journey_phase == narrowed.phase)
    if after is not None:
        name, id = after
        query = query.where(or_(Account.name > name, and_(Account.name == name, Account.id > id)))
    return list(session.scalars(query.order_by(Account.name, Account.id).limit(limit)))
