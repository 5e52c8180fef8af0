"""The library a check reads is what is effective at the moment, and nothing that was."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from claims_library import library
from claims_library.checking import check
from claims_library.compiling import Library
from claims_library.library import compiled
from claims_library.models import ClaimVersion, LabelVersion, Product
from records import audit
from records.actions import Action
from records.clock import now
from records.lifecycle import VersionState
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import Audience, Market
from tests import building
from tests.conftest import Clock

RATE = "The overall response rate was 57% (95% CI: 49, 65) with HALVORYN."
FOOD = "HALVORYN can be taken with or without food."


@pytest.fixture
def reviewers(session: Session, clock: Clock) -> list[Person]:
    roles = (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
    return [building.person(session, role) for role in roles]


@pytest.fixture
def label(session: Session, reviewers: list[Person]) -> LabelVersion:
    return building.label(session, building.product(session), by=reviewers[0])


@pytest.fixture
def rate(session: Session, label: LabelVersion, reviewers: list[Person]) -> ClaimVersion:
    author = building.person(session, StaffRole.WRITER)
    version = building.claim(session, "HAL-0001", of=label, author=author, text=RATE)
    building.sign(session, version, by=reviewers)
    _record(session, version, reviewers[0])
    return version


def _record(session: Session, version: ClaimVersion, actor: Person) -> None:
    subject = (version.KIND, version.id, version.label)
    audit.record(session, next(iter(Action)), actor=actor, subject=subject)


def _library(session: Session, product: Product, **use: object) -> Library:
    return compiled(session, product, at=now(), **use)  # type: ignore[arg-type]


def _found(session: Session, product: Product, text: str, **use: object) -> list[str]:
    result = check(text, _library(session, product, **use), whole=False)
    return [match.claim for match in result.matches]


def test_an_approved_claim_is_recognised(
    session: Session, label: LabelVersion, rate: ClaimVersion
) -> None:
    assert _found(session, label.product, RATE) == ["HAL-0001"]
    assert _library(session, label.product).label == label.document()


def test_it_is_compiled_once_while_nothing_happens(
    session: Session, label: LabelVersion, rate: ClaimVersion
) -> None:
    assert _library(session, label.product) is _library(session, label.product)


def test_an_unsigned_claim_is_not(
    session: Session, label: LabelVersion, rate: ClaimVersion, reviewers: list[Person]
) -> None:
    building.claim(session, "HAL-0002", of=label, author=reviewers[0], text=FOOD)
    _record(session, rate, reviewers[0])
    assert _found(session, label.product, FOOD) == []


@pytest.mark.parametrize("quick", [False, True])
def test_a_claim_approved_later_joins_and_a_withdrawn_one_goes(
    session: Session,
    label: LabelVersion,
    rate: ClaimVersion,
    reviewers: list[Person],
    quick: bool,
) -> None:
    assert _found(session, label.product, FOOD, quick=quick) == []
    author = building.person(session, StaffRole.WRITER)
    food = building.claim(session, "HAL-0002", of=label, author=author, text=FOOD)
    building.sign(session, food, by=reviewers)
    _record(session, food, reviewers[0])
    assert _found(session, label.product, FOOD, quick=quick) == ["HAL-0002"]
    rate.state = VersionState.WITHDRAWN
    rate.claim.approved = None
    session.flush()
    _record(session, rate, reviewers[0])
    assert _found(session, label.product, RATE, quick=quick) == []
    assert _found(session, label.product, FOOD, quick=quick) == ["HAL-0002"]


def test_a_quick_look_judges_only_what_has_changed(
    session: Session,
    label: LabelVersion,
    rate: ClaimVersion,
    reviewers: list[Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[str] = []

    def objections(session: Session, versions: list[ClaimVersion], **use: object) -> object:
        judged.extend(each.code for each in versions)
        return whole(session, versions, **use)  # type: ignore[arg-type]

    whole = library.objections
    monkeypatch.setattr(library, "objections", objections)
    assert _found(session, label.product, RATE, quick=True) == ["HAL-0001"]
    author = building.person(session, StaffRole.WRITER)
    food = building.claim(session, "HAL-0002", of=label, author=author, text=FOOD)
    building.sign(session, food, by=reviewers)
    _record(session, food, reviewers[0])
    judged.clear()
    assert _found(session, label.product, FOOD, quick=True) == ["HAL-0002"]
    assert judged == ["HAL-0002"]
    # what decides is never quick
    judged.clear()
    assert _found(session, label.product, FOOD) == ["HAL-0002"]
    assert judged == ["HAL-0001", "HAL-0002"]


def test_an_expired_claim_is_gone_on_the_day(
    session: Session, label: LabelVersion, rate: ClaimVersion, clock: Clock
) -> None:
    assert _found(session, label.product, RATE) == ["HAL-0001"]
    clock.advance(days=(building.UNTIL - now().date()).days)
    assert _found(session, label.product, RATE) == []


def test_a_claim_of_another_market_is_not_there(
    session: Session, label: LabelVersion, rate: ClaimVersion
) -> None:
    us = _library(session, label.product, market=Market.US, audience=Audience.HCP)
    assert list(us.claims) == ["HAL-0001"]
    assert us.scope.market == "US"
    assert not _library(session, label.product, market=Market.UK).claims


def test_the_companys_own_rules_hold(
    session: Session, label: LabelVersion, rate: ClaimVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The house calls it rocket fuel."
    before = check(text, _library(session, label.product), whole=False)
    own = "pack: acme\nversion: '1'\nchange: {C202: {add: ['rocket fuel'], severity: block}}\n"
    monkeypatch.setitem(session.info, "rules", (own,))
    after = check(text, _library(session, label.product), whole=False)
    assert "C202" not in {finding.rule for finding in before.findings}
    assert [finding.severity for finding in after.findings if finding.rule == "C202"] == ["block"]
