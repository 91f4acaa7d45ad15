"""How the server itself is doing: what its own monitoring asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Vitals:
    """`oldest_waiting_ns`: when the envelope that waits longest came in; 0: none waits. `jobs` by kind and state, `agents` by state,
    `messages` to people by state; `oldest_message_ns`: when the message that waits longest for its recipient was made.

    `silent_agents` are active and were not heard since the moment asked about; `expired_agents` are active with a certificate that is over.
    `open_incidents` by severity.
    """

    batches: Mapping[str, int]
    inbox_bytes: int
    oldest_waiting_ns: int
    newest_received_ns: int
    jobs: Mapping[tuple[str, str], int]
    agents: Mapping[str, int]
    silent_agents: int
    expired_agents: int
    open_incidents: Mapping[str, int] = field(default_factory=dict)
    messages: Mapping[str, int] = field(default_factory=dict)
    oldest_message_ns: int = 0


class VitalsReader(Protocol):
    def vitals(self, heard_since_ns: int, now_ns: int) -> Vitals:
        """A fixed number of statements."""
        ...


@dataclass(frozen=True, slots=True)
class DiskSpace:
    free_bytes: int
    size_bytes: int
