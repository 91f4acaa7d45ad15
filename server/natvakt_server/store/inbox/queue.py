"""What the worker takes from. A lane is leased as a whole, by the rows it gave out; other lanes are free for other workers."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, bindparam, func, or_, select, update

from natvakt_server.domain.delivery import BootClock, Incoming, Pending
from natvakt_server.store.estate.tables.delivery import inbox, lane, ledger
from natvakt_server.store.estate.transactions import reading, writing
from natvakt_server.store.inbox import boot_clocks
from natvakt_server.store.inbox.ledger import InboxState, lock_lanes, lock_row, move, refresh_lane, refuse


class SqlInboxQueue:
    """Implements `InboxQueue`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, limit: int, now_ns: int, lease_ns: int) -> Sequence[Pending]:
        return writing(self._engine, lambda c: _claim(c, limit, now_ns, lease_ns))

    def release(self, rows: Sequence[int]) -> None:
        if rows:
            writing(self._engine, lambda c: _release(c, rows))

    def store_offset(self, row: int, offset_ns: int) -> int:
        def store(connection: Connection) -> int:
            connection.execute(update(ledger).where(ledger.c.row == row, ledger.c.offset_ns.is_(None)).values(offset_ns=offset_ns))
            return int(connection.execute(select(ledger.c.offset_ns).where(ledger.c.row == row)).scalar_one())

        return writing(self._engine, store)

    def hold(self, row: int) -> None:
        writing(self._engine, lambda c: _hold(c, row))

    def expire_held(self, received_before_ns: int, reason: str) -> int:
        return writing(self._engine, lambda c: _expire_held(c, received_before_ns, reason))

    def boot_clock(self, agent: str, boot_id: bytes) -> BootClock | None:
        return reading(self._engine, lambda c: boot_clocks.find(c, agent, boot_id))

    def learn_boot_clock(self, clock: BootClock) -> None:
        writing(self._engine, lambda c: boot_clocks.learn(c, clock))

    def quarantine(self, pending: Pending, reason: str) -> None:
        def to_quarantine(connection: Connection) -> None:
            locked = lock_row(connection, pending.row)
            if locked and not locked.applied and move(connection, locked, InboxState.QUARANTINED):
                refuse(connection, locked.row, reason, locked.received_ns)

        writing(self._engine, to_quarantine)


def _claim(connection: Connection, limit: int, now_ns: int, lease_ns: int) -> list[Pending]:
    free = (
        select(lane.c.id, lane.c.leased)
        .where(lane.c.first_row.is_not(None), or_(lane.c.leased == 0, lane.c.lease_until_ns <= now_ns))
        .order_by(lane.c.first_row)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    lanes = dict(connection.execute(free).all())
    if not lanes:
        return []
    _end_leases(connection, [lane_id for lane_id, leased in lanes.items() if leased])
    place = func.row_number().over(partition_by=inbox.c.lane_id, order_by=inbox.c.row)  # read off the index
    waiting = (
        select(inbox.c.row, inbox.c.lane_id)
        .where(inbox.c.lane_id.in_(list(lanes)), inbox.c.state == InboxState.WAITING)
        .order_by(place, inbox.c.row)
        .limit(limit)
    )
    taken = dict(connection.execute(waiting).all())
    if not taken:
        return []
    connection.execute(update(inbox).where(inbox.c.row.in_(list(taken))).values(leased=True))
    connection.execute(
        update(lane).where(lane.c.id == bindparam("at_id")).values(leased=bindparam("count"), lease_until_ns=bindparam("until_ns")),
        [
            {"at_id": lane_id, "count": list(taken.values()).count(lane_id), "until_ns": now_ns + lease_ns}
            for lane_id in sorted(set(taken.values()))
        ],
    )
    return _load(connection, list(taken))


def _end_leases(connection: Connection, lane_ids: Sequence[int]) -> None:
    """A worker died or fell asleep: its rows are everybody's again."""
    if lane_ids:
        connection.execute(update(inbox).where(inbox.c.lane_id.in_(lane_ids), inbox.c.leased).values(leased=False))
        connection.execute(update(lane).where(lane.c.id.in_(lane_ids)).values(leased=0, lease_until_ns=0))


def _load(connection: Connection, rows: Sequence[int]) -> list[Pending]:
    """In the order of `rows`."""
    query = (
        select(inbox, lane.c.tenant, lane.c.site, lane.c.agent, lane.c.epoch, lane.c.lane, ledger)
        .join(lane, lane.c.id == inbox.c.lane_id)
        .join(ledger, ledger.c.row == inbox.c.row)
        .where(inbox.c.row.in_(rows))
    )
    loaded = {
        found.row: Pending(
            row=found.row,
            incoming=Incoming(
                tenant=found.tenant,
                site=found.site,
                agent=found.agent,
                epoch=found.epoch,
                lane=found.lane,
                lane_class=found.lane_class,
                seq=found.seq,
                last_seq=found.last_seq,
                previous=found.previous,
                digest=found.digest,
                envelope=found.envelope,
                is_gap=found.is_gap,
                received_ns=found.received_ns,
                clock_trusted=found.clock_trusted,
                boot_id=found.boot_id,
            ),
            offset_ns=found.offset_ns,
        )
        for found in connection.execute(query)
    }
    return [loaded[row] for row in rows]


def _release(connection: Connection, rows: Sequence[int]) -> None:
    wanted = inbox.c.row.in_(list(rows))
    lanes = connection.execute(select(inbox.c.lane_id).where(wanted).distinct()).scalars().all()
    lock_lanes(connection, lanes)
    leased = select(inbox.c.lane_id, func.count()).where(wanted, inbox.c.leased).group_by(inbox.c.lane_id)
    counts = [(lane_id, count) for lane_id, count in connection.execute(leased)]
    connection.execute(update(inbox).where(wanted).values(leased=False))
    for lane_id, count in counts:
        refresh_lane(connection, lane_id, leases_ended=count)


def _hold(connection: Connection, row: int) -> None:
    locked = lock_row(connection, row)
    if locked is None or locked.applied:
        return
    lock_lanes(connection, [locked.lane_id])
    boot = select(lane.c.agent, inbox.c.boot_id).join(lane, lane.c.id == inbox.c.lane_id).where(inbox.c.row == row)
    found = connection.execute(boot).one_or_none()
    if found is not None:
        known = boot_clocks.find(connection, found.agent, found.boot_id)  # learnt since the worker asked: then no need to wait
        move(connection, locked, InboxState.WAITING if known else InboxState.HELD)


def _expire_held(connection: Connection, received_before_ns: int, reason: str) -> int:
    query = (
        select(ledger.c.row)
        .join(inbox, inbox.c.row == ledger.c.row)
        .where(inbox.c.state == InboxState.HELD, ledger.c.received_ns < received_before_ns)
        .order_by(ledger.c.row)
    )
    expired = 0
    for row in connection.execute(query).scalars().all():
        locked = lock_row(connection, row)
        still_held = select(inbox.c.row).where(inbox.c.row == row, inbox.c.state == InboxState.HELD)
        if locked and connection.execute(still_held).first() and move(connection, locked, InboxState.QUARANTINED):
            refuse(connection, row, reason, locked.received_ns)
            expired += 1
    return expired
