"""Commands that wait for an agent's answer."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Engine, select, update

from natvakt_server.domain.commands import AgentCommand
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.commands import agent_command
from natvakt_server.store.estate.transactions import reading, writing


class SqlCommandBook:
    """Implements `CommandBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_command(self, command: AgentCommand) -> None:
        writing(self._engine, lambda c: insert_missing(c, agent_command, [asdict(command)], ["id"]))

    def waiting_commands(self, agent: str, now_ns: int) -> Sequence[AgentCommand]:
        wanted = (agent_command.c.agent == agent, agent_command.c.accepted.is_(None), agent_command.c.not_after_ns > now_ns)
        query = select(agent_command).where(*wanted).order_by(agent_command.c.created_ns, agent_command.c.id)
        return reading(self._engine, lambda c: [AgentCommand(**row) for row in c.execute(query).mappings()])

    def answer_command(self, agent: str, command_id: str, accepted: bool, detail: str, now_ns: int) -> None:
        statement = (
            update(agent_command)
            .where(agent_command.c.id == command_id, agent_command.c.agent == agent, agent_command.c.accepted.is_(None))
            .values(accepted=accepted, detail=detail, answered_ns=now_ns)
        )
        writing(self._engine, lambda c: c.execute(statement))
