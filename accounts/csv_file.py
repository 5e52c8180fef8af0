"""Reading a CSV file somebody brought: its rows as plain texts, or one clear message."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from records.problems import BadInput, Problem, reject

MAXIMUM_BYTES = 20 * 1024 * 1024
MAXIMUM_ROWS = 200_000
MAXIMUM_CELL = 1_000

_MARKUP = re.compile(r"<[A-Za-z/!?][^>]*>?|\{\{|\}\}|\{%|%\}|\{#|#\}")
_SPACES = re.compile(r"\s+")
# what comes along when text is copied from the web or an old database: separators that are spaces,
# and signs without width that say nothing about a text in one direction
_SEPARATORS = re.compile("[\x1c-\x1f\x85]")
_NOTHING = re.compile("[\xad\u200b\u200e\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class CsvFile:
    """The header and the rows (spreadsheet number, cells by column) of one file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    problems: tuple[Problem, ...]


def read_csv(data: bytes, *, filename: str) -> CsvFile:
    """Read UTF-8 CSV with a header row; empty lines are passed over.

    Cells come with white space collapsed and Unicode composed. A row with too many cells, markup or
    invisible characters is a problem of that row. Raises ``BadInput`` when it is no such file.
    """
    rows = _rows(_text(data, filename), filename)
    header = tuple(cell.strip() for cell in next(rows, []))
    if not any(header):
        raise reject(filename, "The file is empty: the first row names the columns.", code="empty")
    _check_header(header, filename)
    found: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    for number, cells in enumerate(rows, start=2):
        if number > MAXIMUM_ROWS:
            raise reject(filename, f"There are more than {MAXIMUM_ROWS:,} rows.", code="too-large")
        if not any(cells):
            continue
        if len(cells) > len(header):
            message = f"The row has {len(cells)} cells for {len(header)} columns."
            problems.append(Problem(filename, number, None, message, "cells"))
            continue
        row = dict(zip(header, map(tidy, cells), strict=False))
        problems += _cell_problems(filename, number, row)
        found.append((number, {name: row.get(name, "") for name in header}))
    return CsvFile(filename, header, tuple(found), tuple(problems))


def tidy(text: str) -> str:
    """Unicode composed, white space of every kind as single spaces, empty characters left out."""
    if text.isascii() and "  " not in text and text.isprintable():
        return text.strip()
    text = _NOTHING.sub("", _SEPARATORS.sub(" ", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_hidden(character: str) -> bool:
    """Whether a character prints nothing or turns the text around it: control, format, unassigned.

    Line ends and tabs never get here, ``tidy`` makes spaces of them.
    """
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn")


def _text(data: bytes, filename: str) -> str:
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, "The file is larger than 20 MB.", code="too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = "This is not UTF-8 text: save the file as “CSV UTF-8” and import it again."
        raise BadInput([Problem(filename, row, None, message, "encoding")]) from None
    if "\0" in text:
        raise reject(filename, "This is not a text file.", code="encoding")
    return text


def _rows(text: str, filename: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            message = f"The row cannot be read as CSV ({error})."
            raise BadInput([Problem(filename, number, None, message, "csv")]) from None
        if row is None:
            return
        yield row
        number += 1


def _check_header(header: tuple[str, ...], filename: str) -> None:
    problems = [
        Problem(filename, 1, name or "(empty)", "This column is there twice.", "repeated-column")
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if problems:
        raise BadInput(problems)


def _cell_problems(filename: str, number: int, row: dict[str, str]) -> Iterator[Problem]:
    for name, text in row.items():
        if len(text) > MAXIMUM_CELL:
            message = f"The cell has more than {MAXIMUM_CELL:,} characters."
            yield Problem(filename, number, name, message, "too-long")
        elif ("<" in text or "{" in text or "}" in text) and _MARKUP.search(text):
            yield Problem(filename, number, name, "HTML and templates are not allowed.", "markup")
        elif not text.isprintable() and any(map(is_hidden, text)):
            message = "There is an invisible control character."
            yield Problem(filename, number, name, message, "control")
