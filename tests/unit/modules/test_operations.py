"""Writing modules: what is kept, what is refused, and what an approval holds still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from modules import operations
from modules.draft import ModuleDraft
from modules.models import ModuleClaim, ModuleTag, ModuleVersion
from modules.review import MODULES
from records.actions import Action
from records.errors import NotAllowed, Refused, Stale
from records.lifecycle import VersionState
from records.models import AuditRow
from records.problems import BadInput
from records.roles import StaffRole
from records.vocabulary import Channel, Pillar
from tests import building
from tests.unit.modules.conftest import Shelf

QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def recorded(shelf: Shelf, action: Action) -> int:
    return shelf.session.scalar(select(func.count()).where(AuditRow.action == action)) or 0


def test_saving_writes_text_pins_tags_and_the_trail(shelf: Shelf) -> None:
    draft = shelf.draft(body="[[claim:HAL-0002/1]]\n", pillar=Pillar.OPERATIONAL_FIT)
    version = operations.save_draft(shelf.session, shelf.module, draft, actor=shelf.writer)
    assert version is shelf.module
    assert [(pin["claim"], pin["variation"]) for pin in version.pins] == [("HAL-0002", 1)]
    assert version.companions == ["HAL-M-ISI"]
    assert version.content_sha256 == version.content_hash()
    links = shelf.session.scalars(
        select(ModuleClaim.claim_version_id).where(ModuleClaim.module_version_id == version.id)
    )
    assert list(links) == [shelf.claims["HAL-0002"].id]
    pillars = shelf.session.scalars(
        select(ModuleTag.value).where(
            ModuleTag.module_id == version.module_id, ModuleTag.facet == "pillar"
        )
    )
    assert list(pillars) == ["operational-fit"]
    assert recorded(shelf, Action.MODULE_CHANGE) == 1


def test_a_stale_revision_is_refused_unless_it_says_the_same(shelf: Shelf) -> None:
    seen = shelf.module.revision
    mine = shelf.draft(body="Mine.\n")
    operations.save_draft(shelf.session, shelf.module, mine, actor=shelf.writer, revision=seen)
    operations.save_draft(shelf.session, shelf.module, mine, actor=shelf.writer, revision=seen)
    with pytest.raises(Stale):
        operations.save_draft(
            shelf.session,
            shelf.module,
            shelf.draft(body="Other.\n"),
            actor=shelf.writer,
            revision=seen,
        )
    assert shelf.module.body == "Mine.\n"
    assert recorded(shelf, Action.MODULE_CHANGE) == 1


def test_an_edit_of_an_approved_version_makes_the_next_draft(shelf: Shelf) -> None:
    shelf.sign(shelf.module)
    draft = shelf.draft(body="New words.\n")
    version = operations.save_draft(shelf.session, shelf.module, draft, actor=shelf.writer)
    assert (version.version, version.body) == ("1.1", "New words.\n")
    assert (shelf.module.version, shelf.module.state) == ("1.0", VersionState.APPROVED)
    with pytest.raises(Stale):
        operations.save_draft(
            shelf.session, shelf.module, shelf.draft(body="Late.\n"), actor=shelf.writer
        )


def test_the_same_text_makes_a_next_draft_only_for_newer_claims(shelf: Shelf) -> None:
    shelf.sign(shelf.module)
    same = shelf.draft()
    kept = operations.save_draft(shelf.session, shelf.module, same, actor=shelf.writer)
    assert kept is shelf.module
    claim = shelf.claims["HAL-0001"]
    claim.text = "The overall response rate was 58% with HALVORYN."
    claim.seal_content()
    shelf.session.flush()
    version = operations.save_draft(shelf.session, shelf.module, same, actor=shelf.writer)
    assert version.version == "1.1"
    assert version.pins[0]["sha256"] == claim.content_sha256


def test_an_edit_ends_a_review_and_the_same_text_does_not(shelf: Shelf) -> None:
    MODULES.submit(shelf.session, shelf.module, actor=shelf.writer)
    operations.save_draft(shelf.session, shelf.module, shelf.draft(), actor=shelf.writer)
    assert shelf.module.state is VersionState.IN_REVIEW
    operations.save_draft(
        shelf.session, shelf.module, shelf.draft(body="Words.\n"), actor=shelf.writer
    )
    assert shelf.module.state is VersionState.DRAFT


def test_an_unfinished_draft_is_kept_and_not_submitted(shelf: Shelf) -> None:
    draft = shelf.draft(body="[[claim:HA", phases=(), roles=())
    operations.save_draft(shelf.session, shelf.module, draft, actor=shelf.writer)
    with pytest.raises(Refused) as refusal:
        MODULES.submit(shelf.session, shelf.module, actor=shelf.writer)
    assert {"phases", "roles", "reference"} <= {each.code for each in refusal.value.objections}


def test_a_circle_of_requirements_is_not_submitted(shelf: Shelf) -> None:
    for code, needs in (("HAL-M-002", "HAL-M-003"), ("HAL-M-003", "HAL-M-001")):
        building.module(
            shelf.session, code, of=shelf.product, author=shelf.writer, requires=[needs]
        )
    draft = shelf.draft(requires=("HAL-M-002",))
    operations.save_draft(shelf.session, shelf.module, draft, actor=shelf.writer)
    with pytest.raises(Refused, match="circle: HAL-M-001 → HAL-M-002 → HAL-M-003 → HAL-M-001"):
        MODULES.submit(shelf.session, shelf.module, actor=shelf.writer)


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.WRITER])
def test_only_writers_and_librarians_write(shelf: Shelf, role: StaffRole) -> None:
    person = building.person(shelf.session, role)
    if role is StaffRole.LIBRARIAN:
        operations.save_draft(shelf.session, shelf.module, shelf.draft(title="X"), actor=person)
        return
    for attempt in (
        lambda: operations.create_module(shelf.session, shelf.draft(), actor=person),
        lambda: operations.save_draft(shelf.session, shelf.module, shelf.draft(), actor=person),
        lambda: operations.new_draft(shelf.session, shelf.module.module, actor=person),
        lambda: operations.import_modules(shelf.session, {}, actor=person),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_import_refuses_what_is_unfinished(shelf: Shelf) -> None:
    with pytest.raises(BadInput) as refusal:
        operations.import_modules(
            shelf.session, {"a.md": b"---\nid: HAL-M-9\n---\n"}, actor=shelf.writer
        )
    assert {problem.file for problem in refusal.value.problems} == {"a.md"}
    assert "title" in {problem.field for problem in refusal.value.problems}


EDITS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.text(min_size=1, max_size=50).filter(lambda text: "\x00" not in text),
    "body": st.text(max_size=50).filter(lambda text: "\x00" not in text),
    "code": st.text("ABC-", min_size=1, max_size=20),
    "phases": st.lists(st.sampled_from(["discovery", "decision-support"])),
    "channels": st.lists(st.sampled_from([each.value for each in Channel])),
    "requires": st.lists(st.text("ABC", min_size=1, max_size=5)),
    "pins": st.lists(st.fixed_dictionaries({"claim": st.text("AB"), "version": st.integers(1, 9)})),
    "valid_until": st.dates(),
    "content_sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
}


@pytest.mark.parametrize("column", sorted(EDITS))
def test_the_database_refuses_any_edit_of_an_approved_version(shelf: Shelf, column: str) -> None:
    shelf.sign(shelf.module)

    @QUIET
    @given(EDITS[column])
    def refused(value: Any) -> None:
        change = update(ModuleVersion).where(ModuleVersion.id == shelf.module.id)
        with pytest.raises(DBAPIError, match="approved module_version"), _savepoint(shelf)():
            shelf.session.execute(change.values({column: value}))

    refused()


def _savepoint(shelf: Shelf) -> Callable[[], Any]:
    return shelf.session.begin_nested


@QUIET
@given(before=st.text(max_size=80), after=st.text(max_size=80))
def test_any_change_of_the_text_is_another_content(before: str, after: str) -> None:
    hashes = []
    for body in (before, after):
        version = ModuleVersion()
        for name in (*ModuleVersion.CONTENT, "code", "brand"):
            setattr(version, name, "x")
        version.body = body
        hashes.append(version.content_hash())
    assert (hashes[0] == hashes[1]) == (before == after)


def test_every_part_of_a_draft_is_content() -> None:
    identity = {"code", "brand"}  # in the content under their own names
    assert {field.name for field in fields(ModuleDraft)} - identity <= set(ModuleVersion.CONTENT)
