from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import operations
from accounts.models import Account
from records import audit
from records.actions import Action
from records.errors import NotAllowed
from records.models import AuditRow
from records.problems import BadInput
from records.roles import StaffRole
from records.vocabulary import Role, Tier
from tests import building
from tests.shared import shared

HEADER = "account_id,name,type,city,state,beds,care_setting,tier,journey_phase,oncologists\n"
FILE = (
    HEADER
    + "001,Riverside,Cancer center,Madison,WI,210,,strategic,discovery,12\n"
    + "002,Lakeside,,Dane,WI,,,,,\n"
)


@pytest.fixture
def librarian(session: Session, clock):
    return building.person(session, StaffRole.LIBRARIAN)


def run(session: Session, text: str, librarian, **options):
    return operations.import_accounts(
        session, text.encode(), filename="accounts.csv", actor=librarian, **options
    )


def account(session: Session, code: str = "001") -> Account:
    return session.scalars(select(Account).where(Account.code == code)).one()


def trail(session: Session) -> list[Action]:
    return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def test_an_import_lands_and_a_second_run_changes_nothing(session: Session, librarian) -> None:
    assert run(session, FILE, librarian).created == ("001", "002")
    found = account(session)
    assert (found.name, found.beds, found.tier) == ("Riverside", 210, Tier.STRATEGIC)
    assert found.care_setting == "cancer center"
    assert found.facts == {"oncologists": "12"}
    again = run(session, FILE, librarian)
    assert (again.created, again.changed, again.unchanged) == ((), (), ("001", "002"))
    assert trail(session) == [Action.ACCOUNT_IMPORT]


def test_a_dry_run_says_what_would_happen_and_does_nothing(session: Session, librarian) -> None:
    assert run(session, FILE, librarian, dry_run=True).created == ("001", "002")
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert trail(session) == []
    run(session, FILE, librarian)
    changed = FILE.replace("210", "211")
    assert run(session, changed, librarian, dry_run=True).changed == ("001",)
    session.expire_all()
    assert account(session).beds == 210


def test_one_bad_row_keeps_the_whole_file_out(session: Session, librarian) -> None:
    with pytest.raises(BadInput) as bad:
        run(session, FILE + "003,,,,,,,gold,,\n", librarian)
    assert [problem.field for problem in bad.value.problems] == ["name", "tier"]
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert trail(session) == []


def test_what_a_later_file_does_not_say_stays(session: Session, librarian) -> None:
    run(session, FILE, librarian)
    report = run(session, "account_id,name,state\n001,Riverside East,\n", librarian)
    assert report.changed == ("001",)
    found = account(session)
    assert found.name == "Riverside East"
    assert (found.state, found.beds, found.tier) == ("WI", 210, Tier.STRATEGIC)
    [_, row] = session.scalars(select(AuditRow).order_by(AuditRow.number))
    assert row.after["changed"] == {"001": {"name": ["Riverside", "Riverside East"]}}


def test_a_tier_set_by_hand_survives_an_import_and_the_report_says_so(
    session: Session, librarian
) -> None:
    run(session, FILE, librarian)
    operations.set_tier(
        session, account(session), Tier.GROWTH, actor=librarian, reason="Moved to the region team."
    )
    report = run(session, FILE, librarian)
    assert report.changed == ()
    assert account(session).tier is Tier.GROWTH
    [warning] = report.warnings
    assert "001" in warning
    assert "growth" in warning


def test_a_care_setting_said_better_than_the_type_survives(session: Session, librarian) -> None:
    header = "account_id,name,type,care_setting\n"
    run(session, header + "1,A,SPECIAL,academic cancer center\n", librarian)
    report = run(session, "ID,NAME,STATE,TYPE\n1,A,WI,SPECIAL\n", librarian)
    assert report.changed == ("1",)
    assert account(session, "1").care_setting == "academic cancer center"


def test_only_who_keeps_accounts_may_import(session: Session, clock) -> None:
    for role in set(StaffRole) - {StaffRole.LIBRARIAN}:
        with pytest.raises(NotAllowed):
            run(session, FILE, building.person(session, role))


def test_an_import_keeps_the_trail_whole(session: Session, librarian) -> None:
    run(session, FILE, librarian)
    run(session, FILE.replace("Lakeside", "Lakeview"), librarian)
    assert audit.verify(session) is None


def stakeholders(session: Session, text: str, librarian, **options):
    data = f"account_id,role,name,title\n{text}".encode()
    return operations.import_stakeholders(
        session, data, filename="people.csv", actor=librarian, **options
    )


def test_stakeholders_are_imported_as_the_whole_list_of_an_account(
    session: Session, librarian
) -> None:
    run(session, FILE, librarian)
    text = "001,payer,,\n001,medical-director,Dr A,Head\n"
    assert stakeholders(session, text, librarian).changed == ("001",)
    assert stakeholders(session, text, librarian).unchanged == ("001",)
    assert stakeholders(session, "001,payer,,\n", librarian).changed == ("001",)
    session.expire_all()
    assert [each.role for each in account(session).stakeholders] == [Role.PAYER]


def test_a_stakeholder_of_an_unknown_account_keeps_the_file_out(
    session: Session, librarian
) -> None:
    run(session, FILE, librarian)
    with pytest.raises(BadInput) as bad:
        stakeholders(session, "001,payer,,\n009,payer,,\n", librarian)
    [problem] = bad.value.problems
    assert (problem.row, problem.field, problem.code) == (3, "account_id", "unknown-account")
    assert account(session).stakeholders == []


@pytest.mark.parametrize(
    ("name", "accounts"),
    [
        ("us_hospitals_hifld_open_with_beds.csv", 6576),
        ("us_facility_beds_covidcaremap_hcris.csv", 7154),
    ],
)
def test_the_public_hospital_files_import_as_downloaded(
    session: Session, librarian, name: str, accounts: int
) -> None:
    data = (shared() / "data" / "accounts" / name).read_bytes()
    began = time.process_time()
    report = operations.import_accounts(session, data, filename=name, actor=librarian)
    assert len(report.created) == accounts
    assert time.process_time() - began < 10
    again = operations.import_accounts(session, data, filename=name, actor=librarian)
    assert len(again.unchanged) == accounts


def test_hospitals_of_one_name_are_different_accounts(session: Session, librarian) -> None:
    data = (shared() / "data/accounts/us_hospitals_hifld_open_with_beds.csv").read_bytes()
    operations.import_accounts(session, data, filename="hospitals.csv", actor=librarian)
    same = session.scalars(select(Account).where(Account.name == "MEMORIAL HOSPITAL")).all()
    assert len(same) == 11
    assert len({each.code for each in same}) == 11
    assert all(len(each.code) == 10 for each in same)
