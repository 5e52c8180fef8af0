"""Who may do what, on one page that can be read aloud."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from records.errors import NotAllowed

if TYPE_CHECKING:
    from records.models import Person


class Permission(StrEnum):
    """Each permission; its sentence is in ``SENTENCES``."""

    READ_LIBRARY = "read-library"
    WRITE_MODULES = "write-modules"
    IMPORT_LABELS = "import-labels"
    KEEP_CLAIMS = "keep-claims"
    SUBMIT = "submit"
    REVIEW_MEDICAL = "review-medical"
    REVIEW_LEGAL = "review-legal"
    REVIEW_REGULATORY = "review-regulatory"
    LEAD_REVIEWS = "lead-reviews"
    WITHDRAW = "withdraw"
    READ_ACCOUNTS = "read-accounts"
    READ_ALL_TERRITORIES = "read-all-territories"
    KEEP_ACCOUNTS = "keep-accounts"
    ASSEMBLE = "assemble"
    KEEP_TEMPLATES = "keep-templates"
    RECEIVE_COPIES = "receive-copies"
    ISSUE_COPIES = "issue-copies"
    SEND_EMAILS = "send-emails"
    READ_TRAIL = "read-trail"
    READ_PEOPLE = "read-people"
    KEEP_PEOPLE = "keep-people"


SENTENCES: dict[Permission, str] = {
    Permission.READ_LIBRARY: "read modules, claims, labels and reviews",
    Permission.WRITE_MODULES: "write and import content modules",
    Permission.IMPORT_LABELS: "import product labels",
    Permission.KEEP_CLAIMS: "import and keep the claims library",
    Permission.SUBMIT: "submit a version for review and recall it",
    Permission.REVIEW_MEDICAL: "give and sign the medical verdict",
    Permission.REVIEW_LEGAL: "give and sign the legal verdict",
    Permission.REVIEW_REGULATORY: "give and sign the regulatory verdict",
    Permission.LEAD_REVIEWS: "give parts of reviews to reviewers, and name deputies",
    Permission.WITHDRAW: "withdraw an approved version and call its copies back",
    Permission.READ_ACCOUNTS: "read accounts (their own territory)",
    Permission.READ_ALL_TERRITORIES: "read the accounts of every territory",
    Permission.KEEP_ACCOUNTS: "import and change accounts and stakeholders",
    Permission.ASSEMBLE: "assemble materials for an account",
    Permission.KEEP_TEMPLATES: "import and keep material templates",
    Permission.RECEIVE_COPIES: "receive controlled copies of approved materials",
    Permission.ISSUE_COPIES: "issue controlled copies to others",
    Permission.SEND_EMAILS: "send approved emails to stakeholders who agreed to it",
    Permission.READ_TRAIL: "read the audit trail",
    Permission.READ_PEOPLE: "see who works here and in which role",
    Permission.KEEP_PEOPLE: "add, change and deactivate people",
}


class StaffRole(StrEnum):
    """The roles a person of the company can hold (one person may hold several)."""

    WRITER = "writer"
    MEDICAL = "medical"
    LEGAL = "legal"
    REGULATORY = "regulatory"
    LIBRARIAN = "librarian"
    REP = "rep"
    COMPLIANCE = "compliance"
    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"


LABELS: dict[StaffRole, str] = {
    StaffRole.WRITER: "Writer",
    StaffRole.MEDICAL: "Medical reviewer",
    StaffRole.LEGAL: "Legal reviewer",
    StaffRole.REGULATORY: "Regulatory reviewer",
    StaffRole.LIBRARIAN: "Librarian",
    StaffRole.REP: "Field representative",
    StaffRole.COMPLIANCE: "Compliance",
    StaffRole.ADMINISTRATOR: "Administrator",
    StaffRole.INSPECTOR: "Inspector",
}

_READS = {Permission.READ_LIBRARY, Permission.READ_ACCOUNTS, Permission.READ_ALL_TERRITORIES}

ROLES: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.WRITER: frozenset(
        _READS | {Permission.WRITE_MODULES, Permission.SUBMIT, Permission.ASSEMBLE},
    ),
    StaffRole.MEDICAL: frozenset(_READS | {Permission.REVIEW_MEDICAL}),
    StaffRole.LEGAL: frozenset(_READS | {Permission.REVIEW_LEGAL}),
    StaffRole.REGULATORY: frozenset(_READS | {Permission.REVIEW_REGULATORY, Permission.WITHDRAW}),
    StaffRole.LIBRARIAN: frozenset(
        _READS
        | {
            Permission.IMPORT_LABELS,
            Permission.KEEP_CLAIMS,
            Permission.KEEP_TEMPLATES,
            Permission.KEEP_ACCOUNTS,
            Permission.WRITE_MODULES,
            Permission.SUBMIT,
            Permission.ASSEMBLE,
            Permission.LEAD_REVIEWS,
            Permission.WITHDRAW,
            Permission.ISSUE_COPIES,
            Permission.SEND_EMAILS,
        },
    ),
    StaffRole.REP: frozenset(
        {Permission.READ_ACCOUNTS, Permission.RECEIVE_COPIES, Permission.SEND_EMAILS}
    ),
    StaffRole.COMPLIANCE: frozenset(
        _READS
        | {
            Permission.READ_TRAIL,
            Permission.READ_PEOPLE,
            Permission.LEAD_REVIEWS,
            Permission.WITHDRAW,
        },
    ),
    StaffRole.ADMINISTRATOR: frozenset(
        {Permission.READ_TRAIL, Permission.READ_PEOPLE, Permission.KEEP_PEOPLE},
    ),
    StaffRole.INSPECTOR: frozenset(_READS | {Permission.READ_TRAIL, Permission.READ_PEOPLE}),
}


def in_short(role: StaffRole) -> str:
    """What sets a role apart, as one sentence: what everybody reads is left out."""
    own = [each for each in Permission if each in ROLES[role] - _READS]
    return "; ".join(SENTENCES[each] for each in own) or "reads everything, changes nothing"


def permissions_of(roles: frozenset[StaffRole] | set[StaffRole]) -> frozenset[Permission]:
    """All permissions that any of ``roles`` gives."""
    return frozenset().union(*(ROLES[role] for role in roles))


def may(person: Person | None, permission: Permission) -> bool:
    """Whether an active person holds ``permission``."""
    return person is not None and person.active and permission in permissions_of(person.roles)


def require(person: Person | None, permission: Permission) -> None:
    """Raise ``NotAllowed`` unless ``may(person, permission)``.

    Every operation calls this first, whoever called the operation (21 CFR 11.10(d),(g)).
    """
    if not may(person, permission):
        who = person.name if person is not None else "Nobody signed in"
        raise NotAllowed(f"{who} may not {SENTENCES[permission]}.")
