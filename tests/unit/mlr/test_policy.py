"""What the verdicts add up to, whatever their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlr.models import JobState, Verdict
from mlr.policy import outcome

A, C, R, S, X = (
    Verdict.APPROVE,
    Verdict.APPROVE_WITH_CHANGES,
    Verdict.AMEND_AND_RETURN,
    Verdict.AMEND_AND_RESUBMIT,
    Verdict.REJECT,
)
ANY = st.lists(st.sampled_from([None, *Verdict]), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([None, None, None], JobState.OPEN),
        ([A, A, None], JobState.OPEN),
        ([A, A, A], JobState.APPROVED),
        ([A], JobState.APPROVED),
        # everybody is heard before it goes back
        ([R, None, None], JobState.OPEN),
        ([A, C, A], JobState.RETURNED),
        ([A, R, A], JobState.RETURNED),
        ([S, A, A], JobState.RETURNED),
        # a rejection waits for nobody
        ([X, None, None], JobState.REJECTED),
        ([A, A, X], JobState.REJECTED),
    ],
)
def test_outcomes(verdicts, state: JobState) -> None:
    assert outcome(verdicts) is state


@given(ANY)
def test_nothing_but_approval_by_all_approves(verdicts) -> None:
    approved = outcome(verdicts) is JobState.APPROVED
    assert approved == all(verdict is A for verdict in verdicts)


@given(ANY, st.randoms())
def test_the_order_of_verdicts_does_not_matter(verdicts, random) -> None:
    shuffled = list(verdicts)
    random.shuffle(shuffled)
    assert outcome(shuffled) is outcome(verdicts)
