"""Claims files, CSV or XLSX: every row read and checked, every problem named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from claims_library.anchors import Anchor, NotLocated, fold, locate
from claims_library.brands import same_brand
from claims_library.claim_table import COLUMNS, read_table
from claims_library.label_document import LabelDocument
from claims_library.numbers import missing_numbers
from records.problems import BadInput, Problem, reject
from records.vocabulary import Audience, Channel, ClaimType, Market, Pillar

MAXIMUM_TEXT = 10_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|\{\{|\{%|\{#|\[\[")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b-\u200d]")

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as the file says it, with its evidence located in the label."""

    claim_id: str
    product: str
    text: str
    variations: tuple[str, ...]
    type: ClaimType
    pillar: Pillar
    indication: str
    population: str
    qualifiers: tuple[str, ...]
    companions: tuple[str, ...]
    audiences: tuple[Audience, ...]
    channels: tuple[Channel, ...]
    markets: tuple[Market, ...]
    reference: str
    locator: str
    excerpt: str
    valid_from: date
    valid_until: date
    anchor: Anchor


@dataclass(frozen=True)
class ClaimFile:
    """The good rows of a file and everything wrong with the others."""

    rows: tuple[ClaimRow, ...]
    problems: tuple[Problem, ...]


def read_claims(data: bytes, *, filename: str, label: LabelDocument) -> ClaimFile:
    """Read and check every row against ``label``.

    Raises:
        BadInput: the file as a whole cannot be read (not CSV or XLSX, columns missing, too large).
    """
    rows: list[ClaimRow] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, cells in read_table(data, filename):
        reader = _Row(filename, number, cells, label)
        row = reader.read()
        problems += reader.problems
        code = cells["claim_id"]
        if code and code in seen:
            message = f"{code} is already in row {seen[code]}."
            problems.append(Problem(filename, number, "claim_id", message, "repeated"))
        seen.setdefault(code, number)
        if row is not None:
            rows.append(row)
    if not seen:
        raise reject(filename, "There is no claim in this file.", code="empty")
    return ClaimFile(tuple(rows), tuple(problems))


def product_of(data: bytes, *, filename: str) -> str:
    """The product a claims file speaks of; ``BadInput`` when it names none or several."""
    first: tuple[int, str] | None = None
    for number, cells in read_table(data, filename):
        brand = cells["product"]
        if first is None:
            first = (number, brand)
        elif not same_brand(brand, first[1]):
            message = f"{brand!r} is another product than {first[1]!r} in row {first[0]}."
            raise BadInput([Problem(filename, number, "product", message, "several-products")])
    if first is None or not first[1]:
        raise reject(filename, "The first row names no product.", field="product", code="empty")
    return first[1]


@dataclass
class _Row:
    """Reads one row and collects what is wrong with it."""

    file: str
    number: int
    cells: Mapping[str, str]
    label: LabelDocument

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self) -> ClaimRow | None:
        """The row as a claim, or None when ``problems`` says what is wrong with it."""
        variations = self._variations()
        start, end = self._day("valid_from"), self._day("valid_until")
        kind, pillar = self._word("type", ClaimType), self._word("pillar", Pillar)
        row = partial(
            ClaimRow,
            claim_id=self._code(),
            product=self._product(),
            text=self._wording("text", self.cells["text"]),
            variations=variations,
            indication=self._plain("indication"),
            population=self._plain("population"),
            qualifiers=self._list("qualifiers", "||"),
            companions=self._list("companions", ";"),
            audiences=self._words("audiences", Audience),
            channels=self._words("channels", Channel),
            markets=self._words("markets", Market),
            reference=self._plain("reference", required=True),
            locator=self._plain("locator", required=True),
            excerpt=self._plain("excerpt", required=True),
        )
        anchor = self._anchor()
        self._check_window(start, end)
        self._check_wordings([self.cells["text"], *variations])
        if self.problems or not (anchor and start and end and kind and pillar):
            return None
        return row(type=kind, pillar=pillar, valid_from=start, valid_until=end, anchor=anchor)

    def _bad(self, field: str, message: str, code: str) -> None:
        self.problems.append(Problem(self.file, self.number, field, message, code))

    def _code(self) -> str:
        code = self.cells["claim_id"]
        if not _CODE.fullmatch(code):
            self._bad("claim_id", f"{code!r} is not an id like KIS-0007.", "claim-id")
        return code

    def _product(self) -> str:
        brand = self.cells["product"]
        if not same_brand(brand, self.label.brand_name):
            self._bad(
                "product",
                f"{brand!r} is not the brand name of the label, {self.label.brand_name!r}.",
                "product",
            )
        return self.label.brand_name

    def _plain(self, field: str, *, required: bool = False) -> str:
        text = self.cells[field]
        if required and not text:
            self._bad(field, "This may not be empty.", "empty")
        if markup := _MARKUP.search(text):
            self._bad(field, f"Only plain text is allowed, not {markup.group(0)[:40]!r}.", "markup")
        if _CONTROL.search(text):
            self._bad(field, "There is an invisible control character.", "control")
        return text

    def _wording(self, field: str, text: str) -> str:
        self._plain(field)
        if not 3 <= len(text) <= MAXIMUM_TEXT:
            self._bad(field, f"A wording has 3 to {MAXIMUM_TEXT:,} characters.", "length")
        return text

    def _variations(self) -> tuple[str, ...]:
        found = self._list("variations", "||")
        for text in found:
            if not 3 <= len(text) <= MAXIMUM_TEXT:
                self._bad(
                    "variations", f"A wording has 3 to {MAXIMUM_TEXT:,} characters.", "length"
                )
        forms = [fold(text).casefold() for text in (self.cells["text"], *found)]
        if len(set(forms)) < len(forms):
            self._bad("variations", "Two wordings of this claim are the same.", "repeated")
        return found

    def _list(self, field: str, separator: str) -> tuple[str, ...]:
        self._plain(field)
        parts = (part.strip() for part in self.cells[field].split(separator))
        return tuple(part for part in parts if part)

    def _word(self, field: str, words: type[W]) -> W | None:
        found = self._in_list(field, [self.cells[field]], words)
        return found[0] if found else None

    def _words(self, field: str, words: type[W]) -> tuple[W, ...]:
        values = self._list(field, ";")
        if not values:
            self._bad(field, f"Name at least one of {', '.join(words)}.", "empty")
        found = self._in_list(field, list(values), words)
        return tuple(sorted(set(found), key=list(words).index))

    def _in_list(self, field: str, values: list[str], words: type[W]) -> list[W]:
        found = []
        for value in values:
            try:
                found.append(words(value))
            except ValueError:
                self._bad(field, f"{value!r} is not one of {', '.join(words)}.", "unknown-word")
        return found

    def _day(self, field: str) -> date | None:
        try:
            return date.fromisoformat(self.cells[field])
        except ValueError:
            self._bad(field, f"{self.cells[field]!r} is not a date like 2027-06-30.", "date")
            return None

    def _check_window(self, start: date | None, end: date | None) -> None:
        if start is not None and end is not None and not start < end:
            self._bad("valid_until", f"The end {end} is not after the start {start}.", "window")

    def _anchor(self) -> Anchor | None:
        if not self.cells["excerpt"] or not self.cells["locator"]:
            return None
        try:
            return locate(self.label, self.cells["locator"], self.cells["excerpt"])
        except NotLocated as error:
            field = "excerpt" if "excerpt" in str(error) else "locator"
            self._bad(field, str(error), "not-located")
            return None

    def _check_wordings(self, wordings: list[str]) -> None:
        """Numbers must be in the evidence; limiting words in every wording."""
        evidence = self.cells["excerpt"]
        limits = [*self._parts("qualifiers"), *self._parts("population")]
        for index, wording in enumerate(wordings):
            field = "text" if index == 0 else "variations"
            if lost := missing_numbers(wording, evidence):
                self._bad(
                    field,
                    f"Not in the excerpt: {', '.join(dict.fromkeys(lost))}, in “{wording[:60]}…”.",
                    "number-not-in-evidence",
                )
            folded = fold(wording).casefold()
            for limit in limits:
                if fold(limit).casefold() not in folded:
                    column = "population" if limit == self.cells["population"] else "qualifiers"
                    self._bad(column, f"{limit!r} is not in “{wording[:60]}…”.", "limit-missing")

    def _parts(self, field: str) -> list[str]:
        return [part.strip() for part in self.cells[field].split("||") if part.strip()]


assert {field.name for field in fields(ClaimRow)} == {*COLUMNS, "anchor"}  # noqa: S101 - a promise
