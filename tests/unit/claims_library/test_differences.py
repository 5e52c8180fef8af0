"""What a difference amounts to: typed, shown word by word, with the approved wording as fix."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import ClaimText, compile_library
from claims_library.findings import Finding, Severity, verdict_of
from tests.unit.claims_library import sample
from tests.unit.claims_library.sample import CLAIMS, library

LIBRARY = library()
SURVIVAL, DOSE, FOOD, LIVER, FETAL, BLOOD, CYP, RATE = (claim.text for claim in CLAIMS)


def _findings(text: str) -> list[Finding]:
    return [f for f in check(text, LIBRARY, whole=False).findings if f.verdict is not None]


LIVED = (
    "Postmenopausal women in HORIZON-2 lived for a median of {} on {} plus letrozole and {} on {} "
    "plus letrozole; overall survival HR 0.74 (95% CI: 0.58, 0.93), p = 0.009."
)
PLACEBO, PRODUCT = "33.8 months (95% CI: 29.0, 37.1)", "41.3 months (95% CI: 35.2, 48.7)"
MEDIANS_SWAPPED = SURVIVAL.replace("41.3", "X").replace("33.8", "41.3").replace("X", "33.8")
ARMS_SWAPPED = (
    SURVIVAL.replace("ZELVORA", "X").replace("placebo", "ZELVORA").replace("X", "placebo")
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SURVIVAL.replace("41.3", "43.1"), "number-changed"),
        (SURVIVAL.replace("41.3", "41"), "number-changed"),
        (SURVIVAL.replace("48.7", "47.8"), "number-changed"),
        (SURVIVAL.replace("p = 0.009", "p = 0.0009"), "number-changed"),
        (SURVIVAL.replace("p = 0.009", "p < 0.009"), "number-changed"),
        (MEDIANS_SWAPPED, "number-changed"),
        (ARMS_SWAPPED, "number-changed"),
        (DOSE.replace("120 mg", "120 mcg"), "number-changed"),
        (DOSE.replace("once daily", "twice daily"), "number-changed"),
        (BLOOD.replace("31 of 412", "31 of 421"), "number-changed"),
        (SURVIVAL.replace("median ", ""), "qualifier-dropped"),
        (SURVIVAL.replace(" in postmenopausal women", ""), "qualifier-dropped"),
        (SURVIVAL.replace(" vs. 33.8 months (95% CI: 29.0, 37.1) with placebo plus letrozole", ""),
         "qualifier-dropped"),
        (DOSE.replace("up to ", ""), "qualifier-dropped"),
        (LIVER.replace("mild ", ""), "qualifier-dropped"),
        (FETAL.replace("at least ", ""), "qualifier-dropped"),
        (RATE.replace("In a pre-specified subgroup analysis of", "In"), "qualifier-dropped"),
        (FETAL.replace("may cause", "will cause"), "strengthened"),
        (RATE.replace("46.9%", "an outstanding 46.9%"), "strengthened"),
        (BLOOD.replace("7.5%", "only 7.5%"), "strengthened"),
        (RATE.replace("28.1%", "a mere 28.1%"), "strengthened"),
        (RATE.replace("46.9%", "no less than 46.9%"), "strengthened"),
        (LIVER.replace("No dose", "A dose"), "polarity-flipped"),
        (FOOD.replace("can be", "can not be"), "polarity-flipped"),
        (LIVER.replace("Reduce", "Increase"), "polarity-flipped"),
        (CYP.replace("Avoid", "Consider"), "polarity-flipped"),
        (CYP.replace("inhibitors", "inducers"), "polarity-flipped"),
        ("With or without food: both are possible when ZELVORA is taken.", "reworded"),
        (LIVED.format(PLACEBO, "placebo", PRODUCT, "ZELVORA"), "reworded"),
        (LIVED.format(PRODUCT, "placebo", PLACEBO, "ZELVORA"), "number-changed"),
    ],
)  # fmt: skip
def test_the_leading_verdict(text: str, verdict: str) -> None:
    assert _findings(text)[0].name == verdict
    assert verdict_of(check(text, LIBRARY, whole=False)).value == verdict


def test_several_differences_are_all_found_and_the_gravest_leads() -> None:
    text = SURVIVAL.replace("41.3", "43.1").replace("median ", "").replace("33.8", "only 33.8")
    assert [finding.name for finding in _findings(text)] == [
        "number-changed",
        "strengthened",
        "qualifier-dropped",
    ]


def test_a_finding_explains_itself() -> None:
    text = f"Read this. {SURVIVAL.replace('41.3', '43.1')}"
    finding = _findings(text)[0]
    assert (finding.rule, finding.severity, finding.claim) == ("C104", Severity.BLOCK, "ZEL-0001")
    assert text[finding.start : finding.end] == finding.text
    assert finding.text.startswith("In HORIZON-2")
    assert finding.fix == SURVIVAL
    assert "“41.3”" in finding.message
    assert "“43.1”" in finding.message
    changed = [change for change in finding.difference if change.kind != "same"]
    assert [(change.approved, change.found) for change in changed] == [("41.3", "43.1")]
    assert finding.evidence is not None
    assert finding.evidence.locator == "14 clinical_studies"
    assert finding.regulation == ("R-907", "R-118")


def test_the_difference_joins_to_both_texts() -> None:
    text = RATE.replace("46.9%", "a remarkable 49.6%").replace("overall ", "")
    difference = _findings(text)[0].difference
    found = "".join("".join(change.found.split()) for change in difference)
    approved = "".join("".join(change.approved.split()) for change in difference)
    assert found == "".join(text.rstrip(".").split())
    assert approved == "".join(RATE.rstrip(".").split())


@pytest.mark.parametrize(
    "text",
    [
        RATE.replace("46.9", "49.6"),
        "**" + RATE.replace("46.9", "49.6") + "**",
        "**In a pre-specified** " + RATE.replace("46.9", "49.6")[len("In a pre-specified ") :],
        f"Before. {RATE.replace('46.9', '49.6')} After.",
        f"- {RATE.replace('46.9', '49.6')}\n- other",
        FOOD.replace("without", "with"),
    ],
)
def test_the_fix_applied_is_approved(text: str) -> None:
    finding = _findings(text)[0]
    assert finding.fix is not None
    mended = text[: finding.start] + finding.fix + text[finding.end :]
    result = check(mended, LIBRARY, whole=False)
    assert not result.findings, mended
    assert [match.claim for match in result.matches] == [finding.claim]
    assert "**" not in mended or mended.count("**") == 2
    assert ".." not in mended


def test_a_variation_is_the_fix_where_it_is_nearer() -> None:
    variation = CLAIMS[0].variations[0]
    finding = _findings(variation.replace("33.8", "33.9"))[0]
    assert (finding.variation, finding.fix) == (1, variation)


MORE = compile_library(
    sample.PRODUCT,
    [
        ClaimText(
            "ZEL-0101",
            "In Study 4, adults with asthma given ZELVORA 40 mg every other week had a mean change "
            "in score of -8.4 at week 24 vs. -5.2 with placebo (difference -3.2; 95% CI: -4.9, "
            "-1.5).",
            qualifiers=("40 mg every other week", "at week 24"),
        ),
        ClaimText(
            "ZEL-0102",
            "Some patients not taking steroids may benefit from half of the usual dose of ZELVORA.",
            qualifiers=("Some", "may"),
        ),
        ClaimText("ZEL-0103", "Patients may receive vaccines, except for live vaccines."),
        ClaimText("ZEL-0104", "Repeat the infusion over 30 minutes if it was well tolerated."),
    ],
)
SCORE, SOME, LIVE, WELL = (claim.text for claim in MORE.claims.values())


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SCORE.replace("-1.5", "1.5"), "number-changed"),
        (SCORE.replace("was -8.4", "was 8.4").replace("of -8.4", "of 8.4"), "number-changed"),
        (SCORE.replace("every other week", "every week"), "number-changed"),
        (SOME.replace("half", "a quarter"), "number-changed"),
        (SCORE.replace(" 40 mg every other week", ""), "qualifier-dropped"),
        (SCORE.replace(" at week 24", ""), "qualifier-dropped"),
        (SCORE.replace("40 mg", "40"), "number-changed"),
        (SOME.replace("Some", "Most"), "strengthened"),
        (SOME.replace("may benefit", "are unlikely to benefit"), "polarity-flipped"),
        (LIVE.replace("except for", "including"), "polarity-flipped"),
        (WELL.replace("well", "poorly"), "polarity-flipped"),
    ],
)
def test_the_leading_verdict_on_signs_intervals_and_quantifiers(text: str, verdict: str) -> None:
    assert verdict_of(check(text, MORE, whole=False)) == verdict


def test_two_altered_versions_of_one_claim_are_both_found() -> None:
    one = SOME.replace("usual", "mandatory")
    two = SOME.replace("may benefit", "will benefit")
    found = check(f"{one} {two}", MORE, whole=False).findings
    assert {finding.text for finding in found if finding.claim == "ZEL-0102"} >= {one, two}


SIGNS = ClaimText(
    "ZEL-0100",
    "Withhold ZELVORA and investigate promptly in patients who present with worsening of chest "
    "symptoms which may be indicative of lung disease, for at least 3 days.",
    qualifiers=("may be indicative", "at least"),
)
ENDPOINT = ClaimText(
    "ZEL-0101",
    "A protocol-specified analysis of overall survival at the final analysis showed no "
    "statistically significant difference between the ZELVORA and chemotherapy arms.",
    qualifiers=("protocol-specified", "statistically significant"),
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            (
                "When chest symptoms that may point to lung disease get worse, hold ZELVORA for no "
                "less than 3 days and look into them promptly."
            ),
            "reworded",
        ),
        (
            (
                "When chest symptoms that point to lung disease get worse, hold ZELVORA for at "
                "least 3 days and look into them promptly."
            ),
            "qualifier-dropped",
        ),
        (
            (
                "At the final analysis, a protocol-specified look at overall survival found that "
                "the ZELVORA and chemotherapy arms did not differ with statistical significance."
            ),
            "reworded",
        ),
    ],
)
def test_a_paraphrase_keeps_a_limit_in_other_words(text: str, verdict: str) -> None:
    library = compile_library(sample.PRODUCT, [SIGNS, ENDPOINT])
    result = check(text, library, whole=False)
    assert verdict_of(result) == verdict
    named = {change.verdict for f in result.findings for change in f.difference}
    assert named <= {None, *(f.verdict for f in result.findings)}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("For most patients, the risks of ZELVORA outweigh its benefits.", "polarity-flipped"),
        ("For most patients, the benefits of ZELVORA far outweigh its risks.", "strengthened"),
        ("ZELVORA is the first and only HER2-targeted conjugate for infusion.", "strengthened"),
    ],
)
def test_opposites_that_changed_places_and_praise_by_rank(text: str, verdict: str) -> None:
    own = [
        ClaimText("ZEL-0102", "For most patients, the benefits of ZELVORA outweigh its risks."),
        ClaimText("ZEL-0104", "ZELVORA is a HER2-targeted conjugate for infusion."),
    ]
    library = compile_library(sample.PRODUCT, own)
    assert verdict_of(check(text, library, whole=False)) == verdict
