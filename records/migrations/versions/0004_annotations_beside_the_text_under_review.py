"""Annotations beside the text under review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.guards import Guard

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDS = [
    Guard(
        table="annotation",
        name="delete",
        event="DELETE",
        message="rows of annotation are never deleted",
        when="",
        columns=(),
    ),
    Guard(
        table="annotation",
        name="content",
        event="UPDATE",
        message="an annotation is not rewritten",
        when="NOT (1 = 0)",
        columns=(
            "job_id",
            "author_id",
            "discipline",
            "kind",
            "text",
            "quote",
            "prefix",
            "suffix",
            "at",
            "request_key",
        ),
    ),
    Guard(
        table="annotation_reply",
        name="update",
        event="UPDATE",
        message="annotation_reply is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="annotation_reply",
        name="delete",
        event="DELETE",
        message="annotation_reply is append-only",
        when="",
        columns=(),
    ),
]


def upgrade() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("discipline", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=80), nullable=False),
        sa.Column("suffix", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_annotation_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["review_job.id"], name=op.f("fk_annotation_job_id_review_job")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_annotation_resolved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
        sa.UniqueConstraint("job_id", "request_key", name=op.f("uq_annotation_job_id_request_key")),
    )
    op.create_table(
        "annotation_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["annotation.id"],
            name=op.f("fk_annotation_reply_annotation_id_annotation"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_annotation_reply_author_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_reply")),
        sa.UniqueConstraint(
            "annotation_id",
            "request_key",
            name=op.f("uq_annotation_reply_annotation_id_request_key"),
        ),
    )
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
