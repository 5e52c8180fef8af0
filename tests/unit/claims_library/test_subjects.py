"""Captions, titles, open questions and lists of abbreviations name things and claim nothing."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import Library
from claims_library.findings import Verdict, verdict_of


@pytest.mark.parametrize(
    "text",
    [
        "Figure 3. Overall survival with VELOTRIN versus placebo",
        "Table 11. Efficacy of VELOTRIN and imatinib in BEACON-2",
        "Figure 2: Treatment-free survival after stopping VELOTRIN (BEACON-2)",
        "Adverse reactions reported with VELOTRIN",
        "Dosing of VELOTRIN in newly diagnosed adults",
        "VELOTRIN dosing: what pharmacists ask",
        "VELOTRIN and food: points to discuss",
        "What is the recommended dosage of VELOTRIN in adults?",
        "Which adverse reactions were reported with VELOTRIN?",
        "Show the VELOTRIN dosing card and pause for questions.",
        "Imatinib was the comparator in BEACON-2.",
        "Molecular response was defined as 0.1% or less on the international scale.",
        "ORR, overall response rate; QD, once daily; ECG, electrocardiogram.",
    ],
)
def test_what_names_a_subject_passes(library: Library, text: str) -> None:
    assert verdict_of(check(text, library)) is Verdict.NONE


@pytest.mark.parametrize(
    "text",
    [
        "Longer survival with VELOTRIN",
        "Durable response with VELOTRIN",
        "Survival benefit with VELOTRIN",
        "VELOTRIN: freedom from relapse",
        "VELOTRIN, the trusted name in oncology",
        "Relief from fatigue with VELOTRIN",
        "VELOTRIN: survival without side effects",
        "Response in 77% of patients with VELOTRIN",
        "Response with VELOTRIN, month after month, response after response",
        "What makes VELOTRIN more effective than imatinib?",
        "Which patients live longer with VELOTRIN?",
        "Success with VELOTRIN was defined as response and was reached by 90% of patients.",
        "VELOTRIN, better survival",
        # the letters of the brand stand in the words after it, as those of an abbreviation do
        "VELOTRIN, very effective long option, truly incomparable",
    ],
)
def test_what_says_something_of_it_is_found(library: Library, text: str) -> None:
    assert not verdict_of(check(text, library)).passes
