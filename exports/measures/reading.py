"""All measures of one period together, kept until anything changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from exports.measures import reviewing, using
from exports.measures.period import Asked
from exports.measures.reviewing import Spread, Waiting
from exports.measures.using import Expiring, Issued, Reuse, Unused
from records.actions import Action
from records.remembering import remembered

# how many of the oldest unused approvals are named
NAMED = 8
# steps that change nothing of what is on the shelf, in materials or in copies
_IGNORED = frozenset(
    action
    for action in Action
    if action.value.partition(":")[0]
    in {"person", "saved_view", "annotation", "deputy", "recall", "signature"}
    or action.value.startswith("email_")
) | {
    Action.MODULE_CHANGE,
    Action.MATERIAL_RENDER,
    Action.COPY_REFUSE,
    Action.COPY_DOWNLOAD,
    Action.REVIEW_OPEN,
    Action.REVIEW_VERDICT,
    Action.REVIEW_CLOSE,
    Action.REVIEW_HOLD,
    Action.REVIEW_RELEASE,
}


@dataclass(frozen=True)
class Never:
    """Approvals of one kind that were never used: how many, of how many, and the oldest."""

    unused: int
    approved: int
    oldest: Sequence[Unused]


@dataclass(frozen=True)
class Measures:
    """Every figure of the page of measures."""

    reuse: Reuse
    unused_modules: Never
    unissued_materials: Never
    expiring: Sequence[Expiring]
    issued: Sequence[Issued]
    in_draft: Sequence[Spread] = ()
    in_review: Sequence[Spread] = ()
    by_discipline: Sequence[Spread] = ()
    waiting: Sequence[Waiting] = ()


def measure(session: Session, asked: Asked, *, at: datetime, today: date) -> Measures:
    """The figures of a period, and of ``today`` where there is no period.

    All but what is open at this moment stay the same until the next step that could change them.
    """

    def on_shelf() -> Measures:
        return Measures(
            reuse=using.reuse(session, asked),
            unused_modules=Never(*using.unused_modules(session, asked, limit=NAMED)),
            unissued_materials=Never(*using.unissued_materials(session, asked, limit=NAMED)),
            expiring=using.expiring(session, asked, today),
            issued=using.issued(session, asked),
        )

    kept = remembered(session, ("measures", asked, today), on_shelf, ignoring=_IGNORED)
    return replace(
        kept,
        in_draft=_spread(session, asked, reviewing.in_draft, Action.REVIEW_OPEN),
        in_review=_spread(session, asked, reviewing.in_review, Action.REVIEW_CLOSE),
        by_discipline=_spread(session, asked, reviewing.by_discipline, Action.REVIEW_VERDICT),
        waiting=reviewing.waiting(session, asked, at),
    )


def _spread(
    session: Session,
    asked: Asked,
    read: Callable[[Session, Asked], list[Spread]],
    until: Action,
) -> list[Spread]:
    """Days of cases that come to be with one kind of step alone, and are never changed later."""
    return remembered(session, (until, asked), lambda: read(session, asked), heeding=until)
