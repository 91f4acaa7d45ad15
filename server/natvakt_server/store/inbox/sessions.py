"""The live session of each epoch, changed only by whoever knows the nonce that is stored."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, and_, func, select, update

from natvakt_server.domain.delivery import SessionState
from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.delivery import agent_session
from natvakt_server.store.estate.transactions import reading, writing


class SqlSessions:
    """Implements `EpochApproval` and the sessions of `GatewayStore`."""

    def __init__(self, engine: Engine) -> None:
        self._sessions_engine = engine

    def sessions(self, agent: str) -> Sequence[SessionState]:
        """Oldest first."""
        query = select(agent_session).where(agent_session.c.agent == agent).order_by(agent_session.c.opened_ns, agent_session.c.epoch)
        return reading(self._sessions_engine, lambda c: [SessionState(**row) for row in c.execute(query).mappings()])

    def put_session(self, state: SessionState, expected_nonce: bytes) -> bool:
        return writing(self._sessions_engine, lambda c: _put(c, state, expected_nonce))

    def approve_epoch(self, agent: str) -> int:
        waiting = and_(agent_session.c.agent == agent, agent_session.c.fenced, ~agent_session.c.approved)

        def approve(connection: Connection) -> int:
            count = connection.execute(select(func.count()).select_from(agent_session).where(waiting)).scalar_one()
            connection.execute(update(agent_session).where(waiting).values(approved=True))
            return int(count)

        return writing(self._sessions_engine, approve)


def _put(connection: Connection, state: SessionState, expected_nonce: bytes) -> bool:
    values = asdict(state)
    here = and_(agent_session.c.agent == state.agent, agent_session.c.epoch == state.epoch)
    if expected_nonce:
        changed = (
            connection.execute(update(agent_session).where(here, agent_session.c.nonce == expected_nonce).values(**values)).rowcount == 1
        )
    else:
        changed = insert_one_missing(connection, agent_session, values, ["agent", "epoch"])
    if changed:
        return True
    stored = connection.execute(select(agent_session).where(here)).mappings().one_or_none()
    return stored is not None and SessionState(**stored) == state  # a repeat after a commit whose answer was lost
