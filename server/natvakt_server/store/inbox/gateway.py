"""What the gateway may do: insert ledger and inbox rows, read marks, keep sessions and boot clocks.

`receive` takes many agents' envelopes in one transaction and a fixed number of statements: find or make the lanes, lock them by number,
judge each envelope against its lane's mark in memory, insert ledger and inbox rows in bulk, move the marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, tuple_, update

from natvakt_server.domain.delivery import NO_PREVIOUS, Arrival, BootClock, Incoming, Mark
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.delivery import inbox, lane, ledger
from natvakt_server.store.estate.transactions import reading, writing
from natvakt_server.store.inbox import boot_clocks
from natvakt_server.store.inbox.ledger import InboxState, refuse
from natvakt_server.store.inbox.sessions import SqlSessions

LaneKey = tuple[str, bytes, int]


@dataclass(slots=True)
class _LaneTip:
    """A locked lane and what this transaction adds to it."""

    id: int
    seq: int
    digest: bytes
    first_row: int | None
    moved: bool = False
    added_bytes: int = 0
    new_digests: dict[int, bytes] = field(default_factory=dict)


class SqlGatewayStore(SqlSessions):
    """Implements `GatewayStore` and `EpochApproval`."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._engine = engine

    def marks(self, agent: str, epoch: bytes) -> Sequence[Mark]:
        query = (
            select(lane.c.lane, lane.c.seq, lane.c.digest)
            .where(lane.c.agent == agent, lane.c.epoch == epoch, lane.c.seq > 0)
            .order_by(lane.c.lane)
        )
        return reading(self._engine, lambda c: [Mark(number, seq, digest) for number, seq, digest in c.execute(query)])

    def receive(self, incoming: Sequence[Incoming]) -> Sequence[Arrival]:
        return writing(self._engine, lambda c: _receive(c, incoming)) if incoming else []

    def inbox_bytes(self, tenant: str) -> int:
        query = select(func.coalesce(func.sum(lane.c.waiting_bytes), 0)).where(lane.c.tenant == tenant)
        return int(reading(self._engine, lambda c: c.execute(query).scalar_one()))

    def learn_boot_clock(self, clock: BootClock) -> None:
        writing(self._engine, lambda c: boot_clocks.learn(c, clock))


def _receive(connection: Connection, incoming: Sequence[Incoming]) -> list[Arrival]:
    tips = _lock_tips(connection, incoming)
    known = _known_digests(connection, incoming, tips)
    arrivals: list[Arrival] = []
    stored: list[tuple[_LaneTip, Incoming]] = []
    for item in incoming:
        tip = tips[_key(item)]
        arrival = _judge(item, tip, known)
        if arrival is Arrival.STORED:
            stored.append((tip, replace(item, seq=tip.seq + 1)))
            tip.seq, tip.digest, tip.moved = item.last_seq, item.digest, True
            tip.new_digests[item.last_seq] = item.digest
        arrivals.append(arrival)
    if stored:
        _insert(connection, stored)
        _move_marks(connection, tips)
    return arrivals


def _key(item: Incoming) -> LaneKey:
    return (item.agent, item.epoch, item.lane)


def _lock_tips(connection: Connection, incoming: Sequence[Incoming]) -> Mapping[LaneKey, _LaneTip]:
    first: dict[LaneKey, Incoming] = {}
    for item in incoming:
        first.setdefault(_key(item), item)
    key_columns = tuple_(lane.c.agent, lane.c.epoch, lane.c.lane)
    query = select(lane).where(key_columns.in_(list(first))).order_by(lane.c.id).with_for_update()
    found = connection.execute(query).all()
    if len(found) < len(first):
        missing = set(first) - {(row.agent, row.epoch, row.lane) for row in found}
        insert_missing(connection, lane, [_new_lane(first[key]) for key in sorted(missing)], ["agent", "epoch", "lane"])
        found = connection.execute(query).all()
    return {(row.agent, row.epoch, row.lane): _LaneTip(row.id, row.seq, row.digest, row.first_row) for row in found}


def _new_lane(item: Incoming) -> dict[str, object]:
    return {
        "tenant": item.tenant,
        "site": item.site,
        "agent": item.agent,
        "epoch": item.epoch,
        "lane": item.lane,
        "seq": 0,
        "digest": NO_PREVIOUS,
    }


def _known_digests(
    connection: Connection, incoming: Sequence[Incoming], tips: Mapping[LaneKey, _LaneTip]
) -> Mapping[tuple[int, int], bytes]:
    """Digests the ledger holds at the places that are below their lane's mark: one statement, none in the usual case."""
    places = {(tips[_key(item)].id, item.last_seq) for item in incoming if item.last_seq <= tips[_key(item)].seq}
    if not places:
        return {}
    query = select(ledger.c.lane_id, ledger.c.last_seq, ledger.c.digest).where(
        tuple_(ledger.c.lane_id, ledger.c.last_seq).in_(sorted(places))
    )
    return {(lane_id, seq): digest for lane_id, seq, digest in connection.execute(query)}


def _judge(item: Incoming, tip: _LaneTip, known: Mapping[tuple[int, int], bytes]) -> Arrival:
    if item.last_seq <= tip.seq:
        digest = tip.new_digests.get(item.last_seq) or known.get((tip.id, item.last_seq))
        return Arrival.ALREADY_HAVE if digest is None or digest == item.digest else Arrival.FORK
    following = item.seq == tip.seq + 1
    if not following and not (item.is_gap and item.seq <= tip.seq):
        return Arrival.OUT_OF_ORDER
    if following and item.previous != tip.digest:
        return Arrival.FORK
    return Arrival.STORED


def _insert(connection: Connection, stored: Sequence[tuple[_LaneTip, Incoming]]) -> None:
    # Rows are numbered in the order given, so that a lane's rows rise with its seq. SQLite does so in one statement by itself; PostgreSQL
    # promises it only when asked, and SQLAlchemy would ask SQLite row by row.
    in_order = connection.dialect.name == "postgresql"
    inserted = connection.execute(
        insert(ledger).returning(ledger.c.lane_id, ledger.c.seq, ledger.c.row, sort_by_parameter_order=in_order),
        [
            {
                "lane_id": tip.id,
                "seq": item.seq,
                "last_seq": item.last_seq,
                "digest": item.digest,
                "is_gap": item.is_gap,
                "received_ns": item.received_ns,
                "applied": False,
                "points": 0,
            }
            for tip, item in stored
        ],
    )
    rows = {(lane_id, seq): row for lane_id, seq, row in inserted}
    envelopes: list[dict[str, object]] = []
    for tip, item in stored:
        if item.is_gap:
            continue
        row = rows[tip.id, item.seq]
        envelopes.append(_inbox_row(row, tip.id, item))
        if item.quarantine_reason:
            refuse(connection, row, item.quarantine_reason, item.received_ns)
        else:
            tip.first_row = row if tip.first_row is None else tip.first_row
            tip.added_bytes += len(item.envelope)
    if envelopes:
        connection.execute(insert(inbox), envelopes)


def _inbox_row(row: int, lane_id: int, item: Incoming) -> dict[str, object]:
    return {
        "row": row,
        "lane_id": lane_id,
        "state": InboxState.QUARANTINED if item.quarantine_reason else InboxState.WAITING,
        "leased": False,
        "lane_class": item.lane_class,
        "previous": item.previous,
        "envelope": item.envelope,
        "size_bytes": len(item.envelope),
        "clock_trusted": item.clock_trusted,
        "boot_id": item.boot_id,
    }


def _move_marks(connection: Connection, tips: Mapping[LaneKey, _LaneTip]) -> None:
    connection.execute(
        update(lane)
        .where(lane.c.id == bindparam("at_id"))
        .values(
            seq=bindparam("to_seq"),
            digest=bindparam("to_digest"),
            first_row=bindparam("to_first_row"),
            waiting_bytes=lane.c.waiting_bytes + bindparam("added_bytes"),
        ),
        [
            {"at_id": tip.id, "to_seq": tip.seq, "to_digest": tip.digest, "to_first_row": tip.first_row, "added_bytes": tip.added_bytes}
            for tip in tips.values()
            if tip.moved
        ],
    )
