"""Labels' indications as uses, and texts that go wider; labels and products are invented."""

from __future__ import annotations

from datetime import date

import pytest

from claims_library import detecting
from claims_library.checking import check
from claims_library.compiling import ClaimText, Library, ProductFacts, compile_library
from claims_library.findings import Result, Verdict
from claims_library.label_document import LabelDocument, LabelSection

BREAST = (
    "NORVIA is indicated for the treatment of adult patients with hormone receptor "
    "(HR)-positive, HER2-negative advanced or metastatic breast cancer in combination with: an "
    "aromatase inhibitor as initial endocrine-based therapy; or fulvestrant following disease "
    "progression on endocrine therapy in postmenopausal women or in men."
)
PSORIASIS = (
    "NORVIA is indicated for the treatment of adult patients with moderate to severe plaque "
    "psoriasis."
)
ARTHRITIS = (
    "NORVIA is indicated for reducing signs and symptoms of active polyarticular juvenile "
    "idiopathic arthritis in pediatric patients 4 years of age and older."
)
ALONE = (
    "NORVIA, as a single agent, is indicated for the treatment of patients with HER2-positive, "
    "metastatic breast cancer who previously received trastuzumab and a taxane."
)
VACCINE = (
    "NORVIA is indicated for active immunization for the prevention of influenza in "
    "individuals 60 years of age and older."
)
MUTATION = (
    (
        "NORVIA is indicated for the treatment of patients with metastatic non-small cell lung "
        "cancer (NSCLC) whose tumors have epidermal growth factor receptor (EGFR) exon 19 "
        "deletions or exon 21 (L858R) substitution mutations as detected by an approved test."
    ),
    (
        "NORVIA is indicated for first-line treatment of patients with metastatic pancreatic "
        "cancer, in combination with gemcitabine."
    ),
)
LABELS = {
    "mutation": MUTATION,
    "breast": (BREAST,),
    "immune": (PSORIASIS, ARTHRITIS),
    "alone": (ALONE,),
    "vaccine": (VACCINE,),
}


def _library(text: tuple[str, ...]) -> Library:
    section = LabelSection("", "indications_and_usage", "I", "1", 0, ("1 INDICATIONS", *text))
    label = LabelDocument(
        "n", 1, date(2026, 1, 1), "NORVIA", "norviracept", "M", "", "", "made", (section,)
    )
    claims = [ClaimText("N-1", "Norvia cartons are blue.")]
    return compile_library(ProductFacts("NORVIA", "norviracept"), claims, label=label)


@pytest.fixture(scope="module")
def libraries() -> dict[str, Library]:
    return {name: _library(text) for name, text in LABELS.items()}


def _off(result: Result) -> list[str]:
    return [f.message for f in result.findings if f.verdict is Verdict.OFF_LABEL]


@pytest.mark.parametrize(
    ("label", "text", "axis"),
    [
        ("breast", "NORVIA works in early breast cancer.", "stage"),
        ("breast", "Give NORVIA before surgery.", "stage"),
        ("breast", "NORVIA is active in HER2-positive disease.", "biomarker"),
        ("breast", "NORVIA works regardless of HER2 status.", "biomarker"),
        ("breast", "NORVIA on its own is a sound choice.", "combination"),
        ("breast", "NORVIA plus capecitabine doubled responses.", "combination"),
        ("breast", "Premenopausal women do well on NORVIA plus fulvestrant.", "combination"),
        ("breast", "Adolescents can take NORVIA.", "age"),
        ("breast", "NORVIA treats ovarian cancer.", "disease"),
        ("breast", "NORVIA keeps breast cancer from developing.", "purpose"),
        ("immune", "NORVIA clears mild plaque psoriasis.", "severity"),
        ("immune", "NORVIA treats lupus.", "disease"),
        ("immune", "NORVIA for type 1 diabetes", "disease"),
        ("immune", "NORVIA for toddlers with juvenile idiopathic arthritis.", "age"),
        ("immune", "NORVIA supports weight loss.", "purpose"),
        ("alone", "NORVIA with pertuzumab is a powerful pair.", "combination"),
        ("alone", "Start NORVIA as first-line therapy.", "line"),
        ("mutation", "NORVIA is active in EGFR exon 20 insertion tumors.", "biomarker"),
        ("mutation", "Patients with EGFR C797S can be given NORVIA.", "biomarker"),
        ("mutation", "NORVIA can be used in wild-type EGFR lung cancer.", "biomarker"),
        ("vaccine", "NORVIA protects adults 50 years of age and older from influenza.", "age"),
    ],
)
def test_what_goes_wider_is_off_label_with_the_axis(
    libraries: dict[str, Library], label: str, text: str, axis: str
) -> None:
    messages = _off(check(text, libraries[label]))
    assert messages, text
    assert axis in messages[0]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("breast", "NORVIA plus letrozole extended survival in metastatic breast cancer."),
        ("breast", "NORVIA with fulvestrant works in postmenopausal women."),
        ("breast", "Premenopausal women lived longer on NORVIA plus an aromatase inhibitor."),
        ("breast", "NORVIA is not indicated for early breast cancer."),
        ("breast", "Does your clinic treat ovarian cancer?"),
        ("immune", "NORVIA works in severe plaque psoriasis."),
        ("immune", "NORVIA helps children aged 6 years with juvenile idiopathic arthritis."),
        ("alone", "NORVIA alone extends survival after trastuzumab and a taxane."),
        ("mutation", "NORVIA is effective in EGFR L858R tumors."),
        ("vaccine", "NORVIA prevents influenza in adults 65 years of age and older."),
    ],
)
def test_what_the_label_allows_is_not_off_label(
    libraries: dict[str, Library], label: str, text: str
) -> None:
    assert not _off(check(text, libraries[label]))


def test_uses_are_cut_at_their_items(libraries: dict[str, Library]) -> None:
    uses = detecting.build(libraries["breast"]).indications.uses
    assert len(uses) == 2
    assert "letrozole" in uses[0].values("combination")
    assert uses[1].values("population") == {"postmenopausal", "men"}
    assert uses[1].values("line") == {"treated"}


def test_without_a_label_nothing_is_off_label() -> None:
    library = compile_library(ProductFacts("NORVIA", "x"), [ClaimText("N-1", "Cartons are blue.")])
    assert not _off(check("NORVIA treats everything in children.", library))


EXCLUDING = """
NORVIA is indicated for the treatment of schizophrenia in adults and pediatric patients ages 13 \
years and older.
NORVIA is indicated for the treatment of patients with Stage IIB, IIC, or III melanoma following \
complete resection.
NORVIA is indicated for the first-line treatment of patients with metastatic lung cancer with no \
EGFR or ALK genomic tumor aberrations.
Limitations of Use: NORVIA is not approved for the treatment of dementia-related psychosis. NORVIA \
is not indicated as an as needed ("prn") treatment. The combination of NORVIA with anakinra or \
abatacept is not recommended.
"""


@pytest.fixture(scope="module")
def excluding() -> Library:
    return _library(tuple(EXCLUDING.strip().splitlines()))


@pytest.mark.parametrize(
    "text",
    [
        "In dementia-related psychosis NORVIA brings calm.",
        "Take an extra tablet of NORVIA as needed for schizophrenia.",
        "NORVIA for stage I melanoma after excision.",
        "Ten-year-old children with schizophrenia do well on NORVIA.",
        "NORVIA for children of four with schizophrenia.",
        "NORVIA plus anakinra for stubborn schizophrenia.",
        "NORVIA treats Tourette syndrome.",
        "Insomnia often yields to NORVIA.",
        "NORVIA lowers the risk of dementia.",
        "NORVIA keeps asthma quiet.",
        "NORVIA raises fertility in men with infertility.",
    ],
)
def test_what_the_label_excludes_is_off_label(excluding: Library, text: str) -> None:
    assert _off(check(text, excluding))


@pytest.mark.parametrize(
    "text",
    [
        "Teens of 13 and older with schizophrenia improve on NORVIA.",
        "NORVIA for stage III melanoma after resection.",
        "NORVIA raises mortality in patients with dementia-related psychosis.",
        "Test for tuberculosis before NORVIA.",
        "NORVIA may cause lymphoma.",
    ],
)
def test_what_the_label_has_is_not_off_label(excluding: Library, text: str) -> None:
    assert not _off(check(text, excluding))
