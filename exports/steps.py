"""What stood before and after each change of a draft: kept so that it can be taken back.

A step is of what a person decides: chosen modules in order, the meeting's date, the agenda. What
the rules bring along follows from it, with the versions that are in force when it is put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from exports import rules
from exports.models import MaterialStep, MaterialVersion
from records import clock
from records.models import Person

MOST = 100  # steps that are kept of one draft

State = dict[str, Any]


@dataclass(frozen=True)
class Ways:
    """The step that undo would take back and the one that redo would do again."""

    back: MaterialStep | None
    again: MaterialStep | None


def state_of(version: MaterialVersion) -> State:
    """What a person decided of a draft, as it stands."""
    return {
        "chosen": rules.chosen_codes(version.parts),
        "meeting_date": version.frame.get("meeting_date", ""),
        "agenda": [line for line in version.tokens.get("agenda", "").split("\n") if line],
    }


def remember(session: Session, version: MaterialVersion, before: State, *, actor: Person) -> None:
    """Keep a step that was just made; what had been taken back cannot be done again after it."""
    after = state_of(version)
    if after == before:
        return
    of_version = MaterialStep.material_version_id == version.id
    session.execute(delete(MaterialStep).where(of_version, MaterialStep.undone))
    session.add(
        MaterialStep(
            material_version_id=version.id,
            person_id=actor.id,
            at=clock.now(),
            before=before,
            after=after,
        )
    )
    session.flush()
    oldest = session.scalar(
        select(MaterialStep.id).where(of_version).order_by(MaterialStep.id.desc()).offset(MOST - 1)
    )
    if oldest is not None:
        session.execute(delete(MaterialStep).where(of_version, MaterialStep.id < oldest))


def ways(session: Session, version: MaterialVersion) -> Ways:
    """Which steps can be taken back and done again now."""
    of_version = select(MaterialStep).where(MaterialStep.material_version_id == version.id)
    back = of_version.where(~MaterialStep.undone).order_by(MaterialStep.id.desc()).limit(1)
    again = of_version.where(MaterialStep.undone).order_by(MaterialStep.id).limit(1)
    return Ways(session.scalar(back), session.scalar(again))


def in_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What a step did, such as ``HAL-M-003 added``."""
    was, now = before["chosen"], after["chosen"]
    added = [code for code in now if code not in was]
    removed = [code for code in was if code not in now]
    said = [
        f"{_codes(codes)} {word}"
        for codes, word in ((added, "added"), (removed, "removed"))
        if codes
    ]
    if not said and was != now:
        said.append(f"{_moved(was, now)} moved")
    if before["meeting_date"] != after["meeting_date"]:
        said.append("meeting date changed")
    if before["agenda"] != after["agenda"]:
        said.append("agenda changed")
    return ", ".join(said)


def _codes(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{len(codes)} modules"


def _moved(was: list[str], now: list[str]) -> str:
    """The one module whose move explains the order; of two that changed places, the one below."""
    for code in was:
        if [each for each in was if each != code] == [each for each in now if each != code]:
            return code
    return f"{len(was)} modules"
