"""The task of a signature is found by an index."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_review_task_signature_id"), "review_task", ["signature_id"], unique=False
    )
