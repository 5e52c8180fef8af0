"""A copy is never issued of anything that is not approved, effective and meant for the receiver."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from claims_library import review as claim_review
from exports import copies, validity
from exports import review as material_review
from exports.brand import Brand
from exports.models import ControlledCopy, CopyState, MaterialVersion
from exports.policy import may_receive
from modules import review as module_review
from records import audit
from records.errors import NotAllowed, NotFound, Refused
from records.models import AuditRow
from records.roles import StaffRole
from records.vocabulary import Phase
from tests import building
from tests.unit.exports.conftest import ORDER, Library

PRESS = copies.Press(brand=Brand("Northlight"), base_url="https://example.org")


@pytest.fixture(autouse=True)
def printed(monkeypatch) -> list[str]:
    """Printing is another file's business; here every copy is its number."""
    made: list[str] = []

    def print_number(_session, version, copy, _press) -> bytes:
        made.append(f"{version.label} copy {copy.number}")
        return made[-1].encode()

    monkeypatch.setattr(copies, "_print", print_number)
    return made


def issue(library: Library, version, *, holder=None, actor=None, key: str = "", **options):
    holder = holder or library.rep
    return copies.issue_copy(
        library.session,
        version,
        format=options.pop("format", "pdf"),
        holder=holder,
        actor=actor or holder,
        request_key=key or secrets.token_hex(8),
        press=PRESS,
        **options,
    )


def refused(library: Library, version, **options) -> list[str]:
    """Codes of the objections; nothing is kept of a refused copy."""
    before = library.session.query(ControlledCopy).count()
    with pytest.raises(Refused) as refusal:
        issue(library, version, **options)
    assert library.session.query(ControlledCopy).count() == before
    return [each.code for each in refusal.value.objections]


def test_a_rep_gets_numbered_copies_of_an_approved_material(library: Library, printed) -> None:
    version = library.approved()
    first, second = issue(library, version), issue(library, version, purpose="Meeting")
    assert (first.number, second.number) == (1, 2)
    assert printed == ["BRF-0001 1.0 copy 1", "BRF-0001 1.0 copy 2"]
    assert copies.open_copy(library.session, 2, actor=library.rep) == b"BRF-0001 1.0 copy 2"
    actions = library.session.scalars(
        select(AuditRow.action).where(AuditRow.subject_kind == "copy").order_by(AuditRow.number)
    ).all()
    assert [str(each) for each in actions] == ["copy:issue", "copy:issue", "copy:download"]
    assert audit.verify(library.session) is None


def test_a_double_click_gets_the_copy_it_already_has(library: Library, printed) -> None:
    version = library.approved()
    first = issue(library, version, key="one form")
    assert issue(library, version, key="one form") is first
    assert len(printed) == 1


def test_a_key_never_gives_somebody_elses_copy(library: Library) -> None:
    version = library.approved()
    issue(library, version, key="one form")
    other = building.person(library.session, StaffRole.REP, territory=["WI"])
    assert refused(library, version, holder=other, key="one form") == ["request-key"]
    assert refused(library, library.approved(), key="one form") == ["request-key"]


def test_a_draft_is_never_issued(library: Library) -> None:
    assert refused(library, library.assemble()) == ["draft"]


def test_a_withdrawn_material_is_never_issued_nor_opened_again(library: Library) -> None:
    version = library.approved()
    copy = issue(library, version)
    material_review.MATERIALS.withdraw(
        library.session, version, actor=library.signers[2], reason="a mistake"
    )
    assert "withdrawn" in refused(library, version)
    with pytest.raises(Refused):
        copies.open_copy(library.session, copy.number, actor=library.rep)


def withdraw_module(library: Library) -> str:
    module_review.withdraw(
        library.session, library.modules["HAL-M-001"], actor=library.signers[2], reason="x"
    )
    return "withdrawn"


def withdraw_safety(library: Library) -> str:
    module_review.withdraw(
        library.session, library.modules["HAL-M-ISI"], actor=library.signers[2], reason="x"
    )
    return "withdrawn"


def withdraw_claim(library: Library) -> str:
    claim_review.withdraw(
        library.session, library.claims["HAL-0002"], actor=library.signers[2], reason="x"
    )
    return "claim-withdrawn"


def withdraw_template(library: Library) -> str:
    material_review.TEMPLATES.withdraw(
        library.session, library.template, actor=library.signers[2], reason="x"
    )
    return "withdrawn"


def supersede_module(library: Library) -> str:
    library.module("HAL-M-001", body="## Newer\n\n[[claim:HAL-0002]]", requires=["HAL-M-IND"])
    return "superseded"


def newer_label(library: Library) -> str:
    building.label(library.session, library.product, by=library.librarian, version=2)
    return "label-superseded"


@pytest.mark.parametrize(
    "end",
    [
        withdraw_module,
        withdraw_safety,
        withdraw_claim,
        withdraw_template,
        supersede_module,
        newer_label,
    ],
)
def test_one_part_that_ended_stops_every_copy(
    library: Library, end: Callable[[Library], str]
) -> None:
    version = library.approved()
    copy = issue(library, version)
    code = end(library)
    assert code in refused(library, version)
    with pytest.raises(Refused) as refusal:
        copies.open_copy(library.session, copy.number, actor=library.rep)
    assert code in [each.code for each in refusal.value.objections]
    status = validity.status_of_code(
        library.session, version.validity_code, at=datetime(2026, 11, 24, tzinfo=UTC)
    )
    assert (status.state, status.material) == ("not-valid", version.code)


def test_a_refusal_names_what_replaces_the_part(library: Library) -> None:
    version = library.approved()
    supersede_module(library)
    with pytest.raises(Refused) as refusal:
        issue(library, version)
    [objection] = refusal.value.objections
    assert objection.where.startswith("HAL-M-001")
    assert "HAL-M-001 2.0 replaces it" in objection.instead


def test_a_label_that_is_not_yet_in_effect_stops_nothing(library: Library, clock) -> None:
    version = library.approved()
    building.label(
        library.session,
        library.product,
        by=library.librarian,
        version=2,
        effective=date(2027, 1, 1),
    )
    issue(library, version)
    clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert "label-superseded" in refused(library, version)


def test_the_last_second_counts(library: Library, clock) -> None:
    library.module("HAL-M-010", valid_until=date(2027, 2, 1))
    version = library.approved()
    clock.set(datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC))
    issue(library, version)
    clock.set(datetime(2027, 2, 1, tzinfo=UTC))
    assert "expired" in refused(library, version)
    status = validity.status_of_code(library.session, version.validity_code, at=clock.moment)
    assert (status.state, status.since) == ("expired", date(2027, 2, 1))


@pytest.mark.parametrize(
    ("roles", "territory", "expected"),
    [
        ([StaffRole.REP], ["OH"], ["territory"]),
        ([StaffRole.REP], [], ["territory"]),
        ([StaffRole.WRITER], ["WI"], ["not-a-receiver"]),
        ([StaffRole.REP, StaffRole.WRITER], [], []),
    ],
)
def test_who_may_receive(library: Library, roles, territory, expected) -> None:
    holder = building.person(library.session, *roles, territory=territory)
    version = library.approved()
    found = may_receive(library.session, holder, version, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert [each.code for each in found] == expected
    if expected:
        assert refused(library, version, holder=holder, actor=library.librarian) == expected


def test_only_librarians_issue_to_others(library: Library) -> None:
    version = library.approved()
    other = building.person(library.session, StaffRole.REP, territory=["WI"])
    with pytest.raises(NotAllowed):
        issue(library, version, holder=library.rep, actor=other)
    assert issue(library, version, holder=library.rep, actor=library.librarian).number == 1


def test_nobody_opens_another_persons_copy(library: Library) -> None:
    copy = issue(library, library.approved())
    other = building.person(library.session, StaffRole.REP, territory=["WI"])
    for number in (copy.number, 99):
        with pytest.raises(NotFound):
            copies.open_copy(library.session, number, actor=other)


def test_a_recalled_copy_is_not_opened(library: Library) -> None:
    copy = issue(library, library.approved())
    copy.state = CopyState.RECALLED
    with pytest.raises(Refused) as refusal:
        copies.open_copy(library.session, copy.number, actor=library.rep)
    assert refusal.value.objections[0].code == "recalled"


def test_only_formats_there_are(library: Library) -> None:
    assert refused(library, library.approved(), format="exe") == ["format"]


# --- behind the program's back -------------------------------------------------------------------


def sql(library: Library, statement: str, **values) -> None:
    library.session.flush()
    library.session.execute(text(statement), values)
    library.session.expire_all()


def test_a_state_set_by_sql_is_not_an_approval(library: Library) -> None:
    version = library.assemble()
    sql(
        library,
        "UPDATE material_version SET state = 'approved', approved_at = created_at, major = 1 "
        "WHERE id = :id",
        id=version.id,
    )
    assert refused(library, version) == ["signatures-missing"]


@pytest.mark.parametrize("kind", ["module_version", "claim_version", "template_version"])
def test_a_part_approved_by_sql_is_not_approved(library: Library, kind: str) -> None:
    library.claim("HAL-0020")
    draft = {
        "module_version": library.module("HAL-M-020", signed=False),
        "claim_version": library.claims["HAL-0020"],
        "template_version": library.template,
    }[kind]
    if kind == "module_version":
        sql(library, "UPDATE module_version SET state = 'approved' WHERE id = :id", id=draft.id)
        sql(
            library,
            "UPDATE module SET approved_id = :id WHERE id = :module",
            id=draft.id,
            module=draft.module_id,
        )
        version = library.assemble()
        assert "HAL-M-020" not in [part["module"] for part in version.parts]
    else:
        version = library.approved()
        column = {"claim_version": "text", "template_version": "title"}[kind]
        with pytest.raises(DatabaseError), library.session.begin_nested():
            sql(library, f"UPDATE {kind} SET {column} = 'x' WHERE id = :id", id=draft.id)
        issue(library, version)


def test_parts_exchanged_by_sql_while_in_draft_are_found(library: Library) -> None:
    version = library.assemble()
    unsigned = library.module("HAL-M-021", signed=False)
    parts = [
        {**part, "module": "HAL-M-021", "version": unsigned.id, "sha256": unsigned.content_sha256}
        if part["module"] == "HAL-M-001"
        else part
        for part in version.parts
    ]
    version.parts = parts
    building.sign(library.session, version, by=[library.signers[2]])
    assert "draft" in refused(library, version)


@pytest.mark.parametrize(
    "change",
    [
        "role = 'payer'",
        "audience = 'internal'",
        "market = 'UK'",
        "channel = 'email'",
        "code = 'X-1'",
    ],
)
def test_a_material_row_changed_by_sql_stops_it(library: Library, change: str) -> None:
    version = library.approved()
    sql(library, f"UPDATE material SET {change} WHERE id = :id", id=version.material_id)
    assert "material-altered" in refused(library, version)


def test_another_account_set_by_sql_does_not_open_a_territory(library: Library) -> None:
    version = library.approved()
    other = building.account(library.session, "OH-1", state="OH")
    sql(
        library,
        "UPDATE material SET account_id = :account WHERE id = :id",
        account=other.id,
        id=version.material_id,
    )
    rep = building.person(library.session, StaffRole.REP, territory=["OH"])
    assert "material-altered" in refused(library, version, holder=rep)


def test_signatures_of_one_version_do_not_approve_another(library: Library) -> None:
    first, second = library.approved(), library.assemble()
    sql(
        library,
        "INSERT INTO signature (person_id, printed_name, at, meaning, discipline, verdict, "
        "subject_kind, subject_id, content_sha256, context, seal) SELECT person_id, printed_name, "
        "at, meaning, discipline, verdict, subject_kind, :to, :content, context, seal "
        "FROM signature WHERE subject_kind = 'material_version' AND subject_id = :id",
        to=second.id,
        id=first.id,
        content=second.content_sha256,
    )
    sql(
        library,
        "UPDATE material_version SET state = 'approved', major = 1 WHERE id = :id",
        id=second.id,
    )
    assert refused(library, library.session.get_one(MaterialVersion, second.id)) == [
        "signatures-missing"
    ]


def test_many_versions_are_judged_in_a_handful_of_queries(library: Library, engine) -> None:
    from sqlalchemy import event

    versions = [library.approved() for _ in range(8)]
    versions += [library.approved(replace(ORDER, phase=Phase.DISCOVERY))]
    at = datetime(2026, 11, 24, tzinfo=UTC)
    alone = {each.id: validity.objections(library.session, each, at=at) for each in versions}
    library.session.flush()
    statements: list[str] = []

    def count(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    connection = library.session.connection()
    event.listen(connection, "before_cursor_execute", count)
    try:
        together = validity.objections_of(library.session, versions, at=at)
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert together == alone
    assert len(statements) <= 12
