"""What is remembered of a device between polls, so that it is not asked again what does not change.

Everything here may be forgotten at any time: it only saves requests. It is forgotten when the device has restarted or
says that its interfaces changed, and once a day, so that a feature switched on later is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from natvakt_agent.collectors.snmp.checked import FIRST_REPETITIONS, Column
from natvakt_agent.collectors.snmp.pack import Pack
from natvakt_agent.collectors.snmp.shape import Shape

LIFETIME_SECONDS = 86_400


@dataclass(slots=True)
class DeviceMemory:
    born_monotonic_ns: int
    sys_object_id: str = ""
    uptime_seconds: float = 0.0
    interface_change: float = 0.0
    repetitions: int = FIRST_REPETITIONS
    shapes: dict[str, Shape] = field(default_factory=dict)  # the rows of each column when it was last walked
    absent: set[str] = field(default_factory=set)  # columns the device answered "nothing" to
    had: set[str] = field(default_factory=set)  # columns with rows at any time; not forgotten
    asks_ahead: bool = True  # whether it manages many instances of several tables in one question
    lasting: dict[str, Column] = field(default_factory=dict)
    applying: dict[str, Sequence[Pack]] = field(default_factory=dict)  # by table: the packs of a device of this kind

    def outdated_by(self, monotonic_ns: int, sys_object_id: str, uptime_seconds: float, interface_change: float) -> bool:
        return (
            monotonic_ns - self.born_monotonic_ns > LIFETIME_SECONDS * 1_000_000_000
            or sys_object_id != self.sys_object_id
            or uptime_seconds < self.uptime_seconds
            or interface_change != self.interface_change
        )

    def forget(self, monotonic_ns: int) -> None:
        """Start anew; only how much the device answers at once is a matter of its kind and stays."""
        self.born_monotonic_ns = monotonic_ns
        self.shapes.clear()
        self.asks_ahead = True
        self.absent.clear()
        self.lasting.clear()
        self.applying.clear()
