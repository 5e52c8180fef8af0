"""The trail in words: every action as a participle of English."""

from __future__ import annotations

import pytest

from cms import trail_words
from cms.trail_words import in_past
from records.actions import Action


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.MODULE_APPROVE, "approved"),
        (Action.MODULE_SUBMIT, "submitted"),
        (Action.MATERIAL_WITHDRAW, "withdrawn"),
        (Action.SIGNATURE_GIVE, "signed"),
        (Action.SIGNATURE_FAILED, "failed to sign"),
        (Action.PERSON_SIGN_IN, "signed in"),
        (Action.VIEW_FORGET, "forgotten"),
        (Action.ANNOTATION_REPLY, "answered"),
    ],
)
def test_what_was_done_is_told_in_the_past(action: Action, words: str) -> None:
    assert in_past(action) == words


# a verb that is neither here nor among the irregular ones has not been thought about
REGULAR = {
    *("create", "change", "deactivate", "reactivate", "import", "recall", "decide", "approve"),
    *("open", "close", "add", "resolve", "reopen", "assemble", "issue", "download", "refuse"),
    *("start", "pause", "resume", "finish", "record", "acknowledge", "destroy", "release", "name"),
    "remind",
}


def test_every_verb_is_regular_or_known() -> None:
    verbs = {action.value.rpartition(":")[2] for action in Action}
    assert verbs - REGULAR <= set(trail_words._PAST)


def test_regular_verbs_end_as_they_should() -> None:
    ends = {in_past(action) for action in Action if action.value.rpartition(":")[2] in REGULAR}
    assert {"created", "opened", "refused", "added", "finished"} <= ends
