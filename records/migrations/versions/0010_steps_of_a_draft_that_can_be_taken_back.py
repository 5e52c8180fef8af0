"""Steps of a material's draft, so that they can be taken back and done again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_material_step_material_version_id_material_version"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_material_step_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_step")),
    )
    op.create_index("ix_material_step_version", "material_step", ["material_version_id", "id"])
