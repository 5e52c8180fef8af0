"""Account files: CSV in our columns, or the public hospital file's columns by a fixed mapping."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from records.problems import BadInput, Problem, reject
from records.vocabulary import Phase, Role, Tier

MAXIMUM_BYTES = 50 * 1024 * 1024
REQUIRED = ("account_id", "name")
OWN = (
    "account_id",
    "name",
    "type",
    "city",
    "state",
    "beds",
    "care_setting",
    "tier",
    "journey_phase",
)
# columns of the US HIFLD hospital file that mean one of ours
HOSPITAL_FILE = {
    "ID": "account_id",
    "NAME": "name",
    "TYPE": "type",
    "CITY": "city",
    "STATE": "state",
    "BEDS": "beds",
}
# how a hospital type is called in running text, where the file names no care setting
CARE_SETTINGS = {
    "general acute care": "acute care hospital",
    "critical access": "critical access hospital",
    "children": "children's hospital",
    "long term care": "long-term care hospital",
    "military": "military hospital",
    "psychiatric": "psychiatric hospital",
    "rehabilitation": "rehabilitation hospital",
    "special": "specialty hospital",
    "women": "women's hospital",
    "chronic disease": "chronic disease hospital",
}
_LIMITS = {"account_id": 60, "name": 200, "type": 100, "city": 100, "state": 40}
_MARKUP = re.compile(r"<[A-Za-z/!]|\{\{|\{%|\{#|\[\[")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True)
class AccountRow:
    """One account as its file says it."""

    code: str
    name: str
    type: str
    city: str
    state: str
    beds: int | None
    care_setting: str
    tier: Tier | None
    journey_phase: Phase | None
    facts: Mapping[str, str]


@dataclass(frozen=True)
class StakeholderRow:
    """One stakeholder: an account's id, a role, and a name where one is known."""

    account: str
    role: Role
    name: str
    title: str


def read_accounts(data: bytes, *, filename: str) -> tuple[AccountRow, ...]:
    """Read every account; ``BadInput`` with every problem of the file."""
    problems: list[Problem] = []
    rows: list[AccountRow] = []
    seen: dict[str, int] = {}
    for number, cells in _table(data, filename, renamed=HOSPITAL_FILE, required=REQUIRED):
        reader = _Row(filename, number, cells, problems)
        row = reader.account()
        if row.code in seen:
            reader.bad("account_id", f"{row.code!r} is already in row {seen[row.code]}.")
        seen.setdefault(row.code, number)
        rows.append(row)
    if problems:
        raise BadInput(problems)
    if not rows:
        raise reject(filename, "There is no account in this file.", code="empty")
    return tuple(rows)


def read_stakeholders(data: bytes, *, filename: str) -> tuple[StakeholderRow, ...]:
    """Read every stakeholder (account_id, role, name, title); ``BadInput`` with every problem."""
    problems: list[Problem] = []
    rows: list[StakeholderRow] = []
    for number, cells in _table(data, filename, renamed={}, required=("account_id", "role")):
        reader = _Row(filename, number, cells, problems)
        role = reader.word("role", Role)
        if role is None:
            if not cells.get("role"):
                reader.bad("role", "This may not be empty.")
            continue
        rows.append(
            StakeholderRow(
                reader.text("account_id"), role, reader.text("name"), reader.text("title")
            )
        )
    if problems:
        raise BadInput(problems)
    return tuple(rows)


def _table(
    data: bytes, filename: str, *, renamed: Mapping[str, str], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, "The file is larger than 50 MB.", code="too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise reject(filename, f"The file is not UTF-8 text (byte {error.start}).") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [renamed.get(name.strip(), name.strip()) for name in next(reader, [])]
        if lost := [name for name in required if name not in header]:
            raise BadInput(
                [Problem(filename, 1, name, "This column is missing.", "missing") for name in lost]
            )
        for number, values in enumerate(reader, start=2):
            if any(value.strip() for value in values):
                if len(values) != len(header):
                    message = f"The row has {len(values)} cells for {len(header)} columns."
                    raise BadInput([Problem(filename, number, None, message, "cells")])
                yield (
                    number,
                    {name: value.strip() for name, value in zip(header, values, strict=True)},
                )
    except csv.Error as error:
        message = f"The file is not valid CSV: {error}."
        raise BadInput([Problem(filename, reader.line_num, None, message, "csv")]) from None


@dataclass(frozen=True)
class _Row:
    file: str
    number: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def bad(self, field: str, message: str) -> None:
        self.problems.append(Problem(self.file, self.number, field, message, "account"))

    def account(self) -> AccountRow:
        type_ = self.text("type")
        return AccountRow(
            code=self.text("account_id", required=True),
            name=self.text("name", required=True),
            type=type_,
            city=self.text("city"),
            state=self.text("state"),
            beds=self._beds(),
            care_setting=self.text("care_setting") or CARE_SETTINGS.get(type_.casefold(), ""),
            tier=self.word("tier", Tier),
            journey_phase=self.word("journey_phase", Phase),
            facts={name: value for name, value in self.cells.items() if name not in OWN},
        )

    def text(self, field: str, *, required: bool = False) -> str:
        value = self.cells.get(field, "")
        if required and not value:
            self.bad(field, "This may not be empty.")
        if len(value) > _LIMITS.get(field, 200):
            self.bad(field, f"This has more than {_LIMITS.get(field, 200)} characters.")
        if _MARKUP.search(value) or _CONTROL.search(value):
            self.bad(field, "Only plain text is allowed here.")
        return value

    def word(self, field: str, words: type[W]) -> W | None:
        value: Any = self.cells.get(field, "")
        if not value:
            return None
        try:
            return words(value)
        except ValueError:
            self.bad(field, f"{value!r} is not one of {', '.join(words)}.")
            return None

    def _beds(self) -> int | None:
        value = self.cells.get("beds", "")
        if not value:
            return None
        if not re.fullmatch(r"\d{1,6}", value):
            self.bad("beds", f"{value!r} is not a number of beds.")
            return None
        return int(value)
