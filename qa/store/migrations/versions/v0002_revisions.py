"""Corrections by people, append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.String(36), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_revisions"),
    )
    op.create_index("ix_revisions_evaluation_id", "revisions", ["evaluation_id"])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER revisions_no_{event.lower()} BEFORE {event} ON revisions "
                "BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION revisions_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'revisions are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER revisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON revisions "
            "FOR EACH STATEMENT EXECUTE FUNCTION revisions_append_only()"
        )


def downgrade() -> None:
    op.drop_table("revisions")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION revisions_append_only()")
