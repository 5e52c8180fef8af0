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
from records import guards
from records.base import Base
from records.database import make_engine

ROOMS = (records, mlr, claims_library, modules, accounts, exports)


def lay(url: str) -> None:
    """Create every table of every room, and the triggers that guard them."""
    for room in ROOMS:
        if any(module.name == "models" for module in pkgutil.iter_modules(room.__path__)):
            importlib.import_module(f"{room.__name__}.models")
    engine = make_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in guards.statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
    engine.dispose()
