"""What people do with accounts: import them, set a tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from accounts.account_file import AccountRow, read_accounts, read_stakeholders
from accounts.models import Account, Stakeholder
from records import audit, clock, roles
from records.actions import Action
from records.canonical import sha256_bytes
from records.errors import Objection, refuse
from records.models import Person
from records.problems import BadInput, Problem
from records.roles import Permission
from records.versions import expect_revision
from records.vocabulary import Tier


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by code."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def import_accounts(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import accounts, all or nothing, keyed by id. A tier set by hand is kept where the file
    names none. Raises ``BadInput`` with every problem.
    """
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    rows = read_accounts(data, filename=filename)
    known = {account.code: account for account in session.scalars(select(Account))}
    created, changed, unchanged = [], [], []
    new: list[dict[str, Any]] = []
    for row in rows:
        account = known.get(row.code)
        if account is None:
            created.append(row.code)
            new.append(_values(row) | {"created_at": clock.now(), "revision": 1})
        elif _apply(account, row, dry_run=dry_run):
            changed.append(row.code)
        else:
            unchanged.append(row.code)
    if not dry_run and (created or changed):
        if new:
            session.execute(insert(Account), new)
        _record_import(session, data, filename, actor=actor, created=created, changed=changed)
    return ImportReport(tuple(created), tuple(changed), tuple(unchanged))


def _record_import(
    session: Session,
    data: bytes,
    filename: str,
    *,
    actor: Person,
    created: list[str],
    changed: list[str],
) -> None:
    audit.record(
        session,
        Action.ACCOUNT_IMPORT,
        actor=actor,
        subject=("account_file", 0, filename[:200]),
        after={
            "sha256": sha256_bytes(data),
            "created": len(created),
            "changed": changed[:1000],
        },
    )


def _values(row: AccountRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "type": row.type,
        "city": row.city,
        "state": row.state,
        "beds": row.beds,
        "care_setting": row.care_setting,
        "tier": row.tier,
        "tier_reason": "from the import file" if row.tier else "",
        "journey_phase": row.journey_phase,
        "facts": dict(row.facts),
        "updated_at": clock.now(),
    }


def _apply(account: Account, row: AccountRow, *, dry_run: bool) -> bool:
    """Write what differs; a tier or phase the file does not name stays as it is."""
    values = _values(row)
    for name in ("updated_at", "tier_reason"):
        values.pop(name)
    if row.tier is None:
        values.pop("tier")
    if row.journey_phase is None:
        values.pop("journey_phase")
    differing = {name: value for name, value in values.items() if getattr(account, name) != value}
    if differing and not dry_run:
        for name, value in differing.items():
            setattr(account, name, value)
        account.updated_at = clock.now()
    return bool(differing)


def import_stakeholders(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Replace the stakeholders of every account the file names, all or nothing."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    rows = read_stakeholders(data, filename=filename)
    ids = dict(session.execute(select(Account.code, Account.id)).tuples().all())
    if lost := [(number, row) for number, row in enumerate(rows, 2) if row.account not in ids]:
        raise BadInput(
            Problem(filename, number, "account_id", f"There is no account {row.account!r}.")
            for number, row in lost
        )
    named = {ids[row.account] for row in rows}
    if not dry_run and rows:
        session.execute(delete(Stakeholder).where(Stakeholder.account_id.in_(named)))
        session.execute(
            insert(Stakeholder),
            [
                {
                    "account_id": ids[row.account],
                    "role": row.role,
                    "name": row.name,
                    "title": row.title,
                }
                for row in rows
            ],
        )
        codes = sorted({row.account for row in rows})
        _record_import(session, data, filename, actor=actor, created=[], changed=codes)
    return ImportReport(changed=tuple(sorted({row.account for row in rows})))


def set_tier(
    session: Session,
    account: Account,
    tier: Tier | None,
    *,
    actor: Person,
    reason: str,
    revision: int | None = None,
) -> None:
    """Set an account's tier by hand, with the reason why."""
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    expect_revision(account, revision)
    if not reason.strip():
        refuse([Objection("reason-missing", "Say why the account has this tier.", where="reason")])
    before = account.tier
    account.tier, account.tier_reason = tier, reason.strip()
    account.updated_at = clock.now()
    audit.record(
        session,
        Action.ACCOUNT_CHANGE,
        actor=actor,
        subject=(Account.KIND, account.id, account.name),
        reason=reason,
        before={"tier": before},
        after={"tier": tier},
    )
