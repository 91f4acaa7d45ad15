"""An hour of a site where ten devices are no good, in simulated time: the other 95 keep their schedule."""

import heapq
from random import Random

from bench.mixed_site_process import DEVICES, fault, name
from bench.watched import schedule
from natvakt_agent.scheduler.plan import DevicePlan, Poll, TableRef
from natvakt_agent.scheduler.scheduler import Scheduler

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
WORKERS = 8
DEADLINE_SECONDS = 30
HEALTHY_SECONDS = (0.02, 0.4)
SECONDS_OF = {"dead": 8.0, "trickling": DEADLINE_SECONDS, "hostile": 12.0}
INTERFACE = TableRef("snmp", "interface", snapshot=False)


class Site:
    """Devices that take their time, asked by the real scheduler; nothing else happens between events."""

    def __init__(self, slowed: bool) -> None:
        self.random = Random(20_080_401)
        self.scheduler = Scheduler(WORKERS, 0.5, self.random)
        intervals = {INTERFACE: MINUTE}
        plans = [DevicePlan(name(number), intervals, DEADLINE_SECONDS * SECOND, frozenset(intervals)) for number in range(DEVICES)]
        self.scheduler.set_plans(plans, 0)
        self.kinds = {name(number): fault(number) for number in range(DEVICES)}
        for device, kind in self.kinds.items():
            if slowed and kind == "trickling":
                self.scheduler.slow_down(device, 8)
        self.begins: dict[str, list[float]] = {device: [] for device in self.kinds}
        self.running: list[tuple[int, int, Poll]] = []

    def run_until(self, end: int) -> None:
        now = 0
        while now < end:
            while self.running and self.running[0][0] <= now:
                self.scheduler.done(heapq.heappop(self.running)[2])
            for poll in self.scheduler.due(now):
                self.begins[poll.device].append(now / SECOND)
                heapq.heappush(self.running, (now + self.takes(poll.device), poll.number, poll))
            moments = [moment for moment in (self.scheduler.next_due_ns(),) if moment is not None and moment > now]
            moments += [ending for ending, _, _ in self.running[:1]]
            now = min(moments, default=end)

    def takes(self, device: str) -> int:
        kind = self.kinds[device]
        return round((SECONDS_OF[kind] if kind else self.random.uniform(*HEALTHY_SECONDS)) * SECOND)

    def delays(self, hours_end: int) -> tuple[int, list[float]]:
        """Cycles that healthy devices missed, and how far behind their grid their polls were."""
        found = [schedule(self.begins[device], hours_end / SECOND - 1.0, 60.0) for device, kind in self.kinds.items() if kind is None]
        return sum(each.missed for each in found), sorted(delay for each in found for delay in each.delays)


def test_with_dead_trickling_and_hostile_devices_the_others_keep_their_schedule() -> None:
    site = Site(slowed=False)
    site.run_until(60 * MINUTE)
    missed, delays = site.delays(60 * MINUTE)
    assert missed == 0
    assert len(delays) >= 95 * 59
    assert delays[int(len(delays) * 0.99)] < 1.0


def test_a_trickling_device_that_is_slowed_down_is_asked_an_eighth_as_often() -> None:
    site = Site(slowed=True)
    site.run_until(60 * MINUTE)
    trickling = [len(begins) for device, begins in site.begins.items() if site.kinds[device] == "trickling"]
    assert all(count <= 9 for count in trickling)
    assert site.delays(60 * MINUTE)[0] == 0
