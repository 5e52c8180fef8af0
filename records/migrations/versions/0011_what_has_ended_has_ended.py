"""A deputy or a recall that has ended cannot be taken up again behind the program's back."""

from __future__ import annotations

from alembic import op

from records.guards import Guard

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GUARDS = [
    Guard(
        "deputy",
        "ended",
        "UPDATE",
        "a deputy that ended has ended",
        "OLD.ended_at IS NOT NULL",
        ("ended_at",),
    ),
    Guard(
        "recall",
        "ended",
        "UPDATE",
        "a recall that has ended stays ended",
        "OLD.closed_at IS NOT NULL",
        ("closed_at", "closed_by_id"),
    ),
]


def upgrade() -> None:
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
