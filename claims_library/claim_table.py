"""The cells of a claims file, CSV or XLSX, by row and column; what they mean is read elsewhere."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from records.problems import BadInput, Problem, reject

if TYPE_CHECKING:
    from claims_library.models import ClaimVersion

COLUMNS = (
    "claim_id",
    "product",
    "text",
    "variations",
    "type",
    "pillar",
    "indication",
    "population",
    "qualifiers",
    "companions",
    "audiences",
    "channels",
    "markets",
    "reference",
    "locator",
    "excerpt",
    "valid_from",
    "valid_until",
)
_PLAIN = ("text", "indication", "population", "reference", "locator", "excerpt")
MAXIMUM_BYTES = 20 * 1024 * 1024
MAXIMUM_ROWS = 50_000


def read_table(data: bytes, filename: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number as a spreadsheet counts, cells by column) for each row that is not empty."""
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, "The file is larger than 20 MB.", code="too-large")
    rows = _xlsx(data, filename) if data.startswith(b"PK") else _csv(data, filename)
    header = [str(name).strip() for name in next(rows, [])]
    _check_header(header, filename)
    for number, values in enumerate(rows, start=2):
        if number > MAXIMUM_ROWS:
            raise reject(filename, f"There are more than {MAXIMUM_ROWS:,} rows.", code="too-large")
        if not any(values):
            continue
        if len(values) > len(header):
            message = f"The row has {len(values)} cells for {len(header)} columns."
            raise BadInput([Problem(filename, number, None, message, "cells")])
        cells = dict(zip(header, values, strict=False))
        yield number, {name: cells.get(name, "").strip() for name in COLUMNS}


def write_table(versions: Iterable[ClaimVersion]) -> str:
    """Claim versions as a CSV file that ``read_table`` reads; what is in them is not changed."""
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    for version in versions:
        listed = {"qualifiers": " || ", "variations": " || "}
        many = ("variations", "qualifiers", "companions", "audiences", "channels", "markets")
        writer.writerow(
            {
                "claim_id": version.code,
                "product": version.claim.product.brand,
                **{name: listed.get(name, ";").join(getattr(version, name)) for name in many},
                **{name: getattr(version, name).value for name in ("type", "pillar")},
                **{name: getattr(version, name) for name in _PLAIN},
                "valid_from": version.valid_from.isoformat(),
                "valid_until": version.valid_until.isoformat(),
            }
        )
    return target.getvalue()


def _check_header(header: list[str], filename: str) -> None:
    if not set(header) & set(COLUMNS):
        message = f"The first row must name the columns: {', '.join(COLUMNS)}."
        raise BadInput([Problem(filename, 1, None, message, "header")])
    problems = [
        Problem(filename, 1, name, "This column is missing.", "missing-column")
        for name in COLUMNS
        if name not in header
    ]
    problems += [
        Problem(filename, 1, name or "(empty)", "This column is not known.", "unknown-column")
        for name in header
        if name not in COLUMNS
    ]
    problems += [
        Problem(filename, 1, name, "This column is there twice.", "repeated-column")
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if problems:
        raise BadInput(problems)


def _csv(data: bytes, filename: str) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise reject(
            filename,
            f"The file is not UTF-8 text (byte {error.start}). Save it as “CSV UTF-8”.",
            code="encoding",
        ) from None
    if "\x00" in text:
        raise reject(filename, "The file holds zero bytes; it is not a CSV file.", code="encoding")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        message = f"The file is not valid CSV: {error}."
        raise BadInput([Problem(filename, reader.line_num, None, message, "csv")]) from None


def _delimiter(text: str) -> str:
    """The comma, or what a spreadsheet of another country puts between columns."""
    header = text.partition("\n")[0]
    return next((sign for sign in ",;\t" if f"{COLUMNS[0]}{sign}" in header), ",")


def _xlsx(data: bytes, filename: str) -> Iterator[list[str]]:
    import openpyxl

    try:
        _check_unpacked(data, filename)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for values in sheet.iter_rows(values_only=True):
            yield [_cell(value) for value in values]
    except BadInput:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file provokes
        raise reject(
            filename, f"The file cannot be read as a spreadsheet: {error}.", code="xlsx"
        ) from None


def _check_unpacked(data: bytes, filename: str) -> None:
    """A workbook is an archive: a small one can unpack to something huge."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > 10 * MAXIMUM_BYTES:
        raise reject(filename, "The file unpacks to more than 200 MB.", code="too-large")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)
