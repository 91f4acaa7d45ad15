"""Chains that run: begun and ended where occasions are routed, moved on step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from natvakt_server.domain.escalation import Begin, Change, Escalation, Standing
from natvakt_server.domain.notification import Kind, Occasion
from natvakt_server.domain.notifying import Message, Queue
from natvakt_server.store.estate.occasions import occasion_row
from natvakt_server.store.estate.statements import insert_missing, insert_one_missing
from natvakt_server.store.estate.tables.escalations import escalation
from natvakt_server.store.estate.tables.notifications import message, occasion
from natvakt_server.store.estate.transactions import reading, writing


class SqlEscalations:
    """Implements `Escalations`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now_ns: int, limit: int) -> Sequence[Escalation]:
        wanted = (escalation.c.standing == Standing.RUNNING.value) & (escalation.c.due_ns <= now_ns)
        query = select(escalation).where(wanted).order_by(escalation.c.due_ns, escalation.c.incident, escalation.c.chain).limit(limit)
        return reading(self._engine, lambda c: [_escalation(row) for row in c.execute(query).mappings()])

    def running(self, incidents: Sequence[str]) -> Mapping[str, Sequence[Escalation]]:
        wanted = escalation.c.incident.in_(list(incidents)) & (escalation.c.standing == Standing.RUNNING.value)
        query = select(escalation).where(wanted).order_by(escalation.c.incident, escalation.c.chain)
        found: dict[str, list[Escalation]] = {}
        for row in reading(self._engine, lambda c: c.execute(query).mappings().all()):
            found.setdefault(row["incident"], []).append(_escalation(row))
        return found

    def told(self, incident: str) -> Sequence[Queue]:
        by_chain = message.c.urgent.is_(True) & message.c.kind.not_in((Kind.ACKNOWLEDGED.value, Kind.CLEARED.value))
        columns = message.c.destination, message.c.recipient
        query = select(*columns).where(message.c.incident == incident, by_chain).distinct().order_by(*columns)
        return reading(self._engine, lambda c: [Queue(*row) for row in c.execute(query)])

    def step(self, before: Escalation, after: Escalation, told: Occasion | None, messages: Sequence[Message]) -> bool:
        def work(connection: Connection) -> bool:
            here = escalation.c.incident == before.incident, escalation.c.chain == before.chain
            unchanged = [escalation.c[name] == value for name, value in _row(before).items()]
            if not connection.execute(update(escalation).where(*here, *unchanged).values(**_row(after))).rowcount:
                return False
            number = before.occasion
            if told is not None:
                insert_one_missing(connection, occasion, occasion_row(told, routed=True), ("key",))
                number = connection.execute(select(occasion.c.id).where(occasion.c.key == told.key)).scalar_one()
            put_messages(connection, [replace(each, occasion=number) for each in messages])
            return True

        return writing(self._engine, work)


def put_messages(connection: Connection, messages: Sequence[Message]) -> None:
    """Within the caller's transaction; those that are there already stay as they are."""
    rows = [{**asdict(each), "kind": each.kind.value, "severity": each.severity.value} for each in messages]
    if rows:
        insert_missing(connection, message, rows, ("key",))


def apply_changes(connection: Connection, changes: Sequence[Change]) -> None:
    """In their order, within the caller's transaction."""
    for change in changes:
        if isinstance(change, Begin):
            _begin(connection, change.escalation)
        else:
            running = (escalation.c.incident == change.incident) & (escalation.c.standing == Standing.RUNNING.value)
            connection.execute(update(escalation).where(running).values(standing=change.standing.value))


def _begin(connection: Connection, new: Escalation) -> None:
    here = (escalation.c.incident == new.incident) & (escalation.c.chain == new.chain)
    held = connection.execute(select(escalation.c.occasion).where(here)).scalar_one_or_none()
    if held is None:
        connection.execute(insert(escalation).values(**_row(new)))
    elif held < new.occasion:
        connection.execute(update(escalation).where(here).values(**_row(new)))


def _row(each: Escalation) -> dict[str, object]:
    return {**asdict(each), "standing": each.standing.value}


def _escalation(row: RowMapping) -> Escalation:
    return Escalation(**{**row, "standing": Standing(row["standing"])})
