"""The lifecycle as a table: what is not in it cannot be done."""

from __future__ import annotations

from itertools import product

import pytest

from records.errors import Refused
from records.lifecycle import EDITABLE, FROZEN, STEPS, Step, VersionState, after

S = VersionState
ENDS = (S.SUPERSEDED, S.WITHDRAWN, S.REJECTED, S.CANCELLED)


@pytest.mark.parametrize(("state", "step"), list(product(VersionState, Step)))
def test_only_the_steps_of_the_table_can_be_taken(state: VersionState, step: Step) -> None:
    if (state, step) in STEPS:
        assert after(state, step) is STEPS[state, step]
    else:
        with pytest.raises(Refused) as refusal:
            after(state, step)
        assert [each.code for each in refusal.value.objections] == ["lifecycle"]


@pytest.mark.parametrize("state", ENDS)
def test_an_end_is_an_end(state: VersionState) -> None:
    assert not [step for (start, step) in STEPS if start is state]


def test_approval_comes_from_review_and_from_nowhere_else() -> None:
    assert [key for key, end in STEPS.items() if end is S.APPROVED] == [(S.IN_REVIEW, Step.APPROVE)]


def test_what_is_approved_is_never_edited_again() -> None:
    assert S.APPROVED in FROZEN
    assert not EDITABLE & FROZEN
    assert {start for (start, step) in STEPS if step is Step.EDIT} == EDITABLE
