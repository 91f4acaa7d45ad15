"""Counts for the server's own monitoring, each one statement."""

from sqlalchemy import Connection, Engine, and_, case, func, select

from natvakt_server.domain.identity import AgentState
from natvakt_server.domain.notifying import WAITING
from natvakt_server.domain.vitals import Vitals
from natvakt_server.store.estate.tables.delivery import inbox, lane, ledger
from natvakt_server.store.estate.tables.identity import agent
from natvakt_server.store.estate.tables.incidents import incident
from natvakt_server.store.estate.tables.jobs import job
from natvakt_server.store.estate.tables.notifications import message
from natvakt_server.store.estate.transactions import reading


class SqlVitals:
    """Implements `VitalsReader`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def vitals(self, heard_since_ns: int, now_ns: int) -> Vitals:
        return reading(self._engine, lambda c: _vitals(c, heard_since_ns, now_ns))


def _vitals(connection: Connection, heard_since_ns: int, now_ns: int) -> Vitals:
    waiting = select(func.min(ledger.c.received_ns)).join(lane, lane.c.first_row == ledger.c.row)
    newest = select(func.max(ledger.c.received_ns))
    states = select(inbox.c.state, func.count(), func.coalesce(func.sum(inbox.c.size_bytes), 0)).group_by(inbox.c.state)
    jobs = select(job.c.kind, job.c.state, func.count()).group_by(job.c.kind, job.c.state)
    active = agent.c.state == AgentState.ACTIVE
    silent = func.sum(case((and_(active, agent.c.last_seen_ns < heard_since_ns), 1), else_=0))
    over = func.sum(case((and_(active, agent.c.certificate_not_after_ns > 0, agent.c.certificate_not_after_ns <= now_ns), 1), else_=0))
    agents = select(agent.c.state, func.count(), silent, over).group_by(agent.c.state)
    messages = select(message.c.state, func.count(), func.min(message.c.created_ns)).group_by(message.c.state)
    told = {state: (count, since_ns) for state, count, since_ns in connection.execute(messages)}
    incidents = select(incident.c.severity, func.count()).where(incident.c.cleared_ns == 0).group_by(incident.c.severity)
    held = [tuple(row) for row in connection.execute(states)]
    counted = [tuple(row) for row in connection.execute(agents)]
    return Vitals(
        batches={state: count for state, count, _ in held},
        inbox_bytes=sum(int(size) for _, _, size in held),
        oldest_waiting_ns=connection.execute(waiting).scalar() or 0,
        newest_received_ns=connection.execute(newest).scalar() or 0,
        jobs={(kind, state): count for kind, state, count in connection.execute(jobs)},
        agents={state: count for state, count, _, _ in counted},
        silent_agents=sum(int(quiet or 0) for _, _, quiet, _ in counted),
        expired_agents=sum(int(ended or 0) for _, _, _, ended in counted),
        open_incidents={row[0]: row[1] for row in connection.execute(incidents)},
        messages={state: count for state, (count, _) in told.items()},
        oldest_message_ns=told.get(WAITING, (0, 0))[1],
    )
