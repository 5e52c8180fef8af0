"""Whatever a person does in the composer, the rules hold: companions, exclusions, order."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import rules
from exports.frame import read_frame, shipped
from records.vocabulary import ModuleKind

FRAME = read_frame(shipped("brief.us"), filename="brief.us.yaml")
NAMES = ["T1", "T2", "T3", "T4", "C1", "Q1", "Q2", "A1"]
KINDS = {
    "T": ModuleKind.TEXT,
    "C": ModuleKind.CALLOUT,
    "Q": ModuleKind.FAQ,
    "A": ModuleKind.AGENDA,
    "F": ModuleKind.FOOTNOTE,
}


def module(code: str, kind: ModuleKind, requires=(), excludes=(), companions=()) -> Any:
    return SimpleNamespace(
        id=abs(hash(code)) % 10_000,
        code=code,
        kind=kind,
        requires=list(requires),
        excludes=list(excludes),
        companions=list(companions),
        content_sha256=f"sha-{code}",
    )


@st.composite
def libraries(draw) -> dict[str, Any]:
    """Modules with random demands; a later module may require an earlier one, so no circles."""
    found = {
        "X-M-ISI": module("X-M-ISI", ModuleKind.ISI),
        "X-M-IND": module("X-M-IND", ModuleKind.TEXT, ["X-M-ISI"]),
        "X-M-F1": module("X-M-F1", ModuleKind.FOOTNOTE, ["X-M-ISI"]),
        "X-M-F2": module("X-M-F2", ModuleKind.FOOTNOTE),
    }
    earlier = ["X-M-ISI", "X-M-IND", "X-M-F1", "X-M-F2"]
    for name in NAMES:
        code = f"X-M-{name}"
        found[code] = module(
            code,
            KINDS[name[0]],
            requires=draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)),
            companions=draw(st.lists(st.sampled_from(["X-M-ISI", "X-M-F1", "X-M-F2"]), max_size=2)),
            excludes=draw(st.lists(st.sampled_from([f"X-M-{n}" for n in NAMES]), max_size=1)),
        )
        found[code].excludes = [
            other for other in found[code].excludes if other not in (code, *found[code].requires)
        ]
        earlier.append(code)
    return found


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "move"]),
        st.sampled_from([f"X-M-{name}" for name in [*NAMES, "F1", "ISI", "IND", "NONE"]]),
        st.integers(-1, 6),
    ),
    max_size=8,
)


def take(step, parts, library):
    """One step of a composer: the new parts, or the old ones where a rule objects."""
    verb, code, place = step
    chosen = rules.chosen_codes(parts)
    if verb == "add":
        chosen = [*chosen, code]
    elif verb == "remove":
        if list(rules.removal_objections(parts, code, library.get)):
            return parts
        chosen = [each for each in chosen if each != code]
    elif code in chosen:
        chosen = rules.moved(chosen, code, to=place, parts=parts)
    again = rules.assemble(chosen, library.get, FRAME)
    return parts if again.objections else again.parts


def start(library):
    return rules.assemble(["X-M-IND"], library.get, FRAME).parts


@settings(max_examples=200, deadline=None)
@given(libraries(), steps)
def test_no_sequence_of_steps_breaks_a_rule(library, taken) -> None:
    parts = start(library)
    for step in taken:
        parts = take(step, parts, library)
        held = [part["module"] for part in parts]
        assert len(held) == len(set(held))
        for code in held:
            assert set(rules.demanded(library[code])) <= set(held)
            assert not set(library[code].excludes) & set(held)
        order = [FRAME.order_of(part["slot"]) for part in parts]
        assert all(before <= after for before, after in pairwise(order))
        assert "X-M-IND" in held
        assert held[-1] == "X-M-ISI"


@settings(max_examples=100, deadline=None)
@given(libraries(), steps)
def test_putting_the_same_choice_together_again_changes_nothing(library, taken) -> None:
    parts = start(library)
    for step in taken:
        parts = take(step, parts, library)
    again = rules.assemble(rules.chosen_codes(parts), library.get, FRAME)
    assert again.parts == tuple(parts)
    assert again.objections == ()


def test_what_nobody_needs_any_more_goes() -> None:
    library = {
        "X-M-ISI": module("X-M-ISI", ModuleKind.ISI),
        "X-M-IND": module("X-M-IND", ModuleKind.TEXT, ["X-M-ISI"]),
        "X-M-F1": module("X-M-F1", ModuleKind.FOOTNOTE),
        "X-M-T1": module("X-M-T1", ModuleKind.TEXT, companions=["X-M-F1"]),
    }
    both = rules.assemble(["X-M-IND", "X-M-T1"], library.get, FRAME)
    assert [part["module"] for part in both.parts] == ["X-M-IND", "X-M-T1", "X-M-F1", "X-M-ISI"]
    one = rules.assemble(["X-M-IND"], library.get, FRAME)
    assert [part["module"] for part in one.parts] == ["X-M-IND", "X-M-ISI"]


@pytest.mark.parametrize("code", ["X-M-ISI", "X-M-F1"])
def test_a_companion_is_not_removed_by_itself(code: str) -> None:
    library = {
        "X-M-ISI": module("X-M-ISI", ModuleKind.ISI),
        "X-M-F1": module("X-M-F1", ModuleKind.FOOTNOTE),
        "X-M-IND": module("X-M-IND", ModuleKind.TEXT, ["X-M-ISI"], companions=["X-M-F1"]),
    }
    parts = start(library)
    [objection] = rules.removal_objections(parts, code, library.get)
    assert objection.code == "tied"
    assert "X-M-IND" in objection.sentence


def test_a_circle_of_requirements_is_refused_with_its_path() -> None:
    library = {
        "X-M-ISI": module("X-M-ISI", ModuleKind.ISI),
        "X-M-IND": module("X-M-IND", ModuleKind.TEXT, ["X-M-ISI", "X-M-T1"]),
        "X-M-T1": module("X-M-T1", ModuleKind.TEXT, ["X-M-T2"]),
        "X-M-T2": module("X-M-T2", ModuleKind.TEXT, ["X-M-T1"]),
    }
    found = rules.assemble(["X-M-IND"], library.get, FRAME).objections
    assert [each.code for each in found] == ["requires-cycle"]
    assert "X-M-T1 → X-M-T2 → X-M-T1" in found[0].sentence


def test_slots_have_room_for_so_many() -> None:
    library = {
        "X-M-ISI": module("X-M-ISI", ModuleKind.ISI),
        "X-M-IND": module("X-M-IND", ModuleKind.TEXT, ["X-M-ISI"]),
        **{f"X-M-Q{n}": module(f"X-M-Q{n}", ModuleKind.FAQ) for n in range(3)},
    }
    found = rules.assemble(list(library), library.get, FRAME).objections
    assert [each.code for each in found] == ["slot-full"]
