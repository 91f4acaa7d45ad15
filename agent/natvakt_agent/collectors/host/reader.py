"""The port to the machine the agent runs on: plain figures, so that a table of answers replaces the machine in tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class NotProvided(Exception):
    """This machine has no such thing, for instance no service manager."""


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds since boot."""

    busy: float
    total: float


@dataclass(frozen=True, slots=True)
class Space:
    """A memory pool or a file system, in bytes."""

    name: str
    used_bytes: int
    total_bytes: int
    fs_type: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkInterface:
    index: int
    name: str
    is_up: bool
    speed_mbits: int
    mtu: int
    mac: str | None
    addresses: Sequence[tuple[str, int]]  # address, prefix length
    received_octets: int = 0
    sent_octets: int = 0
    received_packets: int = 0
    sent_packets: int = 0
    received_errors: int = 0
    sent_errors: int = 0
    received_discards: int = 0
    sent_discards: int = 0


@dataclass(frozen=True, slots=True)
class DiskActivity:
    name: str
    reads: int
    writes: int
    read_bytes: int
    write_bytes: int


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    is_running: bool
    start_mode: str
    state: str


@dataclass(frozen=True, slots=True)
class Restart:
    """How the machine came to start last."""

    is_expected: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Machine:
    """Who the machine is; what cannot be read is None."""

    name: str
    operating_system: str  # linux | windows | unknown
    version: str | None
    description: str
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None


class HostReader(Protocol):
    def machine(self) -> Machine: ...
    def uptime_seconds(self, wall_seconds: float) -> float: ...
    def cpu_times(self) -> Sequence[CpuTimes]: ...
    def memory(self) -> Sequence[Space]: ...
    def storage(self) -> Sequence[Space]: ...
    def interfaces(self) -> Sequence[NetworkInterface]: ...
    def disks(self) -> Sequence[DiskActivity]: ...
    def services(self) -> Sequence[Service]:
        """Raises NotProvided."""
        ...

    def users(self) -> int: ...

    def last_restart(self) -> Restart | None:
        """None where nothing tells. Raises NotProvided."""
        ...
