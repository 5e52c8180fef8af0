"""A claim that lost its words in the label rests on others, by decision, and is signed anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claims_library.anchors import locate
from claims_library.models import ClaimVersion, LabelVersion
from claims_library.placing import LOST, placement, settled
from claims_library.resting import Rest, proposed, rest_anew, resting
from claims_library.validity import objections
from records import clock
from records.errors import NotAllowed, Refused, Stale
from records.lifecycle import VersionState
from records.models import AuditRow, Person
from records.problems import BadInput
from records.roles import StaffRole
from tests import building
from tests.conftest import Clock

QUOTE = "The overall response rate was 57% (95% CI: 49, 65)."
CHANGED = "The overall response rate was 58% (95% CI: 50, 66)."
WHY = "The label was updated with the final analysis."


class Library:
    """A signed claim, and a label in force that says otherwise."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.librarian = building.person(session, StaffRole.LIBRARIAN)
        self.signers = [
            building.person(session, role)
            for role in (StaffRole.MEDICAL, StaffRole.LEGAL, StaffRole.REGULATORY)
        ]
        self.product = building.product(session)
        old = building.label(session, self.product, by=self.librarian)
        anchor = locate(old.document(), "14 clinical_studies", QUOTE).to_json()
        self.version = building.claim(
            session, "HAL-0001", of=old, author=self.librarian, anchor=anchor, excerpt=QUOTE
        )
        building.sign(session, self.version, by=self.signers)
        self.label = self.newer(f"Before it. {CHANGED} After it.", old.version + 1)

    def newer(self, says: str, version: int, effective: date | None = None) -> LabelVersion:
        return building.label(
            self.session,
            self.product,
            by=self.librarian,
            version=version,
            effective=effective or clock.today(),
            says=[says],
        )

    def rest(self, **changed: object) -> Rest:
        found = proposed(self.session, self.version, self.label)
        assert found is not None
        known = {"text": CHANGED, "variations": ()}
        return replace(found, **{**known, **changed})  # type: ignore[arg-type]

    def decide(
        self, rest: Rest, *, actor: Person | None = None, reason: str = WHY, seen: int | None = None
    ) -> ClaimVersion:
        return rest_anew(
            self.session,
            self.version.claim,
            self.label,
            rest,
            actor=actor or self.librarian,
            reason=reason,
            seen=self.version.id if seen is None else seen,
        )

    def count(self) -> tuple[int, int]:
        versions = self.session.scalar(select(func.count()).select_from(ClaimVersion))
        rows = self.session.scalar(select(func.count()).select_from(AuditRow))
        return versions or 0, rows or 0


@pytest.fixture
def library(session: Session, clock: Clock) -> Library:
    return Library(session)


def test_the_nearest_words_of_the_new_label_are_proposed(library: Library) -> None:
    found = proposed(library.session, library.version, library.label)
    assert found is not None
    assert (found.locator, found.excerpt) == ("14 clinical_studies", CHANGED)


@pytest.mark.parametrize(
    "says",
    [
        CHANGED,
        "The confirmed overall response rate was, at the final analysis, 58% (95% CI: 50, 66).",
        "The overall response rate was 58% (95% CI: 50, 66) in 150 patients.",
        "The response rate was 58% (95% CI: 50, 66).",
    ],
)
def test_what_is_proposed_is_in_the_label_with_whole_words(library: Library, says: str) -> None:
    around = f"The trial enrolled 150 adults. {says} The median follow-up was 18 months."
    found = proposed(library.session, library.version, library.newer(around, 89))
    assert found is not None
    assert f" {found.excerpt} " in f" {around} "
    assert "58%" in found.excerpt


def test_nothing_is_proposed_where_nothing_is_like_it(library: Library) -> None:
    label = library.newer("Store at room temperature, and keep dry at all times, please.", 90)
    assert proposed(library.session, library.version, label) is None


def test_a_decision_is_a_draft_in_the_trail_and_the_old_version_stays_held(
    library: Library,
) -> None:
    before = library.version.content_hash()
    made = library.decide(library.rest())
    assert (made.state, made.label_version_id) == (VersionState.DRAFT, library.label.id)
    assert made.anchor["sha256"]
    assert library.version.state is VersionState.APPROVED
    assert library.version.content_hash() == before
    held = objections(library.session, [library.version, made], at=clock.now())
    assert [each.code for each in held[library.version.id]] == ["evidence-lost"]
    assert held[made.id], "a draft is not approved"
    row = library.session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(1)).one()
    assert (row.action, row.reason, row.actor_id) == (
        "claim_version:rest-anew",
        WHY,
        library.librarian.id,
    )
    assert row.after["excerpt_before"] == QUOTE
    assert row.after["excerpt"] == CHANGED
    assert row.after["same_wording"] is False


def test_the_same_decision_twice_is_one(library: Library) -> None:
    first = library.decide(library.rest())
    counted = library.count()
    assert library.decide(library.rest()) is first
    assert library.count() == counted


def test_who_decides_on_an_old_page_is_refused(library: Library) -> None:
    made = library.decide(library.rest())
    counted = library.count()
    with pytest.raises(Stale, match="was begun since"):
        library.decide(library.rest(reference="Another reference"))
    assert library.count() == counted
    changed = library.decide(library.rest(reference="Another reference"), seen=made.id)
    assert changed.id == made.id, "a draft takes what is decided next"


def test_numbers_that_the_new_words_do_not_have_are_refused(library: Library) -> None:
    counted = library.count()
    with pytest.raises(BadInput, match="57"):
        library.decide(library.rest(text=QUOTE))
    with pytest.raises(BadInput, match="not in section"):
        library.decide(library.rest(excerpt=QUOTE))
    assert library.count() == counted


def test_no_reason_no_decision(library: Library) -> None:
    with pytest.raises(Refused, match="Say why"):
        library.decide(library.rest(), reason="  ")


def test_words_that_stand_need_no_decision(library: Library) -> None:
    library.label = library.newer(f"{QUOTE} And more.", 91)
    rest = replace(resting(library.version), text=QUOTE, variations=())
    with pytest.raises(Refused, match="stand in this label"):
        library.decide(rest)


def test_a_label_to_come_is_decided_on_from_its_day(library: Library) -> None:
    today = clock.today()
    library.label = library.newer(CHANGED, 92, today.replace(year=today.year + 1))
    with pytest.raises(Refused, match="is not in force"):
        library.decide(library.rest())


@pytest.mark.parametrize("role", [StaffRole.WRITER, StaffRole.MEDICAL, StaffRole.REP])
def test_who_does_not_keep_claims_decides_nothing(library: Library, role: StaffRole) -> None:
    other = building.person(library.session, role)
    with pytest.raises(NotAllowed):
        library.decide(library.rest(), actor=other)


def test_what_is_signed_anew_is_settled_and_not_lost_from_the_count(library: Library) -> None:
    made = library.decide(library.rest())
    assert settled(library.session, library.label) == []
    building.sign(library.session, made, by=library.signers)
    ((ended, now),) = settled(library.session, library.label)
    assert (ended.id, now.id) == (library.version.id, made.id)
    assert placement(library.session, library.label).of(*LOST) == []
    assert objections(library.session, [made], at=clock.now())[made.id] == []


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text("Therspon aw5786%(),.:49CI ", min_size=1, max_size=60))
def test_words_the_label_does_not_have_never_become_evidence(library: Library, words: str) -> None:
    text = " ".join(library.label.document().sections[0].text.split())
    rest = library.rest(excerpt=words)
    with library.session.begin_nested() as nested:
        try:
            made = library.decide(rest)
        except BadInput:
            return
        finally:
            nested.rollback()
        assert " ".join(made.excerpt.split()) in text
