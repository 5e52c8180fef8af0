"""Sentences that claim without naming the product, and those that only sound as if they did."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library
from claims_library.findings import Severity, Verdict, verdict_of


@pytest.fixture(scope="module")
def library() -> Library:
    claim = ClaimText("CAR-0001", "Cardovel is supplied in a carton of 30 blue tablets.")
    return compile_library(ProductFacts("Cardovel", "tamisartin"), [claim])


@pytest.mark.parametrize(
    "text",
    [
        "Nausea passes after the first cycle.",
        "The capsule is tiny and tasteless.",
        "Thrombocytopenia recovers before the next cycle in practically everyone.",
        "The antibody latches onto the receptor and shuts it down.",
        "It can be combined with any other medicine.",
        "Sedation wears off by morning.",
        "Protects the whole family.",
        "Stronger bones in one year.",
        "Can be crushed and mixed with apple sauce.",
        "Suitable for vegetarians and diabetics.",
        "The itch is gone in 15 minutes.",
        "The effect sets in on day one.",
        "A single daily tablet replaces complicated regimens.",
        "14.2 vs 9.1 months",
        "No routine blood tests are needed.",
        "There are no known drug interactions.",
        "Recommended first by leading guidelines.",
        "In mice, plaques disappeared.",
        "Responses deepened over time.",
        "Good news!",
    ],
)
def test_a_claim_without_the_name_is_found(library: Library, text: str) -> None:
    assert verdict_of(check(text, library)) is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        # the work of a site
        "Treatment plans are documented in the electronic record.",
        "Wait times fell from 21 to 9 days once the second infusion suite opened.",
        "Better signage at the entrance would help visitors.",
        "The only elevator is at the rear.",
        "Your response by Friday would help us plan.",
        "The benefit year starts on July 1.",
        "Good documentation saves everyone time.",
        # the design of a trial
        "Efficacy was assessed every eight weeks by CT or MRI.",
        "Crossover was allowed after progression.",
        "Secondary endpoints included quality of life and duration of response.",
        "Overall survival was a secondary endpoint.",
        "The sample size gave 90% power to detect a hazard ratio of 0.70.",
        "Higher scores mean more distress.",
        "The median follow-up was 74 months.",
        "Participants were on average 36 years old.",
        # diseases and people
        "Asthma affects millions of adults in the United States.",
        "High cholesterol has no symptoms.",
        "Depression is one of the most common conditions seen in primary care.",
        "Sleep varies from person to person and over time.",
        # letters, minutes, papers about the product
        "Tuesday at 8:30 works for us.",
        "As agreed, I am sending the three documents below.",
        "Feel free to change the order of the slides.",
        "They will write to you directly.",
        "The guests presented Cardovel.",
        "The slide deck on Cardovel has been approved for use until March.",
        "The current label of Cardovel is enclosed; please discard earlier copies.",
        "Ordering Cardovel: codes, wholesalers and contacts",
        "Dr. Lim asked how Cardovel is supplied.",
        "The Cardovel request form is on the intranet.",
    ],
)
def test_what_claims_nothing_passes(library: Library, text: str) -> None:
    findings = check(text, library).findings
    assert not [finding for finding in findings if finding.severity is Severity.BLOCK]


def test_a_letter_is_no_claim(library: Library) -> None:
    letter = (
        "Dear Dr. Aoki,\n\nThank you for the opportunity to present Cardovel (tamisartin) at your "
        "April meeting. I am pleased to enclose the materials that your coordinator requested.\n\n"
        "During our call you raised three questions: how the product is supplied, how it is dosed "
        "in patients with hepatic impairment, and which studies supported its approval. The first "
        "two are answered in sections 2 and 16 of the label.\n\nWe would need about fifteen "
        "minutes on the agenda. I look forward to meeting you.\n\nSincerely,\nMarta Lindgren"
    )
    findings = check(letter, library).findings
    assert not [finding for finding in findings if finding.severity is Severity.BLOCK]


@pytest.mark.parametrize("word", ["immune system", "nervous system"])
def test_systems_of_the_body_are_no_organisation(library: Library, word: str) -> None:
    text = f"The {word} remembers: responses continue long after the last infusion."
    assert verdict_of(check(text, library)) is Verdict.UNSUPPORTED
