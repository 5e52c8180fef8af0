"""Claim-bearing sentences are found, neutral ones pass; the product is invented."""

from __future__ import annotations

import pytest

from claims_library import detecting
from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library
from claims_library.findings import Verdict, verdict_of


@pytest.fixture(scope="module")
def library() -> Library:
    claim = ClaimText("CAR-0001", "Cardovel is supplied in a carton of 30 blue tablets.")
    return compile_library(ProductFacts("Cardovel", "tamisartin"), [claim])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cardovel brings blood pressure down in days, not weeks.", ""),
        ("Cardovel is gentle on the kidneys.", "safe"),
        ("Cardovel works faster than ramipril.", "compares"),
        ("The first and only once-monthly pen.", "first or only"),
        ("Cardiologists overwhelmingly recommend Cardovel.", "authority"),
        ("Cardovel costs less and saves budgets.", "cost"),
        ("Cardovel slips into any daily routine.", "convenient"),
        ("Cardovel preserves quality of life.", "quality of life"),
        ("Your patients will notice the difference with Cardovel.", ""),
        ("Tamisartin selectively blocks the AT1 receptor.", "how the product works"),
        ("Patients lost an average of 12 kg over one year.", ""),
        ("Vision gains were maintained through year two.", ""),
        ("94% efficacy against severe disease.", ""),
        ("Exacerbations were cut in half.", ""),
        ("No dose adjustment is needed in elderly patients.", ""),
        ("Steady state was reached after 8 days of 600 mg once daily.", ""),
        ("Joint damage stopped progressing.", ""),
        ("Did you know that Cardovel cuts strokes by half?", ""),
        ("CARDOVEL'S POWER YOU CAN TRUST", ""),
    ],
)
def test_a_claim_is_found_and_its_kind_said(library: Library, text: str, kind: str) -> None:
    result = check(text, library)
    assert verdict_of(result) is Verdict.UNSUPPORTED
    assert kind in result.findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "Wednesday, 4 June, 9:30 to 10:15, Meeting Room 2",
        "Cardovel® (tamisartin) tablets",
        "How Cardovel is supplied",
        "## Efficacy and safety",
        "## Progression-free and overall survival",
        "Please see accompanying full Prescribing Information for Cardovel.",
        "The cardiology department sees about 1,900 patients a year.",
        "The hospital's readmission rate for heart failure was 18% last year.",
        "How do you currently identify patients for screening?",
        "How does your pharmacy store Cardovel?",
        "Do not answer questions about unapproved uses.",
        "BP, blood pressure; LDL-C, low-density lipoprotein; MI, myocardial infarction.",
        "Cardovel [prescribing information]. Basel, Switzerland: Example Pharma AG; 2025.",
        "Smith J, Jones K. Blood pressure control. J Hypertens. 2023;41(2):211-219.",
        "Cardovel is a registered trademark of Example Pharma AG.",
        "The committee will review Cardovel on May 12.",
        "Duration is counted among patients who responded.",
        "The trial in this setting had no control arm.",
        "Multidisciplinary teams meet weekly in most large centers.",
    ],
)
def test_neutral_text_passes(library: Library, text: str) -> None:
    assert check(text, library).findings == ()


def test_approved_wording_is_left_alone(library: Library) -> None:
    result = check("Cardovel is supplied in a carton of 30 blue tablets.", library)
    assert verdict_of(result) is Verdict.VERBATIM
    assert not result.findings


def test_a_disclaimer_clears_nothing(library: Library) -> None:
    said = "Cardovel ends strokes for good."
    alone = check(said, library).findings
    with_it = check(f"{said} Individual results may vary.", library).findings
    assert {f.rule for f in alone} < {f.rule for f in with_it}


def test_answers_do_not_depend_on_what_was_read_before(library: Library) -> None:
    first = detecting.build(library)
    text = "Cardovel is as effective as ramipril. Lunch is at noon."
    library.detectors = first
    check("Something else about Cardovel and its many uses.", library)
    again = check(text, library)
    library.detectors = detecting.build(library)
    assert check(text, library) == again
