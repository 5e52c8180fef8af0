from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.csv_file import MAXIMUM_BYTES, read_csv, tidy
from records.problems import BadInput


def codes(data: bytes) -> list[tuple[int | None, str | None, str]]:
    """(row, column, code) of each problem, whichever way it is reported."""
    try:
        problems = read_csv(data, filename="x.csv").problems
    except BadInput as bad:
        problems = bad.problems
    return [(problem.row, problem.field, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [(None, None, "empty")]),
        (b"\n\n", [(None, None, "empty")]),
        (b"a,b,a\n1,2,3\n", [(1, "a", "repeated-column")]),
        (b"a,b\n1,2,3\n", [(2, None, "cells")]),
        (b"a,b\n1,\xff\n", [(2, None, "encoding")]),
        (b'a,b\n1,"open\n', [(2, None, "csv")]),
        (b'a,b\n1,"x"y\n', [(2, None, "csv")]),
        (b"a\n1\x00\n", [(None, None, "encoding")]),
        (b"a\n<script>x</script>\n", [(2, "a", "markup")]),
        (b"a\n{{ 7 * 7 }}\n", [(2, "a", "markup")]),
        (b"a\n{% if x %}\n", [(2, "a", "markup")]),
        ("a\nRiver\u202eedis\n".encode(), [(2, "a", "control")]),
        (b"a\nbell\x07\n", [(2, "a", "control")]),
        (b"a\n" + b"x" * 1001 + b"\n", [(2, "a", "too-long")]),
        (b"x" * (MAXIMUM_BYTES + 1), [(None, None, "too-large")]),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column(data: bytes, expected) -> None:
    assert codes(data) == expected


def test_every_problem_is_reported_not_only_the_first() -> None:
    data = b"a,b\n<b>,1\n2,{{x}}\n3,4,5\n"
    assert codes(data) == [(2, "a", "markup"), (3, "b", "markup"), (4, None, "cells")]


def test_a_spreadsheet_export_reads_with_mark_empty_lines_and_short_rows() -> None:
    read = read_csv(b"\xef\xbb\xbfa,b\r\n\r\n1\r\n", filename="x.csv")
    assert read.problems == ()
    assert read.rows == ((3, {"a": "1", "b": ""}),)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  SAN\u00a0LUCAS  HOSPITAL ", "SAN LUCAS HOSPITAL"),
        ("STORMONT\x1eVAIL", "STORMONT VAIL"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("Pen\u0303a", "Peña"),
        ("p < 3 & more", "p < 3 & more"),
    ],
)
def test_copied_text_is_tidied(text: str, tidied: str) -> None:
    assert tidy(text) == tidied


@given(st.text(max_size=60))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_one_clear_refusal(data: bytes) -> None:
    try:
        read = read_csv(data, filename="x.csv")
    except BadInput as bad:
        refusal = str(bad)
        assert refusal.startswith("x.csv")
    else:
        assert all(set(row) == set(read.header) for _, row in read.rows)
