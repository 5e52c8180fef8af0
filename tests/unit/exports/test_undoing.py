"""Changes of a draft are taken back and done again; what is stale or no draft is refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from exports import operations, steps, undoing
from exports.models import MaterialStep, MaterialVersion
from exports.review import MATERIALS
from modules.review import withdraw
from records import clock
from records.errors import NotAllowed, Refused, Stale
from records.models import AuditRow
from tests.unit.exports.conftest import Library


def codes(version: MaterialVersion) -> list[str]:
    return [part["module"] for part in version.parts]


@pytest.fixture
def draft(library: Library) -> MaterialVersion:
    return library.assemble()


def _undo(library: Library, version: MaterialVersion, **asked) -> None:
    undoing.undo(library.session, version, actor=library.writer, **asked)


def _redo(library: Library, version: MaterialVersion, **asked) -> None:
    undoing.redo(library.session, version, actor=library.writer, **asked)


def test_what_was_removed_comes_back_with_its_companions_and_goes_again(
    library: Library, draft: MaterialVersion
) -> None:
    before = list(draft.parts)
    operations.change_parts(library.session, draft, ["HAL-M-IND"], actor=library.writer)
    after = list(draft.parts)
    assert "HAL-M-FN-ONE" not in codes(draft)
    _undo(library, draft)
    assert draft.parts == before
    _redo(library, draft)
    assert draft.parts == after


def test_every_kind_of_change_is_taken_back_one_by_one(
    library: Library, draft: MaterialVersion
) -> None:
    session, writer = library.session, library.writer
    seen = [steps.state_of(draft)]

    def done() -> None:
        seen.append(steps.state_of(draft))

    operations.remove_part(session, draft, "HAL-M-002", actor=writer)
    done()
    operations.add_part(session, draft, "HAL-M-003", to=0, actor=writer)
    done()
    operations.move_part(session, draft, "HAL-M-003", by=1, actor=writer)
    done()
    day = clock.today().replace(year=clock.today().year + 1)
    operations.set_tokens(session, draft, meeting_date=day, agenda=(), actor=writer)
    done()
    assert len({str(each) for each in seen}) == len(seen)
    for state in reversed(seen[:-1]):
        _undo(library, draft)
        assert steps.state_of(draft) == state
    for state in seen[1:]:
        _redo(library, draft)
        assert steps.state_of(draft) == state
    with pytest.raises(Refused, match="can be done again"):
        _redo(library, draft)


def test_the_first_state_is_the_end(library: Library, draft: MaterialVersion) -> None:
    with pytest.raises(Refused, match="can be taken back"):
        _undo(library, draft)
    operations.set_tokens(
        library.session,
        draft,
        meeting_date=None,
        agenda=steps.state_of(draft)["agenda"],
        actor=library.writer,
    )
    assert steps.ways(library.session, draft).back is None, "nothing was changed by it"


def test_a_new_change_ends_what_could_be_done_again(
    library: Library, draft: MaterialVersion
) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    _undo(library, draft)
    operations.remove_part(library.session, draft, "HAL-M-001", actor=library.writer)
    assert steps.ways(library.session, draft).again is None
    assert library.session.query(MaterialStep).count() == 1


def test_an_older_screen_takes_nothing_back(library: Library, draft: MaterialVersion) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    seen, offered = draft.revision, steps.ways(library.session, draft).back
    assert offered is not None
    operations.remove_part(library.session, draft, "HAL-M-001", actor=library.writer)
    held = codes(draft)
    with pytest.raises(Stale, match="Somebody changed this"):
        _undo(library, draft, revision=seen)
    with pytest.raises(Stale, match="not the one your screen showed"):
        _undo(library, draft, step=offered.id)
    assert codes(draft) == held


def test_in_review_nothing_is_taken_back(library: Library, draft: MaterialVersion) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    MATERIALS.submit(library.session, draft, actor=library.writer)
    with pytest.raises(Refused, match="is no draft"):
        _undo(library, draft)


def test_who_may_not_assemble_takes_nothing_back(library: Library, draft: MaterialVersion) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    with pytest.raises(NotAllowed):
        undoing.undo(library.session, draft, actor=library.rep)


def test_what_was_withdrawn_meanwhile_does_not_come_back(
    library: Library, draft: MaterialVersion
) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    held = codes(draft)
    signer = library.signers[2]
    withdraw(library.session, library.modules["HAL-M-002"], actor=signer, reason="wrong")
    with pytest.raises(Refused):
        _undo(library, draft)
    assert codes(draft) == held


def test_the_trail_keeps_what_was_taken_back(library: Library, draft: MaterialVersion) -> None:
    operations.remove_part(library.session, draft, "HAL-M-002", actor=library.writer)
    _undo(library, draft)
    row = library.session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert row is not None
    assert row.reason == "HAL-M-002 added (taken back)"


def test_old_steps_are_let_go(library: Library, draft: MaterialVersion, monkeypatch) -> None:
    monkeypatch.setattr(steps, "MOST", 3)
    for day in range(1, 6):
        operations.set_tokens(
            library.session,
            draft,
            meeting_date=date(clock.today().year + 1, 1, day),
            agenda=(),
            actor=library.writer,
        )
    assert library.session.query(MaterialStep).count() == 3


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("a b", "a b c", "c added"),
        ("a b c", "c", "2 modules removed"),
        ("a b", "c b", "c added, a removed"),
        ("a b c", "b c a", "a moved"),
        ("a b c", "c a b", "c moved"),
    ],
)
def test_a_step_in_words(was: str, now: str, said: str) -> None:
    sides = [{"chosen": s.split(), "meeting_date": "", "agenda": []} for s in (was, now)]
    assert steps.in_words(*sides) == said
    assert steps.in_words(sides[0], {**sides[0], "agenda": ["x"]}) == "agenda changed"
