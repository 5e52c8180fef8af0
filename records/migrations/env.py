"""What Alembic runs: the connection is handed in by ``records.migrating``."""

from __future__ import annotations

from alembic import context

if context.is_offline_mode():
    raise SystemExit("Clearcopy migrates a database it is connected to: run `clearcopy migrate`.")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    # the caller holds the transaction: SQLite's foreign keys must be switched outside of it
    transaction_per_migration=False,
)
context.run_migrations()
