"""Account files: every row read and checked, every problem named with its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from accounts.csv_file import read_csv
from accounts.layouts import Layout, care_setting_of, layout_of
from records.problems import Problem, reject
from records.vocabulary import Phase, Tier

MOST_BEDS = 100_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")
_LONGEST = {
    "account_id": 60,
    "name": 200,
    "type": 100,
    "city": 100,
    "state": 40,
    "care_setting": 120,
}

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
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
class AccountFile:
    """The rows of a file, which of our fields it has a column for, and all that is wrong."""

    layout: Layout
    given: frozenset[str]
    rows: tuple[AccountRow, ...]
    problems: tuple[Problem, ...]


def read_accounts(data: bytes, *, filename: str) -> AccountFile:
    """Read an account file in any of ``accounts.layouts``.

    Ids are texts and keep leading zeros; names repeat, ids may not. The care setting is derived
    from the type where the file does not say it.

    Raises:
        BadInput: the file as a whole cannot be read (not CSV, not UTF-8, columns missing, too big).
    """
    table = read_csv(data, filename=filename)
    layout = layout_of(table.header)
    if layout is None:
        raise reject(
            filename,
            "Columns are missing: an account file has at least account_id and name.",
            field="account_id" if "account_id" not in table.header else "name",
            code="missing-column",
        )
    if not table.rows and not table.problems:
        raise reject(filename, "There is no account in this file.", code="empty")
    problems = list(table.problems)
    rows: list[AccountRow] = []
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        reader = _Row(filename, number, cells, layout)
        row = reader.read()
        if row.code and row.code in seen:
            reader.bad("account_id", f"{row.code} is already in row {seen[row.code]}.", "repeated")
        seen.setdefault(row.code, number)
        problems += reader.problems
        rows.append(row)
    problems.sort(key=lambda problem: problem.row or 0)
    given = frozenset(layout.columns[name] for name in table.header if name in layout.columns)
    return AccountFile(layout, given, tuple(rows), tuple(problems))


@dataclass
class _Row:
    """Reads one row; what does not fit is noted, and the reading goes on."""

    filename: str
    number: int
    cells: Mapping[str, str]
    layout: Layout
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> AccountRow:
        values = dict(self._values())
        type = values.get("type", "")
        return AccountRow(
            code=self._id(values.get("account_id", "")),
            name=self._name(values.get("name", "")),
            type=type,
            city=values.get("city", ""),
            state=_state(values.get("state", "")),
            beds=self._beds(values.get("beds", "")),
            care_setting=values.get("care_setting", "") or care_setting_of(type),
            tier=self._word("tier", Tier, values.get("tier", "")),
            journey_phase=self._word("journey_phase", Phase, values.get("journey_phase", "")),
            facts={
                name: text
                for name, text in self.cells.items()
                if name and text and name not in self.layout.columns
            },
        )

    def bad(self, field: str, message: str, code: str) -> None:
        column = next((col for col, name in self.layout.columns.items() if name == field), field)
        self.problems.append(Problem(self.filename, self.number, column, message, code))

    def _values(self) -> Iterator[tuple[str, str]]:
        for column, name in self.layout.columns.items():
            text = self.cells.get(column, "")
            if name == "account_id" and self.layout.account_id is not None:
                text = self.layout.account_id(self.cells)
            longest = _LONGEST.get(name)
            if longest is not None and len(text) > longest:
                self.bad(name, f"At most {longest} characters fit here.", "too-long")
            yield name, "" if text in self.layout.unknown else text

    def _id(self, text: str) -> str:
        if not text:
            self.bad("account_id", "Every account needs an id.", "missing")
        elif not _CODE.fullmatch(text):
            message = f"{text!r} is not an id: letters, digits and . _ : / - only."
            self.bad("account_id", message, "code")
        return text

    def _name(self, text: str) -> str:
        if not text:
            self.bad("name", "Every account needs a name.", "missing")
        return text

    def _beds(self, text: str) -> int | None:
        if not text:
            return None
        whole = re.fullmatch(r"([0-9]{1,9})(?:\.0+)?", text)
        if whole is None or int(whole[1]) > MOST_BEDS:
            self.bad("beds", f"{text!r} is not a number of beds (0 to {MOST_BEDS:,}).", "number")
            return None
        return int(whole[1])

    def _word(self, field: str, words: type[W], text: str) -> W | None:
        if not text:
            return None
        try:
            return words(text.casefold().replace("_", "-").replace(" ", "-"))
        except ValueError:
            known = ", ".join(word.value for word in words)
            self.bad(field, f"{text!r} is none of: {known}.", "unknown-word")
            return None


def _state(text: str) -> str:
    """Two-letter codes are capitals, as the territories of reps are."""
    return text.upper() if len(text) == 2 else text
