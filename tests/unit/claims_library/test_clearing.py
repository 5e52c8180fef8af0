"""Words that clear a sentence clear what they speak of, and nothing that stands beside it."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.compiling import Library
from claims_library.findings import Verdict, verdict_of


@pytest.mark.parametrize(
    "text",
    [
        # pointers
        "Adverse reactions reported by 5% or more of patients are listed in Table 2 of the label.",
        "Adverse reactions leading to dose interruption are described on page 9.",
        "Anticoagulants, antifungals and CYP3A4 inhibitors: see Drug Interactions.",
        "Cigarette smoking and dosing: see Drug Interactions, section 7",
        "Dose interruptions and reductions are shown in the dosing guide, pages 6 to 9.",
        "This was a single-arm trial without a control group.",
        "Every treatment has benefits and risks.",
        # designs and how things are counted
        "BEACON-3 enrolled adults with an inadequate response to two prior treatments.",
        "Participants were followed for a median of 4.1 years.",
        "Safety analyses were based on all patients who received a dose.",
        "An odds ratio above 1 favors the second arm.",
        "The itch score was the main measure; higher scores mean more itch.",
        "Study visits continued until disease progression or unacceptable toxicity.",
        "Complete response was not an inclusion criterion.",
        "The results were published in 2019.",
        "Pathology results are back within a week.",
        "Participants' ages are compared with a two-sample test.",
        # what a term means, and what becomes of a paper
        "Overall survival is the time from randomization to death from any cause.",
        "Progression-free survival is measured from randomization to progression or death.",
        "A contraindication is a situation in which a medicine should not be used.",
        "Double-blind means that neither patients nor investigators know the treatment.",
        "The patient education sheet on infusion reactions is being translated.",
        "The banner must show VELOTRIN with its established name.",
        "The VELOTRIN starter kit is not part of this request.",
        "VELOTRIN: who to call about distribution",
        # accounts and plans
        "New patients are seen within 10 days.",
        "The fastest way to reach the pharmacy is by secure chat.",
        "The committee will hear about VELOTRIN first.",
        "VELOTRIN is ordered through the wholesaler's portal.",
        "The plan limits this class to four tablets a month.",
        "Most residents take more than one medicine.",
        "Some families prefer to receive a printed copy.",
        # diseases and classes
        "Asthma, eczema and hay fever are among the most common types of allergic disease.",
        "Agitation is common in people with dementia.",
        "High cholesterol usually has no symptoms.",
        "Referral guidelines say who is screened for high cholesterol.",
        "Methotrexate and sulfasalazine are conventional DMARDs.",
        "Not every patient with early breast cancer is referred to the tumor board.",
        "People should ask their pharmacist any questions they have about cholesterol.",
        # instructions and labels
        "Do not compare VELOTRIN with other products in this conversation.",
        "Header: VELOTRIN (velotrinib) tablets | Footer: material code and date",
        "Column headings: VELOTRIN (n = 212), placebo (n = 209)",
        "Questions we expect on VELOTRIN and where the answers are",
    ],
)
def test_what_tells_of_papers_trials_and_diseases_passes(library: Library, text: str) -> None:
    assert verdict_of(check(text, library)) is Verdict.NONE


@pytest.mark.parametrize(
    "text",
    [
        "This slide shows that VELOTRIN reduces the risk of death.",
        "The label shows VELOTRIN doubles survival.",
        "The 60% response rate with VELOTRIN is shown in Table 2.",
        "The superior efficacy of VELOTRIN is described in section 14.",
        "This trial had no control group and patients lived longer.",
        "The study was open-label, and remission occurred in most patients.",
        "Response was assessed every 6 weeks and improved in most patients.",
        "The primary endpoint was met.",
        "BEACON-3 enrolled adults, and pain was lower at week 4.",
        "VELOTRIN does not leave patients tired.",
        "Do not use VELOTRIN in pregnant women.",
        "Never give VELOTRIN with warfarin.",
        "Supplied by the manufacturer, VELOTRIN cures asthma.",
        "Data on file show VELOTRIN, launched in 2013, works best.",
        "To report side effects is hardly necessary because VELOTRIN is so safe.",
        "Depression is a thing of the past.",
        "Breast cancer is beaten at last.",
        "Agitation is common in people with dementia and fades with VELOTRIN.",
        "The plan covers VELOTRIN because it reduces deaths.",
        "Isn't it time for a treatment that really works?",
        "Which product gives your patients faster relief than VELOTRIN?",
        "Heart monitoring is not necessary during treatment.",
        "VELOTRIN works in more than 60% of patients.",
        "Patients prefer VELOTRIN.",
        "Women prefer to receive the monthly injection.",
        "Chemotherapy is an obsolete treatment.",
        "Survival is the time that patients gain.",
        "This page explains why VELOTRIN is safer.",
        "Patients with an inadequate response to other drugs did well on VELOTRIN.",
        "Longer survival is shown in Figure 2.",
        "The impressive results are shown on page 4.",
        "VELOTRIN works where others fail: see section 7.",
        "VELOTRIN: fewer relapses, see page 4.",
        "No patient progressed on treatment.",
        "Isn't VELOTRIN the better choice?",
        "When will you switch to the more effective VELOTRIN?",
        "Most patients are still responding after 2 years.",
        "VELOTRIN is the measure of modern care.",
        "Remission means a life without pain.",
        "The brochure tells of patients who returned to work.",
        "The card on VELOTRIN explains how tumors shrink.",
        "VELOTRIN wins account after account.",
        "People with asthma were better at week 4.",
        "Patients gained 3 kg in 6 weeks.",
    ],
)
def test_what_stands_beside_it_is_found(library: Library, text: str) -> None:
    assert not verdict_of(check(text, library)).passes
