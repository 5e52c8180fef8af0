"""Figures on the labelled cases and the enforcement cases beside the project, where they are."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest

from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, Scope, compile_library
from claims_library.findings import Verdict, verdict_of
from claims_library.labels import read_label

SHARED = Path(os.environ.get("CLEARCOPY_SHARED", Path(__file__).parents[4] / "shared"))
DATA = SHARED / "data"
PRODUCTS = sorted(path.parent.name for path in DATA.glob("products/*/cases.jsonl"))
needs_data = pytest.mark.skipif(
    not PRODUCTS, reason=f"the labelled cases are not at {DATA}; set CLEARCOPY_SHARED"
)


def _label_path(brand: str) -> Path | None:
    return next(iter(sorted(DATA.glob(f"labels/{brand.lower()}_*.json"))), None)


def _library(product: str) -> Library:
    path = _label_path(product)
    assert path is not None
    label = read_label(path.read_bytes(), filename=path.name)
    with (DATA / "products" / product / "claims.csv").open(encoding="utf-8") as file:
        claims = [
            ClaimText(
                row["claim_id"],
                row["text"],
                tuple(v.strip() for v in row["variations"].split("||") if v.strip()),
                type=row["type"],
                population=row["population"],
                qualifiers=tuple(q.strip() for q in row["qualifiers"].split("||") if q.strip()),
            )
            for row in csv.DictReader(file)
        ]
    return compile_library(ProductFacts(label.brand_name, label.generic_name), claims, label=label)


@needs_data
@pytest.mark.parametrize("product", PRODUCTS or ["none"])
def test_unsupported_and_off_label_are_told_from_neutral_text(product: str) -> None:
    library = _library(product)
    lines = (DATA / "products" / product / "cases.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    for verdict, least in (("unsupported", 0.95), ("off-label", 0.95), ("none", 0.98)):
        own = [case["text"] for case in cases if case["verdict"] == verdict]
        right = sum(verdict_of(check(text, library)) is Verdict(verdict) for text in own)
        assert right >= least * len(own), verdict


@needs_data
def test_nine_of_ten_statements_that_authorities_objected_to_are_found() -> None:
    found = total = 0
    for market in ("us", "uk"):
        text = (DATA / f"enforcement_cases_{market}.jsonl").read_text("utf-8")
        for case in map(json.loads, text.splitlines()):
            if case["quote_kind"] != "paraphrase":
                total += 1
                found += bool(check(case["quote"], _of_case(case, market)).findings)
    assert found >= 0.9 * total


def _of_case(case: dict[str, str], market: str) -> Library:
    match = re.match(r"([^(]+?)(?: \((.*)\))?$", case["product"])
    assert match is not None
    brand, generic = match[1], match[2] or ""
    path = _label_path(brand)
    investigational = generic == "investigational"
    facts = ProductFacts(brand, "" if investigational else generic, investigational=investigational)
    return compile_library(
        facts,
        [ClaimText("X-1", "Cartons are blue.")],
        label=read_label(path.read_bytes(), filename=path.name) if path else None,
        scope=Scope(market.upper()),
    )
