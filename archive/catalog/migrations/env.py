"""Runs migrations over the connection that `archive.catalog.migration` hands in."""

from alembic import context

from archive.catalog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
