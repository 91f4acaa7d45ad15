"""What the agent tells of itself, through the same port as every other collector."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from natvakt_agent.collectors.snmp.v3_protocols import ANY
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Target
from natvakt_agent.pipeline.own_tables import AgentHealth, CredentialMark, agent_table, credential_table

CREDENTIAL_INTERVAL_SECONDS = 3600
HEALTH_INTERVAL_SECONDS = 60


class CredentialCollector:
    """Table `credential`: how a device is asked, and whether everybody knows that credential. Never a secret."""

    name = "vault"

    def __init__(self, marks: Mapping[str, CredentialMark], found: Callable[[str], tuple[str, str] | None] = lambda _: None) -> None:
        """`found` tells the SNMPv3 protocols that were found for a device, in place of `any`."""
        self._marks = marks
        self._found = found

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:  # noqa: ARG002
        names = (target.snmp.name if target.snmp else None, target.login)
        marks = [self._mark(name, target.device) for name in names if name and name in self._marks]
        return _observation(target, clock, credential_table(marks))

    def _mark(self, name: str, device: str) -> CredentialMark:
        mark, (auth, privacy) = self._marks[name], self._found(device) or (None, None)
        return replace(
            mark,
            auth_protocol=auth if mark.auth_protocol == ANY else mark.auth_protocol,
            privacy_protocol=privacy if mark.privacy_protocol == ANY else mark.privacy_protocol,
        )


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
