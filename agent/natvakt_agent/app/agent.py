"""The running agent: one thread that owns scheduler and pipeline, a pool that polls, and an uplink that sends.

    run / poll_due ─► scheduler.due ─► pool thread: poller.run ─► turns queue ─► pipeline.add ─► sealed, spooled ─► uplink

`run` follows the clock until told to stop. Under a stepped clock the caller moves the clock and calls `poll_due`, then `flush`.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Protocol

from natvakt_agent.app.device_registry import DeviceRegistry
from natvakt_agent.app.plans import SSH_LANE, Intervals, Planned, device_of, device_plans, is_of_backups, is_over_ssh
from natvakt_agent.app.poller import Poller, Turn
from natvakt_agent.app.server_wishes import FetchConfigurations, ServerWishes, Wish
from natvakt_agent.app.ssh_schedule import SshSchedule
from natvakt_agent.app.status import LastPoll, iso
from natvakt_agent.config.schema import AgentConfig, PollingSection
from natvakt_agent.config.server_policy import AppliedPolicy
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Observation, TableStatus
from natvakt_agent.pipeline.own_tables import introduction, is_described, with_identity
from natvakt_agent.pipeline.pipeline import Pipeline
from natvakt_agent.scheduler.budget import Budget, Budgets, Spent, Verdict
from natvakt_agent.scheduler.plan import Poll
from natvakt_agent.scheduler.scheduler import Scheduler

logger = logging.getLogger(__name__)

UPKEEP_NS = 5_000_000_000
LONGEST_WAIT_SECONDS = 1.0
SHORTEST_WAIT_SECONDS = 0.01
ERRORS_SHOWN = 5
UNCHARGED = Verdict(1, 0.0)  # a session over SSH, or a look at backups, is not held against the budget of polling


class Uplink(Protocol):
    """Sends what the spool holds, in a thread of its own."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def appended(self) -> None:
        """There is something new in the spool."""
        ...

    def alarms(self) -> Mapping[str, str]: ...
    def status(self) -> Mapping[str, object]: ...


class Listening(Protocol):
    """Hears what devices send by themselves, in a process and a thread of its own."""

    def alarms(self) -> Mapping[str, str]: ...
    def status(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What an agent is built of; `upkeep` is called every few seconds, `close` once at the end."""

    config: AgentConfig
    clock: Clock
    scheduler: Scheduler
    pipeline: Pipeline
    poller: Poller
    planned: Planned
    registry: DeviceRegistry
    wishes: ServerWishes
    upkeep: Callable[["Agent"], None]
    close: Callable[[], None]
    uplink: Uplink | None = None
    over_ssh: SshSchedule = field(default_factory=SshSchedule)
    alarms: Callable[[], Mapping[str, str]] = dict


class Agent:
    """Made by `wiring.build_agent`. All methods are for one thread."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limit = parts.config.polling.workers
        self._pool = ThreadPoolExecutor(2 * (self._limit + parts.config.ssh.workers), thread_name_prefix="poll")
        self._turns: SimpleQueue[Turn] = SimpleQueue()
        self._intervals = Intervals(dict(parts.config.polling.intervals), parts.config.polling.minimum_interval)
        self._budgets = Budgets(budget(parts.config.polling))
        self._last: dict[str, LastPoll] = {}
        self._counts: Counter[str] = Counter()
        self._poll_seconds = 0.0
        self._policy_version = 0
        self._next_upkeep_ns = parts.clock.monotonic_ns()
        self._is_stopped = False
        self._work_for_later: SimpleQueue[Callable[[Agent], None]] = SimpleQueue()
        self.discovery_status: Mapping[str, object] = {}
        self.listener: Listening | None = None
        self._plan()

    @property
    def parts(self) -> Parts:
        return self._parts

    @property
    def last_polls(self) -> Mapping[str, LastPoll]:
        return self._last

    @property
    def counts(self) -> Mapping[str, int]:
        """`collector_failures`, by this agent's own faults."""
        return self._counts

    @property
    def policy_version(self) -> int:
        return self._policy_version

    @property
    def poll_seconds(self) -> float:
        """Seconds spent asking devices since the agent began."""
        return self._poll_seconds

    @property
    def is_stopped(self) -> bool:
        return self._is_stopped

    def set_minimum_interval(self, seconds: float, documents_seconds: float = 0.0) -> None:
        """No table is asked more often than this from now on, its text not more often than the second; how a back-fill sets its steps."""
        self._intervals = replace(self._intervals, floor_seconds=seconds, documents_floor_seconds=documents_seconds)
        self._plan()

    def soon(self, work: Callable[["Agent"], None]) -> None:
        """Have the agent's own thread do this between polls. The one method that other threads may call."""
        self._work_for_later.put(work)

    def replan(self, config: AgentConfig, planned: Planned) -> None:
        """Poll these targets too; those that are missing in the new plan go on."""
        targets = {**self._parts.planned.targets, **planned.targets}
        over_ssh = self._parts.planned.over_ssh | planned.over_ssh
        whole = replace(planned, targets=targets, over_ssh=over_ssh, backup_seconds=self._parts.planned.backup_seconds)
        self._parts = replace(self._parts, config=config, planned=whole)
        self._plan()
        logger.info("targets taken up targets=%d", len(targets))

    def _do_what_waits(self) -> None:
        while not self._work_for_later.empty():
            self._work_for_later.get()(self)

    def _plan(self) -> None:
        plans = device_plans(self._parts.planned, self._parts.config, self._intervals)
        self._parts.scheduler.set_plans(plans, self._parts.clock.monotonic_ns())

    def poll_due(self) -> int:
        """Poll everything that is due now, wait for it, close what is old enough. Answers the number of polls."""
        self._parts.wishes.drain(self._grant)
        self._do_what_waits()
        finished = 0
        self._start_due()
        while self._parts.scheduler.outstanding:
            self._finish(self._turns.get())
            finished += 1
            self._start_due()
        self._parts.pipeline.close_due()
        self._do_upkeep()
        return finished

    def flush(self) -> bool:
        """Close and spool all open batches. False when the spool does not take them now; they are kept in memory, bounded."""
        return self._parts.pipeline.flush()

    def start_uplink(self) -> None:
        if self._parts.uplink is not None:
            self._parts.uplink.start()

    def run(self, stop: threading.Event) -> None:
        """Follow the clock until `stop` is set."""
        while not stop.is_set():
            self._parts.wishes.drain(self._grant)
            self._do_what_waits()
            self._start_due()
            with suppress(Empty):
                self._finish(self._turns.get(timeout=self._wait_seconds()))
            while not self._turns.empty():
                self._finish(self._turns.get())
            self._parts.pipeline.close_due()
            self._do_upkeep()

    def stop(self, grace_seconds: float = 5.0) -> None:
        """End cleanly: let polls under way end for a moment, spool what is open, then let the spool go. Nothing is removed."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        while self._parts.scheduler.outstanding:
            try:
                self._finish(self._turns.get(timeout=grace_seconds))
            except Empty:
                logger.warning("polls given up at the end count=%d", len(self._parts.scheduler.outstanding))
                break
        self._do_what_waits()
        if not self.flush():
            logger.error("batches lost at the end, the spool did not take them count=%d", len(self._parts.pipeline.outbox))
        if self._parts.uplink is not None:
            self._parts.uplink.stop()
        self._parts.upkeep(self)
        self._parts.close()

    def _start_due(self) -> None:
        for poll in self._parts.scheduler.due(self._parts.clock.monotonic_ns()):
            self._pool.submit(self._work, poll)

    def _work(self, poll: Poll) -> None:
        target = self._parts.planned.targets[device_of(poll.device)]
        if is_over_ssh(poll.device):
            target = replace(target, deadline_seconds=float(self._parts.config.ssh.deadline))
        elif is_of_backups(poll.device):
            target = replace(target, deadline_seconds=self._parts.planned.backup_seconds[target.device])
        self._turns.put(self._parts.poller.run(poll, target))

    def _finish(self, turn: Turn) -> None:
        self._parts.scheduler.done(turn.poll)
        target = self._parts.planned.targets[device_of(turn.poll.device)]
        observation = with_identity(turn.observation, target.name, target.address)
        if is_described(observation):
            self._mark_described(target.device)
        is_unwatched_host = target.device == self._parts.planned.host and not self._parts.config.host.enabled
        is_unknown = not is_unwatched_host and not self._parts.registry.is_described(target.device)
        answered = any(table.status in (TableStatus.PROVIDED, TableStatus.NOT_PROVIDED) for table in turn.observation.tables)
        is_beside = is_over_ssh(turn.poll.device) or is_of_backups(turn.poll.device)
        verdict = UNCHARGED if is_beside else self._charge(observation, answered)
        introductions = [introduction(target.name, target.address)] if is_unknown else []
        self._parts.pipeline.add(observation, introductions, verdict.share, verdict.slowdown)
        self._plan_ssh(turn.poll, observation)
        self._counts["collector_failures"] += turn.failures
        self._poll_seconds += observation.cost.seconds
        cost = observation.cost
        self._last[turn.poll.device] = LastPoll(
            target.device,
            _shown_name(target.name, turn.poll.device),
            target.address,
            iso(observation.wall_ns),
            round(cost.seconds, 3),
            answered,
            tuple(observation.errors[:ERRORS_SHOWN]),
            cost.requests,
            cost.octets,
            cost.timeouts,
            round(verdict.share, 4),
            verdict.slowdown,
            verdict.reason,
        )

    def _charge(self, observation: Observation, answered: bool) -> Verdict:
        """Hold what a poll cost against the device's budget; silence is not the device's time."""
        cost = observation.cost
        spent = Spent(observation.monotonic_ns, cost.requests, cost.octets, cost.seconds if answered else 0.0, cpu_ratio(observation))
        verdict = self._budgets.charge(observation.device, spent)
        self._parts.scheduler.slow_down(observation.device, verdict.slowdown, verdict.is_busy)
        return verdict

    def fetch_configuration(self, device: str) -> None:
        """Somebody else told that this device's configuration changed, such as a line of syslog: fetch it soon."""
        now_ns = self._parts.clock.monotonic_ns()
        if device in self._parts.planned.over_ssh:
            self._parts.scheduler.hasten(self._parts.over_ssh.after_change(device, now_ns), [device + SSH_LANE])

    def _plan_ssh(self, poll: Poll, observation: Observation) -> None:
        """A device may have told something for which it is asked over SSH before its turn comes."""
        now_ns = self._parts.clock.monotonic_ns()
        schedule = self._parts.over_ssh
        next_ns = (schedule.after_fetch if is_over_ssh(poll.device) else schedule.after_poll)(observation, now_ns)
        if next_ns is not None and observation.device in self._parts.planned.over_ssh:
            self._parts.scheduler.hasten(next_ns, [observation.device + SSH_LANE])

    def _mark_described(self, device: str) -> None:
        try:
            self._parts.registry.mark_described(device)
        except OSError as error:
            logger.warning("device list not written device=%s reason=%s", device, error.strerror)

    def _grant(self, wish: Wish) -> None:
        if isinstance(wish, AppliedPolicy):
            self._intervals = replace(self._intervals, from_server=wish.intervals)
            self._policy_version = wish.version
            self._plan()
            logger.info("policy applied version=%d intervals=%d refused=%d", wish.version, len(wish.intervals), len(wish.refused))
        elif isinstance(wish, FetchConfigurations):
            lanes = [device + SSH_LANE for device in self._parts.planned.over_ssh]
            self._parts.scheduler.hasten(self._parts.clock.monotonic_ns(), lanes)
            logger.info("configurations are fetched command=%s devices=%d", wish.command, len(lanes))
        else:
            self._parts.scheduler.hasten(self._parts.clock.monotonic_ns())
            logger.info("scan begins command=%s", wish.command)

    def _wait_seconds(self) -> float:
        now_ns = self._parts.clock.monotonic_ns()
        moments = [self._next_upkeep_ns]
        for moment in (self._parts.scheduler.next_due_ns(), self._parts.pipeline.next_close_ns()):
            if moment is not None:
                moments.append(moment)
        return max(SHORTEST_WAIT_SECONDS, min(LONGEST_WAIT_SECONDS, (min(moments) - now_ns) / 1e9))

    def _do_upkeep(self) -> None:
        now_ns = self._parts.clock.monotonic_ns()
        if now_ns >= self._next_upkeep_ns:
            self._next_upkeep_ns = now_ns + UPKEEP_NS
            self._parts.upkeep(self)


def _shown_name(name: str, plan: str) -> str:
    if is_over_ssh(plan):
        return f"{name} over SSH"
    return f"{name} backup jobs" if is_of_backups(plan) else name


def budget(polling: PollingSection) -> Budget:
    """What the settings allow a device to be cost."""
    return Budget(
        float(polling.device_requests_per_minute),
        float(polling.device_bytes_per_minute),
        polling.device_time_share,
        polling.device_busy_cpu,
    )


def cpu_ratio(observation: Observation) -> float | None:
    """How busy the device says its processors are, on average; None where this poll did not ask or it does not tell."""
    told = [row["used_ratio"] for table in observation.tables if table.name == "cpu" for row in table.rows if "used_ratio" in row]
    ratios = [ratio for ratio in told if isinstance(ratio, int | float)]
    return sum(ratios) / len(ratios) if ratios else None
