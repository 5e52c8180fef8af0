"""Emails that are sent, consents and opt-outs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.guards import Guard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDS = [
    Guard(
        table="email_suppression",
        name="update",
        event="UPDATE",
        message="email_suppression is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="email_suppression",
        name="delete",
        event="DELETE",
        message="email_suppression is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="email_sending",
        name="delete",
        event="DELETE",
        message="rows of email_sending are never deleted",
        when="",
        columns=(),
    ),
    Guard(
        table="email_sending",
        name="content",
        event="UPDATE",
        message="a letter that was sent cannot be changed",
        when="NOT (OLD.state IN ('queued', 'attempted'))",
        columns=(
            "copy_number",
            "material_version_id",
            "address_sha256",
            "sent_by_id",
            "consent_basis",
        ),
    ),
]


def upgrade() -> None:
    op.create_table(
        "email_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_email_consent_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_consent")),
    )
    op.create_index(
        "ix_email_consent_address", "email_consent", ["address_sha256", "given_on"], unique=False
    )
    op.create_table(
        "email_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("consent_basis", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["copy_number"],
            ["controlled_copy.number"],
            name=op.f("fk_email_sending_copy_number_controlled_copy"),
        ),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_email_sending_material_version_id_material_version"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["person.id"], name=op.f("fk_email_sending_sent_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_sending")),
        sa.UniqueConstraint("copy_number", name=op.f("uq_email_sending_copy_number")),
    )
    op.create_index(
        op.f("ix_email_sending_address_sha256"), "email_sending", ["address_sha256"], unique=False
    )
    op.create_index(op.f("ix_email_sending_due_at"), "email_sending", ["due_at"], unique=False)
    op.create_index(
        op.f("ix_email_sending_request_key"), "email_sending", ["request_key"], unique=False
    )
    op.create_index(
        "ix_email_sending_version", "email_sending", ["material_version_id", "id"], unique=False
    )
    op.create_table(
        "email_suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["copy_number"],
            ["controlled_copy.number"],
            name=op.f("fk_email_suppression_copy_number_controlled_copy"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_suppression")),
    )
    op.create_index(
        "ix_email_suppression_address", "email_suppression", ["address_sha256", "at"], unique=False
    )
    op.add_column(
        "stakeholder", sa.Column("email", sa.String(length=254), server_default="", nullable=False)
    )
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
