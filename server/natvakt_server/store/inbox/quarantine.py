"""What was refused, what is missing, what waits: for the operator's eyes, and back into the queue on request."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, select, update

from natvakt_server.domain.delivery import Backlog, Gap, QuarantineEntry
from natvakt_server.store.estate.tables.delivery import inbox, lane, ledger, quarantine
from natvakt_server.store.estate.transactions import reading, writing
from natvakt_server.store.inbox.ledger import InboxState, lock_row, move


class SqlQuarantine:
    """Implements `Quarantine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def quarantined(self, tenant: str | None = None, limit: int = 200) -> Sequence[QuarantineEntry]:
        """Newest first."""
        query = (
            select(quarantine, lane.c.tenant, lane.c.site, lane.c.agent, lane.c.lane, ledger.c.seq)
            .join(ledger, ledger.c.row == quarantine.c.row)
            .join(lane, lane.c.id == ledger.c.lane_id)
            .order_by(quarantine.c.row.desc())
            .limit(limit)
        )
        if tenant is not None:
            query = query.where(lane.c.tenant == tenant)
        return reading(
            self._engine,
            lambda c: [
                QuarantineEntry(each.row, each.tenant, each.site, each.agent, each.lane, each.seq, each.reason, each.points, each.at_ns)
                for each in c.execute(query)
            ],
        )

    def replay(self, row: int) -> bool:
        return writing(self._engine, lambda c: _replay(c, row))


class SqlDeliveryReader:
    """Implements `DeliveryReader`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def backlog(self, tenant: str | None = None) -> Backlog:
        return reading(self._engine, lambda c: _backlog(c, tenant))

    def gaps(self, tenant: str, limit: int = 200) -> Sequence[Gap]:
        """The newest ones, oldest first."""
        query = (
            select(lane.c.tenant, lane.c.site, lane.c.agent, lane.c.lane, ledger.c.seq, ledger.c.last_seq, ledger.c.received_ns)
            .join(lane, lane.c.id == ledger.c.lane_id)
            .where(lane.c.tenant == tenant, ledger.c.is_gap)
            .order_by(ledger.c.row.desc())
            .limit(limit)
        )
        newest_first = reading(self._engine, lambda c: [Gap(*row) for row in c.execute(query)])
        return newest_first[::-1]


def _replay(connection: Connection, row: int) -> bool:
    locked = lock_row(connection, row)
    if locked is None:
        return False
    state = connection.execute(select(inbox.c.state).where(inbox.c.row == row)).scalar_one_or_none()
    if state != InboxState.QUARANTINED:
        return False
    move(connection, locked, InboxState.WAITING)
    connection.execute(update(ledger).where(ledger.c.row == row).values(applied=False))
    connection.execute(delete(quarantine).where(quarantine.c.row == row))
    return True


def _backlog(connection: Connection, tenant: str | None) -> Backlog:
    counts = select(inbox.c.state, func.count(), func.coalesce(func.sum(inbox.c.size_bytes), 0)).group_by(inbox.c.state)
    if tenant is not None:
        counts = counts.join(lane, lane.c.id == inbox.c.lane_id).where(lane.c.tenant == tenant)
    by_state = {state: (count, size) for state, count, size in connection.execute(counts)}
    waiting = by_state.get(InboxState.WAITING, (0, 0))
    held = by_state.get(InboxState.HELD, (0, 0))
    quarantined = by_state.get(InboxState.QUARANTINED, (0, 0))
    return Backlog(pending=waiting[0], held=held[0], quarantined=quarantined[0], pending_bytes=int(waiting[1]) + int(held[1]))
