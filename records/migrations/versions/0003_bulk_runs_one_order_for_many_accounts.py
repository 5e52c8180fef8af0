"""Bulk runs: one order for many accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.guards import Guard

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDS = [
    Guard(
        table="bulk_run",
        name="delete",
        event="DELETE",
        message="rows of bulk_run are never deleted",
        when="",
        columns=(),
    ),
    Guard(
        table="bulk_document",
        name="delete",
        event="DELETE",
        message="rows of bulk_document are never deleted",
        when="",
        columns=(),
    ),
]


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_bulk_run_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["review_job.id"], name=op.f("fk_bulk_run_job_id_review_job")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_bulk_run_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_bulk_run_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("code", name=op.f("uq_bulk_run_code")),
        sa.UniqueConstraint("request_key", name=op.f("uq_bulk_run_request_key")),
    )
    op.create_table(
        "bulk_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("composition", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bulk_document_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["copy_number"],
            ["controlled_copy.number"],
            name=op.f("fk_bulk_document_copy_number_controlled_copy"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_bulk_document_holder_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_bulk_document_material_version_id_material_version"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_document_run_id_bulk_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_document")),
        sa.UniqueConstraint("copy_number", name=op.f("uq_bulk_document_copy_number")),
        sa.UniqueConstraint(
            "material_version_id", name=op.f("uq_bulk_document_material_version_id")
        ),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_bulk_document_run_id_place")),
    )
    op.create_index(
        "ix_bulk_document_state", "bulk_document", ["run_id", "state", "place"], unique=False
    )
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
