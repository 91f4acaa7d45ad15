"""The agent's own figures, gathered from the parts that count."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from natvakt_wire.ids import AgentName

from natvakt_agent.app.agent import Agent
from natvakt_agent.app.status import AgentStatus, iso, write_status
from natvakt_agent.model.clock import Clock
from natvakt_agent.pipeline.own_tables import AgentHealth
from natvakt_agent.pipeline.pipeline import Pipeline
from natvakt_agent.scheduler.scheduler import Scheduler
from natvakt_agent.spool.spool import Spool


class HealthFigures:
    """Read by a pool thread while the agent's own thread works: every figure is one read of a whole value."""

    def __init__(self, spool: Spool, scheduler: Scheduler, pipeline: Pipeline, clock: Clock, resident_bytes: Callable[[], int]) -> None:
        self._spool = spool
        self._scheduler = scheduler
        self._pipeline = pipeline
        self._clock = clock
        self._resident_bytes = resident_bytes
        self._poll_seconds = 0.0
        self._told_seconds = 0.0

    def note_poll_seconds(self, total_seconds: float) -> None:
        self._poll_seconds = total_seconds

    def health(self) -> AgentHealth:
        """`poll_seconds` is what was spent on asking since the last time this was asked; the counts are since the agent began."""
        summary = self._spool.show()
        oldest = [lane.oldest_pending_wall_ns for lane in summary.lanes if lane.oldest_pending_wall_ns is not None]
        spent, self._told_seconds = self._poll_seconds - self._told_seconds, self._poll_seconds
        outbox = self._pipeline.outbox.counters
        return AgentHealth(
            spool_bytes=summary.bytes_on_disk,
            spool_batches=sum(lane.pending_batches for lane in summary.lanes),
            oldest_unacked_seconds=max(0.0, (self._clock.wall_ns() - min(oldest)) / 1e9) if oldest else 0.0,
            poll_seconds=spent,
            rss_bytes=self._resident_bytes(),
            shed_polls=self._scheduler.counters.shed,
            lost_by_policy=summary.counts.get("batches_dropped", 0) + outbox.lost_batches,
        )


@dataclass(frozen=True, slots=True)
class StatusWriter:
    """The status file, from everything that knows something."""

    path: Path
    name: AgentName
    version: str
    started_ns: int
    spool: Spool
    is_clock_trusted: Callable[[], bool]
    certificate_end_ns: Callable[[], int | None]

    def write(self, agent: Agent) -> None:
        parts = agent.parts
        summary, end_ns = self.spool.show(), self.certificate_end_ns()
        write_status(
            self.path,
            AgentStatus(
                agent=self.name.agent,
                tenant=self.name.tenant,
                site=self.name.site,
                version=self.version,
                pid=os.getpid(),
                started_at=iso(self.started_ns),
                updated_at=iso(parts.clock.wall_ns()),
                stopped=agent.is_stopped,
                polls=asdict(parts.scheduler.counters) | dict(agent.counts),
                devices=sorted(agent.last_polls.values(), key=lambda poll: poll.name),
                held_back=parts.planned.refused,
                pipeline=_pipeline(parts.pipeline),
                spool=summary.to_json(),
                link=parts.uplink.status() if parts.uplink else {"state": "off"},
                policy={"version": agent.policy_version, **parts.wishes.counts},
                clock_trusted=self.is_clock_trusted(),
                certificate_ends_at=iso(end_ns) if end_ns is not None else None,
                alarms=dict(summary.alarms) | _alarms(agent),
                discovery=agent.discovery_status,
                listeners=agent.listener.status() if agent.listener else {},
            ),
        )


def _pipeline(pipeline: Pipeline) -> dict[str, object]:
    return asdict(pipeline.outbox.counters) | {"waiting": len(pipeline.outbox), "refused": pipeline.refused}


def _alarms(agent: Agent) -> dict[str, str]:
    parts = agent.parts
    told = [parts.alarms(), *(each.alarms() for each in (parts.uplink, agent.listener) if each is not None)]
    return {name: text for alarms in told for name, text in alarms.items()}
