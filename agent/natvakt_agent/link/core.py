"""The agent's half of the delivery protocol as a state machine: events and time in, effects out. No I/O, no clock of its own.

    WAITING ──due──► CONNECTING ──connected──► GREETING ──Welcome──► OPEN
       ▲                 │                        │                   │
       └──── backoff ────┴──── disconnected, time out, fault ─────────┘        FENCED, REVOKED: WAITING with a long pause and an alarm

Rules: an acknowledgement counts only when it names our epoch, a lane, and our own digest for that seq; nothing is sent before the session's
nonce is durable; a lane is sent in order and goes back to its first unanswered record after a nack. Live lanes are served first and the
backlog may fill three quarters of the window at most, so live data never waits behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from natvakt_wire.envelope import FIRST_PREVIOUS, LaneClass
from natvakt_wire.v1 import uplink_pb2

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
    ServerTime,
)
from natvakt_agent.link.flow import SECOND_NS, Backoff, FlowWindow
from natvakt_agent.link.ports import Backlog, LaneView
from natvakt_agent.link.sending import Sending

PROTOCOL = 1
_CLASSES = {
    LaneClass.EVENTS: uplink_pb2.LANE_CLASS_EVENTS,
    LaneClass.STATE: uplink_pb2.LANE_CLASS_STATE,
    LaneClass.METRICS: uplink_pb2.LANE_CLASS_METRICS,
}


class LinkState(Enum):
    WAITING = "waiting"
    CONNECTING = "connecting"
    GREETING = "greeting"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LinkSettings:
    connect_timeout_ns: int = 30 * SECOND_NS
    welcome_timeout_ns: int = 30 * SECOND_NS
    ack_timeout_ns: int = 60 * SECOND_NS
    refused_pause_ns: int = 15 * 60 * SECOND_NS  # fenced or revoked: ask now and then whether a person changed it
    quota_pause_ns: int = 60 * SECOND_NS
    outage_batches: int = 8  # this much waiting in a live lane at a Welcome is an outage: live data gets a new lane
    draining_lanes: int = 4  # a class with that many lanes still to drain gets no further one
    settled_ns: int = 60 * SECOND_NS  # a session that lasted this long was a success whatever ended it


class LinkCore:
    """Call `tick` at least every second, the others as things happen; carry out what they return, then call `pump`."""

    def __init__(self, backlog: Callable[[], Backlog], random: Callable[[], float], settings: LinkSettings, version: str) -> None:
        self._backlog = backlog
        self._settings = settings
        self._version = version
        self._backoff = Backoff(random)
        self._window = FlowWindow()
        self._sending = Sending(self._window)
        self._state = LinkState.WAITING
        self._due_ns = 0
        self._since_ns = 0
        self._refusal = ""

    @property
    def state(self) -> LinkState:
        return self._state

    @property
    def refusal(self) -> str:
        """Why the server does not want this agent; empty while it does."""
        return self._refusal

    @property
    def due_ns(self) -> int:
        """Monotonic time of the next attempt, while WAITING."""
        return self._due_ns

    @property
    def batch_bytes(self) -> int:
        """How large a new batch is best made on this line."""
        return self._window.batch_bytes

    @property
    def in_flight(self) -> int:
        return self._sending.count

    def tick(self, now_ns: int) -> list[Effect]:
        """Time passed."""
        waited_ns = now_ns - self._since_ns
        if self._state is LinkState.WAITING and now_ns >= self._due_ns:
            self._enter(LinkState.CONNECTING, now_ns)
            return [Connect()]
        if self._state is LinkState.CONNECTING and waited_ns >= self._settings.connect_timeout_ns:
            return self._fail(now_ns, "no connection within the time for it")
        if self._state is LinkState.GREETING and waited_ns >= self._settings.welcome_timeout_ns:
            return self._fail(now_ns, "no Welcome within the time for it")
        if self._state is LinkState.OPEN and now_ns - self._sending.oldest_sent_ns(now_ns) >= self._settings.ack_timeout_ns:
            self._window.timed_out()
            return self._fail(now_ns, "no acknowledgement within the time for it")
        return []

    def connected(self, now_ns: int, resume_nonce: bytes) -> list[Effect]:
        """A stream is open."""
        if self._state is not LinkState.CONNECTING:
            return []
        self._enter(LinkState.GREETING, now_ns)
        backlog = self._backlog()
        offers = [
            uplink_pb2.LaneOffer(
                lane=lane.number,
                lane_class=_CLASSES[lane.lane_class],
                oldest_seq=lane.oldest_seq,
                next_seq=lane.next_seq,
                acked_through=lane.acked_through,
                acked_digest=lane.acked_digest,
            )
            for lane in backlog
        ]
        return [
            SayHello(
                uplink_pb2.Hello(protocol=PROTOCOL, epoch=backlog.epoch, resume_nonce=resume_nonce, lanes=offers, version=self._version)
            )
        ]

    def disconnected(self, now_ns: int, retry_after_ns: int = 0) -> list[Effect]:
        """The stream ended, or never came to be."""
        if self._state is LinkState.WAITING:
            return []
        if self._state is LinkState.OPEN and now_ns - self._since_ns >= self._settings.settled_ns:
            self._backoff.succeeded()
        self._pause(now_ns, max(retry_after_ns, self._backoff.next_ns()))
        return []

    def received(self, message: uplink_pb2.ServerMessage, now_ns: int) -> list[Effect]:
        """A message of the server. Never raises for what a server sends."""
        body = message.WhichOneof("body")
        if body == "fenced":
            return self._refused(now_ns, "fenced", message.fenced.detail)
        if self._state is LinkState.GREETING and body == "welcome":
            return self._welcome(message.welcome, now_ns)
        if self._state is LinkState.OPEN and body == "ack":
            return self._ack(message.ack, now_ns)
        if self._state in (LinkState.OPEN, LinkState.GREETING) and body == "nack":
            return self._nack(message.nack, now_ns)
        if self._state is LinkState.OPEN and body in ("policy", "command", "recipients", "renewal"):
            return [Deliver(message)]
        if self._state in (LinkState.GREETING, LinkState.OPEN):
            return self._fail(now_ns, f"protocol: {body} is not expected now")
        return []

    def pump(self, now_ns: int) -> list[Effect]:
        """What may be sent now. Call it after effects were carried out and after an append."""
        return list(self._sending.next_records(self._backlog(), now_ns)) if self._state is LinkState.OPEN else []

    def record_gone(self, lane: int, seq: int) -> None:
        """The spool no longer has what it was asked for: look at that lane afresh."""
        self._sending.gone(lane, seq)

    def restart(self, now_ns: int, reason: str) -> list[Effect]:
        """End the session in order to begin another at once, with a renewed certificate or a new epoch."""
        was_connected = self._state is not LinkState.WAITING
        self._backoff.succeeded()
        self._refusal = ""
        self._pause(now_ns, 0)
        return [Disconnect(reason)] if was_connected else []

    def failed(self, now_ns: int, reason: str) -> list[Effect]:
        """The driver could not carry an effect out: end this session, try again later."""
        return self._fail(now_ns, reason)

    # -- messages --------------------------------------------------------------------------------------------------------

    def _welcome(self, welcome: uplink_pb2.Welcome, now_ns: int) -> list[Effect]:
        self._enter(LinkState.OPEN, now_ns)
        self._refusal = ""
        self._window.granted(welcome.window_batches, welcome.window_bytes)
        self._sending.clear()
        marks = {mark.lane: (mark.through_seq, mark.digest) for mark in welcome.marks}
        effects: list[Effect] = [KeepNonce(welcome.resume_nonce), ServerTime(welcome.server_wall_ns)]
        for lane in self._backlog():
            verdict = self._compare(lane, *marks.get(lane.number, (0, FIRST_PREVIOUS)))
            if verdict is None:
                detail = f"lane {lane.number}: another batch than ours stands at seq {marks.get(lane.number, (0, b''))[0]} of the server"
                return [*effects, *self._refused(now_ns, "fenced", detail)]
            effects.extend(verdict)
        effects.extend(OpenLane(lane_class) for lane_class in LaneClass if self._outage(lane_class))
        return effects

    def _compare(self, lane: LaneView, through_seq: int, digest: bytes) -> list[Effect] | None:
        """What the server's mark of a lane means for ours. None: it contradicts us."""
        ours = lane.digest_at(through_seq)
        if through_seq < lane.acked_through:
            if ours is not None and ours != digest:
                return None
            detail = f"lane {lane.number}: acknowledged through {lane.acked_through}, the server knows {through_seq}"
            return [Alarm("server-restored", detail), Rewind(lane.number, through_seq, digest)]
        if ours == digest:
            return [Acknowledge(lane.number, through_seq, digest)] if through_seq > lane.acked_through else []
        head = lane.head_after(through_seq - 1)
        inside_gap = head is not None and head.seq <= through_seq < head.last_seq
        return [] if inside_gap else None

    def _outage(self, lane_class: LaneClass) -> bool:
        backlog = self._backlog()
        waiting = [lane for lane in backlog if lane.lane_class is lane_class and lane.pending_count]
        live = [lane for lane in waiting if backlog.is_live_number(lane.number)]
        return bool(live) and live[0].pending_count >= self._settings.outage_batches and len(waiting) <= self._settings.draining_lanes

    def _ack(self, ack: uplink_pb2.Ack, now_ns: int) -> list[Effect]:
        backlog = self._backlog()
        lane = backlog.lane(ack.lane) if ack.epoch == backlog.epoch else None
        ours = lane.digest_at(ack.through_seq) if lane is not None else None
        if lane is None or ours != ack.digest:
            if lane is not None and ack.through_seq < lane.next_seq and self._stale(lane, ack.through_seq):
                self._sending.acked(ack.lane, ack.through_seq, now_ns)
                return []
            return [Alarm("ack-refused", f"lane {ack.lane} through {ack.through_seq} names a digest that this spool does not have")]
        self._backoff.succeeded()
        self._sending.acked(ack.lane, ack.through_seq, now_ns)
        return [Acknowledge(ack.lane, ack.through_seq, ack.digest)]

    @staticmethod
    def _stale(lane: LaneView, through_seq: int) -> bool:
        """An ack for what was declared a gap, or unlinked, after it was sent."""
        head = lane.head_after(through_seq - 1)
        return through_seq < lane.oldest_seq or (head is not None and head.seq <= through_seq < head.last_seq)

    def _nack(self, nack: uplink_pb2.Nack, now_ns: int) -> list[Effect]:
        pause_ns = nack.retry_after_ms * 1_000_000
        match nack.reason:
            case uplink_pb2.NACK_REASON_REVOKED:
                return self._refused(now_ns, "revoked", nack.detail)
            case uplink_pb2.NACK_REASON_FORK:
                return self._refused(now_ns, "fenced", nack.detail)
            case uplink_pb2.NACK_REASON_POISON:
                return self._poison(nack)
            case uplink_pb2.NACK_REASON_QUOTA:
                self._sending.nacked(nack.lane, nack.seq, now_ns + max(pause_ns, self._settings.quota_pause_ns))
            case _:
                self._sending.nacked(nack.lane, nack.seq, now_ns + max(pause_ns, SECOND_NS))
        return []

    def _poison(self, nack: uplink_pb2.Nack) -> list[Effect]:
        backlog = self._backlog()
        lane = backlog.lane(nack.lane) if nack.epoch == backlog.epoch else None
        if lane is None or lane.digest_at(nack.seq) != nack.digest:
            return [Alarm("ack-refused", f"quarantine of lane {nack.lane} seq {nack.seq} names a digest that this spool does not have")]
        detail = f"lane {nack.lane} seq {nack.seq} is in the server's quarantine: {nack.detail}"
        return [Alarm("poison", detail), Quarantined(nack.lane, nack.seq, nack.digest)]

    # -- states ----------------------------------------------------------------------------------------------------------

    def _enter(self, state: LinkState, now_ns: int) -> None:
        self._state = state
        self._since_ns = now_ns

    def _pause(self, now_ns: int, pause_ns: int) -> None:
        self._enter(LinkState.WAITING, now_ns)
        self._due_ns = now_ns + pause_ns
        self._sending.clear()

    def _fail(self, now_ns: int, reason: str) -> list[Effect]:
        self._pause(now_ns, self._backoff.next_ns())
        return [Disconnect(reason)]

    def _refused(self, now_ns: int, name: str, detail: str) -> list[Effect]:
        if self._state is LinkState.WAITING:
            return []
        self._refusal = f"{name}: {detail}"
        self._pause(now_ns, self._settings.refused_pause_ns)
        return [Alarm(name, detail), Disconnect(self._refusal)]
