"""Alembic's entry: runs the migrations on the connection `schema.migrate` hands over, inside its transaction."""

from alembic import context
from sqlalchemy import Connection

from natvakt_server.store.estate.tables import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
