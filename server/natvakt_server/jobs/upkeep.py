"""The worker's housekeeping: each task in its own interval, one after the other; what a store cannot do now is tried again soon.

every minute   roll-ups, reports by mail         every hour   recipient keys made and destroyed, the gateway's certificate
every day      retention of series, database and configurations
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.configuration.history import ConfigurationRetention
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.events import EventRetention
from natvakt_server.domain.retention import Retention
from natvakt_server.domain.series import SeriesMaintenance, SeriesUnavailable, Tier
from natvakt_server.identity.tenant_keys import RecipientKeyring
from natvakt_server.jobs.retention import retain
from natvakt_server.jobs.rollup import MARKS_A_RUN, roll_up

SECOND_NS = 1_000_000_000
MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60.0, 3600.0, 86_400.0
AGAIN_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 5.0
BACKLOG_AGE_NS = 3600 * SECOND_NS
LONGEST_DEFERRAL_NS = 15 * 60 * SECOND_NS
LEDGER_LIFE_NS = 30 * 86_400 * SECOND_NS
UNUSED_TEXT_NS = 86_400 * SECOND_NS

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """`every_seconds` from the end of one run to the next; the first run is at once."""

    name: str
    every_seconds: float
    run: Callable[[], object]


class Upkeep:
    """Driven by `step` on one thread."""

    def __init__(self, tasks: Sequence[Task], clock: Clock) -> None:
        self._tasks = tasks
        self._clock = clock
        self._due_ns = {task.name: clock.monotonic_ns() for task in tasks}
        self._failures: dict[str, int] = {}

    @property
    def failures(self) -> Mapping[str, int]:
        """By task, since the start."""
        return self._failures

    def step(self) -> float:
        """Run what is due; answers the seconds until the next look."""
        for task in self._tasks:
            if self._clock.monotonic_ns() >= self._due_ns[task.name]:
                wait_seconds = self._run(task)
                self._due_ns[task.name] = self._clock.monotonic_ns() + int(wait_seconds * SECOND_NS)
        next_ns = min(self._due_ns.values()) - self._clock.monotonic_ns()
        return max(0.0, min(LONGEST_WAIT_SECONDS, next_ns / SECOND_NS))

    def _run(self, task: Task) -> float:
        try:
            task.run()
        except (StoreUnavailable, SeriesUnavailable) as error:
            _log.warning("upkeep waits for a store task=%s reason=%s", task.name, error)
        except Exception:
            # The end of one task's run: the others go on, and this one is tried again.
            _log.exception("upkeep failed task=%s", task.name)
        else:
            return task.every_seconds
        self._failures[task.name] = self._failures.get(task.name, 0) + 1
        return min(task.every_seconds, AGAIN_SECONDS)


class RollUps:
    """Roll-ups for whoever needs them up to date: one at a time, so that two threads never do the same work twice over."""

    def __init__(self, series: SeriesMaintenance, clock: Clock) -> None:
        self._series = series
        self._clock = clock
        self._newest_late_mark: int | None = None
        self._deferred_since_ns: int | None = None
        self._one_at_a_time = threading.Lock()

    def __call__(self) -> int:
        """Everything that is waiting. Answers the rows written; raises SeriesUnavailable."""
        rows = 0
        with self._one_at_a_time:
            while True:
                result = roll_up(self._series, self._clock.wall_ns())
                rows += result.rows
                if not (result.more and result.rows):
                    return rows

    def when_quiet(self) -> int:
        """As a call, but while a backlog flows it waits: each of its batches would have the same windows rolled up once more.

        A backlog flows where windows long past were written to since the last look. It waits `LONGEST_DEFERRAL_NS` at most, so that a
        stream that never ends does not leave charts without roll-ups. Raises SeriesUnavailable.
        """
        now_ns = self._clock.monotonic_ns()
        if not self._backlog_flows():
            self._deferred_since_ns = None
        elif self._deferred_since_ns is None:
            self._deferred_since_ns = now_ns
        if self._deferred_since_ns is not None and now_ns - self._deferred_since_ns < LONGEST_DEFERRAL_NS:
            return 0
        self._deferred_since_ns = None
        return self()

    def _backlog_flows(self) -> bool:
        late_ns = self._clock.wall_ns() - BACKLOG_AGE_NS
        newest = max((mark.mark for mark in self._series.touched(MARKS_A_RUN) if mark.start_ns < late_ns), default=None)
        before, self._newest_late_mark = self._newest_late_mark, newest
        return newest is not None and newest != before


def rotate_recipient_keys(recipients: RecipientKeyring, tenants: Sequence[str]) -> None:
    """New ones in time, and those whose time is over destroyed (promise 62)."""
    for tenant in tenants:
        recipients.announcement(tenant)
        destroyed = recipients.destroy_expired(tenant)
        if destroyed:
            _log.info("recipient keys destroyed tenant=%s keys=%d", tenant, len(destroyed))


def worker_tasks(
    *,
    roll_ups: RollUps,
    series: SeriesMaintenance,
    series_retention_ns: Mapping[Tier, int],
    retention: Retention,
    configurations: ConfigurationRetention,
    configuration_retention_ns: int,
    events: EventRetention,
    event_retention_ns: int,
    recipients: RecipientKeyring,
    tenants: Callable[[], Sequence[str]],
    renew_gateway_certificate: Callable[[], object],
    send_reports: Callable[[], object],
    clock: Clock,
) -> Sequence[Task]:
    """`tenants`: every customer's slug."""

    def forget_rows() -> None:
        now_ns = clock.wall_ns()
        forgotten = retention.expire_ledger(now_ns - LEDGER_LIFE_NS) + retention.expire_sessions(now_ns)
        _log.info("database retention rows=%d", forgotten)

    def forget_configurations() -> None:
        now_ns = clock.wall_ns()
        forgotten = configurations.expire_configurations(now_ns - configuration_retention_ns, now_ns - UNUSED_TEXT_NS)
        _log.info("configuration retention versions=%d", forgotten)

    def forget_events() -> None:
        _log.info("event retention events=%d", events.expire_events(clock.wall_ns() - event_retention_ns))

    return (
        Task("gateway-certificate", HOUR_SECONDS, renew_gateway_certificate),
        Task("recipient-keys", HOUR_SECONDS, lambda: rotate_recipient_keys(recipients, tenants())),
        Task("roll-ups", MINUTE_SECONDS, roll_ups.when_quiet),
        Task("report-mail", MINUTE_SECONDS, send_reports),
        Task("series-retention", DAY_SECONDS, lambda: retain(series, clock.wall_ns(), series_retention_ns)),
        Task("database-retention", DAY_SECONDS, forget_rows),
        Task("configuration-retention", DAY_SECONDS, forget_configurations),
        Task("event-retention", DAY_SECONDS, forget_events),
    )
