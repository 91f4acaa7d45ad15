"""Makes an engine's commits fail as a database that goes away does, and counts what is sent to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event


@dataclass
class FailingCommits:
    """Fails the next `times` commits: before the database heard of it, or after it did and only the answer was lost."""

    times: int
    after: bool


@contextmanager
def failing_commits(engine: Engine, times: int, *, after: bool) -> Iterator[FailingCommits]:
    plan = FailingCommits(times, after)
    dialect = engine.dialect
    commit = dialect.do_commit
    lost = dialect.loaded_dbapi.OperationalError

    def do_commit(connection) -> None:
        if plan.times == 0:
            commit(connection)
            return
        plan.times -= 1
        if plan.after:
            commit(connection)
        raise lost("server closed the connection unexpectedly")

    dialect.do_commit = do_commit  # type: ignore[method-assign]
    try:
        yield plan
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]


@dataclass
class Statements:
    """Texts of the statements that were sent, in order; `executemany` counts as one."""

    texts: list[str] = field(default_factory=list)


@contextmanager
def recorded_statements(engine: Engine) -> Iterator[Statements]:
    record = Statements()

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        if not statement.startswith("BEGIN"):
            record.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield record
    finally:
        event.remove(engine, "before_cursor_execute", note)
