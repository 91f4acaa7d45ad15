"""When each boot of each agent's host began, and the envelopes that wait to know."""

from sqlalchemy import Connection, and_, delete, insert, select, update

from natvakt_server.domain.delivery import BootClock
from natvakt_server.store.estate.tables.delivery import boot_clock, inbox, lane
from natvakt_server.store.inbox.ledger import InboxState, lock_lanes, refresh_lane


def learn(connection: Connection, clock: BootClock) -> None:
    """Keep the newest word and let the held envelopes of that boot go on."""
    lanes = connection.execute(select(lane.c.id).where(lane.c.agent == clock.agent)).scalars().all()
    lock_lanes(connection, lanes)  # so that an envelope being held right now is seen, here or there
    here = and_(boot_clock.c.agent == clock.agent, boot_clock.c.boot_id == clock.boot_id)
    connection.execute(delete(boot_clock).where(here))
    connection.execute(
        insert(boot_clock).values(agent=clock.agent, boot_id=clock.boot_id, started_wall_ns=clock.started_wall_ns, source=clock.source)
    )
    held = and_(inbox.c.lane_id.in_(lanes), inbox.c.state == InboxState.HELD, inbox.c.boot_id == clock.boot_id)
    waiting_lanes = connection.execute(select(inbox.c.lane_id).where(held).distinct()).scalars().all()
    if waiting_lanes:
        connection.execute(update(inbox).where(held).values(state=InboxState.WAITING))
        for lane_id in waiting_lanes:
            refresh_lane(connection, lane_id)


def find(connection: Connection, agent: str, boot_id: bytes) -> BootClock | None:
    query = select(boot_clock).where(boot_clock.c.agent == agent, boot_clock.c.boot_id == boot_id)
    found = connection.execute(query).one_or_none()
    return BootClock(found.agent, found.boot_id, found.started_wall_ns, found.source) if found else None
