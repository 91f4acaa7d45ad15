"""The machine the agent runs on, as tables with the names every other device has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from natvakt_agent.collectors.host.reader import CpuTimes, HostReader, NotProvided, Restart
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus, Value
from natvakt_agent.model.target import Target

Rows = Sequence[Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class HostTable:
    key: tuple[str, ...]
    series: frozenset[str]
    interval_seconds: int


def _table(key: str, series: str, interval_seconds: int) -> HostTable:
    return HostTable(tuple(key.split()), frozenset(series.split()), interval_seconds)


TABLES: Mapping[str, HostTable] = MappingProxyType(
    {
        "device": _table("", "sysUpTime", 60),
        "cpu": _table("index", "used_ratio", 60),
        "memory": _table("index", "used_bytes total_bytes", 60),
        "storage": _table("index", "used_bytes total_bytes", 300),
        "interface": _table(
            "ifIndex",
            "ifHCInOctets ifHCOutOctets ifHCInUcastPkts ifHCOutUcastPkts ifInErrors ifOutErrors ifInDiscards ifOutDiscards"
            " ifOperStatus ifAdminStatus ifHighSpeed",
            60,
        ),
        "address": _table("address", "", 3600),
        "disk": _table("name", "read_bytes write_bytes reads writes", 60),
        "service": _table("name", "running", 300),
        "session": _table("", "users", 300),
    }
)


class HostCollector:
    """`Collector` for the agent's own machine."""

    name = "host"

    def __init__(self, reader: HostReader) -> None:
        self._reader = reader
        self._cpu_before: Sequence[CpuTimes] = ()
        self._restart: tuple[Restart | None] | tuple[()] = ()
        self._fill: Mapping[str, Callable[[Clock], Rows]] = {
            "device": self._device,
            "cpu": self._cpu,
            "memory": self._memory,
            "storage": self._storage,
            "interface": self._interface,
            "address": self._address,
            "disk": self._disk,
            "service": self._service,
            "session": self._session,
        }

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:
        start = Instant.of(clock)
        found = [self._observe(name, clock, snapshot) for name in TABLES if tables is None or name in tables]
        cost = Cost(seconds=(clock.monotonic_ns() - start.monotonic_ns) / 1e9)
        return Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, found, cost)

    def _observe(self, name: str, clock: Clock, snapshot: bool) -> TableObservation:
        table = TABLES[name]
        try:
            return TableObservation(name, table.key, table.series, self._fill[name](clock), snapshot=snapshot)
        except NotProvided as error:
            return TableObservation(name, table.key, table.series, (), TableStatus.NOT_PROVIDED, str(error), snapshot=False)
        except OSError as error:
            return TableObservation(name, table.key, table.series, (), TableStatus.NO_ACCESS, error.strerror, snapshot=False)

    def _device(self, clock: Clock) -> Rows:
        machine = self._reader.machine()
        row: dict[str, Value] = {
            "sysUpTime": self._reader.uptime_seconds(clock.wall_ns() / 1e9),
            "sysName": machine.name,
            "sysDescr": machine.description,
            "os": machine.operating_system,
            "version": machine.version,
            "vendor": machine.vendor,
            "model": machine.model,
            "serial": machine.serial,
            "whyReload": self._why(),
        }
        return [row]

    def _why(self) -> str | None:
        """Why the machine started last; looked up once, because it stays so for as long as this process lives."""
        if not self._restart:
            try:
                self._restart = (self._reader.last_restart(),)
            except NotProvided:
                self._restart = (None,)
        found = self._restart[0]
        return found.reason if found else None

    def _cpu(self, clock: Clock) -> Rows:  # noqa: ARG002 (one signature for all tables)
        """Shares of the time since the last poll; the first one has none to compare with."""
        before, now = self._cpu_before, self._reader.cpu_times()
        self._cpu_before = now
        rows: list[Mapping[str, Value]] = []
        for index, times in enumerate(now):
            spent = times.total - before[index].total if len(before) == len(now) else 0.0
            used = min(1.0, max(0.0, (times.busy - before[index].busy) / spent)) if spent > 0 else None
            rows.append({"index": index, "name": f"CPU {index}", "used_ratio": used})
        return rows

    def _memory(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {"index": pool.name, "name": pool.name, "used_bytes": pool.used_bytes, "total_bytes": pool.total_bytes}
            for pool in self._reader.memory()
        ]

    def _storage(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {"index": part.name, "name": part.name, "fs_type": part.fs_type, "used_bytes": part.used_bytes, "total_bytes": part.total_bytes}
            for part in self._reader.storage()
        ]

    def _interface(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {
                "ifIndex": found.index,
                "ifName": found.name,
                "ifDescr": found.name,
                "ifMtu": found.mtu,
                "ifPhysAddress": found.mac,
                "ifAdminStatus": 1 if found.is_up else 2,
                "ifOperStatus": 1 if found.is_up else 2,
                "ifHighSpeed": found.speed_mbits,
                "ifHCInOctets": found.received_octets,
                "ifHCOutOctets": found.sent_octets,
                "ifHCInUcastPkts": found.received_packets,
                "ifHCOutUcastPkts": found.sent_packets,
                "ifInErrors": found.received_errors,
                "ifOutErrors": found.sent_errors,
                "ifInDiscards": found.received_discards,
                "ifOutDiscards": found.sent_discards,
            }
            for found in self._reader.interfaces()
        ]

    def _address(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {"address": address, "prefix_length": length, "ifIndex": found.index}
            for found in self._reader.interfaces()
            for address, length in found.addresses
        ]

    def _disk(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {"name": disk.name, "reads": disk.reads, "writes": disk.writes, "read_bytes": disk.read_bytes, "write_bytes": disk.write_bytes}
            for disk in self._reader.disks()
        ]

    def _service(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [
            {"name": service.name, "running": int(service.is_running), "start_mode": service.start_mode, "state": service.state}
            for service in self._reader.services()
        ]

    def _session(self, clock: Clock) -> Rows:  # noqa: ARG002
        return [{"users": self._reader.users()}]
