"""Measures of a small history whose every figure was worked out by hand, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from exports.measures import reviewing, using
from exports.measures.period import Asked
from exports.measures.reading import measure
from exports.measures.reviewing import ALL, DISCIPLINE, KIND, MONTH, PRODUCT
from exports.models import (
    ControlledCopy,
    CopyState,
    Material,
    MaterialPart,
    MaterialVersion,
    Template,
    TemplateVersion,
)
from mlr.models import JobState, ReviewJob, ReviewTask, Verdict
from records.lifecycle import VersionState
from records.roles import StaffRole
from records.vocabulary import Audience, Channel, Discipline, Market, Phase, Role, Tier
from tests import building

MEDICAL, LEGAL, REGULATORY = Discipline
START = datetime(2026, 9, 1, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = date(2026, 11, 1)


def _at(days: float) -> datetime:
    return START + timedelta(days=days)


def _job(session, version, opened, closed, state, *, round_=1, tasks=()) -> ReviewJob:
    job = ReviewJob(
        subject_kind=version.KIND,
        subject_id=version.id,
        subject_label=version.label,
        content_sha256=version.content_sha256,
        market=Market.US,
        pack="us",
        circulation=round_,
        state=state,
        author_id=version.author_id,
        opened_by_id=version.author_id,
        opened_at=_at(opened),
        due_at=_at(opened + 5),
        closed_at=None if closed is None else _at(closed),
        tasks=[
            ReviewTask(
                discipline=part,
                open=took is None and closed is None,
                verdict=None if took is None else Verdict.APPROVE,
                decided_at=None if took is None else _at(opened + took),
            )
            for part, took in tasks
        ],
    )
    session.add(job)
    session.flush()
    return job


@pytest.fixture
def history(session):
    """Two products. In days from 1 September; what the period holds is said beside it."""
    writer = building.person(session, StaffRole.WRITER)
    one = building.product(session)
    two = building.product(session, "OTHERINE", "otherinib")

    def draft(code, of, began):
        version = building.module(session, code, of=of, author=writer)
        version.created_at = _at(began)
        session.flush()
        return version

    a, b, c = (draft(code, one, 0) for code in ("A", "B", "C"))
    d, e = draft("D", two, 10), draft("E", two, 40)
    approved, returned = JobState.APPROVED, JobState.RETURNED
    # drafts: A 1, B 2, C 4 days, D 20 days, E 0.5 days; F's first submission is before the period
    _job(session, a, 1, 3, approved, tasks=[(MEDICAL, 1), (LEGAL, 2)])  # 2 days, September, first
    _job(session, b, 2, 6, returned, tasks=[(MEDICAL, 4)])  # 4 days, September
    _job(session, b, 8, 9, approved, round_=2)  # 1 day, September, second
    _job(session, c, 4, 5, JobState.RECALLED)  # counts as a first submission, not as a review
    _job(session, c, 6, 36, approved, round_=2, tasks=[(LEGAL, 30)])  # 30 days, October, second
    _job(session, d, 30, 40, JobState.REJECTED)  # 10 days, October
    _job(session, e, 40.5, None, JobState.OPEN, tasks=[(MEDICAL, None), (LEGAL, 1)])
    early = draft("F", two, -30)
    _job(session, early, -20, -10, approved)  # outside
    late = draft("G", two, -5)
    _job(session, late, -4, 61.5, approved)  # ends after the period; begins before it
    return one, two, (a, b, c, d, e)


def _of(spreads, by):
    return {
        each.group: (each.cases, each.median, each.ninetieth) for each in spreads if each.by == by
    }


def test_days_in_review_are_those_of_reviews_that_ended_in_the_period(session, history) -> None:
    one, two, _ = history
    found = reviewing.in_review(session, Asked(START, END))
    # 1, 2, 4, 10, 30: half of five is the third, nine tenths the fifth
    assert _of(found, ALL) == {ALL: (5, 4.0, 30.0)}
    assert _of(found, KIND) == {"module": (5, 4.0, 30.0)}
    assert _of(found, PRODUCT) == {
        str(one.id): (4, 2.0, 30.0),
        str(two.id): (1, 10.0, 10.0),
    }
    assert _of(found, MONTH) == {"2026-09": (3, 2.0, 4.0), "2026-10": (2, 10.0, 30.0)}


def test_circulations_and_first_pass_are_those_of_approvals(session, history) -> None:
    _, two, _ = history
    found = reviewing.in_review(session, Asked(START, END))
    said = {(each.by, each.group): (each.approved, each.rounds, each.first) for each in found}
    assert said[ALL, ALL] == (3, 5, 1)
    assert said[MONTH, "2026-09"] == (2, 3, 1)
    assert said[MONTH, "2026-10"] == (1, 2, 0)
    assert said[PRODUCT, str(two.id)] == (0, 0, 0)


def test_days_in_draft_end_with_the_first_submission(session, history) -> None:
    one, two, _ = history
    found = reviewing.in_draft(session, Asked(START, END))
    # 0.5, 1, 2, 4, 20
    assert _of(found, ALL) == {ALL: (5, 2.0, 20.0)}
    assert _of(found, PRODUCT) == {str(one.id): (3, 2.0, 4.0), str(two.id): (2, 0.5, 20.0)}


def test_days_to_the_verdict_of_each_discipline(session, history) -> None:
    _, two, _ = history
    found = reviewing.by_discipline(session, Asked(START, END))
    assert _of(found, DISCIPLINE) == {"medical": (2, 1.0, 4.0), "legal": (3, 2.0, 30.0)}
    found = reviewing.by_discipline(session, Asked(START, END, two.id))
    assert _of(found, DISCIPLINE) == {"legal": (1, 1.0, 1.0)}


def test_what_is_open_and_overdue_is_asked_of_the_moment(session, history) -> None:
    one, two, _ = history
    for asked, at, expected in (
        (Asked(START, END), _at(45), (1, 0)),
        (Asked(START, END), _at(46), (1, 1)),
        (Asked(START, END, two.id), _at(46), (1, 1)),
        (Asked(START, END, one.id), _at(46), (0, 0)),
    ):
        found = {each.discipline: each for each in reviewing.waiting(session, asked, at)}
        assert (found[MEDICAL].open, found[MEDICAL].overdue) == expected
        assert found[REGULATORY].open == found[LEGAL].open == 0


def test_one_product_has_only_its_own(session, history) -> None:
    _, two, _ = history
    found = reviewing.in_review(session, Asked(START, END, two.id))
    assert _of(found, ALL) == {ALL: (1, 10.0, 10.0)}


def test_the_first_moment_counts_and_the_last_does_not(session, history) -> None:
    # B was approved on day 9
    assert _of(reviewing.in_review(session, Asked(_at(9), _at(10))), ALL)[ALL][0] == 1
    assert reviewing.in_review(session, Asked(_at(8), _at(9))) == []


def test_nothing_has_no_figures(session) -> None:
    asked = Asked(START, END)
    found = measure(session, asked, at=END, today=TODAY)
    assert (found.in_draft, found.in_review, found.by_discipline, found.issued) == ([], [], [], [])
    assert (found.reuse.modules, found.reuse.most) == (0, [])
    assert [each.within for each in found.expiring] == [(0, 0, 0)] * 4


@pytest.fixture
def shelf(session, history):
    """Modules A, B and C approved; two materials of A, one of them also of B; copies."""
    one, _, (a, b, c, *_rest) = history
    writer = building.person(session, StaffRole.WRITER)
    for version, ends in ((a, 30), (b, 31), (c, 90)):
        version.state = VersionState.APPROVED
        version.approved_at = _at(3)
        version.valid_until = TODAY + timedelta(days=ends)
        version.module.approved_id = version.id
    session.flush()
    return one, (a, b, c), writer


def test_approved_versions_end_within_so_many_days(session, shelf) -> None:
    _, (a, *_), _ = shelf
    asked = Asked(START, END)

    def modules(today):
        return next(e.within for e in using.expiring(session, asked, today) if e.kind == "module")

    assert modules(TODAY) == (1, 2, 3)
    assert modules(TODAY - timedelta(days=1)) == (0, 2, 2)
    # on its last day, which is exclusive, A has expired
    assert modules(a.valid_until) == (1, 2, 2)


@pytest.fixture
def material(session, shelf):
    """Makes a draft material of the first product for an account of some tier."""
    one, _, writer = shelf
    label = building.label(session, one, by=writer)
    common = {"author_id": writer.id, "created_at": START, "updated_at": START}
    template = Template(
        code="TPL-1", channel=Channel.BRIEF, market=Market.US, created_at=START, versions=[]
    )
    frame = TemplateVersion(
        template=template,
        code="TPL-1",
        title="Brief",
        frame={},
        layout_sha256="0" * 64,
        content_sha256="0" * 64,
        valid_until=date(2030, 1, 1),
        **common,
    )
    session.add(frame)
    session.flush()

    def make(code, tier) -> MaterialVersion:
        account = building.account(session, f"A-{code}", tier=tier)
        thing = Material(
            code=code,
            product_id=one.id,
            account_id=account.id,
            role=Role.PAYER,
            phase=Phase.DISCOVERY,
            market=Market.US,
            audience=Audience.HCP,
            channel=Channel.BRIEF,
            owner_id=writer.id,
            created_at=START,
        )
        version = MaterialVersion(
            material=thing,
            template_version_id=frame.id,
            label_version_id=label.id,
            code=code,
            title=code,
            frame={},
            facts={},
            parts=[],
            tokens={},
            prepared_on=TODAY,
            valid_until=date(2030, 1, 1),
            validity_code=code,
            content_sha256="0" * 64,
            **common,
        )
        session.add(version)
        session.flush()
        return version

    return make


def test_reuse_unused_and_copies(session, shelf, material) -> None:
    _, (a, b, c), _ = shelf
    rep = building.person(session, StaffRole.REP, territory=["WI"])
    versions = []
    for number, (held, began, tier) in enumerate(
        [((a, b), 5, Tier.STRATEGIC), ((a,), 6, None), ((c,), -40, Tier.GROWTH)], start=1
    ):
        version = material(f"BRF-9{number}", tier)
        version.created_at = _at(began)
        session.add_all(
            MaterialPart(material_version_id=version.id, module_version_id=each.id) for each in held
        )
        versions.append(version)
    session.flush()
    states = (
        (versions[0], CopyState.ISSUED, 10),
        (versions[0], CopyState.RECALLED, 11),
        (versions[0], CopyState.FAILED, 12),
        (versions[1], CopyState.ISSUED, -1),
        (versions[1], CopyState.ISSUED, 13),
    )
    for number, (version, state, at) in enumerate(states, start=1):
        session.add(
            ControlledCopy(
                number=number,
                material_version_id=version.id,
                format="pdf",
                holder_id=rep.id,
                issued_by_id=rep.id,
                issued_at=_at(at),
                request_key=str(number),
                state=state,
            )
        )
    session.flush()
    asked = Asked(START, END)
    found = using.reuse(session, asked)
    assert (found.modules, found.uses, found.materials) == (2, 3, 2)
    assert [(each.code, each.materials, each.copies) for each in found.most] == [
        ("A", 2, 3),
        ("B", 1, 2),
    ]
    tiers = {each.group: each.copies for each in using.issued(session, asked) if each.by == "tier"}
    assert tiers == {"strategic": 2, "": 1}
    # C is in a material of another time, so none of the three is unused; then B leaves its own
    assert using.unused_modules(session, asked, limit=5)[:2] == (0, 3)
    session.query(MaterialPart).filter_by(module_version_id=b.id).delete()
    unused, approved, oldest = using.unused_modules(session, asked, limit=5)
    assert (unused, approved, [each.code for each in oldest]) == (1, 3, ["B"])
    for version in versions:
        version.state = VersionState.APPROVED
        version.approved_at = _at(7)
        version.material.approved_id = version.id
    session.flush()
    unused, approved, oldest = using.unissued_materials(session, asked, limit=5)
    assert (unused, approved, [each.code for each in oldest]) == (1, 3, ["BRF-93"])
