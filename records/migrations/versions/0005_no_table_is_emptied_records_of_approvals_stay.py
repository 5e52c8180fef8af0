"""No table is emptied (PostgreSQL), and what is recorded of an approval stays."""

from __future__ import annotations

from alembic import op

from records.guards import Guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSIONS = ("claim_version", "module_version", "material_version", "template_version")
KEPT = (
    *("audit_row", "signature", "person", "label_version", "label_section", *VERSIONS),
    *("controlled_copy", "email_suppression", "email_sending", "bulk_run", "bulk_document"),
    *("annotation", "annotation_reply"),
)
FINAL = "OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')"
RECORDED = ("author_id", "created_at", "approved_at", "major", "minor")
ENDED = "OLD.ended_at IS NOT NULL"

GUARDS = [
    *(Guard(t, "empty", "TRUNCATE", f"rows of {t} are never deleted") for t in KEPT),
    *(
        Guard(t, "record", "UPDATE", f"an approved {t} cannot be changed", FINAL, RECORDED)
        for t in VERSIONS
    ),
    *(
        Guard(t, "ended", "UPDATE", f"an approved {t} cannot be changed", ENDED, ("ended_at",))
        for t in VERSIONS
    ),
]


def upgrade() -> None:
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
