"""The knowledge base for the commands that fill and read it."""

from sqlalchemy import Engine

from natvakt_server.app.context import Context
from natvakt_server.app.stores import open_database
from natvakt_server.store.estate.asked import SqlAsked
from natvakt_server.store.estate.knowledge import SqlKnowledge
from natvakt_server.store.estate.schema import migrate


def open_knowledge(context: Context) -> SqlKnowledge:
    """An empty folder of state is enough. Raises StateError, BadDatabase, ConfigurationError."""
    return SqlKnowledge(_engine(context))


def open_knowledge_and_asked(context: Context) -> tuple[SqlKnowledge, SqlAsked]:
    """As `open_knowledge`, with what is remembered of asking."""
    engine = _engine(context)
    return SqlKnowledge(engine), SqlAsked(engine)


def _engine(context: Context) -> Engine:
    paths = context.paths()
    if not paths.exists:
        paths.create()
    engine = open_database(context.configuration(), paths)
    migrate(engine)
    return engine
