"""Recalls: copies that are out are called back, and every one is accounted for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.guards import Guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDS = [
    Guard("recall", "delete", "DELETE", "rows of recall are never deleted"),
    Guard("recall", "empty", "TRUNCATE", "rows of recall are never deleted"),
    Guard(
        "recall",
        "content",
        "UPDATE",
        "a recall is not rewritten",
        "NOT (1 = 0)",
        ("material_version_id", "reason", "due_on", "request_key", "opened_by_id", "opened_at"),
    ),
    Guard("recalled_copy", "delete", "DELETE", "rows of recalled_copy are never deleted"),
    Guard("recalled_copy", "empty", "TRUNCATE", "rows of recalled_copy are never deleted"),
    Guard(
        "recalled_copy",
        "content",
        "UPDATE",
        "what became of a copy is not rewritten",
        "NOT (OLD.accounted_at IS NULL)",
        ("copy_number", "recall_id", "accounted_at", "accounted_by_id", "comment"),
    ),
]


def upgrade() -> None:
    op.create_table(
        "recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_recall_material_version_id_material_version"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_recall_opened_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_recall_closed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("request_key", name=op.f("uq_recall_request_key")),
    )
    op.create_index(op.f("ix_recall_material_version_id"), "recall", ["material_version_id"])
    op.create_table(
        "recalled_copy",
        sa.Column("copy_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accounted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accounted_by_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_number"],
            ["controlled_copy.number"],
            name=op.f("fk_recalled_copy_copy_number_controlled_copy"),
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recall.id"], name=op.f("fk_recalled_copy_recall_id_recall")
        ),
        sa.ForeignKeyConstraint(
            ["accounted_by_id"],
            ["person.id"],
            name=op.f("fk_recalled_copy_accounted_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("copy_number", name=op.f("pk_recalled_copy")),
    )
    op.create_index(op.f("ix_recalled_copy_recall_id"), "recalled_copy", ["recall_id"])
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
