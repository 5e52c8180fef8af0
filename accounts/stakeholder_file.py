"""Stakeholder files: account_id, role, name, title, email; a row without a name is a segment."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.csv_file import read_csv
from accounts.naming import is_address
from records.problems import Problem, reject
from records.vocabulary import Role

COLUMNS = ("account_id", "role", "name", "title", "email")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class StakeholderRow:
    """One stakeholder as the file says it; ``number`` is its row, ``account`` the account id."""

    number: int
    account: str
    role: Role
    name: str
    title: str
    email: str = ""


@dataclass(frozen=True)
class StakeholderFile:
    """The good rows of a file and everything wrong with the others."""

    rows: tuple[StakeholderRow, ...]
    problems: tuple[Problem, ...]


def read_stakeholders(data: bytes, *, filename: str) -> StakeholderFile:
    """Read a stakeholder file; ``BadInput`` when it cannot be read as a whole."""
    table = read_csv(data, filename=filename)
    for column in ("account_id", "role"):
        if column not in table.header:
            raise reject(filename, "This column is missing.", field=column, code="missing-column")
    if not table.rows and not table.problems:
        raise reject(filename, "There is no stakeholder in this file.", code="empty")
    problems = list(table.problems)
    rows = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in table.rows:
        found = list(_problems(filename, number, cells))
        who = (cells["account_id"], cells["role"], cells.get("name", ""))
        if who in seen:
            message = f"The same stakeholder is already in row {seen[who]}."
            found.append(Problem(filename, number, "account_id", message, "repeated"))
        seen.setdefault(who, number)
        problems += found
        if not found:
            rows.append(
                StakeholderRow(
                    number,
                    cells["account_id"],
                    Role(cells["role"]),
                    cells.get("name", ""),
                    cells.get("title", ""),
                    cells.get("email", ""),
                )
            )
    problems.sort(key=lambda problem: problem.row or 0)
    return StakeholderFile(tuple(rows), tuple(problems))


def _problems(filename: str, number: int, cells: dict[str, str]) -> list[Problem]:
    found = []
    if not cells["account_id"]:
        found.append(Problem(filename, number, "account_id", "An id is needed.", "missing"))
    if cells["role"] not in {role.value for role in Role}:
        known = ", ".join(role.value for role in Role)
        message = f"{cells['role']!r} is none of: {known}."
        found.append(Problem(filename, number, "role", message, "unknown-word"))
    email = cells.get("email", "")
    if email and not is_address(email):
        found.append(Problem(filename, number, "email", f"{email!r} is no address.", "address"))
    if email and not cells.get("name", ""):
        message = "An address belongs to a named person."
        found.append(Problem(filename, number, "email", message, "nameless"))
    found += [
        Problem(filename, number, name, f"At most {LONGEST} characters fit here.", "too-long")
        for name in ("name", "title")
        if len(cells.get(name, "")) > LONGEST
    ]
    return found
