"""What a run would make and what it would refuse, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Account
from accounts.queries import visible_to
from accounts.tiering import tier_of
from claims_library.brands import product_named
from claims_library.models import Product
from exports import formats, glyphs, ordering, personalising, tokens
from exports.bulk.wishes import Wish, read_filter
from exports.kinds import frame_kind
from records import people, roles
from records.errors import DomainError, NotFound, Objection, Refused, refuse
from records.models import Person, PersonRole, PersonTerritory
from records.roles import Permission, StaffRole, may
from records.vocabulary import Phase, Role, Tier

MOST = 50_000  # documents of one run

NEEDED = (Permission.ASSEMBLE, Permission.SUBMIT, Permission.ISSUE_COPIES)

Group = tuple[Role, Tier, Phase]


@dataclass(frozen=True, slots=True)
class Planned:
    """One document that is asked for; ``refusal`` says why it would not be made."""

    account: Account
    role: Role
    group: Group
    holder_id: int | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All documents of a wish, those of one composition together."""

    product_id: int
    accounts: int
    documents: tuple[Planned, ...]

    @property
    def refused(self) -> tuple[Planned, ...]:
        return tuple(each for each in self.documents if each.refusal)

    @property
    def wanted(self) -> tuple[Planned, ...]:
        return tuple(each for each in self.documents if not each.refusal)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Role, tier and phase of each composition there would be."""
        return tuple(dict.fromkeys(each.group for each in self.wanted))

    @property
    def digest(self) -> str:
        """Hash of what would be made and refused, so that a form can say what was looked at."""
        told = hashlib.sha256()
        for each in self.documents:
            row = (each.account.code, *each.group, str(each.holder_id), each.refusal)
            told.update("\x00".join(row).encode())
        return told.hexdigest()[:40]


def require(actor: Person) -> None:
    """Who orders in bulk assembles, submits and issues."""
    for permission in NEEDED:
        roles.require(actor, permission)


def start_objections(actor: Person) -> list[Objection]:
    """Why somebody who may look at a plan may not start it."""
    lacking = [roles.SENTENCES[each] for each in NEEDED if not may(actor, each)]
    if not lacking:
        return []
    sentence = f"Starting a run needs somebody who may also {' and '.join(lacking)}."
    return [Objection("start", sentence, instead="Send a librarian the address of this page.")]


def plan(session: Session, wish: Wish, *, actor: Person) -> Plan:
    """Judge every account and role of a wish; writes nothing.

    Raises ``NotFound``, ``BadInput`` or ``Refused`` when the wish as a whole cannot be met.
    """
    roles.require(actor, Permission.ASSEMBLE)
    refuse(_wish_objections(wish))
    product = product_named(session, wish.product)
    if product is None:
        raise NotFound(f"There is no product {wish.product}.")
    query = read_filter(wish.accounts).apply(select(Account).where(visible_to(actor)))
    accounts = session.scalars(query.order_by(Account.code).limit(MOST + 1)).all()
    if len(accounts) * len(wish.roles) > MOST:
        refuse([Objection("too-many", f"One run makes at most {MOST} documents: narrow it.")])
    judge = _Judge(session, wish, product, actor)
    documents = [judge.planned(account, Role(role)) for account in accounts for role in wish.roles]
    # documents of one composition together, and those whose titles take the same lines
    order = sorted(
        documents, key=lambda each: (each.group, len(each.account.name), each.account.code)
    )
    return Plan(product.id, len(accounts), tuple(order))


def _wish_objections(wish: Wish) -> Iterator[Objection]:
    known = {role.value for role in Role}
    if not wish.roles:
        yield Objection("roles", "Say for which roles.", where="roles")
    for role in wish.roles:
        if role not in known:
            yield Objection("roles", f"There is no role {role}.", where="roles")
    if wish.format != "pdf":
        sentence = f"Bulk runs make PDF files; {wish.format} is made one material at a time."
        yield Objection("format", sentence, where="format")


class _Judge:
    """Says for each document why it would be refused; what is alike is asked once."""

    def __init__(self, session: Session, wish: Wish, product: Product, actor: Person) -> None:
        self.session, self.wish, self.actor = session, wish, actor
        self.forbidden = personalising.forbidden(session, product)
        self.holders = _holders(session, wish.holder)
        self.fixed = people.by_email(session, wish.holder) if wish.holder else None
        self._of_group: dict[Group, str] = {}
        self._of_account: dict[int, str] = {}

    def planned(self, account: Account, role: Role) -> Planned:
        phase = Phase(self.wish.phase) if self.wish.phase else account.journey_phase
        group = (role, tier_of(account).tier, phase or Phase.DISCOVERY)
        holder = self._holder(account)
        refusal = (
            self._account(account)
            or ("" if holder else _no_holder(account, self.fixed))
            or self._group(account, group)
        )
        return Planned(account, role, group, holder, refusal)

    def _holder(self, account: Account) -> int | None:
        if self.fixed is None:
            return self.holders.get(account.state)
        everywhere = may(self.fixed, Permission.READ_ALL_TERRITORIES)
        receives = may(self.fixed, Permission.RECEIVE_COPIES)
        seen = everywhere or account.state in self.fixed.territory
        return self.fixed.id if receives and seen else None

    def _account(self, account: Account) -> str:
        if account.id not in self._of_account:
            self._of_account[account.id] = " ".join(map(str, self._value_objections(account)))
        return self._of_account[account.id]

    def _value_objections(self, account: Account) -> Iterator[Objection]:
        raw = (account.name, account.city, account.care_setting, account.state)
        if any(not text.isprintable() for text in raw):
            sentence = "The account's facts hold an invisible character."
            yield Objection("token", sentence, instead="Correct the account first.")
            return
        facts = personalising.facts_of(account)
        yield from tokens.objections(personalising.values_of(facts, None, ()), self.forbidden)
        printed = "".join(str(value) for value in facts.values())
        for sign in sorted(set(printed) - glyphs.characters()):
            sentence = f"The document fonts cannot print U+{ord(sign):04X} of the account's facts."
            yield Objection("glyph_missing", sentence, instead="Spell the name differently.")

    def _group(self, account: Account, group: Group) -> str:
        """Whether there is a composition at all for a role, tier and phase."""
        if group not in self._of_group:
            try:
                order = self.wish.order(account.code, group[0])
                placed = ordering.place(self.session, order, actor=self.actor)
                kind = frame_kind(placed.template.frame, placed.ground.frame.channel.value)
                formats.choose(self.wish.format, kind, sealed=True)
                ordering.propose(self.session, placed)
                self._of_group[group] = ""
            except (Refused, DomainError) as error:
                self._of_group[group] = str(error)
        return self._of_group[group]


def _holders(session: Session, given: str) -> dict[str, int]:
    """The representative of each state: of several, the one who has been there longest."""
    if given:
        return {}
    rows: Sequence[tuple[str, int]] = [
        (row.state, row.id)
        for row in session.execute(
            select(PersonTerritory.state, Person.id)
            .join(Person, Person.id == PersonTerritory.person_id)
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == StaffRole.REP, Person.deactivated_at.is_(None))
            .order_by(Person.id.desc())
        )
    ]
    return dict(rows)


def _no_holder(account: Account, fixed: Person | None) -> str:
    if fixed is not None:
        return f"{fixed.name} may not receive copies for {account.state}."
    return f"No field representative has {account.state or 'a state'} in their territory."
