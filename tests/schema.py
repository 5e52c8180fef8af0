"""The schema the tests run on."""

from __future__ import annotations

import importlib
import pkgutil

import accounts
import claims_library
import exports
import mlr
import modules
import records
from records import guards, migrating
from records.base import Base
from records.database import make_engine

ROOMS = (records, mlr, claims_library, modules, accounts, exports)


def load_tables() -> None:
    """Import the tables of every room that has some."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if module.name.endswith(".models"):
                importlib.import_module(module.name)


def lay(url: str) -> None:
    """Create every table of every room, and the triggers that guard them.

    Quicker than the revisions, and the same (``tests/unit/records/test_migrations.py``).
    """
    load_tables()
    engine = make_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in guards.statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
        migrating.stamp(connection)
    engine.dispose()
