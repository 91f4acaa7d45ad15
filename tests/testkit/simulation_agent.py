"""One simulated agent host: real spool on a simulated disk, real link core and driver, a clock that lies, batches with a unique mark."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.core import LinkCore, LinkSettings, LinkState
from natvakt_agent.link.driver import LinkDriver, LinkParts
from natvakt_agent.model.clock import Instant
from natvakt_agent.model.delivery import Position, SpoolError
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import Spool, open_spool
from natvakt_wire.batch import Batch, ClockNote, Table
from natvakt_wire.envelope import FIRST_PREVIOUS, Envelope, Header, LaneClass
from natvakt_wire.ids import uuid7
from natvakt_wire.v1 import uplink_pb2
from testkit.disk import DiskFaults, ProcessKilled, SimulatedDisk
from testkit.simulation_crypto import Suite, gap_signer
from testkit.simulation_network import Stream, Weather
from testkit.simulation_time import SECOND_NS, AgentClock, Timeline
from testkit.wire import NOW_NS, identity_key, seeded_random

BUILD_NS = NOW_NS - 30 * 86_400 * SECOND_NS
SETTINGS = LinkSettings(refused_pause_ns=120 * SECOND_NS, outage_batches=4)
QUIET = (SpoolError,)


@dataclass(frozen=True, slots=True)
class Written:
    """A batch that `append` returned for. `mark` is the tag of its only point."""

    mark: str
    epoch: bytes
    lane: int
    seq: int
    digest: bytes


class SimulatedAgent:
    """`process` is None while it is dead. `open_stream` is the way to the server."""

    def __init__(
        self,
        timeline: Timeline,
        random: Random,
        suite: Suite,
        number: int,
        options: SpoolOptions,
        open_stream: Callable[["SimulatedAgent"], Stream],
    ) -> None:
        self.timeline = timeline
        self.random = random
        self.suite = suite
        self.number = number
        self.options = options
        self.name = ("acme", f"site-{number}", uuid7(NOW_NS + number * 1_000_000, seeded_random(100 + number)))
        self.key = identity_key(100 + number)
        self.disk = SimulatedDisk(random)
        self.clock = AgentClock(timeline, random.randbytes(16))
        self.weather = Weather()
        self.written: list[Written] = []
        self.marks = 0
        self.true_ns: dict[str, int] = {}
        self.mark_prefix = f"a{number}"
        self.kills = 0
        self.shed = 0
        self.fenced = False
        self.damage_seen = False
        self.retired = False
        self.is_clone = False
        self.cloned = False
        self.forgets_digest = False
        self._open_stream = open_stream
        self._stream: Stream | None = None
        self.spool: Spool | None = None
        self.driver: LinkDriver | None = None
        self._set_aside: set[bytes] = set()
        self.lost_by_restore: set[str] = set()

    @property
    def stream(self) -> Stream | None:
        return self._stream

    @property
    def alive(self) -> bool:
        return self.spool is not None

    # -- life --------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the process; a spool that refuses is tried again, as a service manager would."""
        if self.alive or self.retired:
            return
        self.guarded(self._start)
        if not self.alive:
            self.timeline.after(self.random.uniform(2, 20), self.start)

    def _start(self) -> None:
        sign = gap_signer(self.suite, self.name, self.key)
        spool = open_spool(self.disk, self.options, self.clock, self.random.randbytes, sign)
        if self.forgets_digest:
            for lane in spool.index:
                lane.last_digest = FIRST_PREVIOUS
        core = LinkCore(lambda: spool.index, self.random.random, SETTINGS, "0.1.0")
        trust = ClockTrust(BUILD_NS)
        self.spool, self.trust = spool, trust
        self.driver = LinkDriver(core, LinkParts(spool, self, self.clock, trust, lambda: 0, lambda _message: None))

    def guarded(self, action: Callable[[], None]) -> None:
        """Run agent code: it may be killed inside, or refused by its disk."""
        try:
            action()
        except ProcessKilled:
            self.kills += 1
            self._gone()
            self.disk.reboot()
            self.timeline.after(self.random.uniform(1, 30), self.start)
        except QUIET:
            self.shed += 1

    def kill(self) -> None:
        """kill -9 between two calls."""
        self.kills += 1
        self._gone()
        self.disk.reboot()

    def cut_power(self, wall_error_ns: int | None = None) -> None:
        """Everything not synced is in doubt, and the host boots anew."""
        self.kills += 1
        self._gone()
        self.disk.cut_power()
        self.clock.boot(self.random.randbytes(16))
        if wall_error_ns is not None:
            self.clock.wall_error_ns = wall_error_ns

    def stop(self) -> None:
        """SIGTERM."""

        def close() -> None:
            if self.spool is not None:
                self.spool.close()

        self.guarded(close)
        self._gone()
        self.disk.reboot()

    def heal(self) -> None:
        """Nothing goes wrong with this host or its line any more."""
        self.disk.faults = DiskFaults()
        self.weather.partitioned = self.weather.acks_lost = self.weather.hostile = False
        self.weather.slowest_seconds = 0.05
        if self.stream is not None:
            self.stream.reset("the line was repaired")
        self.start()

    def retire(self) -> None:
        """Switched off for good."""
        self.retired = True
        self._gone()

    def discard(self) -> None:
        """Give back what a simulated disk holds of SQLite."""
        if self.spool is not None:
            self.disk.reboot()
            with suppress(ProcessKilled):
                self.spool.abandon()
        self.spool, self.driver = None, None
        self.disk.discard()

    def describe(self) -> str:
        if self.spool is None or self.driver is None:
            return "dead"
        lanes = [(lane.number, lane.acked_through, lane.next_seq, lane.pending_count) for lane in self.spool.index]
        return f"{self.driver.state.value} alarms {dict(self.driver.alarms)} {dict(self.spool.alarms)} lanes {lanes}"

    def rolled_back(self, batch: Written) -> bool:
        """Written after the snapshot that this host was set back to."""
        return batch.mark in self.lost_by_restore

    def look_back(self) -> None:
        """Keep what the present process knows of a fencing and of damage, for the judgement."""
        self.fenced = self.fenced or self.refused
        if self.spool is not None:
            counts = self.spool.counts
            self.damage_seen = self.damage_seen or any(counts[name] for name in ("records_damaged", "segments_damaged", "lanes_jumped"))

    def _gone(self) -> None:
        self.look_back()
        self.spool, self.driver = None, None
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.reset("the agent's host sent RST")

    # -- work --------------------------------------------------------------------------------------------------------------

    def append(self) -> None:
        """One batch of one point whose tag is unique in the world."""
        if self.spool is None:
            return
        lane_class = self.random.choice((LaneClass.METRICS, LaneClass.METRICS, LaneClass.METRICS, LaneClass.EVENTS, LaneClass.STATE))
        self.marks += 1
        mark = f"{self.mark_prefix}-{self.marks}"
        self.true_ns[mark] = self.timeline.now_ns
        padding = self.random.randbytes(self.random.choice((0, 0, 300, 6_000)))
        self.guarded(lambda: self._append(lane_class, mark, padding))

    def _append(self, lane_class: LaneClass, mark: str, padding: bytes) -> None:
        assert self.spool is not None
        assert self.driver is not None
        now = Instant.of(self.clock)
        trusted = self.trust.trusted(now)
        table = Table("interface", [f"dev-{self.number}"], [now.wall_ns], {"ifIndex": [mark]}, {"ifHCInOctets": [self.marks]})
        batch = Batch([table], [], ClockNote(now.boot_id, now.wall_ns, now.monotonic_ns))
        places: list[Position] = []

        def seal(position: Position) -> Envelope:
            places.append(position)
            header = Header(
                tenant=self.name[0],
                site=self.name[1],
                agent=self.name[2],
                epoch=position.epoch,
                lane=position.lane,
                lane_class=position.lane_class,
                seq=position.seq,
                previous=position.previous,
                clock_trusted=trusted,
                boot_id=now.boot_id,
                closed_wall_ns=now.wall_ns,
                closed_monotonic_ns=now.monotonic_ns,
            )
            return self.suite.seal(header, batch, self.key, padding)

        digest = self.spool.append(lane_class, seal)
        self.written.append(Written(mark, places[-1].epoch, places[-1].lane, places[-1].seq, digest))
        self.driver.appended()

    def tick(self) -> None:
        if self.driver is not None:
            self.guarded(self.driver.tick)
            self.fenced = self.fenced or self.refused

    def maintain(self) -> None:
        if self.spool is not None:
            self.guarded(self.spool.maintain)

    def begin_epoch(self) -> None:
        """What a person orders after a fencing."""
        spool, driver = self.spool, self.driver
        if spool is None or driver is None:
            return

        def begin() -> None:
            self._set_aside.add(spool.epoch)
            spool.start_epoch(self.random.randbytes)
            driver.restart("a new epoch was begun")

        self.guarded(begin)

    @property
    def refused(self) -> bool:
        return self.driver is not None and "fenced" in self.driver.alarms

    @property
    def set_aside(self) -> set[bytes]:
        """Epochs that a person gave up."""
        return self._set_aside

    @property
    def drained(self) -> bool:
        if self.spool is None or self.driver is None:
            return self.retired
        return self.driver.state is LinkState.OPEN and all(lane.pending_count == 0 for lane in self.spool.index)

    # -- Transport ---------------------------------------------------------------------------------------------------------

    def connect(self) -> None:
        stream = self._open_stream(self)
        self._stream = stream

        def heard(message: uplink_pb2.ServerMessage) -> None:
            driver = self.driver
            if driver is not None and self._stream is stream:
                self.guarded(lambda: driver.received(message))

        def ended(reason: str) -> None:
            driver = self.driver
            if driver is not None and self._stream is stream:
                self._stream = None
                self.guarded(lambda: driver.disconnected(reason))

        def opened() -> None:
            driver = self.driver
            if driver is None or self._stream is not stream:
                return
            if stream.open:
                self.guarded(driver.connected)
            else:
                ended("connection refused")

        stream.attach_agent(heard, ended)
        if not self.weather.partitioned:
            self.timeline.after(0.01, opened)

    def send(self, message: uplink_pb2.AgentMessage) -> None:
        if self._stream is not None:
            self._stream.to_server(message)

    def disconnect(self) -> None:
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.close_by_agent()
