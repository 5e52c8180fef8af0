"""The sections of a label: LOINC code, openFDA name and title, in the order of a printed label."""

from __future__ import annotations

from dataclasses import dataclass

UNCLASSIFIED = "spl_unclassified_section"


@dataclass(frozen=True, slots=True)
class SectionName:
    """One kind of section; ``number`` is its place under 21 CFR 201.57, if it has one."""

    code: str
    name: str
    title: str
    number: str = ""


_TABLE = """
34066-1 | boxed_warning | Boxed Warning |
43683-2 | recent_major_changes | Recent Major Changes |
34067-9 | indications_and_usage | Indications and Usage | 1
34068-7 | dosage_and_administration | Dosage and Administration | 2
43678-2 | dosage_forms_and_strengths | Dosage Forms and Strengths | 3
34070-3 | contraindications | Contraindications | 4
43685-7 | warnings_and_cautions | Warnings and Precautions | 5
34071-1 | warnings | Warnings |
42232-9 | precautions | Precautions |
34072-9 | general_precautions | General Precautions |
34084-4 | adverse_reactions | Adverse Reactions | 6
34073-7 | drug_interactions | Drug Interactions | 7
34074-5 | drug_and_or_laboratory_test_interactions | Drug and/or Laboratory Test Interactions |
34075-2 | laboratory_tests | Laboratory Tests |
43684-0 | use_in_specific_populations | Use in Specific Populations | 8
42228-7 | pregnancy | Pregnancy | 8.1
34077-8 | teratogenic_effects | Teratogenic Effects |
34078-6 | nonteratogenic_effects | Nonteratogenic Effects |
34079-4 | labor_and_delivery | Labor and Delivery |
34080-2 | nursing_mothers | Nursing Mothers |
34081-0 | pediatric_use | Pediatric Use | 8.4
34082-8 | geriatric_use | Geriatric Use | 8.5
42227-9 | drug_abuse_and_dependence | Drug Abuse and Dependence | 9
34085-1 | controlled_substance | Controlled Substance | 9.1
34086-9 | abuse | Abuse | 9.2
34087-7 | dependence | Dependence | 9.3
34088-5 | overdosage | Overdosage | 10
34089-3 | description | Description | 11
34090-1 | clinical_pharmacology | Clinical Pharmacology | 12
43679-0 | mechanism_of_action | Mechanism of Action | 12.1
43681-6 | pharmacodynamics | Pharmacodynamics | 12.2
43682-4 | pharmacokinetics | Pharmacokinetics | 12.3
49489-8 | microbiology | Microbiology | 12.4
66106-6 | pharmacogenomics | Pharmacogenomics | 12.5
43680-8 | nonclinical_toxicology | Nonclinical Toxicology | 13
34083-6 | carcinogenesis_and_mutagenesis_and_impairment_of_fertility \
| Carcinogenesis, Mutagenesis, Impairment of Fertility | 13.1
34091-9 | animal_pharmacology_and_or_toxicology | Animal Toxicology and/or Pharmacology | 13.2
34092-7 | clinical_studies | Clinical Studies | 14
34093-5 | references | References | 15
34069-5 | how_supplied | How Supplied/Storage and Handling | 16
44425-7 | storage_and_handling | Storage and Handling |
34076-0 | information_for_patients | Patient Counseling Information | 17
55106-9 | active_ingredient | Active Ingredient |
55105-1 | purpose | Purpose |
50570-1 | do_not_use | Do Not Use |
50569-3 | ask_doctor | Ask a Doctor |
50568-5 | ask_doctor_or_pharmacist | Ask a Doctor or Pharmacist |
50567-7 | when_using | When Using |
50566-9 | stop_use | Stop Use |
53414-9 | pregnancy_or_breast_feeding | Pregnancy or Breast-Feeding |
50565-1 | keep_out_of_reach_of_children | Keep Out of Reach of Children |
51727-6 | inactive_ingredient | Inactive Ingredients |
53413-1 | questions | Questions |
42231-1 | spl_medguide | Medication Guide |
42230-3 | spl_patient_package_insert | Patient Information |
59845-8 | instructions_for_use | Instructions for Use |
42229-5 | spl_unclassified_section | Further Text |
51945-4 | package_label_principal_display_panel | Package Label: Principal Display Panel |
48780-1 | spl_product_data_elements | Product Data |
"""


def _read(line: str) -> SectionName:
    code, name, title, number = (part.strip() for part in line.split("|"))
    return SectionName(code, name, title, number)


SECTION_NAMES = tuple(_read(line) for line in _TABLE.strip().splitlines())
BY_NAME = {section.name: section for section in SECTION_NAMES}
BY_CODE = {section.code: section for section in SECTION_NAMES}
_PLACE = {section.name: place for place, section in enumerate(SECTION_NAMES)}


def place_of(name: str) -> int:
    """Where a section stands in a printed label; unknown names come after all known ones."""
    return _PLACE.get(name, len(_PLACE))


def is_subsection(name: str) -> bool:
    """Whether the name belongs to a numbered part of a larger section (``pregnancy`` is 8.1)."""
    return "." in BY_NAME[name].number if name in BY_NAME else False
