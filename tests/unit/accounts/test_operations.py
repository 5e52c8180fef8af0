from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import operations
from records.errors import NotAllowed, Refused, Stale
from records.models import AuditRow
from records.roles import StaffRole
from records.vocabulary import Role, Tier
from tests import building


@pytest.fixture
def librarian(session: Session, clock):
    return building.person(session, StaffRole.LIBRARIAN)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [objection.code for objection in refusal.value.objections]


def test_a_tier_is_set_with_its_reason_and_recorded(session: Session, librarian) -> None:
    account = building.account(session, tier=None)
    operations.set_tier(session, account, Tier.STRATEGIC, actor=librarian, reason=" NCI centre ")
    assert (account.tier, account.tier_reason) == (Tier.STRATEGIC, "NCI centre")
    [row] = session.scalars(select(AuditRow))
    assert row.before == {"tier": None, "reason": ""}
    assert row.after == {"tier": "strategic", "reason": "NCI centre"}
    assert row.reason == "NCI centre"


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", "reason-missing"), ("   ", "reason-missing"), ("x" * 301, "too-long")],
)
def test_a_tier_without_a_fit_reason_is_refused(
    session: Session, librarian, reason: str, expected: str
) -> None:
    account = building.account(session, tier=None)
    with pytest.raises(Refused) as refusal:
        operations.set_tier(session, account, Tier.GROWTH, actor=librarian, reason=reason)
    assert codes(refusal) == [expected]
    assert account.tier is None


def test_a_stale_screen_does_not_set_a_tier(session: Session, librarian) -> None:
    account = building.account(session)
    seen = account.revision
    operations.set_tier(session, account, Tier.GROWTH, actor=librarian, reason="one")
    session.flush()
    with pytest.raises(Stale):
        operations.set_tier(
            session, account, Tier.EXPANSION, actor=librarian, reason="two", revision=seen
        )


def test_stakeholders_come_and_go(session: Session, librarian) -> None:
    account = building.account(session)
    added = operations.add_stakeholder(
        session, account, Role.PAYER, actor=librarian, name=" Dr  A ", title="Head"
    )
    assert added.name == "Dr A"
    operations.remove_stakeholder(session, account, added, actor=librarian, reason="moved")
    session.expire_all()
    assert account.stakeholders == []


def test_a_stakeholder_is_there_once_and_in_plain_text(session: Session, librarian) -> None:
    account = building.account(session)
    operations.add_stakeholder(session, account, Role.PAYER, actor=librarian)
    with pytest.raises(Refused) as refusal:
        operations.add_stakeholder(session, account, Role.PAYER, actor=librarian)
    assert codes(refusal) == ["repeated"]
    with pytest.raises(Refused) as refusal:
        operations.add_stakeholder(session, account, Role.PAYER, actor=librarian, name="<b>A</b>")
    assert codes(refusal) == ["markup"]


def test_the_trail_never_holds_a_stakeholders_name(session: Session, librarian) -> None:
    account = building.account(session)
    added = operations.add_stakeholder(
        session, account, Role.PAYER, actor=librarian, name="Dr Erasable"
    )
    operations.remove_stakeholder(session, account, added, actor=librarian)
    for row in session.scalars(select(AuditRow)):
        assert "Erasable" not in f"{row.before}{row.after}{row.reason}{row.subject_label}"


def test_only_who_keeps_accounts_may_change_them(session: Session, clock) -> None:
    account = building.account(session)
    rep = building.person(session, StaffRole.REP, territory=["WI"])
    with pytest.raises(NotAllowed):
        operations.set_tier(session, account, Tier.GROWTH, actor=rep, reason="mine")
    with pytest.raises(NotAllowed):
        operations.add_stakeholder(session, account, Role.PAYER, actor=rep)
