"""Spellings of a brand name: files of one product may write it differently, others are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from claims_library.brands import same_brand
from claims_library.claim_file import product_of, read_claims
from claims_library.labels import read_label
from records.problems import BadInput

CONTENT = Path(__file__).parents[3] / "cms" / "demonstration"
LABEL = read_label((CONTENT / "label.json").read_bytes(), filename="label.json")


def renamed(change: Callable[[int], str]) -> bytes:
    """The demonstration's claims with the product of each row written by ``change``."""
    rows = list(csv.DictReader(io.StringIO((CONTENT / "claims.csv").read_text("utf-8"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | {"product": change(number)} for number, row in enumerate(rows))
    return out.getvalue().encode()


@pytest.mark.parametrize("other", ["Halvoryn", "halvoryn", "HALVORYN®", " Halvoryn (R) "])
def test_spellings_of_one_brand(other: str) -> None:
    assert same_brand("HALVORYN", other)


@pytest.mark.parametrize("other", ["HALVORYN XR", "HALVORYM", "", "HALVO RYN"])
def test_other_brands(other: str) -> None:
    assert not same_brand("HALVORYN", other)


def test_a_claims_file_may_write_the_brand_as_the_running_text_does() -> None:
    data = renamed(lambda number: ("Halvoryn", "HALVORYN®")[number % 2])
    read = read_claims(data, filename="claims.csv", label=LABEL)
    assert not read.problems
    assert {row.product for row in read.rows} == {LABEL.brand_name}
    assert same_brand(product_of(data, filename="claims.csv"), LABEL.brand_name)


def test_another_product_is_named_with_its_row() -> None:
    data = renamed(lambda number: "OTHERMAB" if number == 3 else "HALVORYN")
    read = read_claims(data, filename="claims.csv", label=LABEL)
    assert [(each.row, each.field) for each in read.problems] == [(5, "product")]
    with pytest.raises(BadInput, match="OTHERMAB"):
        product_of(data, filename="claims.csv")
