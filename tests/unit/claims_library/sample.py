"""An invented product's library, small and of many kinds, for the tests of the checker."""

from __future__ import annotations

from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library

PRODUCT = ProductFacts("ZELVORA", "zelvorinib")
CLAIMS = (
    ClaimText(
        "ZEL-0001",
        (
            "In HORIZON-2, median overall survival was 41.3 months (95% CI: 35.2, 48.7) with "
            "ZELVORA plus letrozole vs. 33.8 months (95% CI: 29.0, 37.1) with placebo plus "
            "letrozole in postmenopausal women (HR 0.74; 95% CI: 0.58, 0.93; p = 0.009)."
        ),
        (
            (
                "HORIZON-2, postmenopausal women. Median OS, months (95% CI): ZELVORA plus "
                "letrozole 41.3 (35.2, 48.7); placebo plus letrozole 33.8 (29.0, 37.1). HR 0.74."
            ),
        ),
        population="postmenopausal women",
        qualifiers=("median", "ZELVORA plus letrozole", "placebo plus letrozole"),
        reference="LABEL",
        locator="14 clinical_studies",
        excerpt="Median (months, 95% CI) 41.3 (35.2, 48.7) 33.8 (29.0, 37.1)",
    ),
    ClaimText(
        "ZEL-0002",
        "The recommended dose of ZELVORA is 120 mg (two 60 mg tablets) taken orally once daily for "
        "up to 3 weeks.",
        qualifiers=("once daily", "up to"),
    ),
    ClaimText("ZEL-0003", "ZELVORA can be taken with or without food."),
    ClaimText(
        "ZEL-0004",
        "No dose adjustment is necessary in patients with mild hepatic impairment. Reduce the dose "
        "to 60 mg once daily in patients with severe hepatic impairment.",
        population="hepatic impairment",
        qualifiers=("mild", "severe"),
    ),
    ClaimText(
        "ZEL-0005",
        "ZELVORA may cause fetal harm. Advise women of reproductive potential to use effective "
        "contraception during treatment and for at least 4 months after the last dose.",
        qualifiers=("may", "at least", "women of reproductive potential"),
    ),
    ClaimText(
        "ZEL-0006",
        "Neutropenia was reported in 31 of 412 patients (7.5%), and a QTc > 500 msec in 0.7% of "
        "patients treated with ZELVORA.",
        population="patients treated with ZELVORA",
    ),
    ClaimText(
        "ZEL-0007",
        "Avoid concomitant use of strong CYP3A inhibitors; if it cannot be avoided, reduce the "
        "ZELVORA dose to 60 mg once daily.",
        qualifiers=("strong",),
    ),
    ClaimText(
        "ZEL-0008",
        "In a pre-specified subgroup analysis of HORIZON-3, the overall response rate was 46.9% "
        "with ZELVORA vs. 28.1% with placebo in patients with measurable disease.",
        qualifiers=("pre-specified subgroup analysis", "with measurable disease"),
    ),
)


def library() -> Library:
    """The library of the invented product."""
    return compile_library(PRODUCT, CLAIMS)
