"""A link over a simulated spool, talked to by hand: what it sends is recorded, what the server says is passed in."""

from dataclasses import dataclass, field
from random import Random

from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.core import LinkCore, LinkSettings, LinkState
from natvakt_agent.link.driver import LinkDriver, LinkParts
from natvakt_agent.spool.spool import Spool
from natvakt_wire.v1 import uplink_pb2
from testkit.simulation_spool import SpoolBench

NONCE = b"\0" * 7 + b"\1" + b"n" * 24


@dataclass(slots=True)
class LinkBench:
    """`sent`: messages of the present stream, in order. `connects`: how often a stream was asked for."""

    bench: SpoolBench
    spool: Spool
    settings: LinkSettings = field(default_factory=LinkSettings)
    sent: list[uplink_pb2.AgentMessage] = field(default_factory=list)
    delivered: list[uplink_pb2.ServerMessage] = field(default_factory=list)
    connects: int = 0
    hung_up: int = 0
    driver: LinkDriver = field(init=False)
    core: LinkCore = field(init=False)
    trust: ClockTrust = field(init=False)

    @classmethod
    def begin(cls, seed: int = 11) -> "LinkBench":
        bench = SpoolBench.simulated(seed)
        return cls(bench, bench.open())

    def __post_init__(self) -> None:
        self.trust = ClockTrust(0)
        self.core = LinkCore(lambda: self.spool.index, Random(3).random, self.settings, "0.1.0")
        self.driver = LinkDriver(self.core, LinkParts(self.spool, self, self.bench.clock, self.trust, lambda: 7, self.delivered.append))

    # Transport

    def connect(self) -> None:
        self.connects += 1
        self.sent.clear()

    def send(self, message: uplink_pb2.AgentMessage) -> None:
        self.sent.append(message)

    def disconnect(self) -> None:
        self.hung_up += 1

    # what a test says

    def greet(self) -> uplink_pb2.Hello:
        """Connect as far as the Hello."""
        self.pass_time(0)
        while self.driver.state is LinkState.WAITING:
            self.pass_time(1)
        self.driver.connected()
        return self.sent[0].hello

    def open(self, *marks: tuple[int, int, bytes], nonce: bytes = NONCE, window_batches: int = 32) -> None:
        """A whole greeting; the server's marks as (lane, through seq, digest)."""
        self.greet()
        self.welcome(*marks, nonce=nonce, window_batches=window_batches)

    def welcome(self, *marks: tuple[int, int, bytes], nonce: bytes = NONCE, window_batches: int = 32) -> None:
        welcome = uplink_pb2.Welcome(
            resume_nonce=nonce, window_batches=window_batches, window_bytes=8 << 20, server_wall_ns=self.bench.clock.wall_ns()
        )
        for lane, seq, digest in marks:
            welcome.marks.add(lane=lane, through_seq=seq, digest=digest)
        self.driver.received(uplink_pb2.ServerMessage(welcome=welcome))

    def ack(self, lane: int, seq: int, digest: bytes, epoch: bytes | None = None) -> None:
        ack = uplink_pb2.Ack(epoch=self.spool.epoch if epoch is None else epoch, lane=lane, through_seq=seq, digest=digest)
        self.driver.received(uplink_pb2.ServerMessage(ack=ack))

    def nack(self, lane: int, seq: int, reason: uplink_pb2.NackReason, retry_after_ms: int = 0, digest: bytes = b"") -> None:
        nack = uplink_pb2.Nack(epoch=self.spool.epoch, lane=lane, seq=seq, reason=reason, retry_after_ms=retry_after_ms, digest=digest)
        self.driver.received(uplink_pb2.ServerMessage(nack=nack))

    def fenced(self) -> None:
        self.driver.received(uplink_pb2.ServerMessage(fenced=uplink_pb2.Fenced(detail="a clone")))

    def pass_time(self, seconds: float) -> None:
        self.bench.clock.advance(seconds)
        self.driver.tick()

    @property
    def batches(self) -> list[str]:
        """Positions of the batches sent, as the cheap seal spells them."""
        return [message.batch.header.decode().split("lane=")[1] for message in self.sent if message.HasField("batch")]

    @property
    def places(self) -> list[tuple[int, int]]:
        """(lane, seq) of the batches sent."""
        return [(int(text.split(",")[0]), int(text.split("seq=")[1].split(",")[0])) for text in self.batches]
