"""Print-truth: what is measured on the pages, and an input that makes each check fail."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from exports import truth
from exports.brand import Brand
from exports.document import Document
from exports.proofing import faces, objections, results_of
from exports.truth import MARKETS, Measured
from exports.typeset import Run, read_runs
from tests.documents.halvoryn import brief
from tests.documents.press import BRAND, rendered, sealed


@cache
def runs() -> tuple[Run, ...]:
    with pikepdf.open(io.BytesIO(rendered())) as pdf:
        return read_runs(pdf)


def measured(
    changed: Sequence[Run] | None = None,
    document: Document | None = None,
    brand: Brand = BRAND,
    x_height: float = 0.516,
) -> dict[str, Measured]:
    found = truth.measure(
        runs() if changed is None else changed,
        document or brief(),
        brand=brand,
        x_height=x_height,
        faces=faces(brand),
    )
    return {each.name: each for each in found}


def is_safety(run: Run) -> bool:
    return run.page == 4 and not run.running and 100 < run.y < 700 and run.size == pytest.approx(9)


def test_the_brief_passes_and_every_answer_has_numbers() -> None:
    found = measured()
    assert {each.severity for each in found.values()} == {"pass"}
    assert set(found) >= {
        *("words", "pages", "established name", "safety size", "safety place", "balance"),
        *("safety pointer", "contrast", "line length", "glyphs"),
    }
    assert all(each.numbers for each in found.values())
    assert dict(found["safety size"].numbers)["share"] == pytest.approx(0.95, abs=0.01)


def test_a_lost_text_is_named() -> None:
    without = [run for run in runs() if "11.4 months" not in run.text]
    found = measured(without)["words"]
    assert found.severity == "block"
    assert "median progression-free survival" in found.sentence


def test_small_safety_information_fails() -> None:
    small = [replace(run, size=6.5) if is_safety(run) else run for run in runs()]
    found = measured(small)["safety size"]
    assert found.severity == "block"
    assert "6.5 points, the text in 9.5; at least 80%" in found.sentence


def test_a_company_may_ask_for_more_than_the_rule_but_not_for_less() -> None:
    assert measured(brand=replace(BRAND, safety_share=1.0))["safety size"].severity == "block"
    lax = replace(BRAND, safety_share=0.5)
    small = [replace(run, size=6.5) if is_safety(run) else run for run in runs()]
    assert measured(small, brand=lax)["safety size"].severity == "block"


def test_safety_information_after_the_imprint_fails() -> None:
    later = [replace(run, page=9) if is_safety(run) else run for run in runs()]
    assert measured(later)["safety place"].severity == "block"


def test_a_brand_name_set_large_alone_fails() -> None:
    first = [replace(run, text=run.text.replace("ostavatinib", "capsule")) for run in runs()]
    found = measured(first)["established name"]
    assert found.severity == "block"
    assert "On page 1, HALVORYN is set large" in found.sentence


@pytest.mark.parametrize(
    ("share", "severity", "said"),
    [(0.36, "warn", "ostavatinib is set at 36%"), (0.49999, "pass", ""), (0.49, "warn", "49%")],
)
def test_a_small_established_name_is_noted(share: float, severity: str, said: str) -> None:
    cover = next(run for run in runs() if run.text.startswith("HALVORYN®") and run.page == 1)
    at = runs().index(cover)
    parted = [
        replace(cover, text="HALVORYN® "),
        replace(cover, text="(ostavatinib) capsules", size=cover.size * share),
    ]
    found = measured([*runs()[:at], *parted, *runs()[at + 1 :]])["established name"]
    assert found.severity == severity
    assert said in found.sentence


def test_faint_text_fails_on_paper_and_on_a_gradient() -> None:
    faint = [replace(runs()[-1], colour="#bbbbbb"), *runs()]
    found = measured(faint)["contrast"]
    assert found.severity == "block"
    shaded = next(run for run in runs() if run.ground == "")
    dark = [replace(shaded, colour="#0f5f68"), *runs()]
    assert measured(dark)["contrast"].severity == "block"


def test_pages_beyond_the_most_fail_with_the_reason() -> None:
    found = measured(document=replace(brief(), most_pages=2))["pages"]
    assert found.severity == "block"
    assert "fills 4 pages, and there is room for 2" in found.sentence


def test_benefit_without_much_risk_is_noted() -> None:
    alone = replace(brief(), isi=None)
    found = measured(document=alone)["balance"]
    assert found.severity == "warn"
    assert dict(found.numbers)["risk share"] < MARKETS["US"].risk_share


def test_a_wrong_pointer_is_noted() -> None:
    wrong = [
        replace(run, text="4") if run.running and run.page == 2 and run.text == "3" else run
        for run in runs()
    ]
    found = measured(wrong)["safety pointer"]
    assert found.severity == "warn"
    assert "Page 2" in found.sentence


def test_a_long_line_is_noted() -> None:
    shown = next(run for run in runs() if "median progression-free" in run.text)
    at = runs().index(shown)
    longer = replace(brief(), market="UK")
    assert measured(document=longer)["line length"].severity == "warn"
    assert at > 0


def test_small_letters_fail_in_the_united_kingdom() -> None:
    british = replace(brief(), market="UK")
    assert measured(document=british)["x-height"].severity == "pass"
    small = [replace(run, size=5.3) if is_safety(run) else run for run in runs()]
    found = measured(small, british)["x-height"]
    assert found.severity == "block"
    assert "0.96 mm" in found.sentence
    assert "x-height" not in measured(), "no rule of the United States"


def test_a_sign_without_glyph_and_a_foreign_font_fail() -> None:
    assert measured([replace(runs()[0], missing=1), *runs()])["glyphs"].severity == "block"
    found = measured([replace(runs()[0], font="DejaVu-Sans"), *runs()])["glyphs"]
    assert "DejaVu-Sans is not a font of the house" in found.sentence


def test_an_internal_page_without_its_mark_fails() -> None:
    inside = replace(brief(), audience="internal")
    assert measured(document=inside)["internal mark"].severity == "block"


def test_results_travel_in_the_file_and_in_the_manifest() -> None:
    results = results_of(rendered())
    assert {each["severity"] for each in results} == {"pass"}
    assert list(objections([{**results[0], "severity": "block"}]))
    with pikepdf.open(io.BytesIO(sealed())) as pdf:
        manifest = pdf.attachments["clearcopy-manifest.json"].get_file().read_bytes()
    assert b"print: contrast" in manifest
    assert b'"lowest":' in manifest
