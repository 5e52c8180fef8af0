"""Rules on the piece as a whole: fair balance, companions, fragments, links and disclaimers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims_library.checking import check
from claims_library.compiling import (
    ClaimText,
    Library,
    Passage,
    ProductFacts,
    Scope,
    compile_library,
)
from claims_library.findings import Severity
from claims_library.rules import examples

FILLER = (
    "The printed agenda of the next meeting is on the table at the entrance of the hall, and the "
    "minutes are sent by Thursday afternoon. Lunch is at noon in the small hall of the hospital."
)
BENEFIT = "# Zelvanta (norimetine)\n\nZelvanta raised FEV1 by 200 mL in the trial. " + FILLER
NOTE = "The trial ran for one year in forty sites and had two arms of equal size."


@pytest.fixture(scope="module")
def library() -> Library:
    claims = [
        ClaimText(
            "ZEL-1",
            "Zelvanta raised FEV1 by 200 mL in the trial.",
            type="efficacy",
            companions=("FN-1",),
        ),
        ClaimText("ZEL-2", "Headache occurred in 12% of patients treated.", type="safety"),
    ]
    return compile_library(
        ProductFacts(examples.BRAND, examples.GENERIC),
        claims,
        label=examples.label(),
        passages=[Passage("ZEL-M-FN-1", NOTE)],
    )


def _rules(text: str, library: Library) -> set[str]:
    return {finding.rule for finding in check(text, library).findings}


def test_a_benefit_without_risk_is_found(library: Library) -> None:
    assert "C302" in _rules(BENEFIT, library)


@pytest.mark.parametrize(
    "instead",
    [
        "Please see the full Prescribing Information for the risks and all adverse reactions.",
        "For Important Safety Information, visit www.zelvanta.example today.",
        "Individual results may vary.",
        "## Important Safety Information",
    ],
)
def test_a_link_pointer_or_disclaimer_is_no_risk_text(library: Library, instead: str) -> None:
    assert "C302" in _rules(f"{BENEFIT}\n\n{instead}", library)


def test_risk_text_balances_and_what_is_missing_is_named(library: Library) -> None:
    risk = "Serious cardiovascular reactions have occurred with Zelvanta in some patients."
    found = check(f"{BENEFIT}\n\n{risk}", library).findings
    assert "C302" not in {f.rule for f in found}
    (incomplete,) = [f for f in found if f.rule == "C303"]
    assert "contraindications" in incomplete.message
    assert "most common adverse reactions" in incomplete.message


def test_a_companion_left_out_is_named_and_one_present_is_not(library: Library) -> None:
    (missing,) = [f for f in check(BENEFIT, library).findings if f.rule == "C305"]
    assert missing.claim == "ZEL-1"
    assert "ZEL-M-FN-1" in missing.message
    assert "C305" not in _rules(f"{BENEFIT}\n\n{NOTE}", library)


def test_a_single_approved_claim_is_no_piece(library: Library) -> None:
    assert _rules("Zelvanta raised FEV1 by 200 mL in the trial.", library) == set()


def test_a_paragraph_while_typing_is_not_judged_as_a_piece(library: Library) -> None:
    rules = {finding.rule for finding in check(BENEFIT, library, whole=False).findings}
    assert not rules & {"C301", "C302", "C303", "C305"}


def test_the_brand_alone_blocks_a_claim_and_warns_in_an_agenda(library: Library) -> None:
    agenda = "# Agenda\n\nZelvanta: formulary review. The budget is item two. " + FILLER
    claiming = "# News\n\nZelvanta raised FEV1 by 200 mL in the trial. " + FILLER
    for text, severity in ((agenda, Severity.WARN), (claiming, Severity.BLOCK)):
        found = [f for f in check(text, library).findings if f.rule == "C301"]
        assert [f.severity for f in found] == [severity]


def test_a_citation_without_any_list_is_found(library: Library) -> None:
    text = f"{BENEFIT} Lung function rose in the first year.[4]"
    (finding,) = [each for each in check(text, library).findings if each.rule == "C306"]
    assert "Number 4" in finding.message


def test_a_threshold_of_a_customer_decides_how_much_risk_text_is_enough(library: Library) -> None:
    risk = "Serious cardiovascular reactions have occurred with Zelvanta in some patients."
    strict = "pack: acme\nversion: '1'\nchange: {C302: {limits: {risk-statements: 2}}}\n"
    stricter = replace(library, packs=("core", strict), detectors=None)
    assert "C302" not in _rules(f"{BENEFIT}\n\n{risk}", library)
    assert "C302" in _rules(f"{BENEFIT}\n\n{risk}", stricter)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Date of preparation: March 2026. Zelvanta▼ (norimetine)", ()),
        ("Date of preparation: soon. Zelvanta▼ (norimetine)", ("K604",)),
        ("Prepared in 03/2026. ▼ is a sign. Zelvanta (norimetine)", ("K603",)),
    ],
)
def test_a_british_piece_is_dated_and_marked_beside_its_name(
    library: Library, text: str, lacks: tuple[str, ...]
) -> None:
    product = replace(library.product, additional_monitoring=True)
    british = replace(library, product=product, scope=Scope("UK"), detectors=None)
    found = _rules(f"{text}\n\n{BENEFIT.replace('# Zelvanta', '# About Zelvanta')}", british)
    assert found & {"K603", "K604"} == set(lacks)


def test_what_a_statement_on_adverse_events_lacks_is_named(library: Library) -> None:
    british = replace(library, scope=Scope("UK"), detectors=None)
    part = f"{BENEFIT} Adverse events should be reported."
    (finding,) = [each for each in check(part, british).findings if each.rule == "K602"]
    assert "where the reporting forms are, the company's contact" in finding.message
    form = "Reporting forms: www.mhra.gov.uk/yellowcard."
    company = "Adverse events should also be reported to Example Pharma."
    assert "K602" not in _rules(f"{part} {form} {company}", british)
