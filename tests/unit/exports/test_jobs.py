"""A reserved copy is printed in the background, once, or says that it could not be."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from exports import copies, jobs
from exports.engine import RenderingFailed
from exports.models import CopyState
from records import errands, files
from records.errors import NotFound, Refused
from records.models import AuditRow, Errand
from tests.unit.exports.conftest import Library


@pytest.fixture
def outcome(monkeypatch) -> dict[str, object]:
    """What printing gives; it is another file's business."""
    given: dict[str, object] = {"data": b"%PDF", "printed": 0}

    def print_one(_session, _version, _copy, _press) -> bytes:
        given["printed"] += 1
        if "error" in given:
            raise given["error"]
        return given["data"]

    monkeypatch.setattr(copies, "_print", print_one)
    return given


def reserve(library: Library, version, key: str = "form") -> copies.ControlledCopy:
    return copies.reserve_copy(
        library.session,
        version,
        format="pdf",
        holder=library.rep,
        actor=library.rep,
        request_key=key,
    )


class OneSession:
    """Sessions that are all the test's own, whose commits are savepoints."""

    def __init__(self, session) -> None:
        session.info["press"] = copies.Press(brand=None, base_url="")
        self.session = session

    def write(self):
        return self._block()

    read = write

    def _block(self):
        from contextlib import contextmanager

        @contextmanager
        def block():
            with self.session.begin_nested():
                yield self.session

        return block()


def work_off(library: Library) -> None:
    assert errands.priority_of(copies.JOB) == jobs.SOON
    errands.run_waiting(OneSession(library.session))
    library.session.expire_all()


def test_a_copy_has_its_number_at_once_and_its_bytes_later(library: Library, outcome) -> None:
    version = library.approved()
    copy = reserve(library, version)
    assert (copy.number, copy.state, copy.file_sha256) == (1, CopyState.MAKING, None)
    assert outcome["printed"] == 0
    assert reserve(library, version) is copy
    with pytest.raises(Refused, match="being made"):
        copies.open_copy(library.session, 1, actor=library.rep)
    work_off(library)
    assert copy.state is CopyState.ISSUED
    assert copies.open_copy(library.session, 1, actor=library.rep) == b"%PDF"
    actions = library.session.scalars(
        select(AuditRow.action).where(AuditRow.subject_kind == "copy").order_by(AuditRow.number)
    )
    assert [str(each) for each in actions] == ["copy:issue", "copy:make", "copy:download"]


def test_printing_twice_prints_once(library: Library, outcome) -> None:
    reserve(library, library.approved())
    work_off(library)
    library.session.execute(text("UPDATE errand SET done_at = NULL, attempts = 0"))
    library.session.execute(text("UPDATE errand SET run_after = created_at"))
    work_off(library)
    assert outcome["printed"] == 1


def test_what_cannot_be_printed_fails_with_its_reason_and_keeps_its_number(
    library: Library, outcome
) -> None:
    outcome["error"] = RenderingFailed("HAL-M-001: no bundled font has this sign.")
    version = library.approved()
    copy = reserve(library, version)
    work_off(library)
    assert (copy.state, outcome["printed"]) == (CopyState.FAILED, 1)
    assert "no bundled font" in copy.failure
    with pytest.raises(Refused, match="could not be made"):
        copies.open_copy(library.session, 1, actor=library.rep)
    del outcome["error"]
    assert reserve(library, version).state is CopyState.FAILED  # the same form: the same copy
    second = reserve(library, version, key="another form")
    work_off(library)
    assert (second.number, second.state) == (2, CopyState.ISSUED)


def test_trouble_that_passes_is_tried_again(library: Library, outcome, clock) -> None:
    outcome["error"] = MemoryError()
    copy = reserve(library, library.approved())
    work_off(library)
    assert copy.state is CopyState.MAKING
    del outcome["error"]
    clock.advance(seconds=10)
    work_off(library)
    assert copy.state is CopyState.ISSUED


def test_what_was_withdrawn_while_it_was_made_is_not_handed_out(library: Library, outcome) -> None:
    from exports.review import MATERIALS

    version = library.approved()
    reserve(library, version)
    MATERIALS.withdraw(library.session, version, actor=library.signers[2], reason="a mistake")
    work_off(library)
    with pytest.raises(Refused, match="may no longer be used"):
        copies.open_copy(library.session, 1, actor=library.rep)


def test_the_database_keeps_what_was_made(library: Library, outcome) -> None:
    copy = reserve(library, library.approved())
    work_off(library)
    other = files.store_of(library.session).put(library.session, b"forged", "application/pdf")
    for change in (f"file_sha256 = '{other}'", f"holder_id = {library.writer.id}", "number = 9"):
        with (
            pytest.raises(DatabaseError, match="cannot be changed"),
            library.session.begin_nested(),
        ):
            library.session.execute(text(f"UPDATE controlled_copy SET {change}"))
    assert copy.number == 1
    with pytest.raises(NotFound):
        copies.open_copy(library.session, 1, actor=library.writer)
    assert library.session.scalar(select(Errand.done_at)) is not None
