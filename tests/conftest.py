"""Fixtures every room shares: a database, a session that leaves no trace, a clock, a key.

``session`` and everything built on it runs once on SQLite and once on PostgreSQL;
``--database sqlite`` is the quick choice while working.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from records import clock as records_clock
from records.database import make_engine
from records.keys import Keyring
from tests.databases import KINDS, Databases, PostgreSQL, SQLite
from tests.schema import lay

# how long an example takes says more about the machine than about the program
settings.register_profile("house", deadline=None)
settings.load_profile("house")

MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=[*KINDS, "both"], default="both")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        kinds = KINDS if chosen == "both" else (chosen,)
        metafunc.parametrize("databases", kinds, scope="session", indirect=True)


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    testrun_uid: str,
    worker_id: str,
) -> Databases:
    """Where tests get databases from; two kinds, so tests that ask for it run twice."""
    if request.param == "sqlite":
        return SQLite(tmp_path_factory.mktemp("databases"))
    return PostgreSQL(testrun_uid, worker_id)


@pytest.fixture(scope="session")
def laid_url(databases: Databases) -> str:
    """A database with the schema and nothing in it; copied, never written."""
    url = databases.empty()
    lay(url)
    return url


@pytest.fixture(scope="session")
def engine(databases: Databases, laid_url: str) -> Iterator[Engine]:
    """The engine behind ``session``; what a test writes through it directly stays there."""
    engine = make_engine(databases.copy(laid_url))
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(databases: Databases, laid_url: str) -> Iterator[str]:
    """A database of the test's own with the schema laid, for whatever must commit for real."""
    url = databases.copy(laid_url)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own without a single table, for migrations and `init`."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The key of an installation; the same in every run, so that seals can be compared."""
    return Keyring(Ed25519PrivateKey.from_private_bytes(b"a key for the tests, not for use"))


@pytest.fixture
def session(engine: Engine, keyring: Keyring) -> Iterator[Session]:
    """A session whose commits are savepoints in a transaction that is rolled back at the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(
            connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"keyring": keyring},
        ) as session:
            yield session
        outer.rollback()


class Clock:
    """The clock of the house, standing still until a test moves it."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.moment = MOMENT
        self.set(MOMENT)

    def set(self, moment: datetime) -> datetime:
        """Let it be ``moment`` (aware)."""
        self._stack.enter_context(records_clock.fixed(moment))
        self.moment = moment
        return moment

    def advance(self, **span: float) -> datetime:
        """Move on, by the words of ``timedelta``: ``clock.advance(days=2)``."""
        return self.set(self.moment + timedelta(**span))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The house's clock at half past nine on a Tuesday in November; it moves only when told."""
    with ExitStack() as stack:
        yield Clock(stack)
