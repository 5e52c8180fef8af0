"""The field's closed word lists: every tag a claim, module, account or material can carry.

Values are the spellings of the import formats; ``label`` is what people read. Rooms above
never spell these words themselves.
"""

from __future__ import annotations

from enum import StrEnum

_LABELS = {
    "pharmacy-and-therapeutics": "Pharmacy and therapeutics",
    "patient-selection-outcomes": "Patient selection and outcomes",
    "safety-administration": "Safety and administration",
    "operational-fit": "Operational fit",
    "hcp": "Health care professional",
    "isi": "Important safety information",
    "faq": "FAQ",
    "talk-track": "Talk track",
    "meeting-prep": "Meeting-prep guide",
    "brief": "Account brief",
    "email": "Approved email",
    "leave-behind": "Leave-behind",
    "US": "United States",
    "UK": "United Kingdom",
    "EU": "European Union",
}


class Word(StrEnum):
    """A word of a closed list; ``label`` is its form for people."""

    @property
    def label(self) -> str:
        return _LABELS.get(self.value, self.value.replace("-", " ").capitalize())


class Pillar(Word):
    """The four message pillars."""

    CLINICAL_DIFFERENTIATION = "clinical-differentiation"
    PATIENT_SELECTION_OUTCOMES = "patient-selection-outcomes"
    SAFETY_ADMINISTRATION = "safety-administration"
    OPERATIONAL_FIT = "operational-fit"


class Phase(Word):
    """The four journey phases of an account."""

    DISCOVERY = "discovery"
    EVIDENCE_REVIEW = "evidence-review"
    DECISION_SUPPORT = "decision-support"
    ADOPTION_SUPPORT = "adoption-support"


class Role(Word):
    """The stakeholder's role at an account (not a permission role: see ``records.roles``)."""

    MEDICAL_DIRECTOR = "medical-director"
    PHARMACY_AND_THERAPEUTICS = "pharmacy-and-therapeutics"
    PHARMACY_DIRECTOR = "pharmacy-director"
    SITE_LEADERSHIP = "site-leadership"
    RESEARCH_COORDINATOR = "research-coordinator"
    PATIENT_SERVICES = "patient-services"
    PAYER = "payer"


class Tier(Word):
    """Account tiers: strategic 1:1, growth 1:few, expansion 1:many."""

    STRATEGIC = "strategic"
    GROWTH = "growth"
    EXPANSION = "expansion"


class Channel(Word):
    """What a module or claim may be used in."""

    BRIEF = "brief"
    DECK = "deck"
    EMAIL = "email"
    LEAVE_BEHIND = "leave-behind"
    MEETING_PREP = "meeting-prep"


class Market(Word):
    """Markets with a market pack, or whose packs have the same shape."""

    US = "US"
    UK = "UK"
    EU = "EU"


class Audience(Word):
    """Who may read a text."""

    HCP = "hcp"
    PAYER = "payer"
    INTERNAL = "internal"


class ModuleKind(Word):
    """What a module is, which decides where a template may place it."""

    TEXT = "text"
    TABLE = "table"
    ISI = "isi"
    FOOTNOTE = "footnote"
    FAQ = "faq"
    TALK_TRACK = "talk-track"
    AGENDA = "agenda"
    CALLOUT = "callout"


class ClaimType(Word):
    """What a claim speaks of."""

    EFFICACY = "efficacy"
    SAFETY = "safety"
    TOLERABILITY = "tolerability"
    MECHANISM = "mechanism"
    DOSING = "dosing"
    PATIENT_SELECTION = "patient-selection"
    ADMINISTRATION = "administration"
    ACCESS = "access"
    DISEASE_STATE = "disease-state"


class Discipline(Word):
    """The reviewing disciplines of MLR."""

    MEDICAL = "medical"
    LEGAL = "legal"
    REGULATORY = "regulatory"
