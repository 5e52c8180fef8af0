from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from accounts import queries
from accounts.models import Stakeholder
from accounts.queries import AccountFilter
from records.errors import NotFound
from records.roles import StaffRole
from records.vocabulary import Phase, Role, Tier
from tests import building


@pytest.fixture(autouse=True)
def accounts(session: Session, clock):
    return [
        building.account(session, "W1", name="Alpha", state="WI", tier=Tier.GROWTH),
        building.account(session, "W2", name="Alpha", state="WI", city="Dane", tier=None),
        building.account(session, "O1", name="Beta_100%", state="OH", type="Military"),
        building.account(session, "N1", name="Gamma", state="", journey_phase=Phase.DISCOVERY),
    ]


def codes(found) -> list[str]:
    return [account.code for account in found]


def rep(session: Session, *states: str):
    return building.person(session, StaffRole.REP, territory=states)


@pytest.mark.parametrize(
    ("roles", "territory", "seen"),
    [
        ([StaffRole.REP], ["WI"], ["W1", "W2"]),
        ([StaffRole.REP], ["WI", "OH"], ["W1", "W2", "O1"]),
        ([StaffRole.REP], [], []),
        ([StaffRole.REP], ["TX"], []),
        ([StaffRole.WRITER], [], ["W1", "W2", "O1", "N1"]),
        ([StaffRole.REP, StaffRole.WRITER], ["WI"], ["W1", "W2", "O1", "N1"]),
        ([StaffRole.ADMINISTRATOR], ["WI"], []),
        ([], ["WI"], []),
    ],
)
def test_who_sees_which_accounts(session: Session, accounts, roles, territory, seen) -> None:
    person = building.person(session, *roles, territory=territory)
    assert codes(queries.list_accounts(session, person=person)) == seen
    assert queries.count_accounts(session, person=person) == len(seen)
    assert [each.code for each in accounts if queries.may_see(person, each)] == seen


def test_an_account_of_another_territory_is_not_there(session: Session) -> None:
    assert queries.get_account(session, "W1", person=rep(session, "WI")).code == "W1"
    for code in ("O1", "N1", "nothing"):
        with pytest.raises(NotFound):
            queries.get_account(session, code, person=rep(session, "WI"))


def test_a_deactivated_person_sees_nothing(session: Session, clock) -> None:
    person = rep(session, "WI")
    person.deactivated_at = clock.moment
    assert queries.list_accounts(session, person=person) == []


@pytest.mark.parametrize(
    ("narrowed", "seen"),
    [
        (AccountFilter(text="alpha"), ["W1", "W2"]),
        (AccountFilter(text="alpha dane"), ["W2"]),
        (AccountFilter(text="0%"), ["O1"]),
        (AccountFilter(text="%"), ["O1"]),
        (AccountFilter(text="N1"), ["N1"]),
        (AccountFilter(states=("OH",)), ["O1"]),
        (AccountFilter(types=("Military",)), ["O1"]),
        (AccountFilter(tiers=(Tier.GROWTH,)), ["W1"]),
        (AccountFilter(phases=(Phase.DISCOVERY,)), ["N1"]),
        (AccountFilter(text="alpha", tiers=(Tier.GROWTH,), states=("OH",)), []),
    ],
)
def test_a_list_is_narrowed(session: Session, narrowed: AccountFilter, seen: list[str]) -> None:
    writer = building.person(session, StaffRole.WRITER)
    assert codes(queries.list_accounts(session, person=writer, narrowed=narrowed)) == seen
    assert queries.count_accounts(session, person=writer, narrowed=narrowed) == len(seen)


def test_pages_follow_each_other_without_gaps_where_names_repeat(session: Session) -> None:
    writer = building.person(session, StaffRole.WRITER)
    seen, after = [], None
    while page := queries.list_accounts(session, person=writer, after=after, limit=1):
        seen += codes(page)
        after = (page[-1].name, page[-1].id)
    assert seen == ["W1", "W2", "O1", "N1"]


def test_counts_are_those_of_the_territory(session: Session) -> None:
    found = queries.count_facets(session, person=rep(session, "OH"))
    assert found.total == 1
    assert found.facets["state"] == {"OH": 1}
    assert found.facets["type"] == {"Military": 1}
    assert found.facets["phase"] == {"none": 1}


def test_a_choice_narrows_the_other_counts_but_not_its_own(session: Session) -> None:
    everybody = building.person(session, StaffRole.WRITER)
    narrowed = AccountFilter(states=("WI",), tiers=(None,))
    found = queries.count_facets(session, person=everybody, narrowed=narrowed)
    assert found.total == 1
    assert found.facets["tier"] == {"growth": 1, "strategic": 0, "none": 1}
    assert found.facets["state"] == {"": 0, "OH": 0, "WI": 1}
    listed = queries.list_accounts(session, person=everybody, narrowed=narrowed)
    assert codes(listed) == ["W2"]


def test_roles_of_an_account_come_once_in_order(session: Session, accounts) -> None:
    accounts[0].stakeholders = [
        Stakeholder(role=Role.PAYER),
        Stakeholder(role=Role.MEDICAL_DIRECTOR, name="A"),
        Stakeholder(role=Role.MEDICAL_DIRECTOR, name="B"),
    ]
    assert queries.roles_of(accounts[0]) == [Role.MEDICAL_DIRECTOR, Role.PAYER]
