"""The simulated centre: real gateway core, recorder and worker over the transactional inbox in memory, which may crash at every commit."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from natvakt_server.domain.delivery import Arrival, Outcome, Pending
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.gateway.core import Admission, Gateway
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.requests import Answer, Ask, Audit, Close, Peer, Request, Send, Store, Stored
from natvakt_server.gateway.session import Session, SessionLimits, SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.opening import Opener
from natvakt_server.ingest.tally import IngestTally
from natvakt_server.ingest.worker import Worker
from natvakt_wire.signing import fingerprint
from natvakt_wire.v1 import uplink_pb2
from testkit.gateway import AuditTrail, Directory, MemorySeries, OpeningKeyRing, RenewalDesk
from testkit.gateway import Outgoing as WaitingMessages
from testkit.inbox import Crashed, MemoryInbox
from testkit.simulation_agent import SimulatedAgent
from testkit.simulation_crypto import Suite
from testkit.simulation_network import Stream
from testkit.simulation_time import SECOND_NS, ServerClock, Timeline
from testkit.wire import NOW_NS

LIMITS = SessionLimits(hello_timeout_ns=60 * SECOND_NS, collect_interval_ns=60 * SECOND_NS)
INGEST = IngestLimits(lease_ns=30 * SECOND_NS, longest_backoff_ns=10 * SECOND_NS)


class SimulatedServer:
    """`plant`: a bug to be caught, "gateway" or "worker"; empty for the real thing."""

    def __init__(self, timeline: Timeline, random: Random, suite: Suite, plant: str = "") -> None:
        self.timeline = timeline
        self.random = random
        self.suite = suite
        self.plant = plant
        self.inbox: MemoryInbox = _EffectsFirstInbox() if plant == "worker" else MemoryInbox()
        self.series = MemorySeries()
        self.directory = Directory()
        self.keys = OpeningKeyRing({("acme", suite.recipient_id): suite.recipient})
        self.crashes = 0
        self.up = False
        self.crash_at: str | None = None
        self._streams: list[tuple[Stream, Session]] = []
        self._pumping = False
        self._generation = 0
        self.inbox.crash = self._maybe_crash
        self.series.crash = self._maybe_crash

    def register(self, agent: SimulatedAgent) -> None:
        tenant, site, agent_id = agent.name
        raw = agent.key.public_key().public_bytes_raw()
        self.directory.records[agent_id] = AgentRecord(agent_id, tenant, site, AgentState.ACTIVE, NOW_NS)
        self.directory.keys[agent_id] = [IdentityKey(agent_id, raw, fingerprint(raw), NOW_NS)]

    # -- life --------------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        if self.up:
            return
        self.up = True
        self._generation += 1
        clock, tally = ServerClock(self.timeline), Tally()
        parts = SessionParts(clock, self.random.randbytes, Admission().refusal, self.suite.verify, self.suite.verify_gap, tally, LIMITS)
        self.gateway = Gateway(parts)
        self.recorder = Recorder(
            store=self.inbox,
            directory=self.directory,
            outgoing=WaitingMessages(),
            renewals=RenewalDesk(),
            audit=AuditTrail(),
            inbox_quota_bytes=lambda _tenant: 1 << 40,
            tally=tally,
        )
        self.worker = Worker(
            queue=self.inbox,
            effects=self.inbox,
            series=self.series,
            opener=Opener(self.directory, self.keys, self.suite.worker),
            clock=clock,
            limits=INGEST,
            tally=IngestTally(),
        )
        self.timeline.after(0.5, self._work_of(self._generation))

    def crash(self) -> None:
        """Everything but the stores is gone."""
        if not self.up:
            return
        self.crashes += 1
        self.up = False
        self.crash_at = None
        streams, self._streams = self._streams, []
        for stream, _ in streams:
            stream.close_by_server("the server crashed")
        self.timeline.after(self.random.uniform(1, 20), self.start)

    def _maybe_crash(self, place: str) -> None:
        if self.crash_at is not None and place == self.crash_at:
            self.crash_at = None
            raise Crashed(place)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Crashed:
            self.crash()

    def backup(self) -> dict[str, object]:
        """The database as a backup holds it."""
        inbox = self.inbox
        copy: dict[str, object] = {name: dict(getattr(inbox, name)) for name in _TABLES}
        copy["rows"] = {number: replace(row) for number, row in inbox.rows.items()}
        return copy

    def restore(self, backup: dict[str, object]) -> None:
        self.crash()
        for name, table in backup.items():
            setattr(self.inbox, name, table)

    # -- streams -----------------------------------------------------------------------------------------------------------

    def accept(self, stream: Stream, agent: SimulatedAgent) -> None:
        """A connection arrives; a server that is down refuses it by not attaching."""
        if not self.up or agent.weather.partitioned:
            return
        peer = Peer(*agent.name, bytes(32), NOW_NS + 10**18)
        session = self.gateway.connect(peer)
        self._streams.append((stream, session))

        def heard(message: uplink_pb2.AgentMessage) -> None:
            if (stream, session) in self._streams:
                self._guarded(lambda: session.receive(message))
                self.pump()

        def ended(_reason: str) -> None:
            if (stream, session) in self._streams:
                self._streams.remove((stream, session))
                self.gateway.disconnect(session)

        stream.attach_server(heard, ended)

    def tick(self) -> None:
        if self.up:
            self._guarded(self.gateway.tick)
            self.pump()

    def pump(self) -> None:
        """Carry out what sessions want; requests pile up a moment and are committed together."""
        if not self.up:
            return
        asked = self._drain()
        if asked:
            generation = self._generation
            self.timeline.after(self.random.uniform(0.001, 0.05), lambda: self._commit(generation, asked))

    def _drain(self) -> list[tuple[Session, Request]]:
        asked: list[tuple[Session, Request]] = []
        for stream, session in list(self._streams):
            for effect in session.drain():
                match effect:
                    case Send():
                        stream.to_agent(effect.message)
                    case Ask():
                        asked.append((session, effect.request))
                    case Audit():
                        pass
                    case Close():
                        self._streams.remove((stream, session))
                        self.gateway.disconnect(session)
                        stream.close_by_server(effect.detail)
        return asked

    def _commit(self, generation: int, asked: list[tuple[Session, Request]]) -> None:
        if not self.up or generation != self._generation:
            return
        if self.plant == "gateway":
            self._acknowledge_early(asked)
        self._guarded(lambda: self._execute(asked))

    def _execute(self, asked: list[tuple[Session, Request]]) -> None:
        answers: list[tuple[Session, Answer]] = list(self.recorder.execute(asked))
        for session, answer in answers:
            self.gateway.answer(session, answer)
        self.pump()

    def _acknowledge_early(self, asked: list[tuple[Session, Request]]) -> None:
        for session, request in asked:
            if isinstance(request, Store):
                self.gateway.answer(session, Stored([(request.incoming, Arrival.STORED)]))
        self._drain()

    # -- worker ------------------------------------------------------------------------------------------------------------

    def _work_of(self, generation: int) -> Callable[[], None]:
        def work() -> None:
            if not self.up or generation != self._generation:
                return
            waits: list[int] = []
            self._guarded(lambda: waits.append(self.worker.step().wait_ns))
            if waits:
                self.timeline.after(max(4.0, waits[0] / SECOND_NS), work)

        return work

    @property
    def idle(self) -> bool:
        return all(row.state != "pending" for row in self.inbox.rows.values())


_TABLES = ("digests", "lane_marks", "session_states", "boot_clocks", "document_parts", "part_times", "documents", "apply_counts")


class _EffectsFirstInbox(MemoryInbox):
    """The planted bug of the worker's half: effects are committed before the ledger says so."""

    def apply(self, pending: Pending, outcome: Outcome, seen_ns: int) -> None:
        if self.rows[pending.row].state != "applied":
            counts = self.apply_counts
            self._commit("apply", lambda: counts.__setitem__(pending.row, counts.get(pending.row, 0) + 1))
            row = self.rows[pending.row]
            row.state, row.lease_until_ns, row.points = "applied", 0, outcome.points
