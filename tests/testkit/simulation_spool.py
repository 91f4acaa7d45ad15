"""A spool on a simulated disk with a cheap seal, and the ledger of what it reported durable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from natvakt_agent.model.delivery import Outgoing, Position, RecordKind
from natvakt_agent.spool.disk import Disk
from natvakt_agent.spool.events import SpoolEvents
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import Spool, open_spool
from natvakt_agent.spool.writer import Gap
from natvakt_wire.envelope import Envelope, LaneClass
from natvakt_wire.v1 import uplink_pb2
from testkit.disk import ProcessKilled, SimulatedDisk

SMALL_SPOOL = SpoolOptions(cap_bytes=64 * 1024**2, reserve_bytes=256 * 1024, wal_bytes=64 * 1024)


@dataclass(slots=True)
class SteppedClock:
    """Moves only when told to."""

    wall: int = 1_790_000_000_000_000_000
    monotonic: int = 1_000_000_000
    boot: bytes = b"boot-0000000000-"

    @property
    def boot_id(self) -> bytes:
        return self.boot

    def wall_ns(self) -> int:
        return self.wall

    def monotonic_ns(self) -> int:
        return self.monotonic

    def advance(self, seconds: float) -> None:
        self.wall += int(seconds * 1e9)
        self.monotonic += int(seconds * 1e9)


def cheap_gap(gap: Gap) -> bytes:
    body = repr((gap.lane, gap.first_seq, gap.last_seq, gap.reason, gap.batches)).encode()
    return uplink_pb2.SignedGap(body=body, signature=bytes(64)).SerializeToString()


@dataclass(slots=True)
class SpoolBench:
    """A spool that is opened, written, killed and opened again. `durable`: (lane, seq, digest) of everything `append` returned for."""

    random: Random
    disk: Disk
    options: SpoolOptions = SMALL_SPOOL
    clock: SteppedClock = field(default_factory=SteppedClock)
    durable: list[tuple[int, int, bytes]] = field(default_factory=list)
    spool: Spool | None = None
    events: SpoolEvents = field(default_factory=SpoolEvents)
    batch_bytes: int = 900

    @classmethod
    def simulated(cls, seed: int, options: SpoolOptions = SMALL_SPOOL) -> "SpoolBench":
        random = Random(seed)
        return cls(random, SimulatedDisk(random), options)

    def open(self) -> Spool:
        self.events = SpoolEvents()
        self.spool = open_spool(self.disk, self.options, self.clock, self.random.randbytes, cheap_gap, self.events)
        return self.spool

    def append(self, lane_class: LaneClass = LaneClass.METRICS, size: int | None = None) -> bytes:
        assert self.spool is not None
        placed: list[Position] = []
        body = self.random.randbytes(size if size is not None else self.batch_bytes)

        def seal(position: Position) -> Envelope:
            placed.append(position)
            return Envelope(repr(position).encode(), body, bytes(64))

        digest = self.spool.append(lane_class, seal)
        self.durable.append((placed[-1].lane, placed[-1].seq, digest))
        return digest

    @contextmanager
    def dies(self) -> Iterator[None]:
        """The process may be killed inside; afterwards the spool has to be opened again."""
        try:
            yield
        except ProcessKilled:
            self.spool = None

    def held(self) -> list[Outgoing]:
        """Everything pending, read and verified in order; a record that turns out damaged comes as its gap."""
        assert self.spool is not None
        found: list[Outgoing] = []
        for number in [lane.number for lane in self.spool.index]:
            lane = self.spool.index.lane(number)
            assert lane is not None
            seq = lane.acked_through
            while (entry := lane.entry_after(seq)) is not None:
                outgoing = self.spool.read(number, entry.head.seq)
                if outgoing is None:
                    outgoing = self.spool.read(number, entry.head.seq)
                assert outgoing is not None
                found.append(outgoing)
                seq = outgoing.head.last_seq
        return found

    def check_chain(self) -> list[Outgoing]:
        """Pending records follow each other without a hole, from the acknowledged one to the counter."""
        assert self.spool is not None
        held = self.held()
        for lane in self.spool.index:
            seq, digest = lane.acked_through, lane.acked_digest
            for outgoing in [item for item in held if item.head.lane == lane.number]:
                assert (outgoing.head.seq, outgoing.head.previous) == (seq + 1, digest)
                if outgoing.head.kind is RecordKind.BATCH:
                    envelope = Envelope.from_bytes(outgoing.sealed)
                    assert sha256(envelope.header + envelope.ciphertext + envelope.signature).digest() == outgoing.head.digest
                seq, digest = outgoing.head.last_seq, outgoing.head.digest
            assert (seq + 1, digest) == (lane.next_seq, lane.last_digest)
        return held

    def missing(self) -> list[tuple[int, int, bytes]]:
        """Durable batches that are neither held, nor acknowledged, nor under a gap record."""
        assert self.spool is not None
        held = self.check_chain()
        digests = {outgoing.head.digest for outgoing in held}
        return [
            (lane, seq, digest)
            for lane, seq, digest in self.durable
            if digest not in digests and not self._covered(held, lane, seq) and not self._acked(lane, seq)
        ]

    def gaps(self) -> list[tuple[int, int, int]]:
        return [(item.head.lane, item.head.seq, item.head.last_seq) for item in self.held() if item.head.kind is RecordKind.GAP]

    def _acked(self, lane_number: int, seq: int) -> bool:
        assert self.spool is not None
        lane = self.spool.index.lane(lane_number)
        return lane is None or seq <= lane.acked_through

    @staticmethod
    def _covered(held: list[Outgoing], lane: int, seq: int) -> bool:
        return any(
            item.head.kind is RecordKind.GAP and item.head.lane == lane and item.head.seq <= seq <= item.head.last_seq for item in held
        )
