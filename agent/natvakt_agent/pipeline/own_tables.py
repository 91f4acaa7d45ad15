"""Tables the agent fills itself: how it is doing, how it asks, and how a device is called at the site."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from natvakt_agent.model.observation import Observation, TableObservation, TableStatus


@dataclass(frozen=True, slots=True)
class AgentHealth:
    """The agent's own figures, as the registry's table `agent` names them."""

    spool_bytes: int
    spool_batches: int
    oldest_unacked_seconds: float
    poll_seconds: float
    rss_bytes: int
    shed_polls: int
    lost_by_policy: int


def agent_table(health: AgentHealth, version: str) -> TableObservation:
    figures = asdict(health)
    return TableObservation("agent", (), frozenset(figures), [figures | {"version": version}])


@dataclass(frozen=True, slots=True)
class CredentialMark:
    """How a device is asked: never a secret."""

    name: str
    version: str
    auth_protocol: str | None
    privacy_protocol: str | None
    well_known: bool


def credential_table(marks: Sequence[CredentialMark]) -> TableObservation:
    return TableObservation("credential", ("name",), frozenset(), [asdict(mark) for mark in marks])


def with_identity(observation: Observation, name: str, address: str) -> Observation:
    """The row of `device` with the site's name for it and the address it is asked at."""
    identity = {"name": name, "poll_address": address}

    def named(table: TableObservation) -> TableObservation:
        return replace(table, rows=[{**row, **identity} for row in table.rows]) if table.name == "device" else table

    return replace(observation, tables=[named(table) for table in observation.tables])


def is_described(observation: Observation) -> bool:
    """Whether the device told who it is."""
    return any(
        table.name == "device" and table.status is TableStatus.PROVIDED and table.snapshot and table.rows for table in observation.tables
    )


def introduction(name: str, address: str) -> TableObservation:
    """For a device that never told who it is: only what the site knows, so that the console can name it."""
    return TableObservation("device", (), frozenset(), [{"name": name, "poll_address": address}])
