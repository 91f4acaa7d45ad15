"""What the agent tells of itself, through the same port as every other collector."""

from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Target
from natvakt_agent.pipeline.own_tables import AgentHealth, CredentialMark, agent_table, credential_table

CREDENTIAL_INTERVAL_SECONDS = 3600
HEALTH_INTERVAL_SECONDS = 60


class CredentialCollector:
    """Table `credential`: how a device is asked, and whether everybody knows that credential. Never a secret."""

    name = "vault"

    def __init__(self, marks: Mapping[str, CredentialMark]) -> None:
        self._marks = marks

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:  # noqa: ARG002
        names = (target.snmp.name if target.snmp else None, target.login)
        return _observation(target, clock, credential_table([self._marks[name] for name in names if name and name in self._marks]))


class HealthCollector:
    """Table `agent`: the agent's own figures."""

    name = "agent"

    def __init__(self, health: Callable[[], AgentHealth], version: str) -> None:
        self._health = health
        self._version = version

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:  # noqa: ARG002
        return _observation(target, clock, agent_table(self._health(), self._version))


def unread(table: str, status: TableStatus, detail: str) -> TableObservation:
    """The word that a table was not read, and why."""
    return TableObservation(table, (), frozenset(), (), status, detail, snapshot=False)


def _observation(target: Target, clock: Clock, table: TableObservation) -> Observation:
    now = Instant.of(clock)
    return Observation(target.device, now.wall_ns, now.monotonic_ns, now.boot_id, [table])
