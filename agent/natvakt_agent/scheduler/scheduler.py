"""Who is polled when: monotonic time in, polls out. No thread, no clock, no sleeping in here.

Every table of a device has slots on one grid, `anchor + n * interval`; the anchors are spread over the shortest interval so that
the devices do not all begin at once, and tables of one device fall together so that it is asked in one go. Promises:

- a device has at most one poll outstanding, and at most `limit` polls are under way in time;
- who has waited longest is asked first, and of those who waited alike the one asked longest ago, so nobody starves;
- after a pause, however long, a table is asked once: the slots that passed are shed and counted, never caught up;
- a poll past its deadline gives its place to others (at most `limit` times), but its device waits until it really ends;
- slow plans, which take minutes, have `slow_limit` places of their own and take none of the others'.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from natvakt_agent.scheduler.plan import Counters, DevicePlan, Poll, TableRef

MINUTE_NS = 60_000_000_000
LONGEST_SPREAD_NS = 5 * MINUTE_NS  # of the first polls: who asks once a day need not wait for half of it
LOOK_AGAIN_NS = 10 * MINUTE_NS  # whether a busy device has become idle


@dataclass(slots=True)
class _Device:
    plan: DevicePlan
    anchor_ns: int
    slots: dict[TableRef, int] = field(default_factory=dict)  # when each table of the plan is due
    postponed: dict[TableRef, int] = field(default_factory=dict)  # since when a table waits for its device to be idle
    last_number: int = 0  # of its newest poll
    slowdown: int = 1  # patient tables are asked so many times less often
    is_busy: bool = False  # off-peak tables wait
    due_ns: int = 0  # of the slot that is due first; `sort_out` after every change of a slot

    def sort_out(self) -> None:
        self.due_ns = min(self.slots.values())


@dataclass(slots=True)
class _Running:
    poll: Poll
    is_slow: bool = False
    has_overrun: bool = False


class Scheduler:
    """Not thread-safe: one thread owns it."""

    def __init__(self, limit: int, jitter: float, random: Random, maximum_polls_per_minute: int = 0, slow_limit: int = 0) -> None:
        self._limit = limit
        self._slow_limit = slow_limit
        self._jitter = jitter
        self._random = random
        self._rate = maximum_polls_per_minute
        self._devices: dict[str, _Device] = {}
        self._running: dict[str, _Running] = {}  # by device; outlives a device that is taken away while it is asked
        self._next_number = 1
        self._counters = Counters()
        self._starts: list[int] = []

    @property
    def counters(self) -> Counters:
        return self._counters

    @property
    def outstanding(self) -> Sequence[Poll]:
        return [running.poll for running in self._running.values()]

    def set_plans(self, plans: Sequence[DevicePlan], now_ns: int) -> None:
        """Replace what is polled. A device that stays keeps its grid; a table whose interval changed is due by the new one."""
        wanted = {plan.device: plan for plan in plans if plan.intervals}
        for gone in self._devices.keys() - wanted.keys():
            del self._devices[gone]
        for name, plan in wanted.items():
            device = self._devices.get(name)
            if device is None:
                spread = round(min(LONGEST_SPREAD_NS, *plan.intervals.values()) * self._jitter * self._random.random())
                device = self._devices[name] = _Device(plan, now_ns + spread)
            self._fit(device, plan, now_ns)

    def _fit(self, device: _Device, plan: DevicePlan, now_ns: int) -> None:
        slots: dict[TableRef, int] = {}
        begin_ns = max(device.anchor_ns, now_ns)
        for table, interval_ns in plan.intervals.items():
            due_ns = device.slots.get(table)
            if due_ns is None:
                slots[table] = begin_ns
            elif device.plan.intervals[table] == interval_ns:
                slots[table] = due_ns
            else:
                slots[table] = min(due_ns, _slot_after(device.anchor_ns, interval_ns, now_ns))
                device.postponed.pop(table, None)
        device.plan, device.slots = plan, slots
        device.postponed = {table: since_ns for table, since_ns in device.postponed.items() if table in slots}
        device.sort_out()

    def hasten(self, now_ns: int, devices: Sequence[str] | None = None) -> None:
        """Make every table of these devices (None: of all) due now, beside the grid."""
        for name, device in self._devices.items():
            if devices is None or name in devices:
                device.slots = {table: min(due_ns, now_ns) for table, due_ns in device.slots.items()}
                device.sort_out()

    def slow_down(self, name: str, times: int, is_busy: bool = False) -> None:
        """From its next poll on, ask the patient tables of a device so many times less often than planned, and keep the off-peak ones
        waiting while it is busy: for one interval at most, so that they are late but never lost.
        """
        device = self._devices.get(name)
        if device is not None:
            device.slowdown, device.is_busy = times, is_busy

    def _postpone(self, device: _Device, now_ns: int) -> None:
        for table in device.plan.off_peak:
            due_ns = device.slots[table]
            since_ns = device.postponed.get(table, due_ns)
            if due_ns <= now_ns < since_ns + device.plan.intervals[table]:
                device.postponed[table], device.slots[table] = since_ns, now_ns + LOOK_AGAIN_NS
        device.sort_out()

    def due(self, now_ns: int) -> list[Poll]:
        """The polls to start now, oldest first; each counts as outstanding until `done`."""
        self._mark_overruns(now_ns)
        for device in self._devices.values():
            if device.is_busy and device.due_ns <= now_ns and device.plan.off_peak:
                self._postpone(device, now_ns)
        return [*self._due(now_ns, is_slow=False), *self._due(now_ns, is_slow=True)]

    def _due(self, now_ns: int, is_slow: bool) -> list[Poll]:
        waiting = [
            (device.due_ns, device.last_number, name)
            for name, device in self._devices.items()
            if name not in self._running and device.due_ns <= now_ns and device.plan.is_slow is is_slow
        ]
        return [self._start(self._devices[name], now_ns) for *_, name in heapq.nsmallest(self._room(now_ns, is_slow), waiting)]

    def _places(self, is_slow: bool) -> int:
        """How many polls of a kind may start: inside its limit, and the places that overrun polls hold."""
        alike = [running for running in self._running.values() if running.is_slow is is_slow]
        limit = self._slow_limit if is_slow else self._limit
        in_time = sum(not running.has_overrun for running in alike)
        return max(0, min(limit - in_time, 2 * limit - len(alike)))

    def _room(self, now_ns: int, is_slow: bool) -> int:
        """How many may start now: the kind's places, inside the site's rate."""
        room = self._places(is_slow)
        if self._rate:
            self._starts = [started for started in self._starts if started > now_ns - MINUTE_NS]
            room = min(room, max(0, self._rate - len(self._starts)))
        return room

    def _mark_overruns(self, now_ns: int) -> None:
        for running in self._running.values():
            if not running.has_overrun and now_ns > running.poll.deadline_ns:
                running.has_overrun = True
                self._counters = replace(self._counters, overrun=self._counters.overrun + 1)

    def _start(self, device: _Device, now_ns: int) -> Poll:
        tables = tuple(sorted(table for table, due_ns in device.slots.items() if due_ns <= now_ns))
        shed = 0
        for table in tables:
            interval_ns = device.plan.intervals[table] * (device.slowdown if table in device.plan.patient else 1)
            following = _slot_after(device.anchor_ns, interval_ns, now_ns)
            shed += max(0, (following - device.slots[table] - 1) // interval_ns)
            device.slots[table] = following
            device.postponed.pop(table, None)
        device.sort_out()
        poll = Poll(self._next_number, device.plan.device, tables, now_ns, now_ns + device.plan.deadline_ns)
        self._next_number += 1
        device.last_number = poll.number
        self._running[poll.device] = _Running(poll, device.plan.is_slow)
        if self._rate:
            self._starts.append(now_ns)
        self._counters = replace(self._counters, started=self._counters.started + 1, shed=self._counters.shed + shed)
        return poll

    def done(self, poll: Poll) -> None:
        """The poll ended, well or badly."""
        running = self._running.get(poll.device)
        if running is not None and running.poll.number == poll.number:
            del self._running[poll.device]
            self._counters = replace(self._counters, finished=self._counters.finished + 1)

    def next_due_ns(self) -> int | None:
        """When something becomes due, if every device were free; None where nothing is planned. Slow ones count while there is a place."""
        has_place = self._places(is_slow=True) > 0
        free = (device for name, device in self._devices.items() if name not in self._running)
        return min((device.due_ns for device in free if has_place or not device.plan.is_slow), default=None)

    def intervals(self) -> Mapping[str, Mapping[TableRef, int]]:
        return {name: device.plan.intervals for name, device in self._devices.items()}


def _slot_after(anchor_ns: int, interval_ns: int, now_ns: int) -> int:
    """The first slot of the grid that lies after `now_ns`."""
    return anchor_ns + max(0, (now_ns - anchor_ns) // interval_ns + 1) * interval_ns
