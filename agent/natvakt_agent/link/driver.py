"""Carries the core's effects out on a spool and a stream. Deterministic: whoever owns the thread (uplink, simulator) calls it.

Lock order: the spool's lock is held while the core decides and the effects run, so that no append comes between a decision and its act.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from natvakt_wire.v1 import uplink_pb2

from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.link.core import LinkCore, LinkState
from natvakt_agent.link.effects import (
    Acknowledge,
    Alarm,
    Connect,
    Deliver,
    Disconnect,
    Effect,
    KeepNonce,
    OpenLane,
    Quarantined,
    Rewind,
    SayHello,
    SendRecord,
    ServerTime,
)
from natvakt_agent.link.ports import SpoolPort
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.delivery import RecordKind, SpoolError

_log = logging.getLogger(__name__)


class Transport(Protocol):
    """The stream below. None of these may block or raise; what goes wrong comes back as `disconnected`."""

    def connect(self) -> None: ...
    def send(self, message: uplink_pb2.AgentMessage) -> None: ...
    def disconnect(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LinkParts:
    """`policy_version`: of the policy in force. `deliver`: policy, commands, recipient keys and certificates end there."""

    spool: SpoolPort
    transport: Transport
    clock: Clock
    clock_trust: ClockTrust
    policy_version: Callable[[], int]
    deliver: Callable[[uplink_pb2.ServerMessage], None]


class LinkDriver:
    """`tick` at least every second; the other calls as things happen."""

    def __init__(self, core: LinkCore, parts: LinkParts) -> None:
        self._core = core
        self._parts = parts
        self.counts: Counter[str] = Counter()
        self._alarms: dict[str, str] = {}

    @property
    def state(self) -> LinkState:
        return self._core.state

    @property
    def alarms(self) -> Mapping[str, str]:
        """Conditions that hold now, by name; a copy, for other threads."""
        return dict(self._alarms)

    @property
    def batch_bytes(self) -> int:
        """How large a new batch is best made on this line."""
        return self._core.batch_bytes

    def tick(self) -> None:
        self._handle(self._core.tick)

    def appended(self) -> None:
        self._handle(lambda _now_ns: [])

    def connected(self) -> None:
        self._handle(lambda now_ns: self._core.connected(now_ns, self._parts.spool.resume_nonce))

    def disconnected(self, reason: str, retry_after_ns: int = 0) -> None:
        self.counts["disconnected"] += 1
        _log.warning("link ended reason=%s", reason)
        self._handle(lambda now_ns: self._core.disconnected(now_ns, retry_after_ns))

    def received(self, message: uplink_pb2.ServerMessage) -> None:
        self._handle(lambda now_ns: self._core.received(message, now_ns))

    def restart(self, reason: str) -> None:
        """Begin a new session now: a certificate was renewed, or a new epoch begun. What the old one complained of no longer holds."""
        self._alarms.clear()
        self._handle(lambda now_ns: self._core.restart(now_ns, reason))

    def tell(self, message: uplink_pb2.AgentMessage) -> bool:
        """Send a command's result or a renewal. False: there is no session, try again later."""
        if self._core.state is not LinkState.OPEN:
            return False
        self._parts.transport.send(message)
        return True

    def _handle(self, decide: Callable[[int], list[Effect]]) -> None:
        with self._parts.spool.lock:
            self._carry_out(decide(self._now_ns()))
            replaced = True
            while replaced:
                before = self.counts["records_replaced"]
                self._carry_out(self._core.pump(self._now_ns()))
                replaced = self.counts["records_replaced"] > before

    def _carry_out(self, effects: list[Effect]) -> None:
        gone: set[int] = set()
        for effect in effects:
            if isinstance(effect, SendRecord):
                if effect.lane in gone or not self._send_record(effect):
                    gone.add(effect.lane)
                    self._core.record_gone(effect.lane, effect.seq)
                continue
            try:
                self._carry_out_one(effect)
            except SpoolError as error:
                self.counts["spool_failed"] += 1
                self._carry_out(self._core.failed(self._now_ns(), f"spool: {error}"))
                return

    def _carry_out_one(self, effect: Effect) -> None:
        spool, transport = self._parts.spool, self._parts.transport
        match effect:
            case Connect():
                transport.connect()
            case Disconnect():
                _log.warning("link is ended reason=%s", effect.reason)
                transport.disconnect()
            case SayHello():
                transport.send(self._hello(effect.hello))
            case KeepNonce():
                spool.keep_nonce(effect.nonce)
                self._alarms.clear()
            case ServerTime():
                self._parts.clock_trust.confirm(effect.wall_ns, Instant.of(self._parts.clock))
            case Acknowledge():
                spool.ack(effect.lane, effect.through_seq, effect.digest)
            case Quarantined():
                spool.poison(effect.lane, effect.seq, effect.digest)
            case Rewind():
                spool.rewind(effect.lane, effect.through_seq, effect.digest)
            case OpenLane():
                spool.open_lane(effect.lane_class)
            case Alarm():
                self._alarm(effect)
            case Deliver():
                self._parts.deliver(effect.message)
            case SendRecord():
                raise AssertionError("records are sent by _carry_out")

    def _send_record(self, effect: SendRecord) -> bool:
        try:
            outgoing = self._parts.spool.read(effect.lane, effect.seq)
        except SpoolError as error:
            self.counts["spool_failed"] += 1
            _log.error("record cannot be read lane=%d seq=%d reason=%s", effect.lane, effect.seq, error)
            return False
        if outgoing is None:
            self.counts["records_replaced"] += 1  # by a gap record, which the next look at the lane finds
            return False
        if outgoing.head.kind is RecordKind.GAP:
            message = uplink_pb2.AgentMessage(gap=uplink_pb2.SignedGap.FromString(outgoing.sealed))
        else:
            message = uplink_pb2.AgentMessage(batch=uplink_pb2.Envelope.FromString(outgoing.sealed))
        self.counts["records_sent"] += 1
        self._parts.transport.send(message)
        return True

    def _hello(self, hello: uplink_pb2.Hello) -> uplink_pb2.AgentMessage:
        now = Instant.of(self._parts.clock)
        hello.boot_id, hello.wall_ns, hello.monotonic_ns = now.boot_id, now.wall_ns, now.monotonic_ns
        hello.policy_version = self._parts.policy_version()
        return uplink_pb2.AgentMessage(hello=hello)

    def _alarm(self, alarm: Alarm) -> None:
        self.counts[f"alarm.{alarm.name}"] += 1
        self._alarms[alarm.name] = alarm.detail
        _log.error("link alarm name=%s detail=%s", alarm.name, alarm.detail)

    def _now_ns(self) -> int:
        return self._parts.clock.monotonic_ns()
