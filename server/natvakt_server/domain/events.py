"""What devices said by themselves: traps, informs and lines of syslog, as the agents heard them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

KIND = "event"
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")
"""RFC 5424, by their numbers."""


@dataclass(frozen=True, slots=True)
class Event:
    """`at_ns`: when the agent heard it; `told_at`: the device's own words of when. `known` is false where `source` is no target of the
    agent; the event is then under the agent's own machine. `count` alike ones within a minute are one."""

    agent_device: str
    at_ns: int
    kind: str  # trap | inform | syslog
    name: str
    severity: int
    source: str
    known: bool = True
    facility: str = ""
    mnemonic: str = ""
    message: str = ""
    host: str = ""
    told_at: str = ""
    user: str = ""
    origin: str = ""
    is_change: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class StoredEvent:
    id: int
    site: str
    device_id: str
    device_name: str
    told: Event


class EventLog(Protocol):
    """`known` events only where a device is asked for."""

    def events(self, tenant: str, since_ns: int, limit: int, device_id: str | None = None) -> Sequence[StoredEvent]:
        """The newest first."""
        ...

    def named(self, tenant: str, mnemonics: Sequence[str], since_ns: int, limit: int) -> Sequence[StoredEvent]:
        """Those with one of these mnemonics, of known devices, the newest first."""
        ...

    def changes(self, tenant: str, device_id: str, since_ns: int = 0) -> Sequence[StoredEvent]:
        """Those that tell of a changed configuration, the newest first."""
        ...


class EventRetention(Protocol):
    def expire_events(self, heard_before_ns: int) -> int:
        """Answers how many went."""
        ...
