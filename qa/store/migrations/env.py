"""Run by Alembic: migrations happen on the connection, and in the transaction, that qa.store.schema hands over."""

from alembic import context

from qa.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
