from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from exports import copies, queries
from exports.brand import Brand
from exports.queries import MaterialFilter
from exports.review import MATERIALS
from modules.review import withdraw
from records import clock
from records.errors import NotFound
from records.lifecycle import VersionState
from records.roles import StaffRole
from records.vocabulary import Role
from tests import building
from tests.unit.exports.conftest import ORDER, Library

AT = datetime(2026, 11, 24, tzinfo=UTC)


def codes(found) -> list[str]:
    return [each.code for each in found]


def second_account(library: Library):
    building.account(library.session, "O-1", state="OH", name="Ohio Clinic")
    return replace(ORDER, account="O-1")


def test_a_list_is_newest_first_and_pages_by_key(library: Library) -> None:
    for _ in range(3):
        library.assemble()
    first = queries.list_materials(library.session, person=library.writer, limit=2)
    rest = queries.list_materials(library.session, person=library.writer, after=first[-1].id)
    assert codes(first) + codes(rest) == ["BRF-0003", "BRF-0002", "BRF-0001"]
    assert queries.count_materials(library.session, person=library.writer) == 3


@pytest.mark.parametrize(
    ("narrowed", "seen"),
    [
        (MaterialFilter(text="ohio"), ["BRF-0002"]),
        (MaterialFilter(text="brf-0001"), ["BRF-0001"]),
        (MaterialFilter(brands=("HALVORYN",)), ["BRF-0002", "BRF-0001"]),
        (MaterialFilter(brands=("OTHER",)), []),
        (MaterialFilter(roles=(Role.PAYER,)), []),
        (MaterialFilter(states=(VersionState.APPROVED,)), ["BRF-0001"]),
        (MaterialFilter(states=(VersionState.DRAFT,)), ["BRF-0002"]),
    ],
)
def test_a_list_is_narrowed(library: Library, narrowed: MaterialFilter, seen) -> None:
    library.approved()
    library.assemble(second_account(library))
    found = queries.list_materials(library.session, person=library.writer, narrowed=narrowed)
    assert codes(found) == seen
    assert queries.count_materials(
        library.session, person=library.writer, narrowed=narrowed
    ) == len(seen)


def test_a_rep_sees_materials_of_the_territory_only(library: Library) -> None:
    library.approved()
    library.approved(second_account(library))
    assert codes(queries.list_materials(library.session, person=library.rep)) == ["BRF-0001"]
    with pytest.raises(NotFound):
        queries.get_material(library.session, "BRF-0002", person=library.rep)
    assert queries.get_material(library.session, "BRF-0001", person=library.rep).id


def test_the_shelf_holds_what_may_be_used_and_what_no_longer_may(library: Library) -> None:
    withdrawn, current = library.approved(), library.approved()
    library.assemble()
    MATERIALS.withdraw(library.session, withdrawn, actor=library.signers[2], reason="x")
    shelf = queries.shelf(library.session, [library.account], at=AT)[library.account.id]
    assert [(each.version, bool(each.objections)) for each in shelf] == [
        (current, False),
        (withdrawn, True),
    ]
    assert queries.receivable(library.session, [withdrawn, current], person=library.rep, at=AT) == [
        current
    ]


def test_a_shelf_costs_the_same_number_of_queries_however_full(library: Library) -> None:
    counts = []
    for _ in range(2):
        library.approved()
        library.approved()
        library.session.flush()
        library.session.expire_all()
        library.account.id  # noqa: B018 - loaded before counting
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest, held=statements) -> None:
            held.append(statement)

        connection = library.session.connection()
        event.listen(connection, "before_cursor_execute", note)
        queries.shelf(library.session, [library.account], at=AT)
        event.remove(connection, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_copies_are_listed_for_material_and_holder(library: Library, monkeypatch) -> None:
    monkeypatch.setattr(copies, "_print", lambda *_: b"bytes")
    version = library.approved()
    for key in ("a", "b"):
        copies.issue_copy(
            library.session,
            version,
            format="pdf",
            holder=library.rep,
            actor=library.rep,
            request_key=key,
            press=copies.Press(Brand("Northlight"), "https://example.org"),
        )
    session, material = library.session, version.material
    assert [each.number for each in queries.copies_of(session, material)] == [2, 1]
    assert [each.number for each in queries.copies_of(session, material, after=2)] == [1]
    assert [each.number for each in queries.copies_held(session, library.rep)] == [2, 1]
    assert queries.copies_held(session, library.writer) == []
    assert queries.count_copies(session, [material]) == {material.id: 2}
    assert queries.get_copy(session, 1, person=library.rep).number == 1
    stranger = building.person(session, StaffRole.REP, territory=["WI"])
    with pytest.raises(NotFound):
        queries.get_copy(session, 1, person=stranger)


def test_where_a_module_version_is_used(library: Library) -> None:
    version = library.assemble()
    used = library.modules["HAL-M-001"].id
    unused = library.modules["HAL-M-005"].id
    assert queries.materials_using(library.session, [used]) == [version]
    assert queries.materials_using(library.session, [unused]) == []


def test_facets_count_under_the_other_filters(library: Library) -> None:
    library.approved()
    library.assemble()
    approved = MaterialFilter(states=(VersionState.APPROVED,))
    counts = queries.count_by(library.session, "state", person=library.writer, narrowed=approved)
    assert counts == {"approved": 1, "draft": 1}
    by_role = queries.count_by(library.session, "role", person=library.writer, narrowed=approved)
    assert by_role == {"pharmacy-and-therapeutics": 1}


def test_a_list_goes_on_and_back_by_keys(library: Library) -> None:
    made = [library.assemble().material for _ in range(5)]
    newest = list(reversed(made))

    def page(**place: int) -> list[str]:
        rows = queries.list_materials(library.session, person=library.writer, limit=2, **place)
        return [row.code for row in rows]

    codes = [material.code for material in newest]
    assert page() == codes[:2]
    assert page(after=newest[1].id) == codes[2:4]
    assert page(before=newest[2].id) == codes[:2]


def test_a_list_says_which_approved_material_lost_a_part(library: Library) -> None:
    kept = library.approved()
    day = clock.today()
    assert queries.shaken(library.session, [kept], day=day) == set()
    module = library.modules["HAL-M-001"]
    withdraw(library.session, module, actor=library.signers[2], reason="wrong")
    assert queries.shaken(library.session, [kept], day=day) == {kept.id}


def test_only_reps_of_the_territory_receive_copies(library: Library) -> None:
    assert queries.receivers(library.session, library.account) == [library.rep]
    library.account.state = "TX"
    library.session.flush()
    assert queries.receivers(library.session, library.account) == []
