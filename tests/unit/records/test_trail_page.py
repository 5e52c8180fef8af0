"""A search of the trail finds every row that has the words, stretch by stretch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from records import audit, queries
from records.actions import Action
from records.models import AuditRow, Person
from records.queries import trail_page
from records.roles import StaffRole
from tests import building


@pytest.fixture
def actor(session: Session, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(queries, "SEARCHED", 7)
    return building.person(session, StaffRole.INSPECTOR)


def write(session: Session, actor: Person, labels: list[str]) -> None:
    for label in labels:
        audit.record(session, Action.MODULE_CHANGE, actor=actor, subject=("module", 1, label))


def walk(session: Session, words: str, *, limit: int = 2) -> tuple[list[str], int]:
    """All rows that pages show one after the other, and how many pages that were."""
    found: list[str] = []
    before, pages = None, 0
    while True:
        page = trail_page(
            session, AuditRow.subject_kind == "module", words=words, before=before, limit=limit
        )
        found += [row.subject_label for row in page.rows]
        pages += 1
        last = page.rows[-1] if page.full else page.reached
        if last is None:
            return found, pages
        before = last.number


def test_what_is_far_back_is_found_by_searching_on(session: Session, actor: Person) -> None:
    write(session, actor, ["HAL-M-001 1.0", *["something"] * 20, "HAL-M-002 1.0"])
    first = trail_page(session, words="hal-m", limit=2)
    assert [row.subject_label for row in first.rows] == ["HAL-M-002 1.0"]
    assert first.reached is not None
    found, pages = walk(session, "hal-m")
    assert found == ["HAL-M-002 1.0", "HAL-M-001 1.0"]
    assert pages > 2


def test_words_are_words(session: Session, actor: Person) -> None:
    write(session, actor, ["50% of them", "500 of them", "a_b", "acb"])
    assert walk(session, "0% OF")[0] == ["50% of them"]
    assert walk(session, "A_B")[0] == ["a_b"]


def test_other_filters_narrow_what_is_looked_through(session: Session, actor: Person) -> None:
    other = building.person(session, StaffRole.WRITER)
    write(session, other, ["HAL-M-001 1.0"])
    write(session, actor, ["something"] * 30)
    page = trail_page(session, AuditRow.actor_id == other.id, words="HAL")
    assert [row.subject_label for row in page.rows] == ["HAL-M-001 1.0"]
    assert page.reached is None


@pytest.mark.parametrize("words", ["", "none of this"])
def test_a_trail_without_such_rows_ends(session: Session, actor: Person, words: str) -> None:
    page = trail_page(session, AuditRow.subject_kind == "nothing", words=words)
    assert (list(page.rows), page.full, page.reached) == ([], False, None)


def test_no_row_is_lost_or_shown_twice(session: Session, actor: Person) -> None:
    @given(st.lists(st.sampled_from(["one", "two", "one and two"]), max_size=40))
    def holds(labels: list[str]) -> None:
        with session.begin_nested() as kept:
            write(session, actor, labels)
            for words in ("one", "two"):
                wanted = [label for label in reversed(labels) if words in label]
                assert walk(session, words)[0] == wanted
            kept.rollback()
        session.expire_all()

    holds()
