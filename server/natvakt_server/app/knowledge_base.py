"""The knowledge base for the commands that fill and read it."""

from natvakt_server.app.context import Context
from natvakt_server.app.stores import open_database
from natvakt_server.store.estate.knowledge import SqlKnowledge
from natvakt_server.store.estate.schema import migrate


def open_knowledge(context: Context) -> SqlKnowledge:
    """An empty folder of state is enough. Raises StateError, BadDatabase, ConfigurationError."""
    paths = context.paths()
    if not paths.exists:
        paths.create()
    engine = open_database(context.configuration(), paths)
    migrate(engine)
    return SqlKnowledge(engine)
