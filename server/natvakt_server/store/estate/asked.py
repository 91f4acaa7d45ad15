"""What sources were asked, in SQL: one memory and one throttle for every process of a server."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from natvakt_server.knowledge.asking.ports import SourceState
from natvakt_server.knowledge.asking.services import Service
from natvakt_server.knowledge.asking.source import Remembered
from natvakt_server.knowledge.asking.throttle import longest, wait_ns
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.asked import knowledge_call, knowledge_question, knowledge_source
from natvakt_server.store.estate.transactions import reading, writing

SUBJECTS_A_STATEMENT = 400


class SqlAsked:
    """Implements `AskedStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def remembered(self, source: str) -> Mapping[str, Remembered]:
        query = select(knowledge_question).where(knowledge_question.c.source == source).order_by(knowledge_question.c.subject)
        rows = reading(self._engine, lambda connection: connection.execute(query).all())
        return {
            row.subject: Remembered(row.subject, row.answered_ns, row.etag, row.last_modified, row.until, _unpacked(row.kept))
            for row in rows
        }

    def remember(self, source: str, answered: Sequence[Remembered]) -> None:
        rows = [{**asdict(each), "source": source, "kept": zlib.compress(each.kept) if each.kept else b""} for each in answered]

        def put(connection: Connection) -> None:
            for start in range(0, len(rows), SUBJECTS_A_STATEMENT):
                part = rows[start : start + SUBJECTS_A_STATEMENT]
                subjects = [row["subject"] for row in part]
                wanted = (knowledge_question.c.source == source) & knowledge_question.c.subject.in_(subjects)
                connection.execute(delete(knowledge_question).where(wanted))
                connection.execute(insert(knowledge_question), part)

        if rows:
            writing(self._engine, put)

    def forget(self, source: str, before_ns: int) -> int:
        old = (knowledge_question.c.source == source) & (knowledge_question.c.answered_ns < before_ns)
        return writing(self._engine, lambda connection: connection.execute(delete(knowledge_question).where(old)).rowcount)

    def reserve(self, service: Service, now_ns: int) -> int:
        return writing(self._engine, lambda connection: _reserve(connection, service, now_ns))

    def hold(self, service: str, until_ns: int) -> None:
        row = knowledge_source.c

        def put(connection: Connection) -> None:
            _make_sure_of(connection, service)
            later = (row.source == service) & (row.not_before_ns < until_ns)
            connection.execute(update(knowledge_source).where(later).values(not_before_ns=until_ns))

        writing(self._engine, put)

    def take_turn(self, source: str, holder: str, now_ns: int, until_ns: int) -> bool:
        row = knowledge_source.c

        def take(connection: Connection) -> bool:
            _make_sure_of(connection, source)
            free = (row.source == source) & or_(row.held_until_ns <= now_ns, row.holder == holder)
            return connection.execute(update(knowledge_source).where(free).values(holder=holder, held_until_ns=until_ns)).rowcount == 1

        return writing(self._engine, take)

    def end_turn(self, state: SourceState, holder: str) -> None:
        """A holder whose turn is over changes nothing."""
        told = {**asdict(state), "error": printable(state.error), "held_until_ns": 0}
        told.pop("not_before_ns")  # only `hold` moves that
        mine = (knowledge_source.c.source == state.source) & (knowledge_source.c.holder == holder)
        writing(self._engine, lambda connection: connection.execute(update(knowledge_source).where(mine).values(**told)))

    def states(self) -> Mapping[str, SourceState]:
        query = select(knowledge_source).where(knowledge_source.c.tried_ns > 0).order_by(knowledge_source.c.source)
        rows = reading(self._engine, lambda connection: connection.execute(query).mappings().all())
        return {row["source"]: SourceState(**{name: row[name] for name in SourceState.__dataclass_fields__}) for row in rows}


def _unpacked(kept: bytes) -> bytes:
    return zlib.decompress(kept) if kept else b""


def _make_sure_of(connection: Connection, source: str) -> None:
    row = {"source": source, "holder": "", "calls": 0, "asked": 0, "left": 0, "error": ""}
    insert_missing(connection, knowledge_source, [row], ["source"])


def _reserve(connection: Connection, service: Service, now_ns: int) -> int:
    _make_sure_of(connection, service.name)
    source, call = knowledge_source.c, knowledge_call.c
    # The row of the service is what makes processes wait for each other: only one at a time counts calls.
    row = connection.execute(select(source.not_before_ns).where(source.source == service.name).with_for_update()).one()
    calls, span_ns = longest(service.limits)
    newest = select(call.at_ns).where(call.service == service.name).order_by(call.at_ns.desc()).limit(calls)
    moments = [moment for (moment,) in connection.execute(newest)]
    wait = max(row.not_before_ns - now_ns, wait_ns(service.limits, moments, now_ns))
    if wait > 0:
        return int(wait)
    at_ns = max(now_ns, moments[0] + 1) if moments else now_ns
    connection.execute(insert(knowledge_call).values(service=service.name, at_ns=at_ns))
    connection.execute(delete(knowledge_call).where((call.service == service.name) & (call.at_ns < now_ns - span_ns)))
    return 0
