"""The server's half of delivery without a network: an honest agent, fakes of what gateway and worker ask, and a line that joins all.

AgentSide ──AgentMessage──► Line.session(...) ──► MemoryInbox ──► Line.worker ──► MemorySeries, MemoryInbox.documents
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from natvakt_server.domain.identity import AgentRecord, AgentState, AuditEntry, IdentityKey
from natvakt_server.domain.series import BatchKey, Delivery, Rejected, SeriesTable, SeriesUnavailable, WriteResult
from natvakt_server.gateway.core import Admission, Gateway
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.requests import Ask, Audit, Close, Peer, Send
from natvakt_server.gateway.session import Session, SessionLimits, SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.opening import Crypto, Opener
from natvakt_server.ingest.tally import IngestTally
from natvakt_server.ingest.worker import Worker
from natvakt_wire import gap as wire_gap
from natvakt_wire import seal as wire_seal
from natvakt_wire.batch import Batch, ClockNote, Document, Table, encode
from natvakt_wire.envelope import FIRST_PREVIOUS, Envelope, Header, LaneClass
from natvakt_wire.gap import REASON_CAPACITY, GapRecord, sign_gap
from natvakt_wire.seal import RecipientPrivateKey, seal
from natvakt_wire.signing import fingerprint
from natvakt_wire.v1 import uplink_pb2
from testkit.inbox import MemoryInbox
from testkit.wire import AGENT, BOOT_ID, EPOCH, NOW_NS, identity_key, recipient_key, seeded_random

SECOND_NS = 1_000_000_000
HOUR_NS = 3600 * SECOND_NS
DAY_NS = 24 * HOUR_NS
SESSION_LIMITS = SessionLimits()
INGEST_LIMITS = IngestLimits()


@dataclass(slots=True)
class ManualClock:
    """Moves when a test moves it."""

    wall: int = NOW_NS
    monotonic: int = 1000 * SECOND_NS

    def wall_ns(self) -> int:
        return self.wall

    def monotonic_ns(self) -> int:
        return self.monotonic

    def advance(self, seconds: float) -> None:
        self.wall += round(seconds * SECOND_NS)
        self.monotonic += round(seconds * SECOND_NS)


@dataclass(slots=True)
class Directory:
    """Registered agents and their identity keys."""

    records: dict[str, AgentRecord] = field(default_factory=dict)
    keys: dict[str, list[IdentityKey]] = field(default_factory=dict)

    def agent(self, agent_id: str) -> AgentRecord | None:
        return self.records.get(agent_id)

    def agents(self, tenant: str | None = None) -> Sequence[AgentRecord]:
        return [record for record in self.records.values() if tenant in (None, record.tenant)]

    def identity_keys(self, agent_id: str) -> Sequence[IdentityKey]:
        return list(self.keys.get(agent_id, ()))

    def touch(self, agent_id: str, at_ns: int, version: str) -> None:
        self.records[agent_id] = replace(self.records[agent_id], last_seen_ns=at_ns, version=version)

    def set_state(self, agent_id: str, state: AgentState, detail: str = "") -> None:
        self.records[agent_id] = replace(self.records[agent_id], state=state, detail=detail)

    def refused(self) -> Mapping[str, str]:
        return {record.id: record.state.value for record in self.records.values() if record.state is not AgentState.ACTIVE}


@dataclass(slots=True)
class Outgoing:
    messages: list[uplink_pb2.ServerMessage] = field(default_factory=list)
    answers: list[tuple[str, str, bool]] = field(default_factory=list)

    def waiting(self, peer: Peer, policy_version: int) -> Sequence[uplink_pb2.ServerMessage]:
        return self.messages

    def answered(self, peer: Peer, command: str, accepted: bool, detail: str) -> None:
        self.answers.append((peer.agent, command, accepted))


@dataclass
class RenewalDesk:
    submitted: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    ready: list[uplink_pb2.RenewalResult] = field(default_factory=list)

    def submit(self, peer: Peer, csr: bytes, signature: bytes) -> None:
        self.submitted.append((peer.agent, csr, signature))

    def results(self, peer: Peer) -> Sequence[uplink_pb2.RenewalResult]:
        return self.ready


@dataclass(slots=True)
class AuditTrail:
    rows: list[AuditEntry] = field(default_factory=list)

    def record(self, entry: AuditEntry) -> None:
        self.rows.append(entry)

    def entries(self, limit: int = 200, tenant: str | None = None) -> Sequence[AuditEntry]:
        return [row for row in self.rows if tenant in (None, row.tenant)][-limit:]

    def verify(self) -> int:
        return len(self.rows)

    @property
    def actions(self) -> list[str]:
        return [row.action for row in self.rows]


Point = tuple[str, str, str, tuple[tuple[str, str], ...], str, int]  # tenant, measurement, device, tags, field, time


@dataclass(slots=True)
class MemorySeries:
    """Points as a time series store keeps them: the same place is overwritten. `reject` answers a reason for a measurement to refuse."""

    points: dict[Point, float] = field(default_factory=dict)
    away: bool = False
    writes: int = 0
    reject: Callable[[str], str | None] = lambda _measurement: None
    crash: Callable[[str], None] = lambda _place: None
    indigestible: frozenset[int] = frozenset()

    def write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        return self.write_group([(batch, tables)])[0]

    def write_group(self, deliveries: Sequence[Delivery]) -> Sequence[WriteResult]:
        if self.away:
            raise SeriesUnavailable("the time series store was switched off by the test")
        if any(batch.seq in self.indigestible for batch, _ in deliveries):
            raise ValueError("a mistake in the store")
        self.writes += 1
        results = [self._write(batch, tables) for batch, tables in deliveries]
        self.crash("series.written")
        return results

    def _write(self, batch: BatchKey, tables: Sequence[SeriesTable]) -> WriteResult:
        written = 0
        rejected = []
        for table in tables:
            reason = self.reject(table.measurement)
            found = [
                (
                    (
                        batch.tenant,
                        table.measurement,
                        table.device,
                        tuple((tag, cells[row]) for tag, cells in table.tags.items()),
                        name,
                        time_ns,
                    ),
                    value,
                )
                for row, time_ns in enumerate(table.times_ns)
                for name, column in table.fields.items()
                if (value := column[row]) is not None
            ]
            if reason is None:
                self.points.update(found)
                written += len(found)
            else:
                rejected.append(Rejected(table.measurement, reason, len(found)))
        return WriteResult(written, rejected)


@dataclass(slots=True)
class OpeningKeyRing:
    keys: dict[tuple[str, bytes], RecipientPrivateKey] = field(default_factory=dict)

    def opening_key(self, tenant: str, key_id: bytes) -> RecipientPrivateKey | None:
        return self.keys.get((tenant, key_id))


def octets(value: int = 1, device: str = "dev-1", time_ns: int = NOW_NS, measurement: str = "interface") -> Table:
    """One row of one interface."""
    return Table(measurement, [device], [time_ns], {"ifIndex": ["1"]}, {"ifHCInOctets": [value]})


def document(body: bytes = b'[{"sysName":"hq-acc1"}]', observed_ns: int = NOW_NS, **changes: object) -> Document:
    whole = Document("device", "dev-1", observed_ns, sha256(body).digest(), body)
    return replace(whole, **changes)  # type: ignore[arg-type]


class AgentSide:
    """An agent that keeps its chain straight. `seed` chooses its identity key."""

    def __init__(self, agent: str = AGENT, seed: int = 1, tenant: str = "acme", site: str = "hq", epoch: bytes = EPOCH) -> None:
        self.name = (tenant, site, agent)
        self.key = identity_key(seed)
        self.epoch = epoch
        self.nonce = b""
        self.boot_id = BOOT_ID
        self.chain: dict[int, tuple[int, bytes]] = {}
        self.acked: dict[int, tuple[int, bytes]] = {}

    @property
    def peer(self) -> Peer:
        return Peer(*self.name, sha256(self.name[2].encode()).digest(), NOW_NS + DAY_NS)

    def hello(self, **changes: object) -> uplink_pb2.AgentMessage:
        hello = uplink_pb2.Hello(protocol=1, epoch=self.epoch, resume_nonce=self.nonce, boot_id=self.boot_id, version="0.1.0")
        hello.wall_ns, hello.monotonic_ns = NOW_NS, 50 * SECOND_NS
        for lane, (seq, _) in self.chain.items():
            through, digest = self.acked.get(lane, (0, b""))
            hello.lanes.add(
                lane=lane,
                lane_class=uplink_pb2.LANE_CLASS_METRICS,
                oldest_seq=1,
                next_seq=seq + 1,
                acked_through=through,
                acked_digest=digest,
            )
        for name, value in changes.items():
            setattr(hello, name, value)
        return uplink_pb2.AgentMessage(hello=hello)

    def envelope(
        self, *tables: Table, documents: Sequence[Document] = (), lane: int = 1, plain: bytes | None = None, **changes: object
    ) -> Envelope:
        """The next batch of the lane; `changes` are made to its header before it is sealed and signed."""
        seq, previous = self.chain.get(lane, (0, FIRST_PREVIOUS))
        tenant, site, agent = self.name
        header = Header(
            tenant=tenant,
            site=site,
            agent=agent,
            epoch=self.epoch,
            lane=lane,
            lane_class=LaneClass.METRICS,
            seq=seq + 1,
            previous=previous,
            clock_trusted=True,
            boot_id=self.boot_id,
            closed_wall_ns=NOW_NS,
            closed_monotonic_ns=50 * SECOND_NS,
        )
        header = replace(header, **changes)  # type: ignore[arg-type]
        content = Batch(tables or (octets(seq + 1, time_ns=NOW_NS + seq),), documents, ClockNote(self.boot_id, header.closed_wall_ns, 0))
        sealed = seal(header, encode(content) if plain is None else plain, recipient_key().public, self.key)
        self.chain[lane] = (header.seq, sealed.digest)
        return sealed

    def gap(self, dropped: Sequence[Envelope], **changes: object) -> uplink_pb2.AgentMessage:
        first, last = Header.decode(dropped[0].header), Header.decode(dropped[-1].header)
        tenant, site, agent = self.name
        record = GapRecord(
            tenant=tenant,
            site=site,
            agent=agent,
            signer=fingerprint(self.key.public_key().public_bytes_raw()),
            epoch=first.epoch,
            lane=first.lane,
            first_seq=first.seq,
            last_seq=last.seq,
            previous=first.previous,
            last_digest=dropped[-1].digest,
            reason=REASON_CAPACITY,
            batches=len(dropped),
            dropped_at=NOW_NS,
        )
        signed = sign_gap(replace(record, **changes), self.key)  # type: ignore[arg-type]
        return uplink_pb2.AgentMessage(gap=uplink_pb2.SignedGap(body=signed.body, signature=signed.signature))

    def register(self, directory: Directory, keys: OpeningKeyRing) -> None:
        tenant, site, agent = self.name
        raw = self.key.public_key().public_bytes_raw()
        directory.records[agent] = AgentRecord(agent, tenant, site, AgentState.ACTIVE, NOW_NS)
        directory.keys.setdefault(agent, []).append(IdentityKey(agent, raw, fingerprint(raw), NOW_NS))
        keys.keys[tenant, recipient_key().public.id] = recipient_key()


def batch_message(envelope: Envelope) -> uplink_pb2.AgentMessage:
    message = uplink_pb2.Envelope(header=envelope.header, ciphertext=envelope.ciphertext, signature=envelope.signature)
    return uplink_pb2.AgentMessage(batch=message)


@dataclass(slots=True)
class Talk:
    """One stream as its agent sees it."""

    line: "Line"
    session: Session
    sent: list[uplink_pb2.ServerMessage] = field(default_factory=list)
    end: Close | None = None

    def say(self, *messages: uplink_pb2.AgentMessage) -> list[uplink_pb2.ServerMessage]:
        """Send these and carry everything out; what came back."""
        before = len(self.sent)
        for message in messages:
            self.session.receive(message)
        self.line.pump()
        return self.sent[before:]

    @property
    def acks(self) -> list[tuple[int, int, bytes]]:
        return [(message.ack.lane, message.ack.through_seq, message.ack.digest) for message in self.sent if message.HasField("ack")]

    @property
    def nacks(self) -> list[tuple[int, str]]:
        nacks = [message.nack for message in self.sent if message.HasField("nack")]
        return [(nack.seq, uplink_pb2.NackReason.Name(nack.reason).removeprefix("NACK_REASON_")) for nack in nacks]

    @property
    def welcome(self) -> uplink_pb2.Welcome:
        return next(message.welcome for message in self.sent if message.HasField("welcome"))

    @property
    def fenced(self) -> bool:
        return any(message.HasField("fenced") for message in self.sent)


class Line:
    """Gateway, inbox and worker over fakes. `restart` throws away everything but what is on disk."""

    def __init__(
        self, *agents: AgentSide, limits: SessionLimits = SESSION_LIMITS, ingest: IngestLimits = INGEST_LIMITS, quota: int = 1 << 40
    ) -> None:
        self.clock = ManualClock()
        self.inbox = MemoryInbox()
        self.series = MemorySeries()
        self.directory = Directory()
        self.opening_keys = OpeningKeyRing()
        self.outgoing = Outgoing()
        self.renewals = RenewalDesk()
        self.audit = AuditTrail()
        self.limits, self.ingest_limits, self.quota = limits, ingest, quota
        for agent in agents:
            agent.register(self.directory, self.opening_keys)
        self.restart()

    def restart(self) -> None:
        self.admission = Admission()
        self.tally = Tally()
        self.ingest_tally = IngestTally()
        parts = SessionParts(
            self.clock, seeded_random(7), self.admission.refusal, wire_seal.verify, wire_gap.verify_gap, self.tally, self.limits
        )
        self.gateway = Gateway(parts)
        self.recorder = Recorder(
            store=self.inbox,
            directory=self.directory,
            outgoing=self.outgoing,
            renewals=self.renewals,
            audit=self.audit,
            inbox_quota_bytes=lambda _tenant: self.quota,
            tally=self.tally,
        )
        self.worker = Worker(
            queue=self.inbox,
            effects=self.inbox,
            series=self.series,
            opener=Opener(self.directory, self.opening_keys, Crypto()),
            clock=self.clock,
            limits=self.ingest_limits,
            tally=self.ingest_tally,
        )
        self.talks: list[Talk] = []

    def connect(self, peer: Peer) -> Talk:
        talk = Talk(self, self.gateway.connect(peer))
        self.talks.append(talk)
        return talk

    def open(self, agent: AgentSide, *, keep_nonce: bool = False) -> Talk:
        """A stream after its Hello; the agent remembers the nonce unless told otherwise."""
        talk = self.connect(agent.peer)
        talk.say(agent.hello())
        if talk.end is None and not keep_nonce:
            agent.nonce = talk.welcome.resume_nonce
        return talk

    def pump(self) -> None:
        """Carry out effects until there are none: first everything that was said, then one group for the store."""
        while True:
            asked = []
            for talk in self.talks:
                for effect in talk.session.drain():
                    match effect:
                        case Send(message):
                            talk.sent.append(message)
                        case Ask(request):
                            asked.append((talk.session, request))
                        case Audit(entry):
                            self.audit.record(entry)
                        case Close():
                            talk.end = effect
                            self.gateway.disconnect(talk.session)
            if not asked:
                return
            for session, answer in self.recorder.execute(asked):
                self.gateway.answer(session, answer)

    def tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.gateway.tick()
        self.pump()

    def work(self) -> None:
        """Let the worker go on until nothing is left for it."""
        while self.worker.step().taken:
            pass
