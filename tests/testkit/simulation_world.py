"""A whole deterministic world from one seed: agents, network, server, what goes wrong, and the judgement at the end.

    trouble (faults drawn from the seed) ──► heal (everything works again) ──► drain ──► judge

Everything that `append` reported durable must in the end be applied exactly once, or be visibly lost: under a signed gap record, in
quarantine, held for its clock, or in an epoch that was given up after a clone or a snapshot was found out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from natvakt_agent.spool.files import SpoolOptions
from natvakt_wire.envelope import FIRST_PREVIOUS
from testkit.simulation_agent import SimulatedAgent, Written
from testkit.simulation_crypto import cheap_suite, real_suite
from testkit.simulation_faults import CLOCK, DISK, ORDINARY, RARE, Fault
from testkit.simulation_network import Stream
from testkit.simulation_server import SimulatedServer
from testkit.simulation_time import SECOND_NS, Timeline

REAL_CRYPTO_EVERY = 64
TROUBLE_SECONDS = (60, 260)
LONG_TROUBLE_SECONDS = (200, 600)
LARGE_EVERY = 16
"""One seed in so many has the long trouble and more agents: outages that fill lanes, segments that are retired."""
SCENARIO_SECONDS = 900
HEALING_SECONDS = 4 * 3600
ROOMY = SpoolOptions(cap_bytes=8 * 1024**2, reserve_bytes=16 * 1024, wal_bytes=48 * 1024, keep_acked_seconds=600)
TIGHT = SpoolOptions(cap_bytes=400 * 1024, reserve_bytes=16 * 1024, wal_bytes=16 * 1024, keep_acked_seconds=600)


@dataclass(slots=True)
class Verdict:
    """`problems` empty: the seed passed."""

    seed: int
    problems: list[str] = field(default_factory=list)
    batches: int = 0
    applied: int = 0
    under_gap: int = 0
    quarantined: int = 0
    set_aside: int = 0
    lost: int = 0
    doubled: int = 0
    agent_crashes: int = 0
    server_crashes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    trace: str = ""  # digest over what happened: equal for two runs of a seed, or the world is not deterministic


class World:
    """`plant`: "spool", "gateway" or "worker" brings a bug to be caught. `scenario`: (second, fault) instead of what the seed draws."""

    def __init__(self, seed: int, plant: str = "", scenario: Sequence[tuple[float, Fault]] | None = None) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.timeline = Timeline()
        self.plant = plant
        self.scenario = scenario
        self.flips = 0
        self.restores = 0
        self.large = self.random.randrange(LARGE_EVERY) == 0
        self.clock_faults = self.random.random() < 0.3
        suite = real_suite() if seed % REAL_CRYPTO_EVERY == 0 else cheap_suite()
        self.server = SimulatedServer(self.timeline, self.random, suite, plant)
        options = TIGHT if self.random.random() < 0.15 else ROOMY
        self.agents = [
            SimulatedAgent(self.timeline, self.random, suite, number, options, self._open_stream)
            for number in range(1, self.random.choice((2, 3) if self.large else (1, 1, 1, 2)) + 1)
        ]
        for agent in self.agents:
            agent.forgets_digest = plant == "spool"
            self.server.register(agent)
        self.faults: Counter[str] = Counter()
        self._healed = False
        self._persons_ns = 0

    def add_clone(self, original: SimulatedAgent) -> SimulatedAgent:
        clone = SimulatedAgent(self.timeline, self.random, original.suite, original.number, original.options, self._open_stream)
        clone.mark_prefix = f"{original.mark_prefix}c{len(self.agents)}"
        clone.is_clone, clone.cloned, original.cloned = True, True, True
        self.agents.append(clone)
        self._routine(clone)
        return clone

    def run(self) -> Verdict:
        try:
            self.server.start()
            for agent in self.agents:
                agent.start()
                self._routine(agent)
            self._server_routine()
            trouble_ns = (
                self.timeline.now_ns + int(self.random.uniform(*(LONG_TROUBLE_SECONDS if self.large else TROUBLE_SECONDS))) * SECOND_NS
            )
            if self.scenario is not None:
                trouble_ns = self.timeline.now_ns + SCENARIO_SECONDS * SECOND_NS
                self.clock_faults = False
            self._plan_faults(trouble_ns)
            self.timeline.run_until(trouble_ns)
            self._heal()
            converged = self.timeline.run_until(self.timeline.now_ns + HEALING_SECONDS * SECOND_NS, self._settled)
            return self._judge(converged)
        finally:
            for agent in self.agents:
                agent.discard()

    # -- what goes on --------------------------------------------------------------------------------------------------------

    def _open_stream(self, agent: SimulatedAgent) -> Stream:
        stream = Stream(self.timeline, self.random, agent.weather)
        self.server.accept(stream, agent)
        return stream

    def _routine(self, agent: SimulatedAgent) -> None:
        def poll() -> None:
            if not self._healed and not agent.retired:
                agent.append()
                self.timeline.after(self.random.uniform(4, 30), poll)

        def tick() -> None:
            if not agent.retired:
                agent.tick()
                self.timeline.after(5, tick)

        def upkeep() -> None:
            if not agent.retired:
                agent.maintain()
                self.timeline.after(30, upkeep)

        for action in (poll, tick, upkeep):
            self.timeline.after(self.random.uniform(0, 5), action)

    def _server_routine(self) -> None:
        self.server.tick()
        if self._healed:
            self._persons()
        self.timeline.after(5, self._server_routine)

    def _plan_faults(self, until_ns: int) -> None:
        if self.scenario is not None:
            for second, fault in self.scenario:
                self.timeline.after(second, lambda fault=fault: fault(self, self.agents[0]))
            return
        choices: list[Fault] = list(ORDINARY)
        choices.extend(DISK if self.random.random() < 0.4 else ())
        choices.extend(CLOCK * 2 if self.clock_faults else ())
        choices.extend(RARE if self.random.random() < 0.25 else ())
        for _ in range(self.random.randrange(2, 10)):
            fault = self.random.choice(choices)
            agent = self.random.choice(self.agents)
            self.faults[fault.__name__] += 1
            moment = self.random.randrange(self.timeline.now_ns + 5 * SECOND_NS, until_ns)
            self.timeline.at(moment, lambda fault=fault, agent=agent: fault(self, agent) if not self._healed else None)

    def _heal(self) -> None:
        self._healed = True
        self.server.crash_at = None
        self.server.inbox.away = self.server.series.away = False
        for agent in self.agents:
            agent.heal()

    def _persons(self) -> None:
        """Somebody looks at alarms: clones are switched off, a fenced agent is approved and begins a new epoch."""
        for agent in self.agents:
            if agent.is_clone and not agent.retired:
                agent.retire()
            elif agent.refused and agent.cloned:
                self.server.inbox.approve_epoch(agent.name[2])
                agent.begin_epoch()

    def _settled(self) -> bool:
        return all(agent.drained for agent in self.agents) and self.server.idle and self.server.up

    # -- judgement -----------------------------------------------------------------------------------------------------------

    def _judge(self, converged: bool) -> Verdict:
        verdict = Verdict(self.seed, faults=self.faults)
        for agent in self.agents:
            agent.look_back()
        verdict.agent_crashes = sum(agent.kills for agent in self.agents)
        verdict.server_crashes = self.server.crashes
        if not converged:
            waiting = [f"{agent.mark_prefix}: {agent.describe()}" for agent in self.agents if not agent.drained]
            verdict.problems.append(f"did not settle: {waiting}, worker idle: {self.server.idle}")
        verdict.problems.extend(self._broken_chains())
        rows = {(row.incoming.agent, row.incoming.digest): row for row in self.server.inbox.rows.values() if not row.incoming.is_gap}
        points: Counter[str] = Counter(dict(place[3]).get("ifIndex", "") for place in self.server.series.points if place[1] == "interface")
        for agent in self.agents:
            for batch in agent.written:
                verdict.batches += 1
                self._judge_batch(verdict, agent, batch, rows.get((agent.name[2], batch.digest)), points[batch.mark])
        doubled = [mark for mark, count in points.items() if count > 1]
        doubled += [str(row) for row, count in self.server.inbox.apply_counts.items() if count > 1]
        verdict.doubled = len(doubled)
        if doubled:
            verdict.problems.append(f"doubled: {doubled[:5]}")
        unexplained = [agent.mark_prefix for agent in self.agents if agent.fenced and not agent.cloned and not self._mishap(agent)]
        if unexplained:
            verdict.problems.append(f"fenced without a clone or a snapshot: {unexplained}")
        verdict.trace = self._trace()
        return verdict

    def _trace(self) -> str:
        """The ledger, the disks' calls, the number of events, and the next random bytes, which differ after any other draw.

        Digests of batches are left out: real sealing takes its ephemeral keys from the operating system.
        """
        trace = sha256(self.random.randbytes(16))
        trace.update(repr((self.timeline.now_ns, self.timeline.happened)).encode())
        trace.update(repr([(agent.disk.calls, agent.kills, agent.marks) for agent in self.agents]).encode())
        for row in self.server.inbox.rows.values():
            incoming = row.incoming
            trace.update(repr((row.lane, incoming.seq, incoming.last_seq, len(incoming.envelope), incoming.received_ns)).encode())
            trace.update(repr((row.state, row.offset_ns, row.points)).encode())
        return trace.hexdigest()

    def _judge_batch(self, verdict: Verdict, agent: SimulatedAgent, batch: Written, row: object, points: int) -> None:
        state = getattr(row, "state", "")
        if state == "applied" and (points == 1 or getattr(row, "rejected_points", 0)):
            verdict.applied += 1
        elif state in ("quarantined", "held"):
            verdict.quarantined += 1
        elif state == "" and self._under_gap(agent, batch):
            verdict.under_gap += 1
        elif state == "" and agent.cloned and (agent.fenced or agent.retired or batch.epoch in agent.set_aside or agent.rolled_back(batch)):
            verdict.set_aside += 1
        else:
            verdict.lost += 1
            verdict.problems.append(f"lost: {batch.mark} lane {batch.lane} seq {batch.seq}, ledger {state or 'nothing'}, points {points}")

    def _under_gap(self, agent: SimulatedAgent, batch: Written) -> bool:
        return any(
            row.incoming.is_gap
            and (row.incoming.agent, row.incoming.epoch, row.incoming.lane) == (agent.name[2], batch.epoch, batch.lane)
            and row.incoming.seq <= batch.seq <= row.incoming.last_seq
            for row in self.server.inbox.rows.values()
        )

    def _broken_chains(self) -> list[str]:
        heads: dict[tuple[str, bytes, int], tuple[int, bytes]] = {}
        problems = []
        for row in sorted(self.server.inbox.rows.values(), key=lambda row: row.row):
            incoming = row.incoming
            seq, digest = heads.get(row.lane, (0, FIRST_PREVIOUS))
            if incoming.seq != seq + 1 or (incoming.previous != digest and not incoming.is_gap):
                problems.append(f"chain of lane {incoming.lane} breaks at seq {incoming.seq} after {seq}")
            heads[row.lane] = (incoming.last_seq, incoming.digest)
        return problems

    def _mishap(self, agent: SimulatedAgent) -> bool:
        """More than one part of one spool was damaged at once: it is found out and flagged, and a person decides."""
        return self.flips > 0 and agent.damage_seen
