"""The index follows the database: what is found, and what is no longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from modules import jobs, notices, search_texts
from modules.models import Module, ModuleVersion
from modules.search import SearchEngine
from modules.search_engines import INFO, engine_of
from modules.search_whoosh import WhooshSearch
from records.database import Sessions, make_engine
from records.models import Errand
from records.roles import StaffRole
from tests import building


@pytest.fixture
def engine_in_use(session: Session, tmp_path: Path) -> SearchEngine:
    session.info[INFO] = WhooshSearch(tmp_path / "search")
    engine = engine_of(session)
    assert engine is not None
    return engine


@pytest.fixture
def version(session: Session, clock) -> ModuleVersion:
    writer = building.person(session, StaffRole.WRITER)
    product = building.product(session)
    label = building.label(session, product, by=writer)
    building.claim(session, "HAL-0001", of=label, author=writer, text="Ninety percent responded.")
    return building.module(
        session,
        "HAL-M-001",
        of=product,
        author=writer,
        title="Response",
        body="## Heading\n\n[[claim:HAL-0001]]\n\nFor **{{account.name}}** only.",
    )


def found(engine: SearchEngine, query: str) -> list[int]:
    return [hit.key for hit in engine.find(query)]


def test_a_module_is_found_by_its_text_its_claims_and_its_tags(
    session: Session, engine_in_use: SearchEngine, version: ModuleVersion
):
    jobs.index_modules(session, engine_in_use, [version.module_id])

    for query in (
        "HAL-M-001",
        "response heading ",
        "ninety percent responded ",
        "HAL-0001",
        "HALVORYN",
        "clinical-differentiation ",
    ):
        assert found(engine_in_use, query) == [version.id], query
    assert found(engine_in_use, "account ") == []


def test_a_draft_is_found_beside_the_approved_version_and_nothing_older(
    session: Session, engine_in_use: SearchEngine, version: ModuleVersion
):
    module = version.module
    writer = version.author
    module.approved = version
    draft = building.module(
        session, "HAL-M-001", of=module.product, author=writer, body="Draft words."
    )
    jobs.index_modules(session, engine_in_use, [module.id])

    assert sorted(found(engine_in_use, "HAL-M-001")) == sorted([version.id, draft.id])
    assert found(engine_in_use, "draft ") == [draft.id]

    module.approved = draft
    session.flush()
    jobs.index_modules(session, engine_in_use, [module.id])

    assert found(engine_in_use, "HAL-M-001") == [draft.id]
    assert found(engine_in_use, "heading ") == []


def test_a_missing_index_is_built_whole(
    session: Session, engine_in_use: SearchEngine, version: ModuleVersion
):
    other = building.module(session, "HAL-M-002", of=version.module.product, author=version.author)
    jobs.index_modules(session, engine_in_use, [version.module_id])
    if isinstance(engine_in_use, WhooshSearch):
        assert sorted(found(engine_in_use, "HAL-M")) == [version.id, other.id]


def test_reindexing_counts_and_forgets(
    session: Session, engine_in_use: SearchEngine, version: ModuleVersion
):
    steps: list[int] = []
    jobs.reindex(session, engine_in_use)
    assert search_texts.count(session) == 1

    assert jobs.reindex(session, engine_in_use, each=lambda: steps.append(1)) == 1
    assert steps == [1]

    session.execute(update(Module).values(latest_id=None))
    assert jobs.reindex(session, engine_in_use) == 0
    assert found(engine_in_use, "HAL-M-001") == []


def test_a_change_asks_for_its_index_entry(
    session: Session, engine_in_use: SearchEngine, version: ModuleVersion
):
    notices.changed(session, version)
    session.flush()
    errand = session.query(Errand).filter_by(job="modules.index").one()

    jobs.index(session, **errand.values)

    assert found(engine_in_use, "response ") == [version.id]


def test_without_an_engine_the_errand_does_nothing(session: Session, version: ModuleVersion):
    session.info.pop(INFO, None)

    jobs.index(session, modules=[version.module_id])


def test_reindexing_all_opens_a_session_of_its_own(database_url: str, keyring, tmp_path: Path):
    sessions = Sessions(make_engine(database_url), keyring, search=WhooshSearch(tmp_path / "s"))

    assert jobs.reindex_all(sessions) == 0
    with sessions.read() as session:
        engine = engine_of(session)
        assert engine is not None
        assert engine.find("anything") == []
    sessions.engine.dispose()
