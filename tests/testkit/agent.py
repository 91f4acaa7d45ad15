"""What the agent's tests share: a clock moved by hand, a site without a network, and the far end of the spool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_agent.collectors.host.reader import CpuTimes, DiskActivity, Machine, NetworkInterface, NotProvided, Restart, Service, Space
from natvakt_agent.collectors.snmp.session import NoAnswer, Session, SnmpValue, Step
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target
from natvakt_agent.pipeline.closed import SinkUnavailable
from natvakt_agent.spool.spool import Spool
from natvakt_wire import batch as wire_batch
from natvakt_wire.batch import Batch
from natvakt_wire.envelope import Envelope, Header, LaneClass
from natvakt_wire.errors import LimitExceeded
from natvakt_wire.ids import AgentName
from natvakt_wire.seal import RecipientPrivateKey, RecipientPublicKey, open_sealed, verify

SECOND = 1_000_000_000
START_WALL_NS = 1_790_000_000 * SECOND


@dataclass
class HandClock:
    """Stands until it is moved. `set_wall` moves the wall clock alone, as a person or NTP does."""

    now_wall_ns: int = START_WALL_NS
    now_monotonic_ns: int = 1000 * SECOND
    boot_id: bytes = b"boot-id-16-bytes"

    def wall_ns(self) -> int:
        return self.now_wall_ns

    def monotonic_ns(self) -> int:
        return self.now_monotonic_ns

    def move(self, seconds: float) -> None:
        self.now_wall_ns += round(seconds * SECOND)
        self.now_monotonic_ns += round(seconds * SECOND)

    def set_wall(self, wall_ns: int) -> None:
        self.now_wall_ns = wall_ns


@dataclass
class CountedBytes:
    """Randomness that never repeats and is the same every run."""

    calls: int = 0

    def __call__(self, count: int) -> bytes:
        self.calls += 1
        return self.calls.to_bytes(8, "big").rjust(count, b"\x5a")[-count:]


@dataclass
class MemorySink:
    """A `BatchSink` that keeps batches. `most_cells` makes larger ones too large; `away` makes it refuse."""

    most_cells: int = 10**9
    away: bool = False
    batches: list[tuple[LaneClass, Batch]] = field(default_factory=list)

    def append(self, lane_class: LaneClass, batch: Batch) -> int:
        if self.away:
            raise SinkUnavailable("spool folder is away")
        plain = wire_batch.encode(batch)
        cells = sum(cell is not None for table in batch.tables for column in table.fields.values() for cell in column)
        if cells > self.most_cells:
            raise LimitExceeded("too large for this test")
        self.batches.append((lane_class, wire_batch.decode(plain)))
        return len(plain)


@dataclass
class FakeIdentity:
    """Enrolled by hand; keeps the opening key that only the server has in real life."""

    name: AgentName = field(default_factory=lambda: AgentName("acme", "hq", "0198c0de-0000-7000-8000-000000000001"))
    identity_key: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    opening_key: RecipientPrivateKey = field(default_factory=RecipientPrivateKey.generate)

    def recipient(self) -> RecipientPublicKey:
        return self.opening_key.public

    def certificate_end_ns(self) -> int | None:
        return START_WALL_NS + 86_400 * SECOND


def spooled(spool: Spool, identity: FakeIdentity) -> list[tuple[Header, Batch]]:
    """Every batch that waits in the spool, verified and opened as the server would, in lane order."""
    found = []
    for lane in spool.index:
        for entry in lane.pending:
            outgoing = spool.read(lane.number, entry.head.seq)
            assert outgoing is not None
            envelope = Envelope.from_bytes(outgoing.sealed)
            header = verify(envelope, identity.identity_key.public_key().public_bytes_raw())
            found.append((header, wire_batch.decode(open_sealed(envelope, identity.opening_key))))
    return found


@dataclass
class FakeDevice:
    """SNMP objects by OID, answered in order; `silent` answers nothing."""

    objects: Mapping[str, SnmpValue]
    silent: bool = False


class FakeWalk:
    def __init__(self, varbinds: Sequence[tuple[str, SnmpValue]]) -> None:
        self._varbinds = varbinds

    def step(self) -> Step:
        return Step(self._varbinds, True)


class FakeSession:
    engine_id = None

    def __init__(self, device: FakeDevice) -> None:
        self._device = device

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        if self._device.silent:
            raise NoAnswer("no answer")
        return {oid: self._device.objects[oid] for oid in oids if oid in self._device.objects}

    def remarks(self) -> tuple[str, ...]:
        return ()

    def walk(self, base: str, repetitions: int) -> FakeWalk:
        if self._device.silent:
            raise NoAnswer("no answer")
        inside = [(oid, value) for oid, value in self._device.objects.items() if oid.startswith(base + ".")]
        return FakeWalk(sorted(inside, key=lambda pair: [int(part) for part in pair[0].split(".")]))


@dataclass
class FakeSite:
    """Devices by address; opens sessions to them and answers echoes for those that are not silent."""

    devices: dict[str, FakeDevice]
    method: str = "icmp"
    opened: list[str] = field(default_factory=list)

    def open_session(self, target: Target, timeout_seconds: float) -> Session:
        self.opened.append(target.address)
        return FakeSession(self.devices[target.address])

    def probe(self, target: Target, sequence: int, timeout_seconds: float, clock: Clock) -> float | None:
        device = self.devices.get(target.address)
        return None if device is None or device.silent else 0.002


class FakeHost:
    """A machine that stands still."""

    def machine(self) -> Machine:
        return Machine("agent-host", "linux", "12", "Debian GNU/Linux 12", "Acme", "Box 1", "SN1")

    def uptime_seconds(self, wall_seconds: float) -> float:
        return 3600.0

    def cpu_times(self) -> Sequence[CpuTimes]:
        return [CpuTimes(10.0, 100.0)]

    def memory(self) -> Sequence[Space]:
        return [Space("physical", 1024, 4096)]

    def storage(self) -> Sequence[Space]:
        return [Space("/", 10, 100, "ext4")]

    def interfaces(self) -> Sequence[NetworkInterface]:
        return [NetworkInterface(2, "eth0", True, 1000, 1500, "02:00:00:00:00:01", [("192.0.2.9", 24)], 100, 200)]

    def disks(self) -> Sequence[DiskActivity]:
        return [DiskActivity("vda", 1, 2, 3, 4)]

    def services(self) -> Sequence[Service]:
        raise NotProvided("no service manager here")

    def users(self) -> int:
        return 1

    def last_restart(self) -> Restart | None:
        return Restart(is_expected=True, reason="shut down in order")


SYSTEM_GROUP: Mapping[str, SnmpValue] = {
    "1.3.6.1.2.1.1.1.0": b"Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)",
    "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.9.1.1208",
    "1.3.6.1.2.1.1.3.0": 4_200_000,
    "1.3.6.1.2.1.1.5.0": b"hq-acc1",
    "1.3.6.1.2.1.2.2.1.1.1": 1,
    "1.3.6.1.2.1.2.2.1.2.1": b"GigabitEthernet0/1",
    "1.3.6.1.2.1.2.2.1.7.1": 1,
    "1.3.6.1.2.1.2.2.1.8.1": 1,
    "1.3.6.1.2.1.31.1.1.1.1.1": b"Gi0/1",
    "1.3.6.1.2.1.31.1.1.1.6.1": 123_456_789_012,
    "1.3.6.1.2.1.31.1.1.1.10.1": 987_654,
}
