"""A brief about an invented product, as a document tree: what the tests of rendering print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from textwrap import dedent

from exports.citations import Source, number
from exports.document import (
    AccountFacts,
    Approval,
    Block,
    CheckRun,
    ClaimUse,
    Copy,
    Document,
    ProductFacts,
    TemplateFacts,
    TokenValue,
    Validity,
)
from exports.nodes import build_nodes
from modules.content import claim_refs, parse
from records.canonical import sha256

LABEL = Source(
    "label:halvoryn:6",
    "HALVORYN (ostavatinib) prescribing information. Northlight Therapeutics; November 2026.",
)
STUDY = Source(
    "ref:meridian-1",
    "MERIDIAN-1 study group. Ostavatinib in previously treated RXA2 fusion-positive non-small cell"
    " lung cancer: a randomised, open-label phase 3 trial. J Thorac Oncol Trials."
    " 2025;14(3):211–226.",
)
REPORT = Source(
    "dof:csr-0042",
    "Data on file. MERIDIAN-1 clinical study report, CSR-0042, table 14.2.1. Northlight"
    " Therapeutics; 2025.",
)
VALUES = {
    "account.name": "Riverside Valley Health System",
    "account.care_setting": "Academic cancer centre",
    "meeting.date": "4 December 2026",
}
# wording, claim type, sources with the place in each, footnotes that must stand with it
CLAIMS: Mapping[str, tuple[str, str, tuple[tuple[Source, str], ...], tuple[str, ...]]] = {
    "HAL-0001": (
        (
            "HALVORYN is indicated for the treatment of adult patients with locally advanced or"
            " metastatic non-small cell lung cancer (NSCLC) with RXA2 fusions, as detected by an"
            " FDA-approved test, who have received prior systemic therapy."
        ),
        "patient-selection",
        ((LABEL, "1"),),
        (),
    ),
    "HAL-0002": (
        "57% overall response rate (95% CI: 49, 65) with HALVORYN",
        "efficacy",
        ((LABEL, "14"), (STUDY, "")),
        ("HAL-M-FN-1",),
    ),
    "HAL-0003": (
        "14.7 months median duration of response (95% CI: 11.2, 18.9)",
        "efficacy",
        ((LABEL, "14"),),
        ("HAL-M-FN-1",),
    ),
    "HAL-0004": (
        "160 mg by mouth once daily, with or without food",
        "dosing",
        ((LABEL, "2.2"),),
        (),
    ),
    "HAL-0005": (
        (
            "In MERIDIAN-1, median progression-free survival was 11.4 months (95% CI: 9.6, 13.8)"
            " with HALVORYN vs. 5.1 months (95% CI: 4.2, 5.9) with docetaxel in adults with"
            " previously treated RXA2 fusion-positive NSCLC"
            " (HR 0.48; 95% CI: 0.36, 0.63; p < 0.0001)."
        ),
        "efficacy",
        ((LABEL, "14"), (STUDY, "")),
        ("HAL-M-FN-1",),
    ),
    "HAL-0006": (
        "Overall survival data were not mature at the time of the analysis.",
        "efficacy",
        ((LABEL, "14"),),
        ("HAL-M-FN-1",),
    ),
    "HAL-0007": ("11.4 (9.6, 13.8)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0008": ("5.1 (4.2, 5.9)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0009": ("57% (49, 65)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0010": ("21% (15, 29)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0011": ("14.7 (11.2, 18.9)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0012": ("6.3 (4.4, 8.1)", "efficacy", ((REPORT, ""),), ()),
    "HAL-0013": (
        (
            "Select patients for treatment with HALVORYN based on the presence of an RXA2 fusion in"
            " tumor specimens. If no fusion is detected in plasma, test tumor tissue if feasible."
        ),
        "patient-selection",
        ((LABEL, "2.1"),),
        (),
    ),
    "HAL-0014": (
        (
            "Monitor ALT, AST and bilirubin weekly for the first 4 weeks, then every 2 weeks to"
            " month 3, then monthly and as clinically indicated."
        ),
        "safety",
        ((LABEL, "5.1"),),
        ("HAL-M-FN-2",),
    ),
    "HAL-0015": (
        "Interstitial lung disease occurred in 2.4% of the 412 patients treated with HALVORYN.",
        "safety",
        ((LABEL, "5.2"),),
        (),
    ),
    "HAL-0016": (
        (
            "If a dose of HALVORYN is missed by more than 12 hours, skip it and take the next dose"
            " as scheduled. Swallow the capsules whole."
        ),
        "administration",
        ((LABEL, "2.3"),),
        (),
    ),
}


def approvals(of: str) -> tuple[Approval, ...]:
    rows = (("medical", 9), ("legal", 10), ("regulatory", 11))
    return tuple(
        Approval(
            f"Example {discipline.capitalize()} Reviewer",
            discipline,
            "I have reviewed this content and approve it.",
            datetime(2026, 11, day, 14, 20, tzinfo=UTC),
            f"sig-{of}-{discipline}",
        )
        for discipline, day in rows
    )


def block(module: str, kind: str, pillar: str, markdown: str) -> Block:
    """A module as the library would hand it over."""
    body = dedent(markdown).strip()
    used = sorted({ref.claim for ref in claim_refs(body)})
    return Block(
        module=module,
        version="2.0",
        sha256=sha256(body),
        kind=kind,
        pillar=pillar,
        title=f"Library title of {module}",
        body=build_nodes(
            parse(body),
            claim_text={(claim, 0): entry[0] for claim, entry in CLAIMS.items()},
            values=VALUES,
            where=module,
        ),
        claims=tuple(use(claim) for claim in used),
        approvals=approvals(module),
    )


def use(claim: str) -> ClaimUse:
    text, kind, places, _ = CLAIMS[claim]
    source, place = places[0]
    return ClaimUse(claim, "1.0", sha256(text), kind, f"section {place or 'table'}", source.key)


CLINICAL = "Clinical differentiation"
PATIENTS = "Patient selection and outcomes"
SAFETY = "Safety and administration"
FIT = "Operational fit"

BLOCKS = (
    block(
        "HAL-M-001",
        "callout",
        CLINICAL,
        """
        ## From the prescribing information

        - [[claim:HAL-0002]]
        - [[claim:HAL-0003]]
        - [[claim:HAL-0004]]
        """,
    ),
    block(
        "HAL-M-IND",
        "text",
        PATIENTS,
        """
        ## HALVORYN® (ostavatinib) capsules: indication

        [[claim:HAL-0001]]
        """,
    ),
    block(
        "HAL-M-002",
        "text",
        CLINICAL,
        """
        ## HALVORYN (ostavatinib) after first progression: MERIDIAN-1

        The major efficacy outcome measure is shown first, followed by overall survival.

        [[claim:HAL-0005]]

        ### What to read next to these results

        [[claim:HAL-0006]]
        """,
    ),
    block(
        "HAL-M-003",
        "table",
        CLINICAL,
        """
        ## Efficacy results in the prescribing information

        | Endpoint | HALVORYN (n = 148) | Docetaxel (n = 146) | Hazard ratio (95% CI) |
        | --- | ---: | ---: | ---: |
        | PFS, months (95% CI) | [[claim:HAL-0007]] | [[claim:HAL-0008]] | 0.48 (0.36, 0.63) |
        | Overall response rate (95% CI) | [[claim:HAL-0009]] | [[claim:HAL-0010]] | – |
        | Duration of response, months (95% CI) | [[claim:HAL-0011]] | [[claim:HAL-0012]] | – |
        """,
    ),
    block(
        "HAL-M-004",
        "text",
        PATIENTS,
        """
        ## Before the first dose

        [[claim:HAL-0013]]

        ### Liver

        [[claim:HAL-0014]]

        ### Lung

        [[claim:HAL-0015]]
        """,
    ),
    block(
        "HAL-M-005",
        "faq",
        SAFETY,
        """
        ## Questions pharmacists ask

        **What if a dose is missed?**

        [[claim:HAL-0016]]

        **Where do clinical questions go?**

        Clinical questions go to the treating physician or to Medical Information.
        """,
    ),
    block(
        "HAL-M-006",
        "text",
        FIT,
        """
        ## Planning with your pharmacy

        Please confirm the pack details against your wholesaler listing for {{account.name}}.

        1. **Name** one contact in the pharmacy and one in the clinic.
        2. **Check** that the RXA2 test can be ordered in your {{account.care_setting}}.
        3. **Schedule** liver tests in the visits that already exist.
        """,
    ),
)
FOOTNOTES = {
    "HAL-M-FN-1": block(
        "HAL-M-FN-1",
        "footnote",
        CLINICAL,
        """
        MERIDIAN-1 was a randomised, open-label, multicentre trial of HALVORYN 160 mg once daily
        versus docetaxel in 294 adults with RXA2 fusion-positive NSCLC who had received prior
        systemic therapy. The major efficacy outcome measure was progression-free survival by
        blinded independent review.

        CI, confidence interval; HR, hazard ratio; PFS, progression-free survival.
        """,
    ),
    "HAL-M-FN-2": block(
        "HAL-M-FN-2",
        "footnote",
        SAFETY,
        """
        Withhold, reduce or permanently discontinue HALVORYN based on severity: see section 2.4 of
        the prescribing information.
        """,
    ),
}
ISI_TEXT = """
    ## Important Safety Information

    **Hepatotoxicity:** HALVORYN can cause hepatotoxicity, which may be severe. Among 412 patients
    treated with HALVORYN, increased ALT occurred in 38% and increased AST in 35%; Grade 3 or 4
    increases occurred in 7% and 5%. Monitor ALT, AST and bilirubin weekly for the first 4 weeks,
    then every 2 weeks to month 3, then monthly and as clinically indicated. Withhold, reduce or
    permanently discontinue HALVORYN based on severity.

    **Interstitial lung disease (ILD)/pneumonitis:** Severe, life-threatening or fatal ILD can
    occur. ILD occurred in 2.4% of patients. Withhold HALVORYN for new or worsening respiratory
    symptoms and permanently discontinue it if ILD is confirmed.

    **QTc interval prolongation:** A QTc interval > 500 ms occurred in 1.2% of patients, and an
    increase from baseline > 60 ms in 4.1%. Avoid HALVORYN in patients with congenital long QT
    syndrome. Monitor ECGs and electrolytes at baseline and periodically.

    **Increased exposure with concomitant strong CYP3A inhibitors:** Avoid concomitant use.

    **Embryo-fetal toxicity:** HALVORYN can cause fetal harm. Advise women of reproductive
    potential to use effective contraception during treatment and for 4 weeks after the last dose.

    **Most common adverse reactions** (≥ 20%): diarrhea, rash, nausea, fatigue, increased ALT,
    increased AST, vomiting and decreased appetite.

    **Contraindications:** None.

    To report SUSPECTED ADVERSE REACTIONS, contact Northlight Therapeutics or FDA at
    1-800-FDA-1088 or www.fda.gov/medwatch.
    """
BOXED = ISI_TEXT.replace(
    "**Hepatotoxicity:** HALVORYN",
    "> **WARNING: HEPATOTOXICITY**\n    >\n"
    "    > Severe and fatal liver injury has been reported. Stop HALVORYN and do not restart.\n\n"
    "    **Hepatotoxicity:** HALVORYN",
)


def isi(text: str = ISI_TEXT) -> Block:
    return block("HAL-M-ISI", "isi", SAFETY, text)


def brief() -> Document:
    """The approved brief, numbered, as a controlled copy."""
    numbered = number(
        BLOCKS,
        isi=isi(),
        sources={
            claim: [replace(source, locator=place) for source, place in places]
            for claim, (_, _, places, _) in CLAIMS.items()
        },
        footnotes=FOOTNOTES,
        notes_of_claim={claim: notes for claim, (_, _, _, notes) in CLAIMS.items()},
        notes_of_module={},
    )
    return Document(
        kind="brief",
        code="BRF-0009",
        version="1.0",
        title="An oral option after first progression in RXA2 fusion-positive lung cancer",
        audience="hcp",
        product=ProductFacts("HALVORYN", "ostavatinib", "capsules", "Northlight Therapeutics"),
        account=AccountFacts(
            "360180",
            VALUES["account.name"],
            "Columbus",
            "OH",
            VALUES["account.care_setting"],
            "Teaching hospital",
        ),
        role="Pharmacy and therapeutics",
        phase="Evidence review",
        template=TemplateFacts("TPL-BRIEF-US", "1.0", "0" * 64),
        blocks=numbered.blocks,
        footnotes=numbered.footnotes,
        references=numbered.references,
        isi=numbered.isi,
        prepared=date(2026, 11, 22),
        valid_until=date(2027, 5, 22),
        meeting_date=date(2026, 12, 4),
        agenda=(
            "Introductions and goals of the meeting",
            "Review of the prescribing information",
            "Monitoring schedule and pharmacy workflow",
            "Open questions and next steps",
        ),
        tokens=tuple(TokenValue(name, value) for name, value in VALUES.items()),
        checks=(CheckRun("claims check", "pack 3", "no finding"),),
        approvals=approvals("BRF-0009")[2:],
        copy=Copy(
            "0017",
            "Example Representative",
            datetime(2026, 11, 24, 8, 15, tzinfo=UTC),
            "Meeting on 4 December",
        ),
        validity=Validity("https://clearcopy.example/v/7KQ4-M2XD", "7KQ4-M2XD"),
    )
