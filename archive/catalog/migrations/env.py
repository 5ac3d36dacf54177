"""Runs migrations over the connection that `archive.catalog.migration` hands in."""

from alembic import context

import archive.catalog.alert_tables  # noqa: F401 - its tables join the metadata
from archive.catalog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
