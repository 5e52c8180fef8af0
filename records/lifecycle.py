"""Lifecycles as tables: a step that is not in the table cannot be taken."""

from __future__ import annotations

from enum import StrEnum

from records.errors import Objection, Refused


class VersionState(StrEnum):
    """Stored states of claim, module, template and material versions.

    *Effective*, *expired*, *expiring* and *at risk* are computed when asked, never stored.
    """

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    CHANGES_REQUESTED = "changes-requested"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What moves a version from one state to the next."""

    SUBMIT = "submit"
    RECALL = "recall"
    EDIT = "edit"
    RETURN = "return"
    REJECT = "reject"
    APPROVE = "approve"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


S = VersionState

STEPS: dict[tuple[VersionState, Step], VersionState] = {
    (S.DRAFT, Step.EDIT): S.DRAFT,
    (S.DRAFT, Step.SUBMIT): S.IN_REVIEW,
    (S.DRAFT, Step.CANCEL): S.CANCELLED,
    (S.IN_REVIEW, Step.RECALL): S.DRAFT,
    (S.IN_REVIEW, Step.EDIT): S.DRAFT,
    (S.IN_REVIEW, Step.RETURN): S.CHANGES_REQUESTED,
    (S.IN_REVIEW, Step.REJECT): S.REJECTED,
    (S.IN_REVIEW, Step.APPROVE): S.APPROVED,
    (S.CHANGES_REQUESTED, Step.EDIT): S.DRAFT,
    (S.CHANGES_REQUESTED, Step.SUBMIT): S.IN_REVIEW,
    (S.CHANGES_REQUESTED, Step.CANCEL): S.CANCELLED,
    (S.APPROVED, Step.SUPERSEDE): S.SUPERSEDED,
    (S.APPROVED, Step.WITHDRAW): S.WITHDRAWN,
}

EDITABLE = frozenset({S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED})
FROZEN = frozenset(S) - EDITABLE


def after(state: VersionState, step: Step) -> VersionState:
    """The state after ``step``; ``Refused`` when the table has no such step."""
    try:
        return STEPS[state, step]
    except KeyError:
        sentence = f"A version that is {state.replace('-', ' ')} cannot {step.value}."
        raise Refused([Objection("lifecycle", sentence)]) from None
