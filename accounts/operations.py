"""What people do with accounts: import them, set a tier, keep their stakeholders."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from accounts import policy
from accounts.csv_file import tidy
from accounts.importing import ImportReport, import_accounts, import_stakeholders
from accounts.models import Account, Stakeholder
from records import audit, clock, roles
from records.actions import Action
from records.errors import refuse
from records.models import Person
from records.roles import Permission
from records.versions import expect_revision
from records.vocabulary import Phase, Role, Tier

__all__ = [
    "ImportReport",
    "add_stakeholder",
    "import_accounts",
    "import_stakeholders",
    "keep_account",
    "remove_stakeholder",
    "set_phase",
    "set_tier",
]


def set_tier(
    session: Session,
    account: Account,
    tier: Tier | None,
    *,
    actor: Person,
    reason: str,
    revision: int | None = None,
) -> None:
    """Set an account's tier by hand, with the reason why; imports leave it alone from then on."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    refuse(policy.tier_objections(account, tier, reason))
    before = {"tier": account.tier, "reason": account.tier_reason}
    account.tier, account.tier_reason = tier, reason.strip()
    after = {"tier": tier, "reason": account.tier_reason}
    _changed(session, account, actor=actor, reason=reason.strip(), before=before, after=after)


def set_phase(
    session: Session,
    account: Account,
    phase: Phase | None,
    *,
    actor: Person,
    revision: int | None = None,
) -> None:
    """Say where an account is on its way; None where that is not known."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    before = {"journey_phase": account.journey_phase}
    account.journey_phase = phase
    _changed(session, account, actor=actor, before=before, after={"journey_phase": phase})


def keep_account(
    session: Session,
    account: Account,
    *,
    actor: Person,
    tier: Tier | None,
    tier_reason: str,
    phase: Phase | None,
    revision: int | None = None,
) -> None:
    """Tier with its reason and journey phase, as one form has them; what is the same stays."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    if (tier, tier_reason.strip()) != (account.tier, account.tier_reason):
        set_tier(session, account, tier, actor=actor, reason=tier_reason)
    if phase is not account.journey_phase:
        set_phase(session, account, phase, actor=actor)


def add_stakeholder(
    session: Session,
    account: Account,
    role: Role,
    *,
    actor: Person,
    name: str = "",
    title: str = "",
    revision: int | None = None,
) -> Stakeholder:
    """Add a person, or a role-based segment where ``name`` is empty."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    refuse(policy.stakeholder_objections(account, role, name, title))
    stakeholder = Stakeholder(role=role, name=tidy(name), title=tidy(title))
    account.stakeholders.append(stakeholder)
    _changed(session, account, actor=actor, after={"added": _plain(stakeholder)})
    return stakeholder


def remove_stakeholder(
    session: Session,
    account: Account,
    stakeholder: Stakeholder,
    *,
    actor: Person,
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Take a stakeholder off an account; the trail keeps the role, not who it was."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    account.stakeholders.remove(stakeholder)
    before = {"removed": _plain(stakeholder)}
    _changed(session, account, actor=actor, reason=reason, before=before)


def _plain(stakeholder: Stakeholder) -> dict[str, Any]:
    """For the append-only trail: a person's name could never be erased from it (R-703)."""
    return {"role": stakeholder.role, "named": bool(stakeholder.name)}


def _changed(
    session: Session,
    account: Account,
    *,
    actor: Person,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    account.updated_at = clock.now()
    audit.record(
        session,
        Action.ACCOUNT_CHANGE,
        actor=actor,
        subject=(Account.KIND, account.id, account.name),
        reason=reason,
        before=before,
        after=after,
    )
