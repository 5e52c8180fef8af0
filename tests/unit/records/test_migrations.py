"""The revisions lead to the tables and triggers that the rooms map, on both databases."""

from __future__ import annotations

import importlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, text
from sqlalchemy.exc import DatabaseError

from records import migrating
from records.base import Base
from records.database import make_engine
from tests.schema import ROOMS, load_tables

SQLITE = "SELECT type, name, tbl_name FROM sqlite_master"
SQLITE_COLUMNS = (
    'SELECT m.name, c.name, c.type, c."notnull", c.dflt_value FROM sqlite_master m, '
    "pragma_table_info(m.name) c WHERE m.type = 'table'"
)
SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL = (
    (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ),
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT relname, reloptions::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    (
        "SELECT table_name || '.' || column_name, data_type || is_nullable || "
        "coalesce(character_maximum_length::text, '') || coalesce(column_default, '') "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    ),
)


@pytest.fixture(autouse=True)
def _mapped() -> None:
    load_tables()


@pytest.fixture
def empty(empty_database_url: str):
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def mapped(database_url: str):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def everything(engine: Engine) -> set[tuple[str, ...]]:
    """What a database's own catalogue says of its schema."""
    sqlite = engine.dialect.name == "sqlite"
    asked = (SQLITE, SQLITE_COLUMNS, SQLITE_TRIGGERS) if sqlite else POSTGRESQL
    with engine.connect() as connection:
        return {tuple(row) for query in asked for row in connection.execute(text(query))}


def test_from_empty_the_revisions_lead_to_the_mapped_tables(empty: Engine) -> None:
    assert migrating.upgrade(empty) is None
    with empty.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert migrating.revision_of(connection) == migrating.head()


def test_the_revisions_lead_to_what_the_tests_run_on(empty: Engine, mapped: Engine) -> None:
    migrating.upgrade(empty)
    assert everything(empty) == everything(mapped)
    names = {row[0] for row in everything(empty)}
    assert "guard_audit_row_update" in names | {row[1] for row in everything(empty)}


def test_the_guards_hold_after_a_migration(empty: Engine) -> None:
    migrating.upgrade(empty)
    _put(empty, "person", id=1, email="a@example.org")
    _refuses_to_delete_people(empty)


@pytest.mark.parametrize("former", migrating.revisions())
def test_data_of_every_earlier_revision_is_brought_along(empty: Engine, former: str) -> None:
    migrating.upgrade(empty, former)
    _put(empty, "person", id=1, email="a@example.org")
    _put(empty, "person_role", person_id=1, role="writer")
    _put(empty, "errand", id=1, job="modules.index", attempts=8, values="{}")
    assert migrating.upgrade(empty) == former
    with empty.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
        assert connection.scalar(text("SELECT email FROM person")) == "a@example.org"
        assert connection.scalar(text("SELECT role FROM person_role")) == "writer"
        assert connection.scalar(text("SELECT attempts FROM errand")) == 8
    _refuses_to_delete_people(empty)


def _put(engine: Engine, name: str, **values: Any) -> None:
    """A row of a table as it is in that revision; what is demanded and not given is empty."""
    table = Table(name, MetaData(), autoload_with=engine)
    empties = {bool: False, int: 0, str: "", datetime: datetime(2026, 11, 24, tzinfo=UTC)}
    demanded = {
        column.name: empties[column.type.python_type]
        for column in table.columns
        if not column.nullable and column.server_default is None
    }
    with engine.begin() as connection:
        connection.execute(table.insert(), demanded | values)


def _refuses_to_delete_people(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(DatabaseError, match="never deleted"):
        connection.execute(text("DELETE FROM person"))


def test_asking_twice_at_once_migrates_once(empty: Engine) -> None:
    with ThreadPoolExecutor(3) as pool:
        before = list(pool.map(lambda _: migrating.upgrade(empty), range(3)))
    assert before.count(None) == 1
    assert set(before) == {None, migrating.head()}


def test_a_failing_migration_leaves_nothing_behind(empty: Engine, monkeypatch) -> None:
    name = min((migrating.FOLDER / "versions").glob("[0-9]*.py")).stem
    first = importlib.import_module(f"records.migrations.versions.{name}")

    class Broken:
        def statements(self, dialect: str):
            yield "CREATE TRIGGER nonsense"

    # Alembic loads the file itself, so the guard class they share is what can be broken
    monkeypatch.setattr(type(first.GUARDS[0]), "statements", Broken.statements)
    with pytest.raises(DatabaseError):
        migrating.upgrade(empty)
    monkeypatch.undo()
    with pytest.raises(migrating.NotInstalled):
        migrating.check(empty)
    migrating.upgrade(empty)
    migrating.check(empty)


@pytest.mark.parametrize(
    ("revision", "advice"),
    [("0000", "newer version"), ("9999", "newer version"), (None, "trial version")],
)
def test_another_revision_is_refused_with_advice(mapped: Engine, revision, advice) -> None:
    with mapped.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
    for ask in (migrating.check, migrating.upgrade):
        with pytest.raises(migrating.OtherRevision, match=advice):
            ask(mapped)


def test_an_earlier_revision_is_refused_and_named(mapped: Engine, monkeypatch) -> None:
    monkeypatch.setattr(migrating, "head", lambda: "0999")
    with pytest.raises(migrating.OtherRevision, match="clearcopy migrate"):
        migrating.check(mapped)


def test_the_file_names_are_the_line_that_alembic_sees() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrating.FOLDER))
    script = ScriptDirectory.from_config(config)
    assert [each.revision for each in script.walk_revisions()][::-1] == migrating.revisions()


def test_every_room_is_in_the_metadata() -> None:
    rooms = {mapper.class_.__module__.split(".")[0] for mapper in Base.registry.mappers}
    assert rooms == {room.__name__ for room in ROOMS}


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{former}", None, None


def upgrade() -> None:
    op.add_column("person", sa.Column("desk", sa.String(20), nullable=False, server_default="a"))
    op.create_index("ix_person_desk", "person", ["desk"])
    op.execute("UPDATE person SET desk = 'b' WHERE id = 1")
    {more}
"""


def _with_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, more: str = "") -> str:
    """A program with one revision more than ours."""
    former = migrating.head()
    number = f"{int(former) + 1:04d}"
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.FOLDER, folder)
    source = NEXT.format(number=number, former=former, more=more)
    (folder / "versions" / f"{number}_next.py").write_text(source)
    monkeypatch.setattr(migrating, "FOLDER", folder)
    return number


def test_the_way_forward_keeps_rows_and_guards(empty, tmp_path, monkeypatch) -> None:
    migrating.upgrade(empty)
    _put(empty, "person", id=1, email="a@example.org")
    number = _with_next(tmp_path, monkeypatch)
    with pytest.raises(migrating.OtherRevision, match="clearcopy migrate"):
        migrating.check(empty)
    migrating.upgrade(empty)
    migrating.check(empty)
    with empty.connect() as connection:
        assert migrating.revision_of(connection) == number
        assert connection.execute(text("SELECT email, desk FROM person")).all() == [
            ("a@example.org", "b")
        ]
    _refuses_to_delete_people(empty)


def test_a_revision_that_breaks_leaves_the_former_one(empty, tmp_path, monkeypatch) -> None:
    migrating.upgrade(empty)
    former = migrating.head()
    _put(empty, "person", id=1, email="a@example.org")
    _with_next(tmp_path, monkeypatch, more='op.execute("SELECT * FROM nowhere")')
    with pytest.raises(DatabaseError):
        migrating.upgrade(empty)
    with empty.connect() as connection:
        assert migrating.revision_of(connection) == former
    table = Table("person", MetaData(), autoload_with=empty)
    assert "desk" not in table.columns
