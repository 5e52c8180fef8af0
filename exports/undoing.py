"""Taking back the last change of a draft, and doing again what was taken back.

Both are changes like any other: the rules decide anew, with what may be used now, and the trail
keeps them. Who has an older screen, or asks for a step that is not the last one, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from exports import arranging, personalising, steps
from exports.models import MaterialStep, MaterialVersion
from records import roles
from records.errors import Objection, Stale, refuse
from records.lifecycle import VersionState
from records.models import Person
from records.roles import Permission
from records.versions import expect_revision

DRAFTS = (VersionState.DRAFT, VersionState.CHANGES_REQUESTED)


def undo(
    session: Session,
    version: MaterialVersion,
    *,
    actor: Person,
    step: int | None = None,
    revision: int | None = None,
) -> MaterialStep:
    """Put back what stood before the last change, whoever made it; returns that step.

    ``step`` is the one the screen offered. Raises ``Stale`` when another was made meanwhile, and
    ``Refused`` when there is none or what stood before may not be used any more.
    """
    _check(version, actor, revision)
    found = _offered(steps.ways(session, version).back, step, version, "taken back")
    _put_back(session, version, found.after, found.before, actor=actor, why="taken back")
    found.undone = True
    return found


def redo(
    session: Session,
    version: MaterialVersion,
    *,
    actor: Person,
    step: int | None = None,
    revision: int | None = None,
) -> MaterialStep:
    """Do again what was taken back last; as ``undo``."""
    _check(version, actor, revision)
    found = _offered(steps.ways(session, version).again, step, version, "done again")
    _put_back(session, version, found.before, found.after, actor=actor, why="done again")
    found.undone = False
    return found


def _check(version: MaterialVersion, actor: Person, revision: int | None) -> None:
    roles.require(actor, Permission.ASSEMBLE)
    expect_revision(version, revision)
    if version.state not in DRAFTS:
        sentence = f"{version.label} is no draft: changes are taken back in a draft only."
        instead = "Take it out of review first." if version.state is VersionState.IN_REVIEW else ""
        refuse([Objection("no-draft", sentence, version.label, instead)])


def _offered(
    found: MaterialStep | None, step: int | None, version: MaterialVersion, done: str
) -> MaterialStep:
    if found is None:
        sentence = f"No change of {version.label} can be {done}."
        refuse([Objection("no-step", sentence, version.label)])
        raise AssertionError(sentence)
    if step is not None and found.id != step:
        raise Stale(f"The last change is not the one your screen showed. Nothing was {done}.")
    return found


def _put_back(
    session: Session,
    version: MaterialVersion,
    now: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    actor: Person,
    why: str,
) -> None:
    if steps.state_of(version) != now:
        raise Stale("The draft is not as that change left it any more. Nothing was changed.")
    reason = f"{steps.in_words(now, wanted)} ({why})"
    if wanted["chosen"] != now["chosen"]:
        codes = wanted["chosen"]
        arranging.put_parts(session, version, codes, actor=actor, known=codes, reason=reason)
    values = ("meeting_date", "agenda")
    if any(wanted[each] != now[each] for each in values):
        day = personalising.read_date(wanted["meeting_date"])
        agenda = wanted["agenda"]
        arranging.put_tokens(
            session, version, actor=actor, meeting_date=day, agenda=agenda, reason=reason
        )
