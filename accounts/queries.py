"""Reading accounts: everybody sees the accounts of their territory, some see all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from accounts.models import Account, Stakeholder
from records.errors import NotFound
from records.models import Person
from records.remembering import remembered
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


def account_with_id(session: Session, id: int, *, person: Person) -> Account:
    """The account by its address's number, as ``get_account`` gives it."""
    account = session.scalar(
        select(Account)
        .where(Account.id == id, visible_to(person))
        .options(selectinload(Account.stakeholders))
    )
    if account is None:
        raise NotFound("There is no such account in your territory.")
    return account


def get_stakeholder(account: Account, id: int) -> Stakeholder:
    """One stakeholder of an account, or ``NotFound``: also when they were removed meanwhile."""
    for stakeholder in account.stakeholders:
        if stakeholder.id == id:
            return stakeholder
    raise NotFound(f"This is no stakeholder of {account.name} any more.")


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; empty values do not narrow."""

    text: str = ""
    states: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    # None among them: accounts that have none
    tiers: tuple[Tier | None, ...] = ()
    phases: tuple[Phase | None, ...] = ()

    @property
    def chosen(self) -> dict[str, tuple[str | None, ...]]:
        """The chosen values by the name of their facet."""
        return {
            "tier": self.tiers,
            "phase": self.phases,
            "state": self.states,
            "type": self.types,
        }

    def apply(self, query: Select[Account]) -> Select[Account]:
        """``query`` with every condition."""
        query = self.worded(query)
        for name, values in self.chosen.items():
            if values:
                column = COLUMNS[name]
                named = column.in_([value for value in values if value is not None])
                query = query.where(or_(named, column.is_(None)) if None in values else named)
        return query

    def worded(self, query: Select[Any]) -> Select[Any]:
        """``query`` with the words alone."""
        for word in self.text.split()[:8]:
            query = query.where(
                or_(
                    Account.name.icontains(word, autoescape=True),
                    Account.city.icontains(word, autoescape=True),
                    Account.code == word,
                )
            )
        return query


COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    "tier": Account.tier,
    "phase": Account.journey_phase,
    "state": Account.state,
    "type": Account.type,
}
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
class Counts:
    """How many accounts a list has, and how many each further choice would give.

    ``facets`` counts by facet and value; ``none`` is the value of accounts that have none.
    """

    total: int
    facets: dict[str, dict[str, int]]


def count_facets(session: Session, *, person: Person, narrowed: AccountFilter = ALL) -> Counts:
    """Counts for all facets from one query: a facet's own choice does not narrow its counts."""
    all_states = may(person, Permission.READ_ALL_TERRITORIES)
    seen = "everything" if all_states else tuple(sorted(person.territory))
    cube = remembered(
        session,
        ("accounts", may(person, Permission.READ_ACCOUNTS), seen, narrowed.text),
        lambda: _cube(session, person, narrowed),
    )
    names, chosen = list(COLUMNS), narrowed.chosen
    facets: dict[str, dict[str, int]] = {name: {} for name in names}
    total = 0
    for count, *values in cube:
        missed = [n for n, v in zip(names, values, strict=True) if chosen[n] and v not in chosen[n]]
        total += 0 if missed else count
        for name, value in zip(names, values, strict=True):
            word = NONE if value is None else str(value)
            counted = count if not missed or missed == [name] else 0
            facets[name][word] = facets[name].get(word, 0) + counted
    return Counts(total, facets)


def _cube(session: Session, person: Person, narrowed: AccountFilter) -> list[tuple[Any, ...]]:
    """How many accounts have each combination of values: (count, tier, phase, state, type)."""
    columns = list(COLUMNS.values())
    query = narrowed.worded(select(func.count(), *columns).where(visible_to(person)))
    return [tuple(row) for row in session.execute(query.group_by(*columns))]


NONE = "none"


def roles_of(account: Account) -> list[Role]:
    """The stakeholder roles an account has, in the vocabulary's order."""
    held = {stakeholder.role for stakeholder in account.stakeholders}
    return [role for role in Role if role in held]
