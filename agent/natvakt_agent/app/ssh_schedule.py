"""When a device is asked over SSH beside its daily turn: when its system becomes known, when its configuration changed, when it failed.

Pure: observations and time in, the time of the next turn out. A login that was refused is not tried again before its next turn: that is
how accounts get locked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_agent.model.observation import Observation, TableObservation, TableStatus, Value

CHANGES_TABLE = "configchange"
CHANGE_FIELDS = ("ccmHistoryRunningLastChanged", "ccmHistoryStartupLastChanged")
CHANGE_SLACK_SECONDS = 2.0
"""A moment of change that is told anew differs by its rounding only."""
BETWEEN_CHANGES_NS = 15 * 60 * 1_000_000_000
"""An engineer who is at work changes many lines; one fetch tells of them all."""
FIRST_RETRY_NS = 15 * 60 * 1_000_000_000
RETRIES = 4
WORTH_RETRYING = (TableStatus.UNREACHABLE, TableStatus.FAILED)


@dataclass(slots=True)
class SshSchedule:
    """Not thread-safe, but for `system`: one thread owns it, others may ask for a system."""

    _systems: dict[str, str] = field(default_factory=dict)
    _changes: dict[str, tuple[float, ...]] = field(default_factory=dict)
    _fetched_ns: dict[str, int] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)

    def system(self, device: str) -> str | None:
        """The os word the device told last."""
        return self._systems.get(device)

    def after_poll(self, observation: Observation, now_ns: int) -> int | None:
        """When to ask over SSH because of what another poll told; None: when its turn comes."""
        device = observation.device
        is_new = self._notice_system(device, _rows(observation.tables, "device"))
        is_changed = self._notice_change(device, _rows(observation.tables, CHANGES_TABLE))
        if is_new:
            return now_ns
        return self.after_change(device, now_ns) if is_changed else None

    def after_change(self, device: str, now_ns: int) -> int:
        """When to ask because its configuration is known to have changed."""
        fetched_ns = self._fetched_ns.get(device)
        return now_ns if fetched_ns is None else max(now_ns, fetched_ns + BETWEEN_CHANGES_NS)

    def after_fetch(self, observation: Observation, now_ns: int) -> int | None:
        """When to try again what failed; None: when its turn comes."""
        device = observation.device
        self._fetched_ns[device] = now_ns
        if not any(table.status in WORTH_RETRYING for table in observation.tables):
            self._failures.pop(device, None)
            return None
        failures = self._failures[device] = self._failures.get(device, 0) + 1
        return now_ns + FIRST_RETRY_NS * 2 ** (failures - 1) if failures <= RETRIES else None

    def _notice_system(self, device: str, rows: Sequence[Mapping[str, Value]]) -> bool:
        told = next((row["os"] for row in rows if isinstance(row.get("os"), str)), None)
        if not isinstance(told, str):
            return False
        is_new = self._systems.get(device) != told
        self._systems[device] = told
        return is_new

    def _notice_change(self, device: str, rows: Sequence[Mapping[str, Value]]) -> bool:
        told = tuple(float(value) for row in rows for name in CHANGE_FIELDS if isinstance(value := row.get(name), int | float))
        if not told:
            return False
        known = self._changes.get(device)
        self._changes[device] = told
        return known is not None and (
            len(known) != len(told) or any(abs(one - other) > CHANGE_SLACK_SECONDS for one, other in zip(known, told, strict=True))
        )


def _rows(tables: Sequence[TableObservation], name: str) -> Sequence[Mapping[str, Value]]:
    return [row for table in tables if table.name == name for row in table.rows]
