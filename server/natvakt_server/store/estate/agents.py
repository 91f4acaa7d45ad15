"""Agents and the identity keys they ever had."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, RowMapping, case, insert, select, update

from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.store.estate.mapping import storable
from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.identity import agent, identity_key
from natvakt_server.store.estate.transactions import reading, writing

VERSION_LIMIT = 64


class SqlAgentRegistry:
    """Implements `AgentRegistry`. A revocation is for ever: no later `update` or `enrol` undoes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def agent(self, agent_id: str) -> AgentRecord | None:
        query = select(agent).where(agent.c.id == agent_id)
        row = reading(self._engine, lambda c: c.execute(query).mappings().one_or_none())
        return record_of(row) if row else None

    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]:
        query = select(agent).order_by(agent.c.tenant, agent.c.site, agent.c.id)
        if tenant is not None:
            query = query.where(agent.c.tenant == tenant)
        return reading(self._engine, lambda c: [record_of(row) for row in c.execute(query).mappings()])

    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]:
        """Oldest first."""
        query = select(identity_key).where(identity_key.c.agent == agent_id).order_by(identity_key.c.not_before_ns)
        return reading(self._engine, lambda c: [IdentityKey(**row) for row in c.execute(query).mappings()])

    def enrol(self, record: AgentRecord, key: IdentityKey) -> None:
        """An agent is enrolled once: a second time raises ValueError."""

        def enrol(connection: Connection) -> None:
            if not insert_one_missing(connection, agent, _values(record), ["id"]):
                raise ValueError(f"agent {record.id} is registered already")
            connection.execute(insert(identity_key).values(**asdict(key)))

        writing(self._engine, enrol)

    def update(self, record: AgentRecord) -> None:
        values: dict[str, object] = _values(record)
        values["last_seen_ns"] = case((agent.c.last_seen_ns > record.last_seen_ns, agent.c.last_seen_ns), else_=record.last_seen_ns)
        here = update(agent).where(agent.c.id == record.id)
        if record.state is not AgentState.REVOKED:
            here = here.where(agent.c.state != AgentState.REVOKED)
        writing(self._engine, lambda c: c.execute(here.values(**values)))

    def revoke(self, agent_id: str, at_ns: int, detail: str) -> None:
        """The first revocation's time and reason stay. The agent's keys end with it."""
        here = update(agent).where(agent.c.id == agent_id, agent.c.state != AgentState.REVOKED)
        revoked = here.values(state=AgentState.REVOKED, revoked_ns=at_ns, detail=storable(detail) or "")
        keys = update(identity_key).where(identity_key.c.agent == agent_id, identity_key.c.not_after_ns.is_(None))

        def revoke(connection: Connection) -> None:
            if connection.execute(revoked).rowcount:
                connection.execute(keys.values(not_after_ns=at_ns))

        writing(self._engine, revoke)

    def touch(self, agent_id: str, at_ns: int, version: str) -> None:
        """`version` is the agent's own word and may be anything."""
        here = update(agent).where(agent.c.id == agent_id, agent.c.last_seen_ns <= at_ns)
        clean = (storable(version) or "")[:VERSION_LIMIT]
        writing(self._engine, lambda c: c.execute(here.values(last_seen_ns=at_ns, version=clean)))


def record_of(row: RowMapping) -> AgentRecord:
    return AgentRecord(**{**row, "state": AgentState(row["state"])})


def _values(record: AgentRecord) -> dict[str, object]:
    return {**asdict(record), "version": (storable(record.version) or "")[:VERSION_LIMIT], "detail": storable(record.detail) or ""}
