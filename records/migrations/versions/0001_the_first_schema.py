"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from records.guards import Guard

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GUARDS = [
    Guard(
        table="audit_row",
        name="update",
        event="UPDATE",
        message="audit_row is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="audit_row",
        name="delete",
        event="DELETE",
        message="audit_row is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="signature",
        name="update",
        event="UPDATE",
        message="signature is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="signature",
        name="delete",
        event="DELETE",
        message="signature is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="person",
        name="delete",
        event="DELETE",
        message="rows of person are never deleted",
        when="",
        columns=(),
    ),
    Guard(
        table="claim_version",
        name="content",
        event="UPDATE",
        message="an approved claim_version cannot be changed",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(
            "text",
            "variations",
            "type",
            "pillar",
            "indication",
            "population",
            "qualifiers",
            "companions",
            "audiences",
            "channels",
            "markets",
            "reference",
            "locator",
            "excerpt",
            "anchor",
            "valid_from",
            "valid_until",
            "claim_id",
            "code",
            "label_ref",
            "label_version_id",
            "content_sha256",
        ),
    ),
    Guard(
        table="claim_version",
        name="state",
        event="UPDATE",
        message="a final claim_version keeps its state",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn') AND NEW.state <> OLD.state AND NOT ((OLD.state = 'approved' AND NEW.state = 'superseded') OR (OLD.state = 'approved' AND NEW.state = 'withdrawn'))",
        columns=(),
    ),
    Guard(
        table="claim_version",
        name="delete",
        event="DELETE",
        message="an approved claim_version cannot be deleted",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(),
    ),
    Guard(
        table="label_version",
        name="update",
        event="UPDATE",
        message="label_version is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="label_version",
        name="delete",
        event="DELETE",
        message="label_version is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="label_section",
        name="update",
        event="UPDATE",
        message="label_section is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="label_section",
        name="delete",
        event="DELETE",
        message="label_section is append-only",
        when="",
        columns=(),
    ),
    Guard(
        table="module_version",
        name="content",
        event="UPDATE",
        message="an approved module_version cannot be changed",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(
            "title",
            "kind",
            "body",
            "pillar",
            "phases",
            "roles",
            "tiers",
            "channels",
            "market",
            "audience",
            "requires",
            "excludes",
            "companions",
            "valid_until",
            "pins",
            "module_id",
            "code",
            "brand",
            "content_sha256",
        ),
    ),
    Guard(
        table="module_version",
        name="state",
        event="UPDATE",
        message="a final module_version keeps its state",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn') AND NEW.state <> OLD.state AND NOT ((OLD.state = 'approved' AND NEW.state = 'superseded') OR (OLD.state = 'approved' AND NEW.state = 'withdrawn'))",
        columns=(),
    ),
    Guard(
        table="module_version",
        name="delete",
        event="DELETE",
        message="an approved module_version cannot be deleted",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(),
    ),
    Guard(
        table="template_version",
        name="content",
        event="UPDATE",
        message="an approved template_version cannot be changed",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(
            "code",
            "title",
            "frame",
            "layout_sha256",
            "valid_until",
            "template_id",
            "content_sha256",
        ),
    ),
    Guard(
        table="template_version",
        name="state",
        event="UPDATE",
        message="a final template_version keeps its state",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn') AND NEW.state <> OLD.state AND NOT ((OLD.state = 'approved' AND NEW.state = 'superseded') OR (OLD.state = 'approved' AND NEW.state = 'withdrawn'))",
        columns=(),
    ),
    Guard(
        table="template_version",
        name="delete",
        event="DELETE",
        message="an approved template_version cannot be deleted",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(),
    ),
    Guard(
        table="material_version",
        name="content",
        event="UPDATE",
        message="an approved material_version cannot be changed",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(
            "title",
            "frame",
            "facts",
            "parts",
            "tokens",
            "free_text",
            "prepared_on",
            "valid_until",
            "validity_code",
            "material_id",
            "code",
            "template_version_id",
            "label_version_id",
            "content_sha256",
        ),
    ),
    Guard(
        table="material_version",
        name="state",
        event="UPDATE",
        message="a final material_version keeps its state",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn') AND NEW.state <> OLD.state AND NOT ((OLD.state = 'approved' AND NEW.state = 'superseded') OR (OLD.state = 'approved' AND NEW.state = 'withdrawn'))",
        columns=(),
    ),
    Guard(
        table="material_version",
        name="delete",
        event="DELETE",
        message="an approved material_version cannot be deleted",
        when="OLD.state IN ('approved', 'cancelled', 'rejected', 'superseded', 'withdrawn')",
        columns=(),
    ),
    Guard(
        table="controlled_copy",
        name="delete",
        event="DELETE",
        message="rows of controlled_copy are never deleted",
        when="",
        columns=(),
    ),
    Guard(
        table="controlled_copy",
        name="content",
        event="UPDATE",
        message="a copy that was made cannot be changed",
        when="NOT (OLD.state = 'making')",
        columns=(
            "number",
            "material_version_id",
            "format",
            "holder_id",
            "issued_by_id",
            "issued_at",
            "request_key",
            "file_sha256",
        ),
    ),
    Guard(
        table="controlled_copy",
        name="state",
        event="UPDATE",
        message="a failed controlled_copy keeps its state",
        when="OLD.state = 'failed' AND NEW.state <> 'failed'",
        columns=(),
    ),
]


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=True),
        sa.Column("care_setting", sa.String(length=120), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("tier_reason", sa.String(length=300), nullable=False),
        sa.Column("journey_phase", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
    )
    op.create_index(op.f("ix_account_journey_phase"), "account", ["journey_phase"], unique=False)
    op.create_index(op.f("ix_account_name"), "account", ["name"], unique=False)
    op.create_index("ix_account_place", "account", ["state", "name", "id"], unique=False)
    op.create_index(op.f("ix_account_tier"), "account", ["tier"], unique=False)
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index(
        "ix_errand_waiting",
        "errand",
        ["run_after"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "module_search",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "vector", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_module_search")),
        postgresql_with={"toast_tuple_target": "8160"},
    )
    op.create_index(
        "ix_module_search_vector",
        "module_search",
        ["vector"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_stamp", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(length=100), nullable=False),
        sa.Column("generic", sa.String(length=200), nullable=False),
        sa.Column("dosage_form", sa.String(length=100), nullable=False),
        sa.Column("manufacturer", sa.String(length=200), nullable=False),
        sa.Column("application_number", sa.String(length=40), nullable=False),
        sa.Column("boxed_warning", sa.Boolean(), nullable=False),
        sa.Column("accelerated_approval", sa.Boolean(), nullable=False),
        sa.Column("investigational", sa.Boolean(), nullable=False),
        sa.Column("additional_monitoring", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("brand", name=op.f("uq_product_brand")),
    )
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("latest_id", sa.Integer(), nullable=True),
        sa.Column("approved_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_id"],
            ["template_version.id"],
            name=op.f("fk_template_approved_id_template_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["latest_id"],
            ["template_version.id"],
            name=op.f("fk_template_latest_id_template_version"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("code", name=op.f("uq_template_code")),
    )
    op.create_index(op.f("ix_template_approved_id"), "template", ["approved_id"], unique=False)
    op.create_index(op.f("ix_template_latest_id"), "template", ["latest_id"], unique=False)
    op.create_table(
        "audit_row",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_label", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_audit_row_actor_id_person")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_row_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_row_previous")),
    )
    op.create_index(op.f("ix_audit_row_action"), "audit_row", ["action"], unique=False)
    op.create_index(op.f("ix_audit_row_actor_id"), "audit_row", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_row_at"), "audit_row", ["at"], unique=False)
    op.create_index(
        "ix_audit_row_subject", "audit_row", ["subject_kind", "subject_id", "number"], unique=False
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("latest_id", sa.Integer(), nullable=True),
        sa.Column("approved_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_id"],
            ["claim_version.id"],
            name=op.f("fk_claim_approved_id_claim_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["latest_id"],
            ["claim_version.id"],
            name=op.f("fk_claim_latest_id_claim_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_claim_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("code", name=op.f("uq_claim_code")),
    )
    op.create_index(op.f("ix_claim_approved_id"), "claim", ["approved_id"], unique=False)
    op.create_index(op.f("ix_claim_latest_id"), "claim", ["latest_id"], unique=False)
    op.create_index(op.f("ix_claim_product_id"), "claim", ["product_id"], unique=False)
    op.create_table(
        "label_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("source_name", sa.String(length=200), nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_label_version_imported_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_label_version_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_version")),
        sa.UniqueConstraint("set_id", "version", name=op.f("uq_label_version_set_id_version")),
    )
    op.create_index(
        op.f("ix_label_version_product_id"), "label_version", ["product_id"], unique=False
    )
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("latest_id", sa.Integer(), nullable=True),
        sa.Column("approved_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_material_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["approved_id"],
            ["material_version.id"],
            name=op.f("fk_material_approved_id_material_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["latest_id"],
            ["material_version.id"],
            name=op.f("fk_material_latest_id_material_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_material_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_material_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("code", name=op.f("uq_material_code")),
    )
    op.create_index("ix_material_account", "material", ["account_id", "role"], unique=False)
    op.create_index(op.f("ix_material_approved_id"), "material", ["approved_id"], unique=False)
    op.create_index(op.f("ix_material_latest_id"), "material", ["latest_id"], unique=False)
    op.create_index(op.f("ix_material_owner_id"), "material", ["owner_id"], unique=False)
    op.create_index(op.f("ix_material_product_id"), "material", ["product_id"], unique=False)
    op.create_table(
        "module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("latest_id", sa.Integer(), nullable=True),
        sa.Column("approved_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_id"],
            ["module_version.id"],
            name=op.f("fk_module_approved_id_module_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["latest_id"],
            ["module_version.id"],
            name=op.f("fk_module_latest_id_module_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_module_owner_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_module_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("code", name=op.f("uq_module_code")),
    )
    op.create_index(op.f("ix_module_approved_id"), "module", ["approved_id"], unique=False)
    op.create_index(op.f("ix_module_latest_id"), "module", ["latest_id"], unique=False)
    op.create_index(op.f("ix_module_owner_id"), "module", ["owner_id"], unique=False)
    op.create_index(op.f("ix_module_product_id"), "module", ["product_id"], unique=False)
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "person_territory",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_territory_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "state", name=op.f("pk_person_territory")),
    )
    op.create_table(
        "review_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_label", sa.String(length=200), nullable=False),
        sa.Column("subject_title", sa.String(length=300), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.Column("circulation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("compared_id", sa.Integer(), nullable=True),
        sa.Column("compared_version", sa.String(length=20), nullable=False),
        sa.Column("words_changed", sa.Integer(), nullable=False),
        sa.Column("words_total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_review_job_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_review_job_opened_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_job")),
    )
    op.create_index(op.f("ix_review_job_author_id"), "review_job", ["author_id"], unique=False)
    op.create_index(op.f("ix_review_job_state"), "review_job", ["state"], unique=False)
    op.create_index(
        "ix_review_job_subject", "review_job", ["subject_kind", "subject_id"], unique=False
    )
    op.create_index(
        "uq_review_job_open",
        "review_job",
        ["subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("discipline", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_person_id"), "signature", ["person_id"], unique=False)
    op.create_index(
        "ix_signature_subject", "signature", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "stakeholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_stakeholder_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder")),
    )
    op.create_index(op.f("ix_stakeholder_account_id"), "stakeholder", ["account_id"], unique=False)
    op.create_table(
        "template_version",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("layout_sha256", sa.String(length=64), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_template_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["template.id"], name=op.f("fk_template_version_template_id_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
    )
    op.create_index(
        op.f("ix_template_version_author_id"), "template_version", ["author_id"], unique=False
    )
    op.create_index(op.f("ix_template_version_state"), "template_version", ["state"], unique=False)
    op.create_index(
        "ix_template_version_template", "template_version", ["template_id", "id"], unique=False
    )
    op.create_table(
        "claim_version",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("label_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label_ref", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("variations", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("pillar", sa.String(length=40), nullable=False),
        sa.Column("indication", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("qualifiers", sa.Text(), nullable=False),
        sa.Column("companions", sa.Text(), nullable=False),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("markets", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_claim_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_version_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["label_version_id"],
            ["label_version.id"],
            name=op.f("fk_claim_version_label_version_id_label_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_version")),
    )
    op.create_index(
        op.f("ix_claim_version_author_id"), "claim_version", ["author_id"], unique=False
    )
    op.create_index("ix_claim_version_claim", "claim_version", ["claim_id", "id"], unique=False)
    op.create_index(
        op.f("ix_claim_version_label_version_id"),
        "claim_version",
        ["label_version_id"],
        unique=False,
    )
    op.create_index(op.f("ix_claim_version_state"), "claim_version", ["state"], unique=False)
    op.create_table(
        "label_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("paragraphs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_version_id"],
            ["label_version.id"],
            name=op.f("fk_label_section_label_version_id_label_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_section")),
        sa.UniqueConstraint(
            "label_version_id", "position", name=op.f("uq_label_section_label_version_id_position")
        ),
    )
    op.create_table(
        "material_version",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("template_version_id", sa.Integer(), nullable=False),
        sa.Column("label_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("free_text", sa.Text(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("validity_code", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_material_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["label_version_id"],
            ["label_version.id"],
            name=op.f("fk_material_version_label_version_id_label_version"),
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_version_material_id_material")
        ),
        sa.ForeignKeyConstraint(
            ["template_version_id"],
            ["template_version.id"],
            name=op.f("fk_material_version_template_version_id_template_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_version")),
        sa.UniqueConstraint("validity_code", name=op.f("uq_material_version_validity_code")),
    )
    op.create_index(
        op.f("ix_material_version_author_id"), "material_version", ["author_id"], unique=False
    )
    op.create_index(
        op.f("ix_material_version_label_version_id"),
        "material_version",
        ["label_version_id"],
        unique=False,
    )
    op.create_index(
        "ix_material_version_material", "material_version", ["material_id", "id"], unique=False
    )
    op.create_index(op.f("ix_material_version_state"), "material_version", ["state"], unique=False)
    op.create_index(
        op.f("ix_material_version_template_version_id"),
        "material_version",
        ["template_version_id"],
        unique=False,
    )
    op.create_table(
        "module_tag",
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_tag_module_id_module")
        ),
        sa.PrimaryKeyConstraint("module_id", "facet", "value", name=op.f("pk_module_tag")),
    )
    op.create_index(
        "ix_module_tag_value", "module_tag", ["facet", "value", "module_id"], unique=False
    )
    op.create_table(
        "module_version",
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("pillar", sa.String(length=40), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("tiers", sa.Text(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("requires", sa.Text(), nullable=False),
        sa.Column("excludes", sa.Text(), nullable=False),
        sa.Column("companions", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("pins", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("major", sa.Integer(), nullable=False),
        sa.Column("minor", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_module_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_version_module_id_module")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_version")),
    )
    op.create_index(
        op.f("ix_module_version_author_id"), "module_version", ["author_id"], unique=False
    )
    op.create_index("ix_module_version_module", "module_version", ["module_id", "id"], unique=False)
    op.create_index(op.f("ix_module_version_state"), "module_version", ["state"], unique=False)
    op.create_table(
        "review_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("discipline", sa.String(length=40), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_review_task_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["review_job.id"], name=op.f("fk_review_task_job_id_review_job")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_review_task_signature_id_signature")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_task")),
        sa.UniqueConstraint("job_id", "discipline", name=op.f("uq_review_task_job_id_discipline")),
    )
    op.create_index(
        "ix_review_task_decided", "review_task", ["decided_by_id", "decided_at"], unique=False
    )
    op.create_index(
        "ix_review_task_waiting",
        "review_task",
        ["discipline", "job_id"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(
        "uq_review_task_one_part_each",
        "review_task",
        ["job_id", "decided_by_id"],
        unique=True,
        sqlite_where=sa.text("decided_by_id IS NOT NULL"),
        postgresql_where=sa.text("decided_by_id IS NOT NULL"),
    )
    op.create_table(
        "controlled_copy",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("request_key", sa.String(length=40), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["stored_file.sha256"],
            name=op.f("fk_controlled_copy_file_sha256_stored_file"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["person.id"], name=op.f("fk_controlled_copy_holder_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_controlled_copy_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_controlled_copy_material_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_controlled_copy")),
        sa.UniqueConstraint("request_key", name=op.f("uq_controlled_copy_request_key")),
    )
    op.create_index(
        op.f("ix_controlled_copy_holder_id"), "controlled_copy", ["holder_id"], unique=False
    )
    op.create_index(
        op.f("ix_controlled_copy_material_version_id"),
        "controlled_copy",
        ["material_version_id"],
        unique=False,
    )
    op.create_table(
        "material_part",
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("module_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_material_part_material_version_id_material_version"),
        ),
        sa.ForeignKeyConstraint(
            ["module_version_id"],
            ["module_version.id"],
            name=op.f("fk_material_part_module_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint(
            "material_version_id", "module_version_id", name=op.f("pk_material_part")
        ),
    )
    op.create_index(
        op.f("ix_material_part_module_version_id"),
        "material_part",
        ["module_version_id"],
        unique=False,
    )
    op.create_table(
        "module_claim",
        sa.Column("module_version_id", sa.Integer(), nullable=False),
        sa.Column("claim_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_version_id"],
            ["claim_version.id"],
            name=op.f("fk_module_claim_claim_version_id_claim_version"),
        ),
        sa.ForeignKeyConstraint(
            ["module_version_id"],
            ["module_version.id"],
            name=op.f("fk_module_claim_module_version_id_module_version"),
        ),
        sa.PrimaryKeyConstraint(
            "module_version_id", "claim_version_id", name=op.f("pk_module_claim")
        ),
    )
    op.create_index(
        op.f("ix_module_claim_claim_version_id"), "module_claim", ["claim_version_id"], unique=False
    )
    op.create_table(
        "rendition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("material_version_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["stored_file.sha256"],
            name=op.f("fk_rendition_file_sha256_stored_file"),
        ),
        sa.ForeignKeyConstraint(
            ["material_version_id"],
            ["material_version.id"],
            name=op.f("fk_rendition_material_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
    )
    op.create_index(
        "ix_rendition_version", "rendition", ["material_version_id", "format"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_template_approved_id_template_version",
            "template",
            "template_version",
            ["approved_id"],
            ["id"],
        )
        op.create_foreign_key(
            "fk_template_latest_id_template_version",
            "template",
            "template_version",
            ["latest_id"],
            ["id"],
        )
        op.create_foreign_key(
            "fk_claim_approved_id_claim_version", "claim", "claim_version", ["approved_id"], ["id"]
        )
        op.create_foreign_key(
            "fk_claim_latest_id_claim_version", "claim", "claim_version", ["latest_id"], ["id"]
        )
        op.create_foreign_key(
            "fk_material_approved_id_material_version",
            "material",
            "material_version",
            ["approved_id"],
            ["id"],
        )
        op.create_foreign_key(
            "fk_material_latest_id_material_version",
            "material",
            "material_version",
            ["latest_id"],
            ["id"],
        )
        op.create_foreign_key(
            "fk_module_approved_id_module_version",
            "module",
            "module_version",
            ["approved_id"],
            ["id"],
        )
        op.create_foreign_key(
            "fk_module_latest_id_module_version", "module", "module_version", ["latest_id"], ["id"]
        )
    for guard in GUARDS:
        for statement in guard.statements(op.get_bind().dialect.name):
            op.get_bind().exec_driver_sql(statement)
