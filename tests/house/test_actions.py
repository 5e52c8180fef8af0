"""What the trail can hold: well-formed actions, and recorded by something."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records import audit
from records.actions import Action
from records.models import AuditRow

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("cms", "exports", "accounts", "modules", "claims_library", "mlr", "records")


@cache
def named_in_source() -> dict[str, str]:
    """Each ``Action.NAME`` of the source, with one file that says it."""
    return {
        node.attr: str(path.relative_to(ROOT))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Action"
    }


def test_the_source_names_only_actions_that_exist() -> None:
    unknown = {
        name: file for name, file in named_in_source().items() if name not in Action.__members__
    }
    assert unknown == {}


def test_every_action_is_recorded_by_something() -> None:
    assert named_in_source(), "no action is found in the source: is it looked for rightly?"
    assert sorted(set(Action.__members__) - set(named_in_source())) == []


@pytest.mark.parametrize("action", list(Action))
def test_an_action_reads_as_subject_and_verb(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*:[a-z]+(-[a-z]+)*", action.value)


def test_no_two_names_mean_the_same_action() -> None:
    assert len(Action.__members__) == len(list(Action))


def test_an_unknown_action_is_not_recorded(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(AuditRow))
    with pytest.raises(ValueError, match="not a valid Action"):
        audit.record(
            session, "claim_version:forget", actor=None, subject=("claim_version", 1, "X 1.0")
        )
    assert session.scalar(select(func.count()).select_from(AuditRow)) == before
