"""The catalogue counts what the database holds, after whatever people did, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion, Product
from modules.catalogue import Catalogue, Sort, Standing, catalogue
from modules.catalogue_entries import entries
from modules.coverage import coverage
from modules.models import Module, ModuleClaim, ModuleTag, ModuleVersion
from modules.queries import Found, Wanted, search_library
from records import audit, clock
from records.actions import Action
from records.audit import Head
from records.lifecycle import VersionState
from records.models import Person
from records.roles import StaffRole
from records.vocabulary import Phase, Pillar, Role, Tier
from tests.building import claim, label, module, person, product, sign

S = VersionState
TAGS = {"pillar": "pillar", "phase": "phases", "role": "roles", "tier": "tiers"}


@dataclass
class Library:
    """A small library in which random things are done as the program does them."""

    session: Session
    random: Random
    writers: list[Person]
    reviewers: list[Person]
    products: list[Product]
    claims: list[ClaimVersion]

    def note(self, version: ModuleVersion | ClaimVersion) -> None:
        action = Action.MODULE_CHANGE if isinstance(version, ModuleVersion) else Action.CLAIM_IMPORT
        audit.record(self.session, action, actor=self.writers[0], subject=version.subject)

    def step(self, number: int) -> None:
        choice = self.random.randrange(6)
        latest = self.session.scalars(
            select(ModuleVersion).join(Module, Module.latest_id == ModuleVersion.id)
        ).all()
        if choice < 2 or not latest:
            self.note(self.write(f"M-{number:03d}"))
            return
        version = self.random.choice(latest)
        if choice == 2 and version.state is S.DRAFT:
            sign(self.session, version, by=self.reviewers)
        elif choice == 3 and version.state is S.APPROVED:
            version = self.write(version.code)
        elif choice == 4 and version.state is S.APPROVED:
            version.state, version.ended_at = S.WITHDRAWN, clock.now()
            version.module.approved_id = None
        elif choice == 5:
            used = self.random.choice(self.claims)
            if used.state is S.APPROVED:
                used.state = S.WITHDRAWN
                self.session.flush()
                self.note(used)
                return
        self.session.flush()
        self.note(version)

    def write(self, code: str) -> ModuleVersion:
        used = self.random.choice(self.claims)
        return module(
            self.session,
            code,
            of=self.random.choice(self.products),
            author=self.random.choice(self.writers),
            title=f"About {self.random.choice(['dosing', 'storage', 'access'])} {code}",
            body=f"[[claim:{used.code}]]",
            pillar=self.random.choice(list(Pillar)),
            phases=[each.value for each in self.random.sample(list(Phase), 2)],
            roles=[each.value for each in self.random.sample(list(Role), 2)],
            tiers=[self.random.choice(list(Tier)).value],
            valid_until=clock.today() + timedelta(days=self.random.choice([-1, 30, 400])),
        )


@pytest.fixture
def library(session: Session, clock: object) -> Library:
    writers = [person(session, StaffRole.WRITER) for _ in range(2)]
    reviewers = [person(session, each) for each in (StaffRole.MEDICAL, StaffRole.LEGAL)]
    reviewers.append(person(session, StaffRole.REGULATORY))
    of = product(session, "CATALOGIN", "catalotinib")
    text = label(session, of, by=writers[0])
    claims = [
        claim(session, f"CAT-{n}", of=text, author=writers[0], companions=[]) for n in range(3)
    ]
    for each in claims:
        sign(session, each, by=reviewers)
        audit.record(session, Action.CLAIM_APPROVE, actor=writers[0], subject=each.subject)
    return Library(session, Random(1), writers, reviewers, [of], claims)


def _in_sql(session: Session, facet: str) -> dict[str, int]:
    """Counts of a facet by plain SQL on the rows, without the catalogue."""
    if facet == "state":
        return _states(session)
    if facet == "standing":
        return _standings(session)
    rows = session.execute(
        select(ModuleTag.value, func.count())
        .where(ModuleTag.facet == TAGS[facet])
        .group_by(ModuleTag.value)
    )
    return {row[0]: row[1] for row in rows}


def _states(session: Session) -> dict[str, int]:
    findable = or_(
        ModuleVersion.id == Module.latest_id,
        (ModuleVersion.id == Module.approved_id) & (ModuleVersion.state == S.APPROVED),
    )
    rows = session.execute(
        select(ModuleVersion.state, func.count(Module.id.distinct()))
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(findable)
        .group_by(ModuleVersion.state)
    )
    return {row[0].value: row[1] for row in rows}


def _standings(session: Session) -> dict[str, int]:
    counts = dict.fromkeys((each.value for each in Standing), 0)
    today = clock.today()
    for version in session.scalars(
        select(ModuleVersion).join(Module, Module.approved_id == ModuleVersion.id)
    ):
        claims = session.scalars(
            select(ClaimVersion)
            .join(ModuleClaim, ModuleClaim.claim_version_id == ClaimVersion.id)
            .where(ModuleClaim.module_version_id == version.id)
        ).all()
        end = min([version.valid_until, *(each.valid_until for each in claims)])
        if end <= today:
            counts["expired"] += 1
        elif any(each.state is not S.APPROVED for each in claims):
            counts["at-risk"] += 1
        else:
            counts["expiring" if end <= today + timedelta(days=60) else "valid"] += 1
    return counts


def _without_zeros(counts: dict[str, int]) -> dict[str, int]:
    return {value: count for value, count in counts.items() if count}


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_plain_sql_after_random_work(library: Library, seed: int) -> None:
    library.random = Random(seed)
    for number in range(40):
        library.step(number)
        if number % 4 == 3:
            found = search_library(library.session, Wanted())
            for facet in (*TAGS, "state", "standing"):
                expected = _without_zeros(_in_sql(library.session, facet))
                assert _without_zeros(dict(found.counts[facet])) == expected, (number, facet)
            assert found.total == library.session.scalar(
                select(func.count()).select_from(Module).where(Module.latest_id.is_not(None))
            )


@pytest.mark.parametrize("seed", range(3))
def test_filters_and_their_counts_are_those_of_plain_sql(library: Library, seed: int) -> None:
    library.random = Random(seed)
    for number in range(40):
        library.step(number)
    chosen = {"pillar": [Pillar.OPERATIONAL_FIT.value], "phase": ["discovery", "evidence-review"]}
    found = search_library(library.session, Wanted(chosen=chosen, limit=100))

    def having(facet: str, values: list[str]) -> set[int]:
        rows = select(ModuleTag.module_id).where(
            ModuleTag.facet == TAGS[facet], ModuleTag.value.in_(values)
        )
        return set(library.session.scalars(rows))

    both = having("pillar", chosen["pillar"]) & having("phase", chosen["phase"])
    assert found.total == len(both)
    assert {row.version.module_id for row in found.rows} == both
    for pillar in Pillar:  # a facet's own choice does not lower its counts
        expected = len(having("pillar", [pillar.value]) & having("phase", chosen["phase"]))
        assert found.counts["pillar"].get(pillar.value, 0) == expected
    for tier in Tier:
        assert found.counts["tier"].get(tier.value, 0) == len(both & having("tier", [tier.value]))


def test_a_catalogue_brought_up_is_the_one_made_anew(library: Library) -> None:
    for number in range(60):
        library.step(number)
        brought_up = catalogue(library.session)
        anew = Catalogue.of(brought_up.head, entries(library.session))
        assert _seen(brought_up) == _seen(anew)


def _seen(shelf: Catalogue) -> dict[object, object]:
    """What can be told of a catalogue, whatever places its modules have."""

    def codes(bits: int) -> set[str]:
        return {row.code for place, row in enumerate(shelf.rows) if row and bits >> place & 1}

    return {
        **{pair: found for pair, bits in shelf.bits.items() if (found := codes(bits))},
        "beside": codes(shelf.beside),
        "every": codes(shelf.every),
        **{
            sort: [shelf.entry(place).code for place in order]
            for sort, order in shelf.orders.items()
        },
        **{str(name): codes(bits) for name, bits in shelf.standing(clock.today()).items()},
        "versions": {id: shelf.entry(place).code for id, place in shelf.versions.items()},
    }


def test_what_was_rolled_back_is_forgotten(library: Library) -> None:
    library.note(library.write("M-1"))
    with library.session.begin_nested() as attempt:
        library.note(library.write("M-2"))
        assert catalogue(library.session).every.bit_count() == 2
        attempt.rollback()
    library.session.expire_all()
    assert catalogue(library.session).every.bit_count() == 1
    library.note(library.write("M-3"))
    shelf = catalogue(library.session)
    assert [shelf.entry(place).code for place in shelf.orders[Sort.CODE]] == ["M-1", "M-3"]


@pytest.mark.parametrize("sort", [Sort.CODE, Sort.TITLE, Sort.UPDATED])
def test_pages_follow_each_other_without_gap_or_repetition(library: Library, sort: Sort) -> None:
    for number in range(30):
        library.note(library.write(f"M-{number:03d}"))
    pages = list(_pages(library.session, Wanted(sort=sort, limit=7)))
    codes = [row.version.code for found in pages for row in found.rows]
    assert len(codes) == len(set(codes)) == 30
    assert [found.skipped for found in pages] == [0, 7, 14, 21, 28]
    back = search_library(library.session, Wanted(sort=sort, limit=7, before=pages[2].first_key))
    assert [row.version.code for row in back.rows] == [row.version.code for row in pages[1].rows]


def _pages(session: Session, wanted: Wanted) -> Iterator[Found]:
    after = ""
    while True:
        found = search_library(session, Wanted(sort=wanted.sort, limit=wanted.limit, after=after))
        if not found.rows:
            return
        yield found
        after = found.last_key


def test_coverage_counts_each_cell_by_how_its_modules_stand(library: Library) -> None:
    session = library.session
    version = library.write("M-1")
    version.pillar, version.phases = Pillar.OPERATIONAL_FIT, ["discovery"]
    version.valid_until = date(2028, 1, 1)
    library.claims[0].valid_until = date(2028, 1, 1)
    library.note(version)
    cell = coverage(session, {})["operational-fit", "discovery"]
    assert (cell.total, dict(cell.counts)) == (1, {"draft": 1})
    sign(session, version, by=library.reviewers)
    library.note(version)
    cell = coverage(session, {})["operational-fit", "discovery"]
    assert (cell.total, dict(cell.counts)) == (1, {"approved": 1})
    version.state, version.module.approved_id = S.WITHDRAWN, None
    session.flush()
    library.note(version)
    assert coverage(session, {})["operational-fit", "discovery"].total == 0


def test_an_empty_library_has_no_rows_and_no_counts(session: Session) -> None:
    if session.scalar(select(func.count()).select_from(Module)):
        pytest.fail("the shared database holds modules")
    found = search_library(session, Wanted(words="anything", sort=Sort.MATCH))
    assert (found.total, list(found.rows)) == (0, [])
    assert Catalogue.of(Head(0, ""), []).every == 0
