"""Moves of one envelope between waiting, held, quarantined and applied, with the lane's row kept true. Shared by the stores beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, case, delete, func, insert, literal, select, update

from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.tables.delivery import inbox, lane, ledger, quarantine


class InboxState(StrEnum):
    WAITING = "waiting"  # pending, or leased where the row says so
    HELD = "held"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class LockedRow:
    """A ledger row nobody else can move before this transaction ends."""

    row: int
    lane_id: int
    received_ns: int
    applied: bool


# Built once: these run for every batch, and building them costs more than running them.
_LOCK_ROW = (
    select(ledger.c.row, ledger.c.lane_id, ledger.c.received_ns, ledger.c.applied)
    .where(ledger.c.row == bindparam("at_row"))
    .with_for_update()
)
_LOCK_LANES = select(lane.c.id).where(lane.c.id.in_(bindparam("lanes", expanding=True))).order_by(lane.c.id).with_for_update()
_FIND = select(inbox.c.state, inbox.c.leased, inbox.c.size_bytes).where(inbox.c.row == bindparam("at_row"))
_DROP = delete(inbox).where(inbox.c.row == bindparam("at_row"))
_SET_STATE = update(inbox).where(inbox.c.row == bindparam("at_row")).values(state=bindparam("to_state"), leased=False)
_STILL_LEASED = lane.c.leased - bindparam("leases_ended", type_=lane.c.leased.type)
_REFRESH_LANE = (
    update(lane)
    .where(lane.c.id == bindparam("at_lane"))
    .values(
        first_row=select(func.min(inbox.c.row))
        .where(inbox.c.lane_id == bindparam("at_lane"), inbox.c.state == InboxState.WAITING)
        .scalar_subquery(),
        leased=_STILL_LEASED,
        lease_until_ns=case((_STILL_LEASED <= 0, literal(0)), else_=lane.c.lease_until_ns),
        waiting_bytes=lane.c.waiting_bytes + bindparam("bytes_change", type_=lane.c.waiting_bytes.type),
    )
)


def lock_row(connection: Connection, row: int) -> LockedRow | None:
    found = connection.execute(_LOCK_ROW, {"at_row": row}).one_or_none()
    return LockedRow(found[0], found[1], found[2], found[3]) if found else None


def lock_lanes(connection: Connection, lane_ids: Sequence[int]) -> None:
    """In order of their numbers, as everybody does. A statement after this one sees what the last holder did."""
    connection.execute(_LOCK_LANES, {"lanes": sorted(set(lane_ids))}).all()


def move(connection: Connection, locked: LockedRow, state: InboxState | None) -> bool:
    """Set the inbox row's state, None: drop it. False: it is not in the inbox. The lease ends either way."""
    lock_lanes(connection, [locked.lane_id])
    found = connection.execute(_FIND, {"at_row": locked.row}).one_or_none()
    if found is None:
        return False
    if state is None:
        connection.execute(_DROP, {"at_row": locked.row})
    else:
        connection.execute(_SET_STATE, {"at_row": locked.row, "to_state": state})
    before = found.size_bytes if found.state != InboxState.QUARANTINED else 0
    after = found.size_bytes if state in {InboxState.WAITING, InboxState.HELD} else 0
    refresh_lane(connection, locked.lane_id, leases_ended=int(found.leased), bytes_change=after - before)
    return True


def refresh_lane(connection: Connection, lane_id: int, leases_ended: int = 0, bytes_change: int = 0) -> None:
    """Bring a locked lane's row in step with its inbox rows; a lane without leased rows is free at once."""
    connection.execute(_REFRESH_LANE, {"at_lane": lane_id, "leases_ended": leases_ended, "bytes_change": bytes_change})


def refuse(connection: Connection, row: int, reason: str, at_ns: int, points: int = 0) -> None:
    """Say in the quarantine why, in place of what was said before. `points` 0: the whole batch."""
    connection.execute(delete(quarantine).where(quarantine.c.row == row))
    connection.execute(insert(quarantine).values(row=row, reason=printable(reason), points=points, at_ns=at_ns))
