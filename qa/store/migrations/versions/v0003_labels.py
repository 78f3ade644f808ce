"""Labels by people, append-only, and which calls were chosen for labelling."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = ("labels", "label_picks")


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_labels"),
    )
    op.create_index("ix_labels_call", "labels", ["call", "kind"])
    op.create_table(
        "label_picks",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("picked_as", sa.String(16), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name="pk_label_picks"),
    )
    op.create_index("uq_label_picks_call", "label_picks", ["call", "picked_as"], unique=True)
    for table in _TABLES:
        _append_only(table)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
        if op.get_bind().dialect.name != "sqlite":
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
