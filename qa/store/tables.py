"""Tables of the database. Columns beside the JSON record exist only to search and sort by."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, text

from qa.store.columns import JSON_DOCUMENT, UtcDateTime

# Revision of the newest file in migrations/versions; a test compares the two.
SCHEMA_REVISION = "0003"

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_LIVE = text("superseded_at IS NULL")

# One live row a call and configuration: the exactly-once promise rests on the partial unique index.
EVALUATIONS = Table(
    "evaluations",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("evaluation_id", String(36), nullable=False),
    Column("recording_id", String(64), nullable=False),
    Column("configuration_digest", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(16)),
    Column("customer_type", String(32)),
    Column("score", Float),
    Column("fatal", Boolean, nullable=False),
    Column("agent_id", Text),
    Column("queue", Text),
    Column("started_at", UtcDateTime),
    Column("duration_s", Float),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("superseded_at", UtcDateTime),
    Column("record", JSON_DOCUMENT, nullable=False),
    Index(
        "uq_evaluations_live",
        "recording_id",
        "configuration_digest",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    Index(None, "evaluation_id"),
    Index(None, "path"),
    Index(None, "name"),
    Index(None, "score"),
    Index(None, "customer_type"),
    Index(None, "agent_id"),
    Index(None, "queue"),
    Index(None, "started_at"),
)

# Calls that were tried and could not be scored; a row goes when the call is recorded.
FAILURES = Table(
    "failures",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("recording_id", String(64)),
    Column("configuration_digest", String(64), nullable=False),
    Column("code", String(64), nullable=False),
    Column("place", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    Column("message_zh", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failed_at", UtcDateTime, nullable=False),
    Index("uq_failures_call", "path", "configuration_digest", unique=True),
    Index(None, "recording_id"),
)

# Append-only: triggers refuse UPDATE and DELETE (migration 0002).
REVISIONS = Table(
    "revisions",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("evaluation_id", String(36), nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "evaluation_id"),
)

# Append-only (migration 0003). The newest row of a call and kind counts.
LABELS = Table(
    "labels",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("call", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("value", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("source", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_labels_call", "call", "kind"),
)

# Append-only. `picked_as` keeps the random sample, on which rates may rest, apart from what the model found hard.
LABEL_PICKS = Table(
    "label_picks",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("call", String(64), nullable=False),
    Column("picked_as", String(16), nullable=False),
    Column("priority", Float, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("picked_at", UtcDateTime, nullable=False),
    Index("uq_label_picks_call", "call", "picked_as", unique=True),
)
