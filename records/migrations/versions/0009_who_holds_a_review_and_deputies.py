"""Who holds a part of a review, and who signs for whom while they are away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.guards import Guard

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GUARDS = [
    Guard("deputy", "delete", "DELETE", "rows of deputy are never deleted"),
    Guard("deputy", "empty", "TRUNCATE", "rows of deputy are never deleted"),
    Guard(
        "deputy",
        "content",
        "UPDATE",
        "a deputy is not rewritten",
        "NOT (1 = 0)",
        (
            *("absent_id", "deputy_id", "discipline"),
            *("starts_at", "ends_at", "named_by_id", "named_at"),
        ),
    ),
]
PEOPLE = ("absent_id", "deputy_id", "named_by_id")


def upgrade() -> None:
    for column in ("holder_id", "deputy_of_id"):
        # in one statement: SQLite adds a constraint with its column or not at all
        op.execute(
            f"ALTER TABLE review_task ADD COLUMN {column} INTEGER "
            f"CONSTRAINT fk_review_task_{column}_person REFERENCES person (id)"
        )
    op.add_column("review_task", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_review_task_holder_id"), "review_task", ["holder_id"])
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("discipline", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([each], ["person.id"], name=op.f(f"fk_deputy_{each}_person"))
            for each in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_absent_id"), "deputy", ["absent_id"])
    op.create_index(op.f("ix_deputy_deputy_id"), "deputy", ["deputy_id"])
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
