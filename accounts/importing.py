"""Importing accounts and stakeholders: all or nothing, and a second run changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from accounts.account_file import AccountFile, AccountRow, read_accounts
from accounts.models import Account, Stakeholder
from accounts.stakeholder_file import StakeholderRow, read_stakeholders
from records import audit, clock, roles
from records.actions import Action
from records.canonical import sha256_bytes
from records.models import Person
from records.problems import BadInput, Problem
from records.roles import Permission

# fields of a row that a file decides on only where it has the column and fills the cell
_ONLY_IF_GIVEN = ("tier", "journey_phase", "care_setting", "beds", "type", "city", "state")


@dataclass(frozen=True)
class ImportReport:
    """What an import did, by account id; ``warnings`` are sentences for people."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def import_accounts(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import an account file in any of ``accounts.layouts``, keyed by id.

    What a file does not say stays as it is, and so does a tier that a person set with a reason:
    the report warns of it. Raises ``BadInput`` with every problem of the file.
    """
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    read = read_accounts(data, filename=filename)
    if read.problems:
        raise BadInput(read.problems)
    known = _known(session, [row.code for row in read.rows])
    new: list[dict[str, Any]] = []
    changes: dict[str, dict[str, list[Any]]] = {}
    unchanged: list[str] = []
    warnings: list[str] = []
    for row in read.rows:
        account = known.get(row.code)
        if account is None:
            new.append(_values(row))
            continue
        if found := _differences(account, row, read, warnings):
            changes[row.code] = {name: [getattr(account, name), value] for name, value in found}
            if not dry_run:
                _write(account, found)
        else:
            unchanged.append(row.code)
    if not dry_run and (new or changes):
        if new:
            session.execute(insert(Account), new)
        after = {"created": len(new), "changed": changes}
        _record(session, data, filename, actor=actor, after=after)
    return ImportReport(
        created=tuple(values["code"] for values in new),
        changed=tuple(changes),
        unchanged=tuple(unchanged),
        warnings=tuple(warnings),
    )


def import_stakeholders(
    session: Session, data: bytes, *, filename: str, actor: Person, dry_run: bool = False
) -> ImportReport:
    """Import stakeholders; for each account the file names it is the whole list.

    Raises ``BadInput`` with every problem, an account that does not exist among them.
    """
    roles.require(actor, Permission.KEEP_ACCOUNTS)
    read = read_stakeholders(data, filename=filename)
    wanted: dict[str, list[StakeholderRow]] = defaultdict(list)
    for row in read.rows:
        wanted[row.account].append(row)
    accounts = _known(session, list(wanted), stakeholders=True)
    problems = [*read.problems, *_unknown(filename, read.rows, accounts)]
    if problems:
        raise BadInput(problems)
    changed = [code for code, rows in wanted.items() if not _same(accounts[code], rows)]
    if not dry_run and changed:
        for code in changed:
            accounts[code].stakeholders = [
                Stakeholder(role=row.role, name=row.name, title=row.title, email=row.email)
                for row in wanted[code]
            ]
        session.flush()
        _record(session, data, filename, actor=actor, after={"stakeholders_of": changed})
    return ImportReport(
        changed=tuple(changed),
        unchanged=tuple(code for code in wanted if code not in changed),
    )


def _known(
    session: Session, codes: Sequence[str], *, stakeholders: bool = False
) -> dict[str, Account]:
    """Accounts by id, asked for in portions: databases limit the number of parameters."""
    found: dict[str, Account] = {}
    load = [selectinload(Account.stakeholders)] if stakeholders else []
    for start in range(0, len(codes), 5_000):
        portion = codes[start : start + 5_000]
        query = select(Account).where(Account.code.in_(portion)).options(*load)
        found |= {account.code: account for account in session.scalars(query)}
    return found


def _values(row: AccountRow) -> dict[str, Any]:
    now = clock.now()
    return {
        "code": row.code,
        "name": row.name,
        "type": row.type,
        "city": row.city,
        "state": row.state,
        "beds": row.beds,
        "care_setting": row.care_setting,
        "tier": row.tier,
        "tier_reason": "",
        "journey_phase": row.journey_phase,
        "facts": dict(row.facts),
        "created_at": now,
        "updated_at": now,
        "revision": 1,
    }


def _differences(
    account: Account, row: AccountRow, read: AccountFile, warnings: list[str]
) -> list[tuple[str, Any]]:
    """What the file changes of an account, as (field, new value)."""
    found: list[tuple[str, Any]] = []
    if account.name != row.name:
        found.append(("name", row.name))
    for name in _ONLY_IF_GIVEN:
        value = getattr(row, name)
        derived = name == "care_setting" and name not in read.given
        if not value or getattr(account, name) == value:
            continue
        if derived and account.care_setting and account.type == row.type:
            continue  # somebody said it better than the type does
        if name == "tier" and account.tier is not None and account.tier_reason:
            warnings.append(
                f"{account.code} keeps the tier {account.tier.label.lower()}, which was set with a "
                f"reason; the file says {value.label.lower()}."
            )
            continue
        found.append((name, value))
    facts = {**account.facts, **row.facts}
    if facts != account.facts:
        found.append(("facts", facts))
    return found


def _write(account: Account, found: Iterable[tuple[str, Any]]) -> None:
    for name, value in found:
        setattr(account, name, value)
    account.updated_at = clock.now()


def _unknown(
    filename: str, rows: Sequence[StakeholderRow], accounts: dict[str, Account]
) -> list[Problem]:
    return [
        Problem(
            filename,
            row.number,
            "account_id",
            f"There is no account {row.account!r}: import it first.",
            "unknown-account",
        )
        for row in rows
        if row.account not in accounts
    ]


def _same(account: Account, rows: Sequence[StakeholderRow]) -> bool:
    held = [(each.role.value, each.name, each.title, each.email) for each in account.stakeholders]
    said = [(row.role.value, row.name, row.title, row.email) for row in rows]
    return sorted(held) == sorted(said)


def _record(
    session: Session, data: bytes, filename: str, *, actor: Person, after: dict[str, Any]
) -> None:
    """One row for a file: its hash proves which bytes said it."""
    audit.record(
        session,
        Action.ACCOUNT_IMPORT,
        actor=actor,
        subject=("account_file", 0, filename[:200]),
        after={"sha256": sha256_bytes(data), **after},
    )
