"""Messages to people, from the occasion to the answer of whoever took it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, bindparam, delete, select, update

from natvakt_server.domain.escalation import Change, Standing
from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.domain.notifying import SENT, WAITING, Message, Queue, Settled, StoredOccasion
from natvakt_server.store.estate.escalating import apply_changes, put_messages
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.occasions import occasion_of, occasion_row
from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.escalations import escalation
from natvakt_server.store.estate.tables.notifications import message, occasion
from natvakt_server.store.estate.transactions import reading, writing

AT_ONCE = 500  # parameters of one statement; SQLite takes more, PostgreSQL too


class SqlOutbox:
    """Implements `Outbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, told: Occasion, messages: Sequence[Message]) -> None:
        def work(connection: Connection) -> None:
            insert_one_missing(connection, occasion, occasion_row(told, routed=True), ("key",))
            number = connection.execute(select(occasion.c.id).where(occasion.c.key == told.key)).scalar_one()
            put_messages(connection, [replace(each, occasion=number) for each in messages])

        writing(self._engine, work)

    def unrouted(self, limit: int) -> Sequence[StoredOccasion]:
        query = select(occasion).where(occasion.c.routed.is_(False)).order_by(occasion.c.id).limit(limit)
        return reading(self._engine, lambda c: [StoredOccasion(row["id"], occasion_of(row)) for row in c.execute(query).mappings()])

    def route(self, occasions: Sequence[int], messages: Sequence[Message], changes: Sequence[Change]) -> None:
        def work(connection: Connection) -> None:
            put_messages(connection, messages)
            apply_changes(connection, changes)
            for some in _pieces(occasions):
                connection.execute(update(occasion).where(occasion.c.id.in_(some)).values(routed=True))

        writing(self._engine, work)

    def queues(self, now_ns: int) -> Sequence[Queue]:
        waiting = (message.c.state == WAITING) & (message.c.not_before_ns <= now_ns)
        columns = message.c.destination, message.c.recipient
        query = select(*columns).where(waiting).distinct().order_by(*columns)
        return reading(self._engine, lambda c: [Queue(*row) for row in c.execute(query)])

    def due(self, queue: Queue, now_ns: int, limit: int) -> Sequence[Message]:
        wanted = _of(queue) & (message.c.state == WAITING) & (message.c.not_before_ns <= now_ns)
        query = select(message).where(wanted).order_by(message.c.created_ns, message.c.id).limit(limit)
        return self._messages(query)

    def sent_since(self, queue: Queue, since_ns: int) -> Sequence[Message]:
        alone = (message.c.digest == "") | (message.c.digest == message.c.id)
        return self._messages(select(message).where(_of(queue), message.c.state == SENT, message.c.sent_ns > since_ns, alone))

    def update(self, messages: Sequence[Message]) -> None:
        changing = ("state", "attempts", "detail", "not_before_ns", "sent_ns", "digest")
        here = update(message).where(message.c.id == bindparam("which"))
        statement = here.values({name: bindparam(f"new_{name}") for name in changing})
        rows = [
            {"which": each.id, **{f"new_{name}": getattr(each, name) for name in changing}, "new_detail": printable(each.detail)}
            for each in messages
        ]
        if rows:
            writing(self._engine, lambda c: c.execute(statement, rows))

    def settle(self, ids: Sequence[str], settled: Settled) -> None:
        values = {**asdict(settled), "detail": printable(settled.detail), "attempts": message.c.attempts + 1}

        def work(connection: Connection) -> None:
            for start in range(0, len(ids), AT_ONCE):
                here = update(message).where(message.c.id.in_(ids[start : start + AT_ONCE]))
                connection.execute(here.values(**values))

        writing(self._engine, work)

    def messages(self, limit: int, tenant: str | None = None) -> Sequence[Message]:
        query = select(message).order_by(message.c.created_ns.desc(), message.c.id.desc()).limit(limit)
        return self._messages(query if tenant is None else query.where(message.c.tenant == tenant))

    def expire(self, before_ns: int) -> int:
        old = (occasion.c.at_ns < before_ns) & occasion.c.routed.is_(True) & occasion.c.id.not_in(select(escalation.c.occasion))

        def work(connection: Connection) -> int:
            connection.execute(delete(escalation).where(escalation.c.standing != Standing.RUNNING.value, escalation.c.due_ns < before_ns))
            connection.execute(delete(message).where(message.c.occasion.in_(select(occasion.c.id).where(old))))
            return connection.execute(delete(occasion).where(old)).rowcount

        return writing(self._engine, work)

    def occasions(self, ids: Sequence[int]) -> Mapping[int, Occasion]:
        def work(connection: Connection) -> Mapping[int, Occasion]:
            queries = (select(occasion).where(occasion.c.id.in_(some)) for some in _pieces(ids))
            return {row["id"]: occasion_of(row) for query in queries for row in connection.execute(query).mappings()}

        return reading(self._engine, work)

    def _messages(self, query: Select[Any]) -> Sequence[Message]:
        return reading(self._engine, lambda c: [_message(row) for row in c.execute(query).mappings()])


def _of(queue: Queue) -> ColumnElement[bool]:
    return (message.c.destination == queue.destination) & (message.c.recipient == queue.recipient)


def _message(row: RowMapping) -> Message:
    return Message(**{**row, "kind": Kind(row["kind"]), "severity": Severity(row["severity"])})


def _pieces(ids: Sequence[int]) -> Sequence[Sequence[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
