"""Who is told by email after a step: whose hands a part is in now, and who stands in for whom.

Written into the outbox here; the room that has the mail server carries it out.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from mlr.models import Deputy, ReviewTask
from records import errands
from records.models import Person

PART = "mlr.part-given"
DEPUTY = "mlr.deputy-named"


def part_given(session: Session, task: ReviewTask, holder: Person, *, by: Person) -> None:
    """Tell somebody that a part is theirs; who took it knows."""
    if holder.id != by.id:
        errands.enqueue(session, PART, task=task.id, holder=holder.id, by=by.id)


def deputy_named(session: Session, row: Deputy, *, by: Person) -> None:
    """Tell the deputy, and who is away, unless they said so themselves."""
    for person in (row.deputy, row.absent):
        if person.id != by.id:
            errands.enqueue(session, DEPUTY, deputy=row.id, to=person.id)
