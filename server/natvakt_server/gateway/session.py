"""One agent's stream as a state machine: messages, answers and ticks in, effects out. No I/O, no clock or randomness of its own.

    WAITING ──Hello──► BEGINNING ──Begun──► OPEN ──► CLOSED
       └──────────────────┴── NotBegun, refusal, expiry, revocation, supersession ──┘

Rules that hold in every state: who speaks is told by the certificate alone; whether it may still speak is asked before every message and at
every tick; nothing is acknowledged before `Stored` says that it was committed; what cannot be right changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from natvakt_wire.envelope import Envelope, LaneClass
from natvakt_wire.gap import SignedGap
from natvakt_wire.limits import WINDOW_BATCHES, WINDOW_BYTES
from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import Arrival, Incoming, Mark
from natvakt_server.domain.identity import AuditEntry, IdentityKey
from natvakt_server.gateway.authenticity import Refused, Verify, VerifyGap, authenticate, authenticate_gap
from natvakt_server.gateway.messages import MAX_TEXT, begin_of, hello_fault, incoming_of_batch, incoming_of_gap, lane_classes, nack, welcome
from natvakt_server.gateway.pacing import Rate, TokenBucket, jittered_ms
from natvakt_server.gateway.requests import (
    Answer,
    Ask,
    Audit,
    Begin,
    Begun,
    Close,
    Collect,
    Collected,
    Confirm,
    Effect,
    Failed,
    Fence,
    NotBegun,
    Peer,
    Request,
    Send,
    Store,
    Stored,
    SubmitRenewal,
    TellResult,
)
from natvakt_server.gateway.resume import FRESH_BYTES
from natvakt_server.gateway.tally import Tally

MAX_CSR_BYTES = 16 * 1024
MESSAGE_RATE = Rate(per_second=200.0, burst=400.0)
OCTET_RATE = Rate(per_second=32.0 * 1024 * 1024, burst=64.0 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    window_batches: int = WINDOW_BATCHES
    window_bytes: int = WINDOW_BYTES
    lanes: int = 1024
    messages: Rate = MESSAGE_RATE
    octets: Rate = OCTET_RATE
    hello_timeout_ns: int = 15_000_000_000
    collect_interval_ns: int = 5_000_000_000
    renewal_interval_ns: int = 500_000_000  # while a renewed certificate is awaited
    retry_after_ms: int = 2_000
    quota_retry_after_ms: int = 60_000


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What every session of a gateway shares. `refusal`: the word on this peer now, None while it may speak."""

    clock: Clock
    random: Callable[[int], bytes]
    refusal: Callable[[Peer], str | None]
    verify: Verify
    verify_gap: VerifyGap
    tally: Tally
    limits: SessionLimits = SessionLimits()


class _State(Enum):
    WAITING = "waiting"
    BEGINNING = "beginning"
    OPEN = "open"
    CLOSED = "closed"


class Session:
    """Drive it with `receive`, `answer`, `tick`; after each, carry out what `drain` gives, in order."""

    def __init__(self, peer: Peer, parts: SessionParts, wake: Callable[[], None] = lambda: None) -> None:
        now_ns = parts.clock.monotonic_ns()
        self.peer = peer
        self._parts = parts
        self._limits = parts.limits
        self._wake = wake
        self._state = _State.WAITING
        self._outbox: list[Effect] = []
        self._opened_ns = now_ns
        self._collected_ns = now_ns
        self._messages = TokenBucket(parts.limits.messages, now_ns)
        self._octets = TokenBucket(parts.limits.octets, now_ns)
        self._epoch = b""
        self._nonce = b""
        self._confirmed = False
        self._policy_version = 0
        self._lane_classes: dict[int, str] = {}
        self._marks: dict[int, Mark] = {}
        self._keys: Sequence[IdentityKey] = ()
        self._in_flight = 0
        self._in_flight_bytes = 0
        self._delivered: set[bytes] = set()
        self._awaits_renewal = False

    @property
    def closed(self) -> bool:
        return self._state is _State.CLOSED

    @property
    def open(self) -> bool:
        return self._state is _State.OPEN

    @property
    def outbox_size(self) -> int:
        return len(self._outbox)

    def wake(self) -> None:
        """Effects may wait: tell the driver."""
        self._wake()

    def drain(self) -> Sequence[Effect]:
        effects, self._outbox = self._outbox, []
        return effects

    # -- what comes in -------------------------------------------------------------------------------------------------

    def receive(self, message: uplink_pb2.AgentMessage) -> None:
        """One message of the agent. Never raises for what an agent sends."""
        if self.closed or not self._still_admitted():
            return
        body = message.WhichOneof("body")
        self._parts.tally.add(f"received.{body}")
        if body == "hello" and self._state is _State.WAITING:
            self._hello(message.hello)
        elif self._state is not _State.OPEN:
            self.close("FAILED_PRECONDITION", f"protocol: {body} before Welcome; the first message is one Hello")
        elif body == "batch":
            self._batch(message.batch)
        elif body == "gap":
            self._gap(message.gap)
        elif body == "result":
            result = message.result
            self._ask(TellResult(self.peer, result.command[:MAX_TEXT], result.accepted, result.detail[:MAX_TEXT]))
        elif body == "renewal":
            self._renewal(message.renewal)
        else:
            self.close("INVALID_ARGUMENT", f"protocol: {body} is not expected here")

    def answer(self, answer: Answer) -> None:
        """What the store said to an `Ask`."""
        if self.closed:
            return
        match answer:
            case Begun():
                self._begun(answer)
            case NotBegun():
                self._not_begun(answer)
            case Stored():
                self._stored(answer)
            case Collected():
                self._deliver(answer.messages)
            case Failed():
                self._failed(answer.request)

    def tick(self) -> None:
        """Call it at least every second: expiry, revocation and a silent peer are noticed here, and waiting messages fetched."""
        if self.closed or not self._still_admitted():
            return
        now_ns = self._parts.clock.monotonic_ns()
        if self._state is _State.WAITING and now_ns - self._opened_ns >= self._limits.hello_timeout_ns:
            self.close("DEADLINE_EXCEEDED", "protocol: no Hello within the time for it")
        elif self.open and now_ns - self._collected_ns >= self._collect_interval_ns():
            self._collect()

    def _collect_interval_ns(self) -> int:
        return self._limits.renewal_interval_ns if self._awaits_renewal else self._limits.collect_interval_ns

    def close(self, status: str, detail: str, retry_after_ms: int = 0) -> None:
        """End the session from either side of the core; the driver is woken."""
        if self.closed:
            return
        self._state = _State.CLOSED
        self._parts.tally.add(f"closed.{detail.partition(':')[0]}")
        self._outbox.append(Close(status, detail, retry_after_ms))
        self._wake()

    # -- admission -----------------------------------------------------------------------------------------------------

    def _still_admitted(self) -> bool:
        """gRPC checks a certificate only in the handshake, so both its end and a revocation are looked for at every message."""
        if self._parts.clock.wall_ns() >= self.peer.not_after_ns:
            self.close("UNAUTHENTICATED", "certificate-expired: renew it at the enrolment port")
            return False
        refusal = self._parts.refusal(self.peer)
        if refusal is None:
            return True
        self._audit("session-cut", refusal)
        self._send(uplink_pb2.ServerMessage(nack=uplink_pb2.Nack(epoch=self._epoch, reason=uplink_pb2.NACK_REASON_REVOKED, detail=refusal)))
        self.close("UNAUTHENTICATED", f"revoked: {refusal}")
        return False

    # -- hello ---------------------------------------------------------------------------------------------------------

    def _hello(self, hello: uplink_pb2.Hello) -> None:
        fault = hello_fault(hello, self._limits.lanes)
        if fault:
            self._audit("hello", fault)
            self.close("INVALID_ARGUMENT", f"protocol: {fault}")
            return
        self._state = _State.BEGINNING
        self._epoch = hello.epoch
        self._policy_version = hello.policy_version
        self._lane_classes = lane_classes(hello)
        self._ask(begin_of(hello, self.peer, self._parts.random(FRESH_BYTES), self._parts.clock.wall_ns()))

    def _begun(self, begun: Begun) -> None:
        self._state = _State.OPEN
        self._nonce = begun.nonce
        self._keys = begun.keys
        self._marks = {mark.lane: mark for mark in begun.marks}
        self._send(
            welcome(
                begun,
                self._lane_classes,
                window_batches=self._limits.window_batches,
                window_bytes=self._limits.window_bytes,
                server_wall_ns=self._parts.clock.wall_ns(),
            )
        )
        self._collect()

    def _not_begun(self, refusal: NotBegun) -> None:
        if refusal.fenced:
            self._parts.tally.add("fenced")
            self._send(uplink_pb2.ServerMessage(fenced=uplink_pb2.Fenced(detail=refusal.detail)))
            self.close("UNAUTHENTICATED", f"fenced: {refusal.detail}")
        else:
            self.close("UNAUTHENTICATED", f"not-admitted: {refusal.detail}")

    # -- batches and gaps ----------------------------------------------------------------------------------------------

    def _batch(self, message: uplink_pb2.Envelope) -> None:
        envelope = Envelope(message.header, message.ciphertext, message.signature)
        try:
            authentic = authenticate(envelope, self.peer, self._epoch, self._keys, self._parts.verify)
        except Refused as refused:
            self._refuse(refused)
            return
        self._offer(incoming_of_batch(self.peer, authentic, envelope, self._parts.clock.wall_ns()))

    def _gap(self, message: uplink_pb2.SignedGap) -> None:
        signed = SignedGap(message.body, message.signature)
        try:
            record = authenticate_gap(signed, self.peer, self._epoch, self._keys, self._parts.verify_gap)
        except Refused as refused:
            self._refuse(refused)
            return
        lane_class = self._lane_classes.get(record.lane, LaneClass.METRICS.value)
        self._offer(incoming_of_gap(self.peer, record, lane_class, message, self._parts.clock.wall_ns()))

    def _offer(self, incoming: Incoming) -> None:
        mark = self._marks.get(incoming.lane)
        if mark is None and len(self._marks) >= self._limits.lanes:
            self._refuse(Refused("RESOURCE_EXHAUSTED", "too-many-lanes", f"lane {incoming.lane} is one more than {self._limits.lanes}"))
            return
        through = mark.seq if mark else 0
        if incoming.seq > through + self._limits.window_batches:
            self._refuse(Refused("OUT_OF_RANGE", "out-of-window", f"lane {incoming.lane}: seq {incoming.seq}, stored through {through}"))
            return
        size = len(incoming.envelope)
        if self._in_flight >= self._limits.window_batches or self._in_flight_bytes + size > self._limits.window_bytes:
            self._refuse(Refused("RESOURCE_EXHAUSTED", "window-exceeded", f"more than {self._limits.window_batches} batches unanswered"))
            return
        now_ns = self._parts.clock.monotonic_ns()
        wait_ns = self._messages.take(1, now_ns) or self._octets.take(size, now_ns)
        if wait_ns:
            retry_after_ms = self._jittered(max(1, wait_ns // 1_000_000))
            self._send_nack(incoming, uplink_pb2.NACK_REASON_RETRY_AFTER, "too fast", retry_after_ms)
            return
        self._in_flight += 1
        self._in_flight_bytes += size
        self._ask(Store(incoming))

    def _stored(self, stored: Stored) -> None:
        advanced: set[int] = set()
        for incoming, arrival in stored.results:
            self._settle(incoming)
            self._parts.tally.add(f"arrival.{arrival.value}")
            if arrival is Arrival.FORK:
                self._acknowledge(advanced)
                self._fork(incoming)
                return
            if arrival in (Arrival.STORED, Arrival.ALREADY_HAVE):
                self._advance(incoming)
                advanced.add(incoming.lane)
            elif arrival is Arrival.QUOTA:
                self._send_nack(
                    incoming,
                    uplink_pb2.NACK_REASON_QUOTA,
                    "the inbox of this customer is full",
                    self._jittered(self._limits.quota_retry_after_ms),
                )
            else:
                self._send_nack(
                    incoming, uplink_pb2.NACK_REASON_RETRY_AFTER, "an earlier batch is missing", self._jittered(self._limits.retry_after_ms)
                )
        self._acknowledge(advanced)

    def _advance(self, incoming: Incoming) -> None:
        mark = self._marks.get(incoming.lane)
        if mark is None or incoming.last_seq > mark.seq:
            self._marks[incoming.lane] = Mark(incoming.lane, incoming.last_seq, incoming.digest)
        if incoming.quarantine_reason:
            self._parts.tally.add("poison")
            self._audit("poison", f"lane {incoming.lane} seq {incoming.seq}: {incoming.quarantine_reason}")
            self._send_nack(incoming, uplink_pb2.NACK_REASON_POISON, incoming.quarantine_reason)
        if not self._confirmed:
            self._confirmed = True
            self._ask(Confirm(self.peer.agent, self._epoch, self._nonce))

    def _acknowledge(self, lanes: set[int]) -> None:
        """One cumulative ack a lane, whatever the size of the group that was committed."""
        for lane in sorted(lanes):
            mark = self._marks[lane]
            ack = uplink_pb2.Ack(epoch=self._epoch, lane=lane, through_seq=mark.seq, digest=mark.digest)
            self._send(uplink_pb2.ServerMessage(ack=ack))

    def _fork(self, incoming: Incoming) -> None:
        detail = f"lane {incoming.lane} seq {incoming.seq}: another batch stands in this place"
        self._audit("fork", detail)
        self._ask(Fence(self.peer.agent, self._epoch, detail))
        self._send_nack(incoming, uplink_pb2.NACK_REASON_FORK, detail)
        self._send(uplink_pb2.ServerMessage(fenced=uplink_pb2.Fenced(detail=detail)))
        self.close("UNAUTHENTICATED", f"fork: {detail}")

    def _failed(self, request: Request) -> None:
        if isinstance(request, Store):
            self._settle(request.incoming)
            self._send_nack(
                request.incoming, uplink_pb2.NACK_REASON_RETRY_AFTER, "the inbox is away", self._jittered(self._limits.retry_after_ms)
            )
        elif isinstance(request, Begin):
            self.close("UNAVAILABLE", "store-away: try again later", self._jittered(self._limits.retry_after_ms))
        elif isinstance(request, Confirm):
            self._confirmed = False

    def _settle(self, incoming: Incoming) -> None:
        self._in_flight -= 1
        self._in_flight_bytes -= len(incoming.envelope)

    # -- what else flows -----------------------------------------------------------------------------------------------

    def _renewal(self, renewal: uplink_pb2.Renewal) -> None:
        if not 0 < len(renewal.csr) <= MAX_CSR_BYTES:
            result = uplink_pb2.RenewalResult(refused=f"the request has {len(renewal.csr)} bytes; at most {MAX_CSR_BYTES} are read")
            self._send(uplink_pb2.ServerMessage(renewal=result))
            return
        self._awaits_renewal = True
        self._ask(SubmitRenewal(self.peer, renewal.csr, renewal.signature))

    def _collect(self) -> None:
        self._collected_ns = self._parts.clock.monotonic_ns()
        self._ask(Collect(self.peer, self._policy_version))

    def _deliver(self, messages: Sequence[uplink_pb2.ServerMessage]) -> None:
        """A message waits until it is answered or replaced, so it is met again at every collection: once a session is enough."""
        for message in messages:
            key = message.SerializeToString(deterministic=True)
            if key not in self._delivered:
                self._delivered.add(key)
                self._send(message)
            if message.HasField("renewal"):
                self._awaits_renewal = False

    # -- effects -------------------------------------------------------------------------------------------------------

    def _refuse(self, refused: Refused) -> None:
        self._parts.tally.add(f"refused.{refused.action}")
        self._audit(refused.action, refused.detail)
        self.close(refused.status, f"{refused.action}: {refused.detail}")

    def _send_nack(self, incoming: Incoming, reason: uplink_pb2.NackReason, detail: str, retry_after_ms: int = 0) -> None:
        self._send(nack(incoming, reason, detail, retry_after_ms))

    def _jittered(self, least_ms: int) -> int:
        return jittered_ms(least_ms, self._parts.random)

    def _send(self, message: uplink_pb2.ServerMessage) -> None:
        self._outbox.append(Send(message))

    def _ask(self, request: Request) -> None:
        self._outbox.append(Ask(request))

    def _audit(self, action: str, detail: str) -> None:
        entry = AuditEntry(
            at_ns=self._parts.clock.wall_ns(),
            actor=f"agent:{self.peer.agent}",
            action=action,
            subject=f"{self.peer.tenant}/{self.peer.site}",
            outcome="refused",
            detail=detail,
            tenant=self.peer.tenant,
        )
        self._outbox.append(Audit(entry))
