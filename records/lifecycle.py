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

# how a step reads after "cannot be"
_DONE: dict[Step, str] = {
    Step.SUBMIT: "submitted",
    Step.RECALL: "taken back",
    Step.EDIT: "edited",
    Step.RETURN: "returned",
    Step.REJECT: "rejected",
    Step.APPROVE: "approved",
    Step.SUPERSEDE: "superseded",
    Step.WITHDRAW: "withdrawn",
    Step.CANCEL: "cancelled",
}

EDITABLE = frozenset({S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED})
FROZEN = frozenset(S) - EDITABLE


def after(state: VersionState, step: Step) -> VersionState:
    """The state after ``step``; ``Refused`` when the table has no such step."""
    try:
        return STEPS[state, step]
    except KeyError:
        able = [_said(each) for each, of in STEPS if of is step]
        sentence = f"A version that is {_said(state)} cannot be {_DONE[step]}."
        can = f"One that is {' or '.join(able)} can."
        raise Refused([Objection("lifecycle", sentence, instead=can)]) from None


def _said(state: VersionState) -> str:
    return {S.DRAFT: "a draft"}.get(state, state.replace("-", " "))
