"""Run by Alembic: takes the steps on the connection that `serving.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from serving.store.schema import COMPARED
from serving.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, **COMPARED)
with context.begin_transaction():
    context.run_migrations()
