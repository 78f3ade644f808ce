"""Evaluations and failures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LIVE = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.String(36), nullable=False),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("configuration_digest", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("customer_type", sa.String(32)),
        sa.Column("score", sa.Float()),
        sa.Column("fatal", sa.Boolean(), nullable=False),
        sa.Column("agent_id", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("duration_s", sa.Float()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True)),
        sa.Column("record", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_evaluations"),
    )
    op.create_index(
        "uq_evaluations_live",
        "evaluations",
        ["recording_id", "configuration_digest"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    for column in ("evaluation_id", "path", "name", "score", "customer_type", "agent_id", "queue", "started_at"):
        op.create_index(f"ix_evaluations_{column}", "evaluations", [column])
    op.create_table(
        "failures",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.String(64)),
        sa.Column("configuration_digest", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_failures"),
    )
    op.create_index("uq_failures_call", "failures", ["path", "configuration_digest"], unique=True)
    op.create_index("ix_failures_recording_id", "failures", ["recording_id"])


def downgrade() -> None:
    op.drop_table("failures")
    op.drop_table("evaluations")
