"""Reading accounts: everybody sees the accounts of their territory, some see all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, selectinload

from accounts.models import Account
from records.errors import NotFound
from records.models import Person
from records.roles import Permission, may
from records.vocabulary import Phase, Role, Tier


def visible_to(person: Person) -> ColumnElement[bool]:
    """The condition under which a person may know of an account."""
    if not may(person, Permission.READ_ACCOUNTS):
        return false()
    if may(person, Permission.READ_ALL_TERRITORIES):
        return true()
    return Account.state.in_(sorted(person.territory)) if person.territory else false()


def may_see(person: Person, account: Account) -> bool:
    """``visible_to`` for one account that is at hand."""
    if not may(person, Permission.READ_ACCOUNTS):
        return False
    return may(person, Permission.READ_ALL_TERRITORIES) or account.state in person.territory


def get_account(session: Session, code: str, *, person: Person) -> Account:
    """The account with its stakeholders, or ``NotFound``: also when it is in another territory."""
    account = session.scalar(
        select(Account)
        .where(Account.code == code, visible_to(person))
        .options(selectinload(Account.stakeholders))
    )
    if account is None:
        raise NotFound(f"There is no account {code} in your territory.")
    return account


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; empty values do not narrow."""

    text: str = ""
    state: str = ""
    type: str = ""
    tier: Tier | None = None
    phase: Phase | None = None

    def apply(self, query: Select[Account]) -> Select[Account]:
        for word in self.text.split()[:8]:
            query = query.where(
                or_(
                    Account.name.icontains(word, autoescape=True),
                    Account.city.icontains(word, autoescape=True),
                    Account.code == word,
                )
            )
        for column, value in (
            (Account.state, self.state),
            (Account.type, self.type),
            (Account.tier, self.tier),
            (Account.journey_phase, self.phase),
        ):
            if value:
                query = query.where(column == value)
        return query


ALL = AccountFilter()


def list_accounts(
    session: Session,
    *,
    person: Person,
    narrowed: AccountFilter = ALL,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Account]:
    """One page of accounts by name; ``after`` is (name, id) of the last row of the page before."""
    query = narrowed.apply(select(Account).where(visible_to(person)))
    if after is not None:
        query = query.where(tuple_(Account.name, Account.id) > tuple_(*after))
    return list(session.scalars(query.order_by(Account.name, Account.id).limit(limit)))


def count_accounts(session: Session, *, person: Person, narrowed: AccountFilter = ALL) -> int:
    """How many accounts a list has in all."""
    query = narrowed.apply(select(Account).where(visible_to(person)))
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


@dataclass(frozen=True)
class Choices:
    """What there is to narrow a person's list by."""

    states: Sequence[str]
    types: Sequence[str]


def choices(session: Session, *, person: Person) -> Choices:
    """States and types that occur among a person's accounts, in order."""
    pairs = session.execute(
        select(Account.state, Account.type).where(visible_to(person)).distinct()
    ).all()
    return Choices(
        states=sorted({pair.state for pair in pairs if pair.state}),
        types=sorted({pair.type for pair in pairs if pair.type}),
    )


def roles_of(account: Account) -> list[Role]:
    """The stakeholder roles an account has, in the vocabulary's order."""
    held = {stakeholder.role for stakeholder in account.stakeholders}
    return [role for role in Role if role in held]
